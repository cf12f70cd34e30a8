//! The claims of a statement, one for each proof. Its maker and its reader build them in the same way, each from the file's
//! words and what the ledger has of them.

use louver_circuits::disclosure::{DisclosureProveError, DisclosureProver};
use louver_core::{
    address::Address,
    asset::AssetId,
    disclosure::{
        AccountOpening, AddressClaim, Claim, HeldNote, HoldingsClaim, Randomized, ReceivedNote, Run,
        RunWitness, TotalClaim, UnspentClaim, UnspentWitness,
    },
    epoch::{Epoch, EpochRange},
    ledger::SnapshotEntry,
    note::NoteCommitment,
    pool::PoolTag,
    proof::{Progress, Proof},
    tree::Anchor,
    value::Value,
};

use super::StatedSum;

/// The words of a statement with what the ledger has of them.
pub(super) enum Grounded {
    Address(Address),
    Unspent { snapshot: SnapshotEntry, commitment: NoteCommitment, epoch: Epoch },
    Holdings { asset: AssetId, at_least: Value, snapshot: SnapshotEntry },
    Total { asset: AssetId, sum: StatedSum, epochs: EpochRange, root: Anchor },
}

/// The claim of one proof.
pub(super) enum OneClaim {
    Address(Box<AddressClaim>),
    Unspent(Box<UnspentClaim>),
    Holdings(Box<HoldingsClaim>),
    Total(Box<TotalClaim>),
}

impl OneClaim {
    pub(super) fn as_claim(&self) -> Claim<'_> {
        match self {
            Self::Address(claim) => (&**claim).into(),
            Self::Unspent(claim) => (&**claim).into(),
            Self::Holdings(claim) => (&**claim).into(),
            Self::Total(claim) => (&**claim).into(),
        }
    }
}

pub(super) fn of_address(account: Randomized, address: &Address) -> AddressClaim {
    AddressClaim {
        account,
        pool: address.pool(),
        epoch: address.epoch(),
        tag: address.tag(),
        pk_d_hash: address.pk_d().hash(),
    }
}

impl Grounded {
    /// The claims of all proofs, in their order. Empty if a statement about a sum has no run.
    pub(super) fn claims(&self, account: Randomized, pool: PoolTag, run: Option<&Run>) -> Vec<OneClaim> {
        match (self, run) {
            (Self::Address(address), _) => vec![OneClaim::Address(Box::new(of_address(account, address)))],
            (Self::Unspent { snapshot, commitment, epoch }, _) => {
                let (snapshot, commitment, epoch) = (*snapshot, *commitment, *epoch);
                vec![OneClaim::Unspent(Box::new(UnspentClaim { account, pool, snapshot, commitment, epoch }))]
            }
            (Self::Holdings { asset, at_least, snapshot }, Some(run)) => {
                let claims = HoldingsClaim::run(account, pool, *snapshot, (*asset, *at_least), run);
                claims.into_iter().map(|claim| OneClaim::Holdings(Box::new(claim))).collect()
            }
            (Self::Total { asset, sum, epochs, root }, Some(run)) => {
                let claims = TotalClaim::run(account, pool, (*root, *epochs), (*asset, sum.shown()), run);
                claims.into_iter().map(|claim| OneClaim::Total(Box::new(claim))).collect()
            }
            (Self::Holdings { .. } | Self::Total { .. }, None) => Vec::new(),
        }
    }
}

/// A claim of a statement, with what the account knows of it. Its `Debug` shows no more than the claim.
#[derive(Clone, Debug)]
pub enum StatementProof {
    /// An address is the account's.
    Address(Box<AddressClaim>),
    /// A note was not spent.
    Unspent(Box<(UnspentClaim, UnspentWitness)>),
    /// One proof of a run about holdings.
    Holdings(Box<(HoldingsClaim, RunWitness<HeldNote>)>),
    /// One proof of a run about what came in.
    Total(Box<(TotalClaim, RunWitness<ReceivedNote>)>),
}

impl StatementProof {
    /// Proves it. `progress` hears of each part of the work, and may stop it there.
    ///
    /// # Errors
    /// [`DisclosureProveError`] if it is not true, if the prover has no key for it, or if the work was stopped.
    pub fn prove(
        &self,
        prover: &DisclosureProver,
        opening: &AccountOpening,
        progress: &mut dyn Progress,
    ) -> Result<Proof, DisclosureProveError> {
        match self {
            Self::Address(claim) => prover.prove_address(claim, opening),
            Self::Unspent(one) => prover.prove_unspent(&one.0, opening, &one.1, progress),
            Self::Holdings(one) => prover.prove_holdings(&one.0, opening, &one.1, progress),
            Self::Total(one) => prover.prove_total(&one.0, opening, &one.1, progress),
        }
    }
}
