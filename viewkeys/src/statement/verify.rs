use louver_circuits::disclosure::{DisclosureVerifier, DisclosureVerifyError};
use louver_core::{disclosure::Claim, epoch::EpochSchedule, proof::Proof};
use thiserror::Error;

use super::{
    NumberedSnapshot, Says, Stated, StatementFile, StatementGap, StatementSchema, TreeAt, VerifiedStatement,
    claims::Grounded, verdict,
};
use crate::{
    challenge::Stating,
    package::OnLedger,
    report::{Assurance, Names},
    reserves::Holding,
    signed::{EnvelopeError, Reading},
};

/// The parts of the ledger that a statement names, as its reader found them there.
#[derive(Clone, Debug, Default)]
pub struct LedgerFacts {
    /// The snapshot of the index that it names.
    pub snapshot: Option<NumberedSnapshot>,
    /// The tree after the block that it names.
    pub tree: Option<TreeAt>,
    /// The transaction that it names, in the block that it names.
    pub transaction: Option<OnLedger>,
}

/// A reader's demands of a statement, and what he knows.
#[derive(Clone, Copy)]
pub struct StatementReading<'a> {
    /// The chain and the demands.
    pub reading: &'a Reading,
    /// The names of assets.
    pub names: &'a Names<'a>,
    /// How the chain cuts time into epochs.
    pub schedule: EpochSchedule,
    /// The parts that he found on the ledger.
    pub facts: &'a LedgerFacts,
}

/// Why a statement is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementError {
    /// The file is not for this reader, or not signed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The chain's state has no snapshot of the index.
    #[error(
        "the statement is about snapshot {index}, which this chain has not taken: it is of another chain, or your node is \
         behind. Try again later, or ask for a new statement"
    )]
    NoSnapshot {
        /// The snapshot's index.
        index: u32,
    },
    /// The chain has no such block yet.
    #[error(
        "the statement is about block {height}, which this chain does not have: your node is behind, or the statement is \
         false. Try again later"
    )]
    NoBlock {
        /// The block's height.
        height: u32,
    },
    /// The transaction is not on the ledger where the statement says.
    #[error("the transaction that the statement names is not in block {height}: the statement is false")]
    NotOnLedger {
        /// The block's height.
        height: u32,
    },
    /// The transaction has no such output, or belongs to another pool.
    #[error(
        "the transaction that the statement names has no such output in this pool: the statement is false"
    )]
    NoSuchOutput,
    /// Its proof is of rules of the chain that do not count, or the chain has no keys for such statements.
    #[error("proof {place}: {error}")]
    Rules {
        /// The proof's place in the file, from 1.
        place: usize,
        /// Which rules, and why.
        error: DisclosureVerifyError,
    },
    /// A proof does not show what the file says.
    #[error("proof {place} of {count} does not show what the statement says: believe nothing of it")]
    Unproven {
        /// The proof's place in the file, from 1.
        place: usize,
        /// How many proofs the file has.
        count: usize,
    },
}

impl StatementFile {
    /// `[statement-checks]`: checks a statement: who made it, for whom and until when; then that its proofs show its words,
    /// from public inputs that are built here from the words and the ledger.
    ///
    /// # Errors
    /// [`StatementError`] if the statement is false, or not what the reader expects.
    pub fn verify(
        &self,
        given: StatementReading<'_>,
        verifier: &DisclosureVerifier,
    ) -> Result<VerifiedStatement, StatementError> {
        let StatementReading { reading, .. } = given;
        let binding = self.check(reading)?;
        let (grounded, stated) = self.ground(&given)?;
        self.check_proofs(&grounded, verifier)?;
        if let Some(demand) = reading.asked.demand() {
            let snapshot_time = given.facts.snapshot.map(|snapshot| snapshot.entry.time);
            let stating = Stating { says: *self.says(), snapshot_time };
            demand.met_by_statement(&stating).map_err(EnvelopeError::from)?;
        }
        Ok(VerifiedStatement {
            schema: StatementSchema::V1,
            chain: reading.chain.clone(),
            binding,
            assurance: reading.chain.allow(Assurance::Guaranteed),
            unverified: StatementGap::of(&stated),
            stated,
            holding: self.holding(),
        })
    }

    fn holding(&self) -> Option<Holding> {
        let Says::Holdings { asset, at_least, snapshot } = *self.says() else { return None };
        let (genesis, account) = (self.about.genesis, self.about.account);
        Some(Holding { genesis, account, asset, at_least, snapshot })
    }

    /// The words with what the ledger has of them, for the proofs and for the verdict.
    fn ground(&self, given: &StatementReading<'_>) -> Result<(Grounded, Stated), StatementError> {
        let StatementReading { names, schedule, facts, .. } = given;
        let snapshot = |index: u32| {
            let found = facts.snapshot.filter(|found| found.index == index);
            found.ok_or(StatementError::NoSnapshot { index })
        };
        Ok(match self.says() {
            Says::Address(address) => (Grounded::Address(*address), verdict::address(address, schedule)),
            Says::Unspent { height, txid, output, snapshot: index } => {
                let snapshot = snapshot(*index)?;
                let found = facts.transaction.as_ref();
                let found = found.filter(|found| found.height == *height && found.txid == *txid);
                let found = found.ok_or(StatementError::NotOnLedger { height: *height })?;
                let effects = found.transaction.effects();
                let is_here = effects.pool() == self.pool_id();
                let made = effects.outputs().get(usize::from(*output)).filter(|_| is_here);
                let commitment = made.ok_or(StatementError::NoSuchOutput)?.cm;
                let (entry, epoch) = (snapshot.entry, effects.epoch());
                (
                    Grounded::Unspent { snapshot: entry, commitment, epoch },
                    verdict::unspent(found, *output, &snapshot, schedule),
                )
            }
            Says::Holdings { asset, at_least, snapshot: index } => {
                let snapshot = snapshot(*index)?;
                let (asset, at_least) = (*asset, *at_least);
                (
                    Grounded::Holdings { asset, at_least, snapshot: snapshot.entry },
                    verdict::holdings((asset, at_least), &snapshot, names.assets, schedule),
                )
            }
            Says::Total { asset, sum, epochs, height } => {
                let tree = facts.tree.filter(|tree| tree.height == *height);
                let tree = tree.ok_or(StatementError::NoBlock { height: *height })?;
                let (asset, sum, epochs) = (*asset, *sum, *epochs);
                (
                    Grounded::Total { asset, sum, epochs, root: tree.root },
                    verdict::total((asset, sum), epochs, &tree, names.assets, schedule),
                )
            }
        })
    }

    fn check_proofs(&self, grounded: &Grounded, verifier: &DisclosureVerifier) -> Result<(), StatementError> {
        let (proofs, run) = (&self.body.proofs, self.body.run.as_ref());
        let claims = grounded.claims(self.about.randomized(), self.pool(), run);
        let count = proofs.len();
        if claims.len() != count || count == 0 {
            return Err(StatementError::Unproven { place: 1, count });
        }
        let pairs: Vec<(Claim<'_>, &Proof)> =
            claims.iter().map(|claim| claim.as_claim()).zip(proofs).collect();
        let Err(refused) = verifier.verify_all(&pairs) else { return Ok(()) };
        let Some(first) = refused.first() else { return Ok(()) };
        let place = first.index + 1;
        Err(match first.error {
            error @ (DisclosureVerifyError::Ended { .. }
            | DisclosureVerifyError::NotYet { .. }
            | DisclosureVerifyError::NoKey(_)) => StatementError::Rules { place, error },
            _ => StatementError::Unproven { place, count },
        })
    }
}
