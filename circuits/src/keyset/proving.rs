use std::{fs, io, path::Path, sync::Arc};

use louver_core::proof::Progress;

use super::{KeySet, KeySetError, NamedKeys, lock};
use crate::{
    key_file::{Kind, Provenance, pinned_key},
    prover::Prover,
    proving_key::{ProvingKey, ProvingKeyError, compressed},
    threads::apart,
};

impl KeySet {
    /// Whether a proving key is in memory, so that a proof starts at once.
    pub fn is_ready(&self, key: &NamedKeys) -> bool {
        lock(&self.found.provers).contains_key(&key.hashes.proving)
    }

    /// Whether a proving key can be had without making or fetching it. Reads and hashes the file.
    ///
    /// # Errors
    /// Those of reading files, but for a key that is missing.
    pub fn is_at_hand(&self, key: &NamedKeys) -> Result<bool, KeySetError> {
        Ok(self.is_ready(key) || self.open(key)?.is_some())
    }

    /// Takes a proving key by the bytes of its file, flat or in the form for downloads, whoever sent it: it has to be the
    /// one that genesis names. With a store it is kept there. Gives the key, for hosts that keep it elsewhere.
    ///
    /// # Errors
    /// [`KeySetError::Proving`] and [`KeySetError::Download`] if the bytes are not that key;
    /// [`KeySetError::Cancelled`] if the watcher stopped it.
    pub fn add_proving(
        &self,
        named: &NamedKeys,
        bytes: Vec<u8>,
        progress: &mut dyn Progress,
    ) -> Result<Arc<ProvingKey>, KeySetError> {
        let (circuit, hash, policy) = (named.circuit, &named.hashes.proving, self.chain.policy);
        let key = if bytes.starts_with(Kind::Compressed.magic()) {
            compressed::expand(&bytes, circuit, hash, policy, progress)
                .map_err(|source| KeySetError::download(circuit, source))?
        } else {
            apart(|| ProvingKey::from_bytes(bytes, circuit, hash, policy))
                .map_err(|source| KeySetError::proving(circuit, source))?
        };
        let key = Arc::new(key);
        if let Some(store) = &self.store {
            store.cache().put(&named.file_name(), key.as_bytes())?;
        }
        self.keep(named, key.clone())?;
        Ok(key)
    }

    /// A proving key: from memory, from the folder, from the store; or, if it is a development key, made now.
    ///
    /// # Errors
    /// [`KeySetError::NoProvingKey`] if it is in none of them, [`KeySetError::Cancelled`] if the watcher stopped it.
    pub fn proving_key(
        &self,
        key: &NamedKeys,
        progress: &mut dyn Progress,
    ) -> Result<Arc<ProvingKey>, KeySetError> {
        let ready = lock(&self.found.provers).get(&key.hashes.proving).cloned();
        if let Some(prover) = ready {
            return Ok(prover.shared_key());
        }
        if let Some(found) = self.open(key)? {
            return Ok(Arc::new(found));
        }
        match &self.store {
            Some(store) if self.is_development(key) => Ok(store.development(key.circuit, progress)?),
            _ => {
                Err(KeySetError::NoProvingKey { circuit: key.circuit, hash: hex::encode(key.hashes.proving) })
            }
        }
    }

    /// A prover with a key, prepared once.
    pub(crate) fn prover_of(
        &self,
        key: &NamedKeys,
        progress: &mut dyn Progress,
    ) -> Result<Prover, KeySetError> {
        let ready = || lock(&self.found.provers).get(&key.hashes.proving).cloned();
        if let Some(prover) = ready() {
            return Ok(prover);
        }
        let _turn = lock(&self.found.preparing);
        match ready() {
            Some(prover) => Ok(prover),
            None => self.keep(key, self.proving_key(key, progress)?),
        }
    }

    fn keep(&self, named: &NamedKeys, key: Arc<ProvingKey>) -> Result<Prover, KeySetError> {
        // Other tasks wait for their turn.
        let prover = apart(|| Prover::new(key))?;
        lock(&self.found.provers).insert(named.hashes.proving, prover.clone());
        Ok(prover)
    }

    /// The key as it lies in the folder or in the store; `None` if it is in neither.
    fn open(&self, key: &NamedKeys) -> Result<Option<ProvingKey>, KeySetError> {
        if let Some(folder) = &self.folder {
            for path in folder.proving(key.circuit) {
                if let Some(found) = self.open_file(key, path)? {
                    return Ok(Some(found));
                }
            }
        }
        let Some(store) = &self.store else { return Ok(None) };
        if self.is_development(key) {
            return Ok(store.find_development(key.circuit)?);
        }
        let path = store.cache().path(&key.file_name());
        // A stored key that is damaged is fetched again.
        if fs::exists(&path).unwrap_or(false) { self.open_file(key, &path) } else { Ok(None) }
    }

    /// The key in a file; `None` if the file is another one.
    fn open_file(&self, key: &NamedKeys, path: &Path) -> Result<Option<ProvingKey>, KeySetError> {
        let (circuit, hash, policy) = (key.circuit, &key.hashes.proving, self.chain.policy);
        match apart(|| ProvingKey::open(path, circuit, hash, policy)) {
            Ok(key) => Ok(Some(key)),
            Err(ProvingKeyError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(ProvingKeyError::Io(source)) => Err(KeySetError::Io { path: path.to_owned(), source }),
            Err(_) => Ok(None),
        }
    }

    /// Whether it is a development key of this build, which may be used.
    fn is_development(&self, key: &NamedKeys) -> bool {
        self.chain.policy.admits(Provenance::Development) && key.hashes.proving == pinned_key(key.circuit)
    }

    /// Whether a circuit's proving key is made on this machine when it is first needed.
    pub fn is_made_here(&self, key: &NamedKeys) -> bool {
        self.store.is_some() && self.is_development(key)
    }
}
