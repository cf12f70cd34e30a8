//! A folder of large files that anyone can make again: each is pinned by its hash, made once, and shared by processes.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use louver_core::spec::b32;
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
        /// What could not be read or written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What was made is not what is pinned: the program and its pins do not belong together.
    #[error("{name} was made anew, with hash {found} where {pinned} is pinned")]
    Unpinned {
        /// The file's name.
        name: String,
        /// The pinned hash.
        pinned: String,
        /// The hash of what was made.
        found: String,
    },
}

/// A folder for files that are pinned by their hash.
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

    /// The file `name`, if it is there and has the pinned hash.
    pub fn find(&self, name: &str, pinned: &str) -> Result<Option<Vec<u8>>, CacheError> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) if hash(&bytes) == pinned => Ok(Some(bytes)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(CacheError::Io { path, source }),
        }
    }

    /// The file `name`; made by `make` if it is not there or is damaged. One process makes it, others wait.
    pub fn obtain<E: From<CacheError>>(
        &self,
        name: &str,
        pinned: &str,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        if let Some(bytes) = self.find(name, pinned)? {
            return Ok(bytes);
        }
        let _lock = self.lock(name)?;
        if let Some(bytes) = self.find(name, pinned)? {
            return Ok(bytes);
        }
        let bytes = make()?;
        let found = hash(&bytes);
        if found != pinned {
            return Err(
                CacheError::Unpinned { name: name.to_owned(), pinned: pinned.to_owned(), found }.into()
            );
        }
        self.write(name, &bytes)?;
        Ok(bytes)
    }

    /// Held until dropped, or until the process ends however it ends.
    fn lock(&self, name: &str) -> Result<File, CacheError> {
        let path = self.folder.join(format!("{name}.lock"));
        let locked = File::create(&path).and_then(|file| file.lock().map(|()| file));
        locked.map_err(|source| CacheError::Io { path, source })
    }

    /// Whoever reads the file finds all of it or none.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), CacheError> {
        let path = self.folder.join(name);
        let partial = self.folder.join(format!("{name}.partial"));
        let written = File::create(&partial)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&partial, &path));
        written.map_err(|source| CacheError::Io { path, source })
    }
}

/// BLAKE2b-256 personalised `LouverKeyFile`, in hexadecimal: the form in which files are pinned.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(b32(b"LouverKeyFile", &[bytes]))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const FILE: &[u8] = b"a large file";

    fn obtain(cache: &Cache, made: &AtomicUsize, bytes: &[u8]) -> Result<Vec<u8>, CacheError> {
        cache.obtain("file", &hash(FILE), || {
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
            fs::write(folder.path().join("file"), damage).unwrap();
            assert!(cache.find("file", &hash(FILE)).unwrap().is_none());
            assert_eq!(obtain(&cache, &made, FILE).unwrap(), FILE);
        }
        assert_eq!(made.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn what_is_not_pinned_is_refused_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let refused = obtain(&cache, &AtomicUsize::new(0), b"something else");
        assert!(matches!(refused, Err(CacheError::Unpinned { .. })));
        assert!(!folder.path().join("file").exists());
    }

    #[test]
    fn a_folder_that_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"").unwrap();
        assert!(matches!(Cache::open(folder.path().join("file").join("cache")), Err(CacheError::Io { .. })));
    }
}
