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

    /// Maps a file. What is mapped is the file itself: nobody may write into it while it is in use. Keys are therefore
    /// replaced by renaming another file over them, which leaves the old one to those who hold it.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        let file = std::fs::File::open(path)?;
        // An empty file cannot be mapped everywhere.
        if file.metadata()?.len() == 0 {
            return Ok(Self(Place::Static(&[])));
        }
        // SAFETY: the danger of a map is a file that changes under its readers. Ours are replaced by renaming, never
        // written in place; the map is read-only. Who writes into files of
        // this user all the same could as well replace the program. No pointer and no length is taken from the map
        // once the layout has been settled.
        let map = unsafe { memmap2::MmapOptions::new().populate().map(&file) }?;
        Ok(Self(Place::Mapped(map)))
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
