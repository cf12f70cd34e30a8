//! Proving keys, fetched, checked and kept; proofs made with them.

use core::fmt;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use louver_circuits::{
    circuit::CircuitId,
    keyset::{KeySet, NamedKeys},
};
use louver_client::{
    keys::KeyFetchError,
    session::ProveDraft,
    watch::{self as floor, StopOnDrop},
};
use louver_core::{
    disclosure::{AccountKeys, AccountOpening, InputCount, NoteClaim, NoteWitness, Statement},
    pool::RulesVersion,
    proof::{Progress, Proof, Prove, ProveError, Unwatched},
    shape::Shape,
    statement::{TransferPublic, TransferWitness},
    transaction::{Built, Proven},
};
use louver_viewkeys::{
    book::{BookDraft, BookStatement},
    statement::StatementProof,
};
use louver_wallet::{
    chain::ChainParameters,
    send::{Draft, SendError},
};

use crate::{
    Node, ProverError, Watch,
    proving::{Asked, LocalProofs, ProofRequest, ProofWorker, key_for},
    watch::{hosts, watched},
};

choice! {
    /// A circuit, with its own proving key.
    pub enum Circuit {
        /// A transaction of two inputs and three outputs: a payment.
        Transfer2x3,
        /// A transaction of four inputs and four outputs.
        Transfer4x4,
        /// A transaction of eight inputs and three outputs, to spend many notes at once.
        Transfer8x3,
        /// A transaction of two inputs and sixteen outputs, to pay many people at once.
        Transfer2x16,
        /// The smallest transaction of a pool with auditors.
        AuditedTransfer2x3,
        /// A transaction of two inputs and sixteen outputs in a pool with auditors.
        AuditedTransfer2x16,
        /// A proof that a grant's keys belong to the account.
        AccountKeys,
        /// A proof of what is shown of a payment, and of an account's part in it.
        NoteOpening,
        /// A proof of what a transaction of two inputs spent.
        TransactionOpening2,
        /// A proof of what a transaction of four inputs spent.
        TransactionOpening4,
        /// A proof of what a transaction of eight inputs spent.
        TransactionOpening8,
        /// A proof that an address is the account's.
        Address,
        /// A proof that a note was not spent at a snapshot.
        Unspent,
        /// A proof about eight notes that an account held at a snapshot.
        Holdings,
        /// A proof about eight notes that came to an account.
        Total,
    }
}

impl From<Shape> for Circuit {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::TwoByThree => Self::Transfer2x3,
            Shape::FourByFour => Self::Transfer4x4,
            Shape::EightByThree => Self::Transfer8x3,
            Shape::TwoBySixteen => Self::Transfer2x16,
            Shape::AuditedTwoByThree => Self::AuditedTransfer2x3,
            Shape::AuditedTwoBySixteen => Self::AuditedTransfer2x16,
        }
    }
}

impl From<CircuitId> for Circuit {
    fn from(circuit: CircuitId) -> Self {
        match circuit {
            CircuitId::Transfer(shape) => shape.into(),
            CircuitId::Disclosure(statement) => match statement {
                Statement::AccountKeys => Self::AccountKeys,
                Statement::NoteOpening => Self::NoteOpening,
                Statement::TransactionOpening(InputCount::Two) => Self::TransactionOpening2,
                Statement::TransactionOpening(InputCount::Four) => Self::TransactionOpening4,
                Statement::TransactionOpening(InputCount::Eight) => Self::TransactionOpening8,
                Statement::Address => Self::Address,
                Statement::Unspent => Self::Unspent,
                Statement::Holdings => Self::Holdings,
                Statement::Total => Self::Total,
            },
        }
    }
}

impl From<Circuit> for CircuitId {
    fn from(circuit: Circuit) -> Self {
        match circuit {
            Circuit::Transfer2x3 => Self::Transfer(Shape::TwoByThree),
            Circuit::Transfer4x4 => Self::Transfer(Shape::FourByFour),
            Circuit::Transfer8x3 => Self::Transfer(Shape::EightByThree),
            Circuit::Transfer2x16 => Self::Transfer(Shape::TwoBySixteen),
            Circuit::AuditedTransfer2x3 => Self::Transfer(Shape::AuditedTwoByThree),
            Circuit::AuditedTransfer2x16 => Self::Transfer(Shape::AuditedTwoBySixteen),
            Circuit::AccountKeys => Statement::AccountKeys.into(),
            Circuit::NoteOpening => Statement::NoteOpening.into(),
            Circuit::TransactionOpening2 => Statement::TransactionOpening(InputCount::Two).into(),
            Circuit::TransactionOpening4 => Statement::TransactionOpening(InputCount::Four).into(),
            Circuit::TransactionOpening8 => Statement::TransactionOpening(InputCount::Eight).into(),
            Circuit::Address => Statement::Address.into(),
            Circuit::Unspent => Statement::Unspent.into(),
            Circuit::Holdings => Statement::Holdings.into(),
            Circuit::Total => Statement::Total.into(),
        }
    }
}

/// A place for proving keys between runs. It need not be trusted, as every key is checked by its hash. Losing the keys
/// costs a download.
#[cfg_attr(feature = "uniffi", uniffi::export(with_foreign))]
#[async_trait]
pub trait KeyCache: Send + Sync {
    /// The bytes stored under a name; none if there are none or they cannot be read.
    async fn get(&self, name: String) -> Option<Vec<u8>>;
    /// Stores bytes under a name. If this fails, the key is fetched again another time.
    async fn put(&self, name: String, bytes: Vec<u8>);
}

/// Makes proofs for one chain. Its keys are fetched once, checked by the hashes in the chain's genesis, and stored.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Prover {
    worker: Arc<dyn ProofWorker>,
    /// The first chain that it was prepared for, with the rules as they stood when it was prepared last.
    chain: Mutex<Option<Arc<ChainParameters>>>,
    fetching: async_lock::Mutex<()>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Prover {
    /// A prover that keeps its keys in memory and forgets them when it is dropped.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn new() -> Arc<Self> {
        Self::with_worker(Arc::new(LocalProofs::new(None)))
    }

    /// A prover whose keys the host stores.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn with_cache(cache: Arc<dyn KeyCache>) -> Arc<Self> {
        Self::with_worker(Arc::new(LocalProofs::new(Some(cache))))
    }

    /// Whether a key is loaded, so that a proof starts at once.
    pub fn is_ready(&self, circuit: Circuit) -> bool {
        self.worker.is_ready(circuit)
    }

    /// Prepares for proofs of a circuit: loads the key from the store, or fetches it from the node (some megabytes) and
    /// stores it. It does nothing if the key is loaded already. The prover serves the chain of the first node that it
    /// is given.
    pub async fn prepare(
        &self,
        circuit: Circuit,
        node: Arc<Node>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        // One after the other, so that nothing is fetched twice.
        let _turn = self.fetching.lock().await;
        let chain = Arc::new(node.known_rules().await?);
        let keys = KeySet::of(&chain.genesis)?.with_rules(&chain.rules, chain.height)?;
        let key = key_for(&keys, &chain, circuit)?;
        let ready = self.worker.recall(Some(chain.clone()), circuit).await?;
        {
            let mut known = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
            if known.as_ref().is_none_or(|known| known.genesis == chain.genesis) {
                *known = Some(chain.clone());
            }
        }
        if ready {
            return Ok(());
        }
        let bytes = fetch(key, &node, watch.clone()).await?;
        self.worker.install(Some(chain), circuit, bytes, watch).await
    }

    /// Takes the bytes of a proving key, flat or compressed, from whatever source the host has, and stores them. A
    /// prover that is not prepared for a chain yet takes development keys.
    pub async fn install(
        &self,
        circuit: Circuit,
        bytes: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        self.worker.install(self.chain(), circuit, bytes, watch).await
    }
}

impl Prover {
    /// A prover whose proofs a worker of the host makes. The worker is told witnesses, which are secrets of the account.
    pub fn with_worker(worker: Arc<dyn ProofWorker>) -> Arc<Self> {
        Arc::new(Self { worker, chain: Mutex::default(), fetching: async_lock::Mutex::new(()) })
    }

    fn chain(&self) -> Option<Arc<ChainParameters>> {
        self.chain.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn prove(&self, asked: Asked, watch: Option<Arc<dyn Watch>>) -> Result<Proof, ProverError> {
        self.worker.prove(self.chain(), ProofRequest(asked), watch).await
    }

    /// The proofs of a grant, one for each statement.
    pub(crate) async fn prove_keys(
        &self,
        statements: &[AccountKeys],
        opening: &AccountOpening,
        watch: Option<&Arc<dyn Watch>>,
    ) -> Result<Vec<Proof>, ProverError> {
        let mut proofs = Vec::with_capacity(statements.len());
        for public in statements {
            let asked = Asked::AccountKeys { public: public.clone(), opening: opening.clone() };
            proofs.push(self.prove(asked, watch.cloned()).await?);
        }
        Ok(proofs)
    }

    /// The proofs of a statement about an account, in their order.
    pub(crate) async fn prove_statements(
        &self,
        statements: &[StatementProof],
        opening: &AccountOpening,
        watch: Option<&Arc<dyn Watch>>,
    ) -> Result<Vec<Proof>, ProverError> {
        let mut proofs = Vec::with_capacity(statements.len());
        for one in statements {
            let asked = Asked::Statement { one: one.clone(), opening: opening.clone() };
            proofs.push(self.prove(asked, watch.cloned()).await?);
        }
        Ok(proofs)
    }

    /// The proofs of a package, one for each statement.
    pub(crate) async fn prove_notes(
        &self,
        statements: &[(NoteClaim, NoteWitness)],
        opening: &AccountOpening,
        watch: Option<&Arc<dyn Watch>>,
    ) -> Result<Vec<Proof>, ProverError> {
        let mut proofs = Vec::with_capacity(statements.len());
        for (claim, witness) in statements {
            let (claim, opening, witness) = (claim.clone(), opening.clone(), witness.clone());
            let asked = Asked::NoteOpening { claim, opening, witness };
            proofs.push(self.prove(asked, watch.cloned()).await?);
        }
        Ok(proofs)
    }

    /// The proofs of a book, one for each statement. The keys that it takes are made ready first. The work can be stopped
    /// between two proofs.
    pub(crate) async fn prove_book(
        &self,
        draft: &BookDraft,
        node: Arc<Node>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Vec<Proof>, ProverError> {
        let mut asked = Vec::with_capacity(draft.statements().len());
        for statement in draft.statements() {
            let opening = draft.opening().clone();
            asked.push(match statement {
                BookStatement::Keys(public) => Asked::AccountKeys { public: public.clone(), opening },
                BookStatement::Note(claim, witness) => {
                    Asked::NoteOpening { claim: claim.clone(), opening, witness: witness.clone() }
                }
                BookStatement::Transaction(claim, witness) => {
                    Asked::TransactionOpening { claim: claim.clone(), opening, witness: witness.clone() }
                }
                BookStatement::Unspent(one) => {
                    Asked::Statement { one: StatementProof::Unspent(one.clone()), opening }
                }
            });
        }
        let circuits: HashSet<Circuit> = asked.iter().map(Asked::circuit).collect();
        for circuit in circuits {
            self.prepare(circuit, node.clone(), watch.clone()).await?;
        }
        let stop = StopOnDrop::default();
        let mut progress = stop.watched(watched(watch).as_ref(), floor::Stage::Proving);
        let total = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        let mut proofs = Vec::with_capacity(asked.len());
        for (done, asked) in (0..).zip(asked) {
            if progress.report(done, total).is_break() {
                return Err(ProverError::Cancelled);
            }
            proofs.push(self.prove(asked, None).await?);
        }
        Ok(proofs)
    }
}

/// Hands over a proof that a worker has made.
struct Made(Proof);

impl Prove for Made {
    fn prove(
        &self,
        _: RulesVersion,
        _: Shape,
        _: &TransferPublic,
        _: &TransferWitness,
        _: &mut dyn Progress,
    ) -> Result<Proof, ProveError> {
        Ok(self.0)
    }
}

#[async_trait]
impl ProveDraft for Prover {
    async fn prove_draft(
        &self,
        draft: Draft<Built>,
        watch: Option<Arc<dyn floor::Watch>>,
    ) -> Result<Draft<Proven>, SendError> {
        let stage = draft.stage();
        let asked = Asked::Transfer {
            rules: stage.effects().rules(),
            shape: stage.effects().shape(),
            public: stage.public().clone(),
            witness: stage.witness().clone(),
        };
        let made = self.prove(asked, hosts(watch)).await.map_err(|error| match error {
            ProverError::Cancelled => ProveError::Cancelled,
            error => ProveError::System(Box::new(error)),
        })?;
        draft.prove(&Made(made), &mut Unwatched)
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prover(..)")
    }
}

/// The compressed key, as the node sends it.
async fn fetch(key: NamedKeys, node: &Node, watch: Option<Arc<dyn Watch>>) -> Result<Vec<u8>, ProverError> {
    let stop = StopOnDrop::default();
    let mut progress = stop.watched(watched(watch).as_ref(), floor::Stage::FetchingKey);
    Ok(node.connection().proving_key(&key, &mut progress).await?)
}

impl From<KeyFetchError> for ProverError {
    fn from(error: KeyFetchError) -> Self {
        match error {
            KeyFetchError::Cancelled => Self::Cancelled,
            KeyFetchError::Keys(error) => error.into(),
            KeyFetchError::Client(error) => Self::Node { error: error.into() },
            error => Self::KeyInvalid { reason: error.to_string() },
        }
    }
}

#[cfg(feature = "files")]
mod folder {
    use louver_circuits::cache::Cache;
    use louver_client::apart::apart;

    use super::*;
    use crate::StorageError;

    /// Keys in a folder, one file each. A file is written whole or not at all.
    struct Folder(Cache);

    #[async_trait]
    impl KeyCache for Folder {
        async fn get(&self, name: String) -> Option<Vec<u8>> {
            let path = self.0.path(&name);
            apart(move || std::fs::read(path).ok()).await
        }

        async fn put(&self, name: String, bytes: Vec<u8>) {
            let cache = self.0.clone();
            // A key that could not be stored is fetched again.
            drop(apart(move || cache.put(&name, &bytes)).await);
        }
    }

    #[cfg_attr(feature = "uniffi", uniffi::export)]
    impl Prover {
        /// A prover whose keys are stored in a folder. The folder is made if it does not exist.
        #[cfg_attr(feature = "uniffi", uniffi::constructor)]
        pub fn in_folder(path: String) -> Result<Arc<Self>, ProverError> {
            let cache =
                Cache::open(path).map_err(|error| StorageError::System { reason: error.to_string() })?;
            Ok(Self::with_cache(Arc::new(Folder(cache))))
        }
    }
}
