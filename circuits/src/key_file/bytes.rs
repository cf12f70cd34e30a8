//! The bytes of a key, wherever they are: mapped from a file, in memory, or part of the program.
// The one place besides `curve` with unsafe code: a file is mapped.
#![allow(unsafe_code)]

use core::ops::Deref;
use std::{io, path::Path, sync::Arc};

/// The bytes of a key: owned, shared, part of the program, or a file mapped into memory.
pub struct KeyBytes(Place);

enum Place {
    #[cfg(not(target_family = "wasm"))]
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
    Shared(Arc<[u8]>),
    Static(&'static [u8]),
}

impl KeyBytes {
    /// A file's bytes, read into memory where nothing can be mapped.
    #[cfg(target_family = "wasm")]
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        std::fs::read(path).map(Self::from)
    }

    /// Maps a file, or reads it if others than its owner can write it. A map is the file itself. Nobody may write into
    /// the file while it is in use, or the mapped bytes would no longer be those that were checked. Truncating the file
    /// ends the process that has it mapped, by a signal. Keys are therefore replaced by renaming another file over
    /// them, which leaves the old file to the processes that have it mapped.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        use std::io::Read;
        let mut file = std::fs::File::open(path)?;
        let data = file.metadata()?;
        if others_may_write(&data) {
            let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0).min(MOST_AT_ONCE));
            file.read_to_end(&mut bytes)?;
            return Ok(bytes.into());
        }
        // An empty file cannot be mapped everywhere.
        if data.len() == 0 {
            return Ok(Self(Place::Static(&[])));
        }
        // SAFETY: the danger of a map is a file that changes under its readers. Key files are replaced by renaming,
        // never written in place; the map is read-only, and only the file's owner can write. An attacker who writes
        // into this user's files could as well replace the program. No pointer and no length is taken from the map once
        // the layout has been settled.
        let map = unsafe { memmap2::MmapOptions::new().populate().map(&file) }?;
        Ok(Self(Place::Mapped(map)))
    }
}

/// As much room is made before anything has been read.
#[cfg(not(target_family = "wasm"))]
const MOST_AT_ONCE: usize = 1 << 26;

/// Whether the file's mode lets others than its owner write it, where files have such modes.
#[cfg(not(target_family = "wasm"))]
fn others_may_write(data: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::mode(data) & 0o022 != 0;
    #[cfg(not(unix))]
    {
        let _ = data;
        false
    }
}

impl Deref for KeyBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            #[cfg(not(target_family = "wasm"))]
            Place::Mapped(map) => map,
            Place::Owned(bytes) => bytes,
            Place::Shared(bytes) => bytes,
            Place::Static(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for KeyBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Place::Owned(bytes))
    }
}

impl From<Arc<[u8]>> for KeyBytes {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(Place::Shared(bytes))
    }
}

impl From<&'static [u8]> for KeyBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self(Place::Static(bytes))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// A file that others can write is read once, so that the checked bytes stay as they were.
    #[test]
    fn a_file_that_others_may_write_is_not_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [1; 5000]).unwrap();
        for (mode, mapped) in [(0o600, true), (0o644, true), (0o444, true), (0o664, false), (0o646, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let bytes = KeyBytes::of_file(&path).unwrap();
            assert_eq!(matches!(bytes.0, Place::Mapped(_)), mapped, "{mode:o}");
            assert_eq!(&bytes[..], [1; 5000]);
        }
        let bytes = KeyBytes::of_file(&path).unwrap();
        fs::write(&path, [2; 10]).unwrap();
        assert_eq!(&bytes[..], [1; 5000], "cut short and changed");
        fs::write(&path, []).unwrap();
        assert!(KeyBytes::of_file(&path).unwrap().is_empty());
    }
}
