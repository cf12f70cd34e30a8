//! True openings of transactions, and for every clause of `[transaction-opening]` openings that break only that one.

use ff::Field;
use rand_core::Rng;

use super::{AccountOpening, other_key, random_opening, random_pool, randomized};
use crate::{
    disclosure::{
        DisclosureViolation, InputCount, OpenedInput, OpenedInputs, TransactionClaim, TransactionWitness,
        account,
    },
    epoch::Epoch,
    keys::EpochScalars,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::power_of_two,
};

/// An opening of a transaction, and what the account knows.
#[derive(Clone)]
pub struct TransactionCase {
    /// The claim.
    pub claim: TransactionClaim,
    /// The opening of the account.
    pub opening: AccountOpening,
    /// The epochs of the inputs.
    pub witness: TransactionWitness,
}

/// A case that breaks one clause.
pub struct TransactionBreakage {
    /// The attack.
    pub name: &'static str,
    /// The one clause that fails.
    pub clause: DisclosureViolation,
    /// The claim and the witness.
    pub case: TransactionCase,
}

/// A random transaction of an account, opened.
pub fn transaction_case(inputs: InputCount, rng: &mut impl Rng) -> TransactionCase {
    let opening = random_opening(rng);
    case_of(inputs, opening, rng)
}

fn case_of(inputs: InputCount, opening: AccountOpening, rng: &mut impl Rng) -> TransactionCase {
    let pool = random_pool(rng);
    let epoch = Epoch(100 + (rng.next_u32() >> 18) as u16);
    // The last is a dummy, of the transaction's epoch.
    let mut ages: Vec<u16> = (1..inputs.get()).map(|_| (rng.next_u32() % 100) as u16).collect();
    ages.push(0);
    let witness = TransactionWitness::new(ages.into_iter().map(|age| Epoch(epoch.0 - age)));
    let opened = witness.epochs.iter().map(|epoch| opened(&opening, pool, *epoch, rng)).collect();
    let inputs = OpenedInputs::new(opened).expect("as many as were asked for");
    let spend_tag = SpendTag::from_scalar(Fr::ZERO);
    let claim = TransactionClaim { account: randomized(&opening, pool), pool, epoch, spend_tag, inputs };
    let mut case = TransactionCase { claim, opening, witness };
    case.mark();
    case
}

/// A random note of the account, of any kind of epoch, and its nullifier.
fn opened(opening: &AccountOpening, pool: PoolTag, epoch: Fr, rng: &mut impl Rng) -> OpenedInput {
    loop {
        let commitment = NoteCommitment::from_scalar(Fr::random(&mut *rng));
        let keys = EpochScalars::derive(opening.ak, *opening.nk.expose(), pool, epoch);
        let nullifier = hash(Domain::Nullifier, &[keys.nullifier, commitment.to_scalar()]);
        if let Some(nullifier) = Nullifier::from_scalar(nullifier) {
            return OpenedInput { nullifier, commitment };
        }
    }
}

impl TransactionCase {
    /// Leaves the account's spend tag on the transaction.
    fn mark(&mut self) {
        let claim = &mut self.claim;
        let detection = account::epoch_keys(&self.opening, claim.pool, claim.epoch).detection;
        let first = claim.inputs.as_slice()[0].nullifier.to_scalar();
        claim.spend_tag = SpendTag::from_scalar(hash(Domain::SpendTag, &[detection, first]));
    }
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn transaction_breakages(inputs: InputCount, rng: &mut impl Rng) -> Vec<TransactionBreakage> {
    use DisclosureViolation as Clause;
    let mut found = Vec::new();
    let mut breaks = |name, clause, case: TransactionCase, change: &mut dyn FnMut(&mut TransactionCase)| {
        let mut case = case;
        change(&mut case);
        found.push(TransactionBreakage { name, clause, case });
    };
    let other = Fr::random(&mut *rng);
    breaks("under the name of another", Clause::AccountId, transaction_case(inputs, rng), &mut |case| {
        case.claim.account.aid = other;
    });
    let rk = other_key(rng);
    breaks("signed by somebody else", Clause::RandomizedKey, transaction_case(inputs, rng), &mut |case| {
        case.claim.account.rk = rk;
    });
    let weak = AccountOpening { ak: (Fr::ZERO, -Fr::ONE), ..random_opening(rng) };
    let case = case_of(inputs, weak, rng);
    breaks("an account that anybody signs for", Clause::SpendAuthority, case, &mut |_| ());

    breaks("a transaction of another", Clause::SpendTag, transaction_case(inputs, rng), &mut |case| {
        case.claim.spend_tag = SpendTag::from_scalar(other);
    });
    breaks("in another month", Clause::SpendTag, transaction_case(inputs, rng), &mut |case| {
        case.claim.epoch = Epoch(case.claim.epoch.0 + 1);
    });
    for index in 0..inputs.get() {
        let clause = Clause::InputNullifier(index);
        breaks("another note than was spent", clause, transaction_case(inputs, rng), &mut |case| {
            case.claim.inputs.as_mut_slice()[index].commitment = NoteCommitment::from_scalar(other);
        });
        breaks("a note of another epoch", clause, transaction_case(inputs, rng), &mut |case| {
            case.witness.epochs[index] += Fr::ONE;
        });
        let mut case = transaction_case(inputs, rng);
        let stranger = opened(&random_opening(rng), case.claim.pool, case.witness.epochs[index], rng);
        case.claim.inputs.as_mut_slice()[index] = stranger;
        case.mark();
        breaks("what somebody else spent", clause, case, &mut |_| ());
        // `pool * 2^16 + e` with an `e` beyond 16 bits says another pool: there the account has other keys.
        let mut case = transaction_case(inputs, rng);
        let elsewhere = case.witness.epochs[index] + power_of_two(16);
        case.witness.epochs[index] = elsewhere;
        let (opening, pool) = (case.opening.clone(), case.claim.pool);
        case.claim.inputs.as_mut_slice()[index] = opened(&opening, pool, elsewhere, rng);
        case.mark();
        breaks("what he spent in another pool", Clause::InputEpochRange(index), case, &mut |_| ());
    }
    found
}
