//! `[wallet-spends]`: from a plan to a transaction that is on its way.
//!
//! A transaction is recorded, with the notes that it spends, before its bytes are handed out. So after a crash it is
//! either known, and its bytes are there to be sent again, or it was never handed out and its notes are free.

use core::fmt;

use louver_core::{
    encoding::Encode,
    keys::{AddressIndex, SigningError},
    note::Memo,
    proof::{Progress, Prove, ProveError},
    store::StoreError,
    transaction::{
        BuildError, Built, Payment, Proven, PublicSide, Spend, TransferPlan, TransparentAccount, TxId,
    },
};
use rand_core::CryptoRng;
use thiserror::Error;

use crate::{
    account::{AccountError, AccountNumber, SpendingKeys},
    history::{self, HistoryEntry, SignedEntry, SpentEntry, Status},
    note::{self, OwnedNote, SpendState},
    plan::{Plan, PlanId},
    proposal::Membership,
    scan::{Contents, save_sent},
    tree::{Tree, TreeError},
    wallet::Wallet,
};

/// Why a transaction was not made. Nothing was recorded and nothing handed out.
#[derive(Debug, Error)]
pub enum SendError {
    /// The plan was sent already, or a note of it was spent, is in flight, or was rolled back since; or it is of a schedule
    /// that was stopped, or whose payments another transaction makes. The history tells whether to plan again.
    #[error("the plan was sent already, or a note of it can no longer be spent")]
    PlanVoid,
    /// No block can take the plan's transaction any more: plan again.
    #[error("signing took too long: no block takes this transaction any more. Nothing was sent: plan again")]
    PlanExpired,
    /// The transaction names an asset that is not registered.
    #[error("the transaction names an asset that is not known")]
    UnknownAsset,
    /// A deposit, and nothing else, needs the payer's authorisation on the host's side.
    #[error("a deposit, and nothing else, needs the payer's authorisation")]
    HostAuthorization,
    /// The payer, or his device, did not authorise the deposit.
    #[error("the payer did not authorise the deposit: {0}")]
    HostRefused(String),
    /// The transaction could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The transaction could not be proven.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// The transaction could not be signed.
    #[error(transparent)]
    Sign(#[from] SigningError),
    /// The account cannot spend.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The tree cannot be used.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A signed transaction to hand to a node. Handing it out again does no harm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The transaction's id.
    pub txid: TxId,
    /// The last block that can take it.
    pub expiry: u32,
    /// The transaction, as it goes over the wire.
    pub bytes: Vec<u8>,
}

/// The message that the payer of a deposit signs on the host's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostMessage {
    /// The transparent account that is debited.
    pub payer: TransparentAccount,
    /// The message that its key signs.
    pub message: [u8; 32],
}

/// Asks the payer of a deposit for an authorisation, at most 256 bytes in the host's own format. An error says why
/// there is none.
pub type Authorize<'a> = &'a mut dyn FnMut(&HostMessage) -> Result<Vec<u8>, String>;

/// The means to make a transaction.
pub struct Sender<'a> {
    /// The keys that sign.
    pub keys: &'a SpendingKeys,
    /// The prover.
    pub prover: &'a dyn Prove,
    /// Watches the proving, and can stop it.
    pub progress: &'a mut dyn Progress,
    /// Authorises deposits on the host's side. Without it, deposits cannot be made.
    pub authorize: Option<Authorize<'a>>,
}

impl fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender(..)")
    }
}

/// A transaction that is built, or proven, and waits for what is missing, on any device.
pub struct Draft<S> {
    plan: PlanId,
    account: AccountNumber,
    anchor_height: u32,
    membership: Option<Membership>,
    spends: Vec<OwnedNote>,
    stage: S,
}

impl<S> Draft<S> {
    /// The stage, as the protocol crate has it: what a signer or prover elsewhere is handed.
    pub fn stage(&self) -> &S {
        &self.stage
    }
}

impl<S: fmt::Debug> fmt::Debug for Draft<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("account", &self.account)
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

impl Draft<Built> {
    /// Proves it. The wallet is not needed meanwhile.
    pub fn prove(self, prover: &dyn Prove, progress: &mut dyn Progress) -> Result<Draft<Proven>, SendError> {
        let Self { plan, account, anchor_height, membership, spends, stage } = self;
        let stage = stage.prove(prover, progress)?;
        Ok(Draft { plan, account, anchor_height, membership, spends, stage })
    }

    /// The message that the payer of a deposit has to sign on the host's side; `None` for other transactions.
    pub fn host_message(&self) -> Option<HostMessage> {
        match *self.stage.effects().public_side() {
            PublicSide::Deposit { payer, .. } => {
                let message = self.stage.signing_request().sighash().host_message();
                Some(HostMessage { payer, message })
            }
            _ => None,
        }
    }
}

impl Wallet {
    /// Builds, proves, signs and records the transaction of a plan, and hands it out.
    pub fn send(
        &mut self,
        plan: &Plan,
        sender: Sender<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Outgoing, SendError> {
        let draft = self.build(plan, rng)?;
        let host = match (draft.host_message(), sender.authorize) {
            (Some(message), Some(authorize)) => authorize(&message).map_err(SendError::HostRefused)?,
            (Some(_), None) => return Err(SendError::HostAuthorization),
            (None, _) => Vec::new(),
        };
        let proven = draft.prove(sender.prover, sender.progress)?;
        self.sign(proven, sender.keys, host, rng)
    }

    /// Builds the transaction of a plan, with fresh randomness, under an anchor of now.
    pub fn build(&self, plan: &Plan, rng: &mut impl CryptoRng) -> Result<Draft<Built>, SendError> {
        let account = self.account(plan.account)?;
        if history::is_sent(&self.overlay(), plan.id)? {
            return Err(SendError::PlanVoid);
        }
        let tree = Tree::load(&self.overlay())?;
        let anchor_height = self.anchor_now(&plan.spends)?;
        let spends = plan
            .spends
            .iter()
            .map(|note| {
                let path = tree.path(note.position, anchor_height).map_err(void)?;
                Ok(Spend { note: note.note.clone(), path })
            })
            .collect::<Result<Vec<_>, SendError>>()?;
        let view = account.view(self.chain.pool_tag(), plan.epoch);
        let mut payments = plan.payments.clone();
        for (asset, value) in &plan.change {
            let to = view.internal.address(AddressIndex(rng.next_u64()));
            payments.push(Payment { to, asset: *asset, value: *value, memo: Memo::empty() });
        }
        let transfer = TransferPlan {
            context: self.chain.context(&plan.side, plan.fee).ok_or(SendError::UnknownAsset)?,
            pool: self.chain.genesis.terms().pool,
            rules: plan.rules,
            epoch: plan.epoch,
            expiry_height: plan.expiry,
            shape: plan.shape,
            memo_bucket: plan.memo_bucket,
            anchor: tree.anchor(anchor_height).map_err(void)?,
            spends,
            payments,
            public_side: plan.side,
            fee: plan.fee,
            seal: Some(view.outgoing),
        };
        Ok(Draft {
            plan: plan.id,
            account: plan.account,
            anchor_height,
            membership: plan.membership.clone(),
            spends: plan.spends.clone(),
            stage: transfer.build(account.full_viewing_key(), rng)?,
        })
    }

    /// `[wallet-anchors]`: the same transaction under an anchor of now. Neither a signature nor the transaction's id covers the
    /// anchor. So a transaction whose signers took their time is renewed before it is proven: the ledger forgets anchors, and
    /// an old one would tell when it was made.
    ///
    /// # Errors
    /// [`SendError::PlanVoid`] if a note of it can no longer be spent.
    pub fn renew(&self, draft: Draft<Built>) -> Result<Draft<Built>, SendError> {
        let tree = Tree::load(&self.overlay())?;
        let anchor_height = self.anchor_now(&draft.spends)?;
        let anchor = tree.anchor(anchor_height).map_err(void)?;
        let paths = draft
            .spends
            .iter()
            .map(|note| {
                let path = tree.path(note.position, anchor_height).map_err(void)?;
                Ok((note.note.commitment(), path))
            })
            .collect::<Result<Vec<_>, SendError>>()?;
        let path = |leaf| paths.iter().find(|(of, _)| *of == leaf).map(|(_, path)| *path);
        let stage = draft.stage.under(anchor, path)?;
        Ok(Draft { anchor_height, stage, ..draft })
    }

    /// Signs a proven transaction, records it with the notes that it spends, and hands it out. `host` is the payer's
    /// authorisation of a deposit, and empty for anything else.
    pub fn sign(
        &mut self,
        draft: Draft<Proven>,
        keys: &SpendingKeys,
        host: Vec<u8>,
        rng: &mut impl CryptoRng,
    ) -> Result<Outgoing, SendError> {
        let Draft { plan, account: number, anchor_height, membership, spends, stage } = draft;
        let account = self.account(number)?.clone();
        let (txid, effects) = (stage.txid(), stage.signing_request().effects().clone());
        if host.is_empty() == effects.public_side().is_deposit() {
            return Err(SendError::HostAuthorization);
        }
        let expiry = effects.expiry_height();
        // Nothing was signed yet, so the clock may speak.
        if self.known_height()? >= expiry || self.chain.schedule().is_over(effects.epoch(), self.time()?) {
            return Err(SendError::PlanExpired);
        }
        let signed = stage.sign(&keys.authorizing_key(&account)?, rng)?;
        let transaction = signed.with_host_authorization(host).map_err(|_| SendError::HostAuthorization)?;
        let outgoing = Outgoing { txid, expiry, bytes: transaction.to_bytes() };
        let view = account.view(self.chain.pool_tag(), effects.epoch());
        let contents = Contents::read(&view, &transaction, true);
        self.change(|overlay, _| {
            if history::is_sent(overlay, plan)? {
                return Err(SendError::PlanVoid);
            }
            let tree = Tree::load(overlay)?;
            if tree.anchor(anchor_height).map_err(void)? != transaction.authorization().anchor() {
                return Err(SendError::PlanVoid);
            }
            let entry = HistoryEntry {
                number: history::take_number(overlay)?,
                account: number,
                txid,
                epoch: effects.epoch(),
                spend_tag: effects.spend_tag(),
                status: Status::Pending { expiry },
                authorised: true,
                side: *effects.public_side(),
                fee: effects.fee(),
                spent: spends.iter().map(SpentEntry::of).collect(),
                outputs: contents.outputs,
                complete: true,
                first_position: None,
                signed: Some(SignedEntry { plan: Some(plan), expiry, bytes: outgoing.bytes.clone() }),
            };
            for spent in &entry.spent {
                let mut note = note::get(overlay, spent.commitment)?
                    .filter(|note| note.state == SpendState::Unspent)
                    .ok_or(SendError::PlanVoid)?;
                note.state = SpendState::InFlight { entry: entry.number };
                note::save(overlay, &note);
            }
            history::save(overlay, &entry);
            if let Some(membership) = membership
                && !membership.note(overlay, txid)?
            {
                return Err(SendError::PlanVoid);
            }
            save_sent(overlay, &contents.sent);
            Ok(outgoing)
        })
    }

    /// The transactions that wait for a block, to be handed to a node again: after a crash, or when it forgot them.
    pub fn waiting(&self) -> Result<Vec<Outgoing>, StoreError> {
        let entries = history::pending(&self.overlay())?;
        let outgoing = |entry: HistoryEntry| {
            let SignedEntry { expiry, bytes, .. } = entry.signed?;
            Some(Outgoing { txid: entry.txid, expiry, bytes })
        };
        Ok(entries.into_iter().filter_map(outgoing).collect())
    }
}

/// A tree that no longer has what the plan was made for.
fn void(error: TreeError) -> SendError {
    match error {
        TreeError::NoPath { .. } | TreeError::NoCheckpoint { .. } => SendError::PlanVoid,
        error => error.into(),
    }
}
