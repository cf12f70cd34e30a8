//! A folder of large files that anyone can make again: each is pinned by its hash, made once, and shared by processes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Why a file could not be had.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The platform names no folder for caches.
    #[error("no cache folder: set LOUVER_CACHE, XDG_CACHE_HOME or HOME")]
    NoFolder,
    /// The folder or a file in it cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The path that could not be read or written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that was just written is not there, or not what was written.
    #[error("{path} was written, and cannot be read back", path = path.display())]
    Lost {
        /// The file.
        path: PathBuf,
    },
}

/// A folder for files that are pinned by their hash. Its files are mapped into memory while they are in use, so it should
/// be a folder where nobody else may write.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in a folder, which is made if need be.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, CacheError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|source| CacheError::Io { path: folder.clone(), source })?;
        Ok(Self { folder })
    }

    /// The cache in `$LOUVER_CACHE`, else in `louver` under `$XDG_CACHE_HOME`, else in `~/.cache/louver`.
    pub fn open_default() -> Result<Self, CacheError> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = variable("LOUVER_CACHE")
            .or_else(|| variable("XDG_CACHE_HOME").map(|caches| caches.join("louver")))
            .or_else(|| variable("HOME").map(|home| home.join(".cache").join("louver")))
            .ok_or(CacheError::NoFolder)?;
        Self::open(folder)
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the file `name` is, or would be.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The contents of the file `name`, read by `open`. If `open` finds nothing, because the file is missing or
    /// damaged, `make` makes it. One process makes it, and others wait.
    pub fn obtain<T, B: AsRef<[u8]>, E: From<CacheError>>(
        &self,
        name: &str,
        open: impl Fn(&Path) -> Result<Option<T>, E>,
        make: impl FnOnce() -> Result<B, E>,
    ) -> Result<T, E> {
        let path = self.path(name);
        if let Some(found) = open(&path)? {
            return Ok(found);
        }
        let _lock = self.lock(name)?;
        if let Some(found) = open(&path)? {
            return Ok(found);
        }
        self.put(name, make()?.as_ref())?;
        open(&path)?.ok_or_else(|| CacheError::Lost { path }.into())
    }

    /// Held until dropped, or until the process ends however it ends.
    fn lock(&self, name: &str) -> Result<File, CacheError> {
        let path = self.folder.join(format!("{name}.lock"));
        // Never emptied: what has this name may be something else, behind a link.
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let locked = opened.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|source| CacheError::Io { path, source })
    }

    /// Writes the file `name`, or replaces it. A reader finds all of it or nothing; a process that has the old file
    /// open or mapped keeps it.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), CacheError> {
        let path = self.path(name);
        let partial = self.folder.join(format!("{name}.partial"));
        // A new file that only its owner can write. It replaces a file that an interrupted writer left, or a link to
        // elsewhere.
        let removed = match fs::remove_file(&partial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
        let written = removed
            .and_then(|()| options.open(&partial))
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&partial, &path));
        written.map_err(|source| CacheError::Io { path, source })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const FILE: &[u8] = b"a large file";

    fn open(path: &Path) -> Result<Option<Vec<u8>>, CacheError> {
        Ok(fs::read(path).ok().filter(|bytes| bytes == FILE))
    }

    fn obtain(cache: &Cache, made: &AtomicUsize, bytes: &[u8]) -> Result<Vec<u8>, CacheError> {
        cache.obtain("file", open, || {
            made.fetch_add(1, Ordering::SeqCst);
            Ok(bytes.to_vec())
        })
    }

    #[test]
    fn made_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("new").join("folder")).unwrap();
        let made = AtomicUsize::new(0);
        for _ in 0..3 {
            assert_eq!(obtain(&cache, &made, FILE).unwrap(), FILE);
        }
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert!(!cache.folder().join("file.partial").exists());
    }

    #[test]
    fn made_once_by_many() {
        let folder = tempfile::tempdir().unwrap();
        let made = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                // Each has a cache and so a lock of its own, as processes have.
                scope.spawn(|| obtain(&Cache::open(folder.path()).unwrap(), &made, FILE).unwrap());
            }
        });
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let made = AtomicUsize::new(0);
        for damage in [&b"a large fil"[..], b"a large filf", b""] {
            fs::write(cache.path("file"), damage).unwrap();
            assert_eq!(open(&cache.path("file")).unwrap(), None);
            assert_eq!(obtain(&cache, &made, FILE).unwrap(), FILE);
        }
        assert_eq!(made.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn what_is_not_found_again_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let refused = obtain(&cache, &AtomicUsize::new(0), b"something else");
        assert!(matches!(refused, Err(CacheError::Lost { .. })));
    }

    /// A file that somebody holds open stays as it was.
    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_and_not_overwritten() {
        use std::io::Read;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        cache.put("file", b"old").unwrap();
        let mut held = File::open(cache.path("file")).unwrap();
        cache.put("file", FILE).unwrap();
        let mut read = Vec::new();
        held.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"old");
        assert_eq!(open(&cache.path("file")).unwrap().unwrap(), FILE);
    }

    /// Names that lead elsewhere are not followed, nor is what an interrupted writer left in the way.
    #[cfg(unix)]
    #[test]
    fn nothing_outside_the_folder_is_written() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, b"precious").unwrap();
        for name in ["file", "file.partial", "file.lock"] {
            symlink(&elsewhere, cache.path(name)).unwrap();
        }
        assert_eq!(obtain(&cache, &AtomicUsize::new(0), FILE).unwrap(), FILE);
        assert_eq!(fs::read(&elsewhere).unwrap(), b"precious");
        fs::write(cache.path("file.partial"), b"half of it").unwrap();
        cache.put("file", FILE).unwrap();
        assert_eq!(open(&cache.path("file")).unwrap().unwrap(), FILE);
        let mode = fs::symlink_metadata(cache.path("file")).unwrap().permissions().mode();
        assert_eq!(mode & 0o022, 0, "others may not write");
    }

    #[test]
    fn a_folder_that_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        assert!(matches!(Cache::open(folder.path().join("file").join("cache")), Err(CacheError::Io { .. })));
    }
}
