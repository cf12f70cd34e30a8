use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use louver_core::{
    disclosure::Statement,
    ledger::{DisclosureTerms, KeyHashes, RulesTerms, ShapeTerms},
    pool::{PoolKind, RulesVersion},
};

use super::KeySetError;
use crate::{
    circuit::CircuitId,
    key_file::{Header, Kind, ParameterPolicy, bytes::KeyBytes},
    proving_key::UnpinnedKey,
    threads::apart,
    verifying_key::{self, VerifyingKey},
};

/// A verifying key has a few kilobytes: nothing larger is read as one.
const MOST_VERIFYING: u64 = 1 << 20;
/// Enough of a file to tell what it is.
const HEAD: usize = 44;

/// A folder with key files, as `louver ceremony export` writes them. Files are known by what they are and by their
/// hashes; their names do not matter.
#[derive(Debug)]
pub struct KeyFolder {
    verifying: Vec<VerifyingFile>,
    proving: Vec<(CircuitId, PathBuf)>,
}

#[derive(Debug)]
struct VerifyingFile {
    circuit: CircuitId,
    hash: [u8; 32],
    bytes: Vec<u8>,
}

impl KeyFolder {
    /// Looks into a folder. Files that are not keys are passed over.
    ///
    /// # Errors
    /// [`KeySetError::Io`] if the folder or a file in it cannot be read.
    pub fn open(folder: &Path) -> Result<Self, KeySetError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| KeySetError::Io { path, source }
        };
        let mut paths = fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>())
            .map_err(failed(folder))?;
        paths.sort();
        let (mut verifying, mut proving) = (Vec::new(), Vec::new());
        for path in paths.into_iter().filter(|path| path.is_file()) {
            let mut file = fs::File::open(&path).map_err(failed(&path))?;
            let mut bytes = Vec::new();
            Read::take(&mut file, HEAD as u64).read_to_end(&mut bytes).map_err(failed(&path))?;
            let Ok(header) = Header::of_file(&bytes) else { continue };
            match header.kind {
                Kind::Proving => proving.push((header.circuit, path)),
                Kind::Verifying => {
                    file.take(MOST_VERIFYING).read_to_end(&mut bytes).map_err(failed(&path))?;
                    let hash = verifying_key::hash(&bytes);
                    verifying.push(VerifyingFile { circuit: header.circuit, hash, bytes });
                }
                Kind::Compressed => {}
            }
        }
        Ok(Self { verifying, proving })
    }

    /// The file of the verifying key with this hash.
    pub(super) fn verifying(&self, hash: &[u8; 32]) -> Option<&[u8]> {
        self.verifying.iter().find(|file| file.hash == *hash).map(|file| file.bytes.as_slice())
    }

    /// The hashes of all verifying keys for a circuit.
    pub(super) fn verifying_hashes(&self, circuit: CircuitId) -> Vec<String> {
        let files = self.verifying.iter().filter(|file| file.circuit == circuit);
        files.map(|file| hex::encode(file.hash)).collect()
    }

    /// The files of proving keys for a circuit.
    pub(super) fn proving(&self, circuit: CircuitId) -> impl Iterator<Item = &Path> {
        self.proving.iter().filter(move |(of, _)| *of == circuit).map(|(_, path)| path.as_path())
    }

    /// The rules version of a new chain that takes the keys in the folder: the shapes of pools of a kind and the statements that
    /// there are keys for, from the first block on. Checks every point of every key, which takes seconds.
    ///
    /// # Errors
    /// [`KeySetError::Count`] if a statement of [`Statement::NEEDED`] has no key, or a circuit has several;
    /// [`KeySetError::DevelopmentKey`] if a key is for development; others if a key is not sound.
    pub fn rules(&self, version: RulesVersion, kind: PoolKind) -> Result<RulesTerms, KeySetError> {
        let mut shapes = Vec::new();
        for shape in kind.shapes().iter().copied() {
            if self.proving(shape.into()).next().is_some() {
                shapes.push(ShapeTerms { shape, keys: self.hashes(shape.into())? });
            }
        }
        if shapes.is_empty() {
            return Err(KeySetError::Count { circuit: kind.shapes()[0].into(), found: 0 });
        }
        shapes.sort_by_key(|terms| terms.shape.code());
        let mut keys = Vec::new();
        for statement in Statement::ALL {
            let needed = Statement::NEEDED.contains(&statement);
            if needed || self.proving(statement.into()).next().is_some() {
                keys.push((statement, self.hashes(statement.into())?));
            }
        }
        let lacking = || KeySetError::Count { circuit: Statement::AccountKeys.into(), found: 0 };
        let disclosures = DisclosureTerms::new(keys).ok_or_else(lacking)?;
        Ok(RulesTerms { version, from: 1, until: None, shapes, disclosures })
    }

    /// The hashes of the only key for a circuit, once it is checked.
    fn hashes(&self, circuit: CircuitId) -> Result<KeyHashes, KeySetError> {
        let paths: Vec<&Path> = self.proving(circuit).collect();
        let [path] = paths[..] else { return Err(KeySetError::Count { circuit, found: paths.len() }) };
        let bytes = KeyBytes::of_file(path);
        let bytes = bytes.map_err(|source| KeySetError::Io { path: path.to_owned(), source })?;
        let key = UnpinnedKey::read(bytes).map_err(|source| KeySetError::proving(circuit, source))?;
        // The gate sees to the mark, to the circuit's version and to what the ledger relies on; the rest is the wallet's.
        let file = key.verifying_key_to_bytes();
        let verifying = VerifyingKey::from_bytes(&file, circuit, ParameterPolicy::Production)
            .map_err(|source| KeySetError::verifying(circuit, source))?;
        apart(|| key.check()).map_err(|source| KeySetError::Elements { circuit, source })?;
        Ok(KeyHashes { verifying: *verifying.hash(), proving: apart(|| key.hash()) })
    }
}
