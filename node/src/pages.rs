//! Web pages beside the API: a folder of built files, under the node's own origin, so that they need no configuration.
//!
//! Nothing outside the folder is read, whatever is asked for. Files may be replaced while the node runs.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::SystemTime,
};

use axum::body::Bytes;
use louver_core::spec::b32;
use thiserror::Error;

mod encoding;

pub(crate) use encoding::{Encoded, Encoding};

/// The file that stands for a folder.
const INDEX: &str = "index.html";

/// Whether pages are cut off from those of other origins, which browsers ask of pages that use threads with shared memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Isolated across origins: threads may share memory.
    #[default]
    Isolated,
    /// Not isolated, as on servers that send no such headers: one thread has to do.
    Shared,
}

/// Why a folder has no pages.
#[derive(Debug, Error)]
pub enum PagesError {
    /// There is no such folder, or no `index.html` in it.
    #[error("there are no pages in {}", .0.display())]
    Missing(PathBuf),
    /// The folder cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

/// A folder of pages.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Without links on the way.
    folder: PathBuf,
    isolation: Isolation,
    read: Arc<Mutex<HashMap<PathBuf, File>>>,
}

/// A file as it was last read.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    /// Of the bytes.
    pub(crate) hash: [u8; 32],
    /// In fewer bytes.
    pub(crate) encoded: Encoded,
    /// The time and length that tell whether it was replaced.
    seen: (Option<SystemTime>, u64),
}

/// The result of looking for a path.
#[derive(Debug)]
pub(crate) enum Found {
    /// A file, and its name.
    File(PathBuf, File),
    /// A folder of pages: its address ends with a slash.
    Folder,
    /// Nothing that may be read.
    Nothing,
}

impl Pages {
    /// The pages in a folder, which has an `index.html`. They are read in the background, so that the first visitor has
    /// them compressed.
    ///
    /// # Errors
    /// [`PagesError::Missing`] if there are none, and [`PagesError::Io`].
    pub fn open(folder: &Path, isolation: Isolation) -> Result<Self, PagesError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => PagesError::Missing(folder.to_owned()),
            _ => PagesError::Io { path: folder.to_owned(), source },
        };
        let found = folder.canonicalize().map_err(failed)?;
        match found.join(INDEX).is_file() {
            true => {
                let pages = Self { folder: found, isolation, read: Arc::default() };
                let reader = pages.clone();
                // Without a thread each is read when it is asked for.
                drop(thread::Builder::new().name("pages".to_owned()).spawn(move || reader.read_all()));
                Ok(pages)
            }
            false => Err(PagesError::Missing(folder.to_owned())),
        }
    }

    /// Reads every file below the folder, but none that a link leads to.
    fn read_all(&self) {
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(folder) else { continue };
            for entry in entries.flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => drop(self.file(&entry.path())),
                    _ => {}
                }
            }
        }
    }

    pub(crate) fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// Looks for the path of a request, as it was sent. May wait for the disk.
    pub(crate) fn find(&self, path: &str) -> Found {
        let Some((names, is_folder)) = names(path) else { return Found::Nothing };
        let asked = names.iter().fold(self.folder.clone(), |folder, name| folder.join(name));
        let asked = if is_folder { asked.join(INDEX) } else { asked };
        // A link may lead elsewhere within the folder, and not out of it.
        let Ok(path) = asked.canonicalize() else { return Found::Nothing };
        if !path.starts_with(&self.folder) {
            return Found::Nothing;
        }
        if path.is_dir() {
            return if path.join(INDEX).is_file() { Found::Folder } else { Found::Nothing };
        }
        match self.file(&path) {
            // By the name that was asked for: the kind of a file is its name's.
            Some(file) => Found::File(asked, file),
            None => Found::Nothing,
        }
    }

    /// A file, read again only if it was replaced: however many ask, it is in memory once.
    fn file(&self, path: &Path) -> Option<File> {
        let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let seen = (about.modified().ok(), about.len());
        let known = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(file) = known.filter(|file| file.seen == seen) {
            return Some(file);
        }
        let bytes = fs::read(path).ok()?;
        let (hash, bytes) = (b32(b"LouverPage", &[&bytes]), bytes.into());
        let file = File { hash, encoded: Encoded::begin(&bytes), bytes, seen };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert(path.to_owned(), file.clone());
        Some(file)
    }
}

/// The names on a path, and whether it ends with a slash. `None` if one of them could lead anywhere but down, or is hidden.
fn names(path: &str) -> Option<(Vec<String>, bool)> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() {
        return Some((Vec::new(), true));
    }
    let (path, is_folder) = match path.strip_suffix('/') {
        Some(path) => (path, true),
        None => (path, false),
    };
    let plain = |name: &String| {
        !name.is_empty()
            && !name.starts_with('.')
            && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ':'))
    };
    // Decoded once, name by name: what is a slash only after that is part of a name, and refused.
    let names: Option<Vec<String>> =
        path.split('/').map(|name| decoded(name).filter(|name| plain(name))).collect();
    Some((names?, is_folder))
}

/// A name without percent signs, as RFC 3986 has it.
fn decoded(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'%' => {
                let (digits, after) = after.split_at_checked(2)?;
                bytes.extend(hex::decode(digits).ok()?);
                rest = after;
            }
            byte => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(path: &str) -> Option<Vec<String>> {
        names(path).map(|(names, _)| names)
    }

    #[test]
    fn names_lead_down_or_nowhere() {
        assert_eq!(names("/"), Some((Vec::new(), true)));
        assert_eq!(names("/wallet/"), Some((vec!["wallet".to_owned()], true)));
        let plain = Some(vec!["a b".to_owned(), "c.js".to_owned()]);
        assert_eq!(names_of("/a%20b/c.js"), plain);
        // Decoded once: what is left is a name with a percent sign.
        assert_eq!(names_of("/%252e%252e"), Some(vec!["%2e%2e".to_owned()]));
        for path in [
            "",
            "x",
            "//",
            "//etc/passwd",
            "/..",
            "/../x",
            "/a/../x",
            "/a/./x",
            "/%2e%2e/x",
            "/%2E./x",
            "/a%2f..%2fx",
            "/..%5cx",
            "/a\\x",
            "/C:/x",
            "/c%3a",
            "/a%00",
            "/.git/config",
            "/a//b",
            "/%",
            "/%2",
            "/%zz",
            "/%ff",
        ] {
            assert_eq!(names(path), None, "{path}");
        }
    }

    #[test]
    fn a_file_that_was_replaced_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(INDEX), "one").unwrap();
        let pages = Pages::open(folder.path(), Isolation::Isolated).unwrap();
        let read = || match pages.find("/") {
            Found::File(_, file) => file,
            other => panic!("{other:?}"),
        };
        let first = read();
        assert!(first.bytes == "one" && read().hash == first.hash);
        fs::write(folder.path().join(INDEX), "another").unwrap();
        assert!(read().bytes == "another" && read().hash != first.hash);
    }

    #[test]
    fn a_folder_without_pages_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for empty in [folder.path().to_owned(), folder.path().join("nowhere")] {
            let refused = Pages::open(&empty, Isolation::Isolated);
            assert!(matches!(refused, Err(PagesError::Missing(path)) if path == empty));
        }
    }
}
