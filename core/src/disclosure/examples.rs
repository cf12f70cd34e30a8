//! True claims about notes, and for every clause of `[note-opening]` claims that break only that one: for tests of the
//! relation and of its circuit.

use ff::Field;
use jubjub::{AffinePoint, ExtendedPoint};
use rand_core::Rng;

use super::{
    AccountOpening, DisclosureViolation, LedgerOutput, NoteClaim, NoteWitness, Randomized, Receipt,
    ShownAmount, account,
};
use crate::{
    address::OwnerTag,
    asset::AssetId,
    epoch::Epoch,
    keys::AccountId,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{Domain, hash},
    secret::Secret,
    spec::{Fj, Fr, spend_base},
    statement::{packed, power_of_two},
    value::Value,
};

mod address;
mod holdings;
mod run;
mod total;
mod transaction;
mod unspent;

pub use address::{AddressBreakage, address_breakages, address_case};
pub use holdings::holdings_breakages;
pub use run::{RunBreakage, RunCase, RunNote, RunStory, random_claim, run_case};
pub use total::total_breakages;
pub use transaction::{TransactionBreakage, TransactionCase, transaction_breakages, transaction_case};
pub use unspent::{UnspentBreakage, UnspentCase, unspent_breakages, unspent_case};

/// A payment, and the side from which the account shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteStory {
    /// It paid another account.
    Paid,
    /// Another account paid it.
    Received,
    /// It paid an address of its own that it gives out.
    Itself,
    /// It kept its change.
    Change,
    /// It made the transaction, and shows nothing else.
    Authorised,
}

impl NoteStory {
    /// Every story.
    pub const ALL: [Self; 5] = [Self::Paid, Self::Received, Self::Itself, Self::Change, Self::Authorised];
}

/// A claim, and what the account knows.
#[derive(Clone)]
pub struct NoteCase {
    /// The claim.
    pub claim: NoteClaim,
    /// The opening of the account.
    pub opening: AccountOpening,
    /// The opening of the note.
    pub witness: NoteWitness,
}

/// A case that breaks one clause.
pub struct NoteBreakage {
    /// The attack.
    pub name: &'static str,
    /// The one clause that fails.
    pub clause: DisclosureViolation,
    /// The claim and the witness.
    pub case: NoteCase,
}

/// A random case in which the claim is true. It shows all that the story allows.
pub fn note_case(story: NoteStory, rng: &mut impl Rng) -> NoteCase {
    let prover = random_opening(rng);
    case_of(story, &prover, &random_opening(rng), rng)
}

/// A case in which `prover` is the account that shows, and `other` the other side, if there is one.
fn case_of(
    story: NoteStory,
    prover: &AccountOpening,
    other: &AccountOpening,
    rng: &mut impl Rng,
) -> NoteCase {
    let (payer, payee) = match story {
        NoteStory::Paid | NoteStory::Authorised => (prover, other),
        NoteStory::Received => (other, prover),
        NoteStory::Itself | NoteStory::Change => (prover, prover),
    };
    let (pool, epoch) = (random_pool(rng), Epoch((rng.next_u32() >> 16) as u16));
    let is_internal = Fr::from(u64::from(story == NoteStory::Change));
    let witness = NoteWitness {
        paid: Fr::from(u64::from(story != NoteStory::Received)),
        received: Fr::from(u64::from(matches!(
            story,
            NoteStory::Received | NoteStory::Itself | NoteStory::Change
        ))),
        is_internal,
        pk_d_hash: Fr::random(&mut *rng),
        tag: Fr::ZERO,
        asset: Fr::from(2 + (rng.next_u64() >> 9)),
        value: Fr::from((1 << 40) + (rng.next_u64() >> 2)),
        rcm: Fr::random(&mut *rng),
    };
    let nullifier = loop {
        if let Some(nullifier) = Nullifier::from_scalar(Fr::random(&mut *rng)) {
            break nullifier;
        }
    };
    let account = randomized(prover, pool);
    let output = LedgerOutput {
        pool,
        epoch,
        nullifier,
        spend_tag: SpendTag::from_scalar(Fr::ZERO),
        commitment: NoteCommitment::from_scalar(Fr::ZERO),
        index: (rng.next_u32() % 16) as u8,
    };
    let claim =
        NoteClaim { account, output, paid: false, received: None, tag: None, amount: ShownAmount::Hidden };
    let mut case = NoteCase { claim, opening: prover.clone(), witness };
    case.record(payer, payee);
    case.show(story);
    case
}

impl NoteCase {
    /// Writes onto the ledger what a transaction of `payer` would that pays `payee` what the witness says.
    fn record(&mut self, payer: &AccountOpening, payee: &AccountOpening) {
        let output = &mut self.claim.output;
        let detection = account::epoch_keys(payer, output.pool, output.epoch).detection;
        let st = hash(Domain::SpendTag, &[detection, output.nullifier.to_scalar()]);
        output.spend_tag = SpendTag::from_scalar(st);
        let keys = account::epoch_keys(payee, output.pool, output.epoch);
        let tag_key = keys.tag_key(self.witness.is_internal);
        self.witness.tag = hash(Domain::Tag, &[tag_key, self.witness.pk_d_hash]);
        let index = Fr::from(u64::from(output.index));
        let m = packed(index, output.epoch.to_scalar(), self.witness.asset, self.witness.value);
        let cm =
            hash(Domain::Commitment, &[self.witness.tag, output.nullifier.to_scalar(), m, self.witness.rcm]);
        output.commitment = NoteCommitment::from_scalar(cm);
    }

    /// Claims all that the story allows.
    fn show(&mut self, story: NoteStory) {
        let NoteWitness { pk_d_hash, tag, .. } = self.witness;
        let received = |own| Some(Receipt { own, pk_d_hash: Some(pk_d_hash) });
        (self.claim.paid, self.claim.received) = match story {
            NoteStory::Paid | NoteStory::Authorised => (true, None),
            NoteStory::Received => (false, received(false)),
            NoteStory::Itself | NoteStory::Change => (true, received(true)),
        };
        if story != NoteStory::Authorised {
            self.claim.tag = Some(OwnerTag::from_scalar(tag));
            self.claim.amount = ShownAmount::Exactly(self.asset(), self.value());
        }
    }

    /// The asset of the witness.
    pub fn asset(&self) -> AssetId {
        AssetId::new(low(&self.witness.asset)).unwrap_or(AssetId::NONE)
    }

    /// The value of the witness.
    pub fn value(&self) -> Value {
        Value(low(&self.witness.value))
    }
}

fn low(scalar: &Fr) -> u64 {
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(&scalar.to_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

fn random_pool(rng: &mut impl Rng) -> PoolTag {
    let mut tag = [0u8; 16];
    rng.fill_bytes(&mut tag);
    PoolTag::from_le_bytes(tag)
}

/// A key that somebody else signs with.
fn other_key(rng: &mut impl Rng) -> (Fr, Fr) {
    let point = AffinePoint::from(ExtendedPoint::from(spend_base() * Fj::random(rng)));
    (point.get_u(), point.get_v())
}

fn random_opening(rng: &mut impl Rng) -> AccountOpening {
    let ak = AffinePoint::from(ExtendedPoint::from(spend_base() * Fj::random(&mut *rng)));
    AccountOpening {
        ak: (ak.get_u(), ak.get_v()),
        nk: Secret::new(Fr::random(&mut *rng)),
        alpha: Secret::new(Fj::random(&mut *rng)),
    }
}

/// The public side of an opening, whatever its `ak` is.
fn randomized(opening: &AccountOpening, pool: PoolTag) -> Randomized {
    let (u, v) = opening.ak;
    let ak = ExtendedPoint::from(AffinePoint::from_raw_unchecked(u, v));
    let rk = AffinePoint::from(ak + ExtendedPoint::from(spend_base() * opening.alpha.expose()));
    let aid = AccountId::derive(opening.ak, *opening.nk.expose(), pool).to_scalar();
    Randomized { aid, rk: (rk.get_u(), rk.get_v()) }
}

/// The catalogue: every clause, by who would gain from breaking it.
pub fn note_breakages(rng: &mut impl Rng) -> Vec<NoteBreakage> {
    let mut catalogue = Catalogue { rng, found: Vec::new() };
    catalogue.account();
    catalogue.note();
    catalogue.sides();
    catalogue.shown();
    catalogue.found
}

struct Catalogue<'a, R> {
    rng: &'a mut R,
    found: Vec<NoteBreakage>,
}

impl<R: Rng> Catalogue<'_, R> {
    /// A true case of a story, then one change.
    fn breaks(
        &mut self,
        name: &'static str,
        clause: DisclosureViolation,
        story: NoteStory,
        change: impl FnOnce(&mut NoteCase),
    ) {
        let mut case = note_case(story, self.rng);
        change(&mut case);
        self.found.push(NoteBreakage { name, clause, case });
    }

    fn account(&mut self) {
        let other = Fr::random(&mut *self.rng);
        for story in NoteStory::ALL {
            self.breaks("under the name of another", DisclosureViolation::AccountId, story, |case| {
                case.claim.account.aid = other;
            });
        }
        let clause = DisclosureViolation::AccountId;
        self.breaks("under the name that he has in another pool", clause, NoteStory::Paid, |case| {
            let mut elsewhere = case.claim.output.pool.to_le_bytes();
            elsewhere[0] ^= 1;
            let elsewhere = PoolTag::from_le_bytes(elsewhere);
            case.claim.account.aid = randomized(&case.opening, elsewhere).aid;
        });
        let rk = other_key(self.rng);
        let clause = DisclosureViolation::RandomizedKey;
        self.breaks("signed by a key of somebody else", clause, NoteStory::Received, |case| {
            case.claim.account.rk = rk;
        });
        let (prover, other) = (random_opening(self.rng), random_opening(self.rng));
        for ak in [(Fr::ZERO, Fr::ONE), (Fr::ZERO, -Fr::ONE)] {
            let weak = AccountOpening { ak, ..prover.clone() };
            let case = case_of(NoteStory::Paid, &weak, &other, self.rng);
            let (name, clause) = ("an account that anybody signs for", DisclosureViolation::SpendAuthority);
            self.found.push(NoteBreakage { name, clause, case });
        }
    }

    fn note(&mut self) {
        use DisclosureViolation::{AssetRange, Commitment, ValueRange};
        let apart = power_of_two(64);
        self.breaks("2^64 more of the asset before it", ValueRange, NoteStory::Received, |case| {
            // At least one more than there is: the difference has 64 bits, and the value has 65.
            let threshold = Value(case.value().0 + 1);
            case.witness.asset -= Fr::ONE;
            case.witness.value += apart;
            case.claim.amount = ShownAmount::AtLeast(case.asset(), threshold);
        });
        let inverse: Option<Fr> = apart.invert().into();
        let inverse = inverse.expect("a power of two");
        self.breaks("any value, of an asset that makes up for it", AssetRange, NoteStory::Received, |case| {
            let raised = Fr::from(u64::MAX);
            case.witness.asset += (case.witness.value - raised) * inverse;
            case.witness.value = raised;
            case.claim.amount = ShownAmount::Hidden;
        });
        self.breaks("a note of a greater value", Commitment, NoteStory::Received, |case| {
            case.witness.value += Fr::ONE;
            case.claim.amount = ShownAmount::Exactly(case.asset(), case.value());
        });
        self.breaks("a note of another asset", Commitment, NoteStory::Paid, |case| {
            case.witness.asset += Fr::ONE;
            case.claim.amount = ShownAmount::Exactly(case.asset(), case.value());
        });
        self.breaks("another output of the transaction", Commitment, NoteStory::Paid, |case| {
            case.claim.output.index ^= 1;
        });
        self.breaks("a note with an owner tag of his own", Commitment, NoteStory::Received, |case| {
            let claimed = case.witness.clone();
            let mut other = case.clone();
            other.witness.pk_d_hash += Fr::ONE;
            let prover = case.opening.clone();
            other.record(&prover, &prover);
            case.witness =
                NoteWitness { tag: other.witness.tag, pk_d_hash: other.witness.pk_d_hash, ..claimed };
            case.claim.tag = Some(OwnerTag::from_scalar(case.witness.tag));
            case.claim.received = Some(Receipt { own: false, pk_d_hash: None });
        });
    }

    fn sides(&mut self) {
        use DisclosureViolation::{
            DirectionBit, NoSide, OwnerTag as Tag, PaidBit, ReceivedBit, SpendTag as Mark,
        };
        self.breaks("half a payer", PaidBit, NoteStory::Itself, |case| {
            case.witness.paid = Fr::from(2);
            case.claim.paid = false;
        });
        self.breaks("half a payee", ReceivedBit, NoteStory::Itself, |case| {
            case.witness.received = Fr::from(2);
            case.claim.received = None;
        });
        // A reader was granted `ivk_e` and `tkx_e`: she knows all notes that came to an owner, and the key of their
        // tags. Between her own tag keys, or beyond, lies an element that gives the owner's.
        let (reader, owner) = (random_opening(self.rng), random_opening(self.rng));
        let mut case = case_of(NoteStory::Received, &owner, &random_opening(self.rng), self.rng);
        let LedgerOutput { pool, epoch, .. } = case.claim.output;
        let granted = account::epoch_keys(&owner, pool, epoch).external_tag;
        let own = account::epoch_keys(&reader, pool, epoch);
        let step: Option<Fr> = (own.internal_tag - own.external_tag).invert().into();
        case.witness.is_internal = (granted - own.external_tag) * step.expect("two lanes differ");
        case.claim.account = randomized(&reader, pool);
        case.opening = reader;
        let name = "a receipt that a reader was granted to see, as her own";
        self.found.push(NoteBreakage { name, clause: DirectionBit, case });

        self.breaks("a payment that somebody else made", Mark, NoteStory::Received, |case| {
            case.witness.paid = Fr::ONE;
            (case.claim.paid, case.claim.received) = (true, None);
        });
        self.breaks("a receipt that went to somebody else", Tag, NoteStory::Paid, |case| {
            case.witness.received = Fr::ONE;
            case.claim.received = Some(Receipt { own: true, pk_d_hash: None });
        });
        let case = note_case(NoteStory::Paid, self.rng);
        let stranger = random_opening(self.rng);
        let account = randomized(&stranger, case.claim.output.pool);
        let mut case = NoteCase { opening: stranger, ..case };
        case.witness.paid = Fr::ZERO;
        case.claim = NoteClaim { account, paid: false, ..case.claim };
        let name = "a payment that he knows of and had no part in";
        self.found.push(NoteBreakage { name, clause: NoSide, case });
    }

    fn shown(&mut self) {
        use DisclosureViolation::{
            Own, Paid, Received, ShownAsset, ShownKey, ShownTag, ShownValue, Threshold,
        };
        self.breaks("a payee who says that he paid", Paid, NoteStory::Received, |case| {
            case.claim.paid = true;
        });
        self.breaks("a payer who says that he was paid", Received, NoteStory::Paid, |case| {
            case.claim.received = Some(Receipt { own: true, pk_d_hash: None });
        });
        let from =
            |own| move |case: &mut NoteCase| case.claim.received = Some(Receipt { own, pk_d_hash: None });
        self.breaks("a payment to himself, as income", Own, NoteStory::Itself, from(false));
        self.breaks("his change, as income", Own, NoteStory::Change, from(false));
        self.breaks(
            "a payment to himself, as income, with the payer hidden",
            Own,
            NoteStory::Itself,
            |case| {
                (case.witness.paid, case.claim.paid) = (Fr::ZERO, false);
                from(false)(case);
            },
        );
        self.breaks("income, as a payment to himself", Own, NoteStory::Received, from(true));
        let random = Fr::random(&mut *self.rng);
        self.breaks("another recipient's tag", ShownTag, NoteStory::Paid, |case| {
            case.claim.tag = Some(OwnerTag::from_scalar(random));
        });
        self.breaks("an address that the tag is not of", ShownKey, NoteStory::Received, |case| {
            case.claim.received = Some(Receipt { own: false, pk_d_hash: Some(random) });
        });
        for amount in [ShownAmount::Asset as fn(AssetId) -> _, |asset| ShownAmount::AtLeast(asset, Value(1))]
        {
            self.breaks("another asset", ShownAsset, NoteStory::Paid, |case| {
                let other = AssetId::new(case.asset().to_u64() ^ 1).unwrap_or(AssetId::NONE);
                case.claim.amount = amount(other);
            });
        }
        self.breaks("another value", ShownValue, NoteStory::Paid, |case| {
            case.claim.amount = ShownAmount::Exactly(case.asset(), Value(case.value().0 - 1));
        });
        for more in [1, u64::MAX >> 1] {
            self.breaks("more than there is", Threshold, NoteStory::Received, |case| {
                case.claim.amount = ShownAmount::AtLeast(case.asset(), Value(case.value().0 + more));
            });
        }
    }
}
