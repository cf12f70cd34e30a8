//! Files that people name on the command line.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use zeroize::Zeroizing;

use crate::exit::Failure;

/// The largest file that is read, in bytes: more than any of Louver's files except proving keys.
const MOST: u64 = 64 << 20;

/// A sentence about a file that cannot be read or written. `absent` says what it means that something is not there.
pub(crate) fn failed(path: &Path, error: &io::Error, absent: &str) -> Failure {
    let path = path.display();
    Failure::storage(match error.kind() {
        io::ErrorKind::NotFound => format!("{path} {absent}"),
        io::ErrorKind::AlreadyExists => format!("{path} is there already, and is not overwritten"),
        io::ErrorKind::PermissionDenied => format!("{path}: the system does not allow this user to use it"),
        io::ErrorKind::IsADirectory => format!("{path} is a folder, not a file"),
        io::ErrorKind::StorageFull => format!("{path} cannot be written: the disk is full"),
        // Without the name of the file that is written first.
        _ => match error.raw_os_error() {
            Some(code) => format!("{path}: {}", io::Error::from_raw_os_error(code)),
            None => format!("{path}: {error}"),
        },
    })
}

/// Reads a file, or standard input if the name is `-`. The bytes are wiped when dropped, as they may be a secret.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = if path == Path::new("-") {
        std::io::stdin().take(MOST + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| {
            // The buffer gets its whole size at once: a buffer that grew would leave copies of a secret behind.
            let size = file.metadata().map_or(0, |data| data.len().min(MOST + 1));
            bytes.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
            file.take(MOST + 1).read_to_end(&mut bytes)
        })
    };
    read.map_err(|error| failed(path, &error, "is not there"))?;
    if bytes.len() as u64 > MOST {
        return Err(Failure::input(format!("{} is larger than any file of ours", path.display())));
    }
    Ok(bytes)
}

/// Reads a file of text, without the white space around it.
pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, Failure> {
    Ok(Zeroizing::new(read_as_typed(path)?.trim().trim_start_matches('\u{feff}').to_owned()))
}

/// Reads a file of text as it is, with its white space.
pub(crate) fn read_as_typed(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = read(path)?;
    let text = core::str::from_utf8(&bytes)
        .map_err(|_| Failure::input(format!("{} is not text", path.display())))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Refuses the path of an existing file before any long work.
pub(crate) fn is_free(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => {
            Err(Failure::storage(format!("{} is there already, and is not overwritten", path.display())))
        }
        Err(_) => Ok(()),
    }
}

/// The people who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Everybody whom the system's own settings allow.
    Others,
    /// Its owner only.
    Owner,
}

/// Writes a new file, whole or not at all. It leaves an existing file alone.
pub(crate) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    write(path, bytes, readers, |file| file.persist_noclobber(path).map(drop))
}

/// Writes a file, replacing an existing one. After a crash there is either the old file or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    write(path, bytes, readers, |file| file.persist(path).map(drop))
}

fn write(
    path: &Path,
    bytes: &[u8],
    readers: Readers,
    persist: impl FnOnce(tempfile::NamedTempFile) -> Result<(), tempfile::PersistError>,
) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if readers == Readers::Others {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let written = builder.tempfile_in(folder.unwrap_or(Path::new("."))).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.as_file().sync_all()?;
        persist(file)?;
        // The name lasts once the folder is written too. Not every file system can do that on demand.
        #[cfg(unix)]
        let _ = fs::File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        Ok(())
    });
    written.map_err(|error| failed(path, &error, "cannot be written: its folder does not exist"))
}
