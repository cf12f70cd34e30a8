//! `[chain-keys]`: the keys of one chain.
//!
//! A chain's genesis names the keys of every circuit by the hashes of their files, for each rules version, and its
//! guardians add versions with keys of their own. A [`KeySet`] holds what they name, finds the files, and refuses every
//! other key. It is the only way to a prover or a verifier
//! of transfers and of disclosures, so that development chains and chains with keys from a ceremony are used alike.
//!
//! | who | needs | from |
//! | --- | --- | --- |
//! | a ledger | [`KeySet::verifier`] | verifying keys: built in, in a [folder](KeySet::with_folder), or [added](KeySet::add_verifying) |
//! | a reader of grants and packages | [`KeySet::disclosure_verifier`] | the same |
//! | a wallet | [`KeySet::prover`], [`KeySet::disclosure_prover`] | proving keys: in a folder, in a [store](KeySet::with_store), or [added](KeySet::add_proving) after a download |
//!
//! Development keys need no files: verifying keys are built in, and a store makes proving keys when they are first needed.
//!
//! ```
//! use louver_circuits::keyset::{KeySet, KeySetError};
//! use louver_core::ledger::Genesis;
//!
//! /// A reader of grants uses the keys that the node sent. Each is checked by the hash that genesis names.
//! fn reader(genesis: &Genesis, sent: &[Vec<u8>]) -> Result<(), KeySetError> {
//!     let keys = KeySet::of(genesis)?;
//!     for file in sent {
//!         keys.add_verifying(file)?;
//!     }
//!     let verifier = keys.disclosure_verifier()?;
//!     // grant.verify(&genesis.hash(), genesis.terms().pool, &verifier)
//!     # let _ = verifier;
//!     Ok(())
//! }
//! ```

use core::fmt;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard},
};

use louver_core::{
    disclosure::Statement,
    ledger::{Genesis, KeyHashes, NewRules, RulesEntry, RulesTerms},
    pool::{GenesisHash, PoolKind, RulesVersion},
    proof::Progress,
    shape::Shape,
};

mod development;
mod error;
mod folder;
mod proving;

pub use development::{development_rules, development_rules_of};
pub use error::KeySetError;
pub use folder::KeyFolder;

use crate::{
    circuit::CircuitId,
    disclosure::{DisclosureProver, DisclosureVerifier, OtherKey},
    key_file::{ParameterPolicy, Provenance},
    parameters::ParameterStore,
    prover::{LocalProver, Prover},
    verifier::LocalVerifier,
    verifying_key::{self, VerifyingKey},
};

/// The keys of one circuit under one rules version, as genesis names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedKeys {
    /// The rules version.
    pub rules: RulesVersion,
    /// The circuit.
    pub circuit: CircuitId,
    /// The hashes of its two files.
    pub hashes: KeyHashes,
}

impl NamedKeys {
    /// A name to keep the proving key under: its circuit and its hash. Two chains that name the same key share the file.
    pub fn file_name(&self) -> String {
        format!("{}-{}.key", self.circuit, hex::encode(&self.hashes.proving[..16]))
    }

    /// Whether one of the two is a development key of this build, under which anybody can forge proofs.
    pub fn is_development(&self) -> bool {
        development::is_named_in(self)
    }

    /// The keys of a circuit among those of a chain's rules versions, which ascend: under one version, or else under the
    /// newest that has the circuit.
    pub fn find(
        versions: &[RulesEntry],
        rules: Option<RulesVersion>,
        circuit: impl Into<CircuitId>,
    ) -> Option<Self> {
        let circuit = circuit.into();
        let versions = versions.iter().rev().map(|entry| &entry.terms);
        let versions = versions.filter(|terms| rules.is_none_or(|rules| terms.version == rules));
        versions.flat_map(Self::of_rules).find(|key| key.circuit == circuit)
    }

    /// The keys that a rules version names, the shapes first.
    pub fn of_rules(rules: &RulesTerms) -> impl Iterator<Item = Self> + '_ {
        let shapes = rules.shapes.iter().map(|terms| (CircuitId::from(terms.shape), terms.keys));
        let disclosures = rules.disclosures.iter().map(|(statement, keys)| (statement.into(), keys));
        let version = rules.version;
        shapes.chain(disclosures).map(move |(circuit, hashes)| Self { rules: version, circuit, hashes })
    }
}

/// The keys of one chain: those that its genesis and its guardians name, and no others. Clones share what was read, and
/// which rules versions are known.
#[derive(Clone)]
pub struct KeySet {
    chain: Arc<Chain>,
    folder: Option<Arc<KeyFolder>>,
    store: Option<ParameterStore>,
    found: Arc<Found>,
}

/// The facts of a chain.
struct Chain {
    genesis: Option<GenesisHash>,
    /// By rules versions, ascending.
    named: RwLock<Vec<NamedKeys>>,
    state: RwLock<State>,
    policy: ParameterPolicy,
    /// Whether keys that everybody can forge proofs with are keys of the chain.
    development: bool,
}

/// The rules versions as the chain's state has them, under one head.
#[derive(Default)]
struct State {
    /// The head's height; absent as long as nothing of the state is known.
    head: Option<u32>,
    entries: BTreeMap<RulesVersion, RulesEntry>,
}

/// `[disclosure-rules]`: whether proofs under a rules version count for disclosures, under the head that a key set knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They do.
    Counts,
    /// Guardians have announced the version, and their delay is not over.
    NotYet {
        /// The first block with it.
        from: u32,
    },
    /// It was switched off, or its planned end has come.
    Ended {
        /// The first block without it.
        since: u32,
    },
}

impl Chain {
    /// Refuses development keys on a chain that is not for development.
    fn check(&self, named: &[NamedKeys]) -> Result<(), KeySetError> {
        let key = named.iter().filter(|_| !self.development).find(|key| development::is_named_in(key));
        key.map_or(Ok(()), |key| Err(KeySetError::DevelopmentKey { circuit: key.circuit }))
    }
}

/// The keys that are in memory, by their hashes.
#[derive(Default)]
struct Found {
    verifying: Mutex<HashMap<[u8; 32], Arc<VerifyingKey>>>,
    provers: Mutex<HashMap<[u8; 32], Prover>>,
    /// Held while a proving key is read or made, so that this is done once.
    preparing: Mutex<()>,
}

impl KeySet {
    /// The keys of the chain with this genesis.
    ///
    /// # Errors
    /// [`KeySetError::DevelopmentChain`] in a production build, if it is a development chain.
    /// [`KeySetError::DevelopmentKey`] if it is not, and genesis names a development key all the same.
    pub fn of(genesis: &Genesis) -> Result<Self, KeySetError> {
        Self::under(genesis, ParameterPolicy::BUILD)
    }

    /// The same under a policy. That of the build stands beside it: this can only refuse more.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn under(genesis: &Genesis, policy: ParameterPolicy) -> Result<Self, KeySetError> {
        let terms = genesis.terms();
        if terms.development && !policy.admits(Provenance::Development) {
            return Err(KeySetError::DevelopmentChain);
        }
        let named: Vec<_> = terms.rules.iter().flat_map(NamedKeys::of_rules).collect();
        // Whatever the build, a chain that is not for development takes no development keys.
        let policy = if terms.development { policy } else { ParameterPolicy::Production };
        let (genesis, development) = (Some(genesis.hash()), terms.development);
        let chain =
            Chain { genesis, named: RwLock::default(), state: RwLock::default(), policy, development };
        chain.check(&named)?;
        *write(&chain.named) = named;
        Ok(Self::new(chain))
    }

    /// The development keys of this build, of pools with auditors and without, for tools that measure or test without a chain.
    ///
    /// # Errors
    /// [`KeySetError::DevelopmentChain`] in production builds.
    pub fn development() -> Result<Self, KeySetError> {
        let audited = development_rules_of(PoolKind::Audited)?;
        let audited =
            NamedKeys::of_rules(&audited).filter(|key| matches!(key.circuit, CircuitId::Transfer(_)));
        let named = RwLock::new(NamedKeys::of_rules(&development_rules()?).chain(audited).collect());
        let policy = ParameterPolicy::BUILD;
        let state = RwLock::default();
        Ok(Self::new(Chain { genesis: None, named, state, policy, development: true }))
    }

    fn new(chain: Chain) -> Self {
        Self { chain: Arc::new(chain), folder: None, store: None, found: Arc::default() }
    }

    /// The same, with the files of a folder, as `louver ceremony export` writes them.
    ///
    /// # Errors
    /// [`KeySetError::Io`] if the folder cannot be read.
    pub fn with_folder(self, folder: &Path) -> Result<Self, KeySetError> {
        Ok(Self { folder: Some(Arc::new(KeyFolder::open(folder)?)), ..self })
    }

    /// The same, with a store that makes development keys, and keeps the keys that are added.
    #[must_use]
    pub fn with_store(self, store: ParameterStore) -> Self {
        let store = store.with_policy(self.chain.policy);
        Self { store: Some(store), ..self }
    }

    /// The same, with the rules versions of the chain's state under the head at a height: those of genesis and those that its
    /// guardians added. From then on disclosures are proven and checked under those versions alone that count under that head
    /// ([`Self::standing`]). A version that [`Self::add_rules`] refuses because of development keys is left out: no proof
    /// under it counts here.
    ///
    /// # Errors
    /// [`KeySetError::OtherRules`] if a version has other keys than it had.
    pub fn with_rules(self, rules: &[RulesEntry], head: u32) -> Result<Self, KeySetError> {
        for entry in rules {
            match self.add_rules(&entry.terms) {
                Ok(()) | Err(KeySetError::DevelopmentKey { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let mut state = write(&self.chain.state);
        // Clones share what is known, and may have heard of a newer head.
        if state.head.is_none_or(|known| known <= head) {
            let entries = rules.iter().map(|entry| (entry.terms.version, entry.clone())).collect();
            *state = State { head: Some(head), entries };
        }
        drop(state);
        Ok(self)
    }

    /// `[disclosure-rules]`: whether proofs under a rules version count for disclosures: if the block after the head takes
    /// the version. Before [`Self::with_rules`] nothing of the state is known, and every version counts.
    pub fn standing(&self, rules: RulesVersion) -> Standing {
        let state = self.chain.state.read().unwrap_or_else(PoisonError::into_inner);
        let (Some(head), Some(entry)) = (state.head, state.entries.get(&rules)) else {
            return Standing::Counts;
        };
        let next = head.saturating_add(1);
        let ends = [entry.terms.until, entry.switched_off].into_iter().flatten();
        match ends.filter(|since| next >= *since).min() {
            Some(since) => Standing::Ended { since },
            None if next < entry.terms.from => Standing::NotYet { from: entry.terms.from },
            None => Standing::Counts,
        }
    }

    /// Takes a rules version that the chain's guardians added. Provers and verifiers of this set know it from then on, as
    /// its clones do.
    ///
    /// # Errors
    /// [`KeySetError::DevelopmentKey`] if it names a development key and the chain is not for development;
    /// [`KeySetError::OtherRules`] if the set has the version with other keys.
    pub fn add_rules(&self, terms: &RulesTerms) -> Result<(), KeySetError> {
        let new: Vec<_> = NamedKeys::of_rules(terms).collect();
        self.chain.check(&new)?;
        let mut named = write(&self.chain.named);
        let known: Vec<_> = named.iter().filter(|key| key.rules == terms.version).copied().collect();
        match known.is_empty() {
            true => {
                named.extend(new);
                named.sort_by_key(|key| key.rules);
                Ok(())
            }
            false if known == new => Ok(()),
            false => Err(KeySetError::OtherRules { rules: terms.version }),
        }
    }

    /// Whether guardians may add a rules version, as far as its keys go.
    ///
    /// # Errors
    /// [`KeySetError::DevelopmentKey`] if it names a development key and the chain is not for development.
    pub fn check_rules(&self, new: &NewRules) -> Result<(), KeySetError> {
        self.chain.check(&NamedKeys::of_rules(&new.from(0)).collect::<Vec<_>>())
    }

    /// The chain; `None` of [`Self::development`].
    pub fn genesis(&self) -> Option<GenesisHash> {
        self.chain.genesis
    }

    /// All keys that the chain names, by rules versions ascending.
    pub fn named(&self) -> Vec<NamedKeys> {
        self.chain.named.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys of a circuit under a rules version.
    ///
    /// # Errors
    /// [`KeySetError::NotNamed`] if the chain names none.
    pub fn keys_of(
        &self,
        rules: RulesVersion,
        circuit: impl Into<CircuitId>,
    ) -> Result<NamedKeys, KeySetError> {
        let circuit = circuit.into();
        let found = self.named().into_iter().find(|key| key.rules == rules && key.circuit == circuit);
        found.ok_or(KeySetError::NotNamed { rules, circuit })
    }

    /// The keys of a circuit under the newest rules version that has the circuit and counts.
    ///
    /// # Errors
    /// [`KeySetError::NoCircuit`] if no rules version has it, [`KeySetError::NoneCounts`] if none that has it counts.
    pub fn newest(&self, circuit: impl Into<CircuitId>) -> Result<NamedKeys, KeySetError> {
        let circuit = circuit.into();
        let of_circuit: Vec<_> = self.named().into_iter().filter(|key| key.circuit == circuit).collect();
        let counts = |key: &&NamedKeys| self.standing(key.rules) == Standing::Counts;
        match of_circuit.iter().rev().find(counts) {
            Some(key) => Ok(*key),
            None if of_circuit.is_empty() => Err(KeySetError::NoCircuit { circuit }),
            None => Err(KeySetError::NoneCounts { circuit }),
        }
    }

    /// Which verifying keys of rules versions that count have to be added before [`Self::disclosure_verifier`] works, and,
    /// as long as nothing of the state is known, [`Self::verifier`]; each once. None on a development chain of this build.
    pub fn lacks_verifying(&self) -> Vec<NamedKeys> {
        let mut lacking: Vec<NamedKeys> = Vec::new();
        for key in self.named().into_iter().filter(|key| self.standing(key.rules) == Standing::Counts) {
            let known = |other: &NamedKeys| other.hashes.verifying == key.hashes.verifying;
            if !lacking.iter().any(known) && self.verifying(&key).is_err() {
                lacking.push(key);
            }
        }
        lacking
    }

    /// Takes a verifying key by the bytes of its file, whoever sent it: it has to be one that the chain names. Gives its
    /// circuit.
    ///
    /// # Errors
    /// [`KeySetError::UnknownKey`] if the chain does not name it, [`KeySetError::Verifying`] if the gate refuses it.
    pub fn add_verifying(&self, bytes: &[u8]) -> Result<CircuitId, KeySetError> {
        let hash = verifying_key::hash(bytes);
        let named = self.named().into_iter().find(|key| key.hashes.verifying == hash);
        let named = named.ok_or_else(|| KeySetError::UnknownKey { hash: hex::encode(hash) })?;
        self.admit(&named, bytes)?;
        Ok(named.circuit)
    }

    /// A verifier of transfers, with the keys of every rules version: of those that are known now, and of those that are
    /// added later, as far as their keys are at hand then.
    ///
    /// # Errors
    /// [`KeySetError::NoVerifyingKey`] if a key is not at hand; [`KeySetError::Verifying`] if one is not sound.
    pub fn verifier(&self) -> Result<LocalVerifier, KeySetError> {
        let verifier = LocalVerifier::of(self.clone());
        for key in self.named() {
            if let CircuitId::Transfer(_) = key.circuit {
                verifier.insert(key.rules, self.verifying(&key)?);
            }
        }
        Ok(verifier)
    }

    /// `[disclosure-rules]`: a verifier of the proofs in grants and packages. It accepts a proof under the keys of any rules
    /// version that counts ([`Self::standing`]). Keys of others only tell why a proof is refused, and need not be at hand.
    ///
    /// # Errors
    /// As [`Self::verifier`].
    pub fn disclosure_verifier(&self) -> Result<DisclosureVerifier, KeySetError> {
        let mut keys: BTreeMap<Statement, Vec<Arc<VerifyingKey>>> = BTreeMap::new();
        let mut others: BTreeMap<Statement, Vec<OtherKey>> = BTreeMap::new();
        // The last disclosures are likeliest to be of the newest version.
        for named in self.named().into_iter().rev() {
            let CircuitId::Disclosure(statement) = named.circuit else { continue };
            match self.standing(named.rules) {
                Standing::Counts => {
                    let (key, known) = (self.verifying(&named)?, keys.entry(statement).or_default());
                    if !known.iter().any(|known| known.hash() == key.hash()) {
                        known.push(key);
                    }
                }
                standing => {
                    let other = |key| OtherKey { rules: named.rules, standing, key };
                    others.entry(statement).or_default().extend(self.verifying(&named).map(other).ok());
                }
            }
        }
        Ok(DisclosureVerifier::new(keys, others))
    }

    /// The file of a verifying key that genesis names, for serving it to others.
    ///
    /// # Errors
    /// [`KeySetError::NoVerifyingKey`] if it is not available.
    pub fn verifying_key_file(&self, key: &NamedKeys) -> Result<Vec<u8>, KeySetError> {
        Ok(self.verifying(key)?.to_bytes())
    }

    /// A prover of transfers. It reads each key when it is first needed; [`LocalProver::prepare`] does so before.
    pub fn prover(&self) -> LocalProver {
        LocalProver::of(self.clone())
    }

    /// A prover of the statements behind disclosure, ready for those that every chain has ([`Statement::NEEDED`]); keys of
    /// others are read when they are first needed. `progress` hears of keys that are made.
    ///
    /// # Errors
    /// [`KeySetError::NoProvingKey`] if a key is not at hand.
    pub fn disclosure_prover(&self, progress: &mut dyn Progress) -> Result<DisclosureProver, KeySetError> {
        let prover = DisclosureProver::of(self.clone());
        Statement::NEEDED.into_iter().try_for_each(|statement| prover.prepare(statement, progress))?;
        Ok(prover)
    }

    /// The shapes that some rules version allows.
    pub fn shapes(&self) -> Vec<Shape> {
        let named = self.named();
        let allowed = |shape: &Shape| named.iter().any(|key| key.circuit == CircuitId::Transfer(*shape));
        Shape::ALL.into_iter().filter(allowed).collect()
    }

    /// A verifying key: from memory, built in, or from the folder.
    pub(crate) fn verifying(&self, key: &NamedKeys) -> Result<Arc<VerifyingKey>, KeySetError> {
        if let Some(found) = lock(&self.found.verifying).get(&key.hashes.verifying) {
            return Ok(found.clone());
        }
        let folder = self.folder.as_deref();
        if let Some(bytes) = development::verifying_key(key, self.chain.policy) {
            return self.admit(key, bytes);
        }
        if let Some(bytes) = folder.and_then(|folder| folder.verifying(&key.hashes.verifying)) {
            return self.admit(key, bytes);
        }
        Err(KeySetError::NoVerifyingKey {
            circuit: key.circuit,
            hash: hex::encode(key.hashes.verifying),
            others: folder.map_or_else(Vec::new, |folder| folder.verifying_hashes(key.circuit)),
        })
    }

    /// Lets a key through the gate, and keeps it.
    fn admit(&self, named: &NamedKeys, bytes: &[u8]) -> Result<Arc<VerifyingKey>, KeySetError> {
        let circuit = named.circuit;
        let key = VerifyingKey::from_bytes(bytes, circuit, self.chain.policy);
        let key = Arc::new(key.map_err(|source| KeySetError::verifying(circuit, source))?);
        lock(&self.found.verifying).insert(*key.hash(), key.clone());
        Ok(key)
    }
}

/// Keys are whole after a panic: they are only added.
fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Maps of keys are whole after a panic: keys are only added.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("genesis", &self.chain.genesis).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
