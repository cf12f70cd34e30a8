//! For every clause of the transfer statement, witnesses that break only that clause.
//!
//! Every value that depends on the broken one is computed anew, so that only the named clause stands between the
//! attacker and his gain. The relation must refuse each of them for that clause, and the circuit must refuse them.

use ff::Field;
use group::Group;
use jubjub::{AffinePoint, ExtendedPoint};
use rand_core::Rng;

use super::{PublicValue, TransferPublic, TransferWitness, Violation, epoch_keys, examples::Draft};
use crate::{
    asset::AssetId,
    keys::EpochScalars,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    poseidon::{Domain, hash},
    shape::Shape,
    spec::{Fj, Fr, spend_base},
    tree::LEVELS,
    value::Value,
};

/// A witness that breaks one clause.
pub struct Breakage {
    /// The attack.
    pub name: String,
    /// The one clause that fails.
    pub clause: Violation,
    /// The public inputs that he shows.
    pub public: TransferPublic,
    /// The witness that he has.
    pub witness: TransferWitness,
}

/// The catalogue for a shape: every clause, at every input and output, and at every level of the first input's path.
pub fn breakages(shape: Shape, rng: &mut impl Rng) -> Vec<Breakage> {
    let mut catalogue = Catalogue { shape, rng, found: Vec::new() };
    for input in 0..shape.inputs() {
        catalogue.input(input);
    }
    catalogue.account();
    for output in 0..shape.outputs() {
        catalogue.output(output);
    }
    catalogue.balance();
    catalogue.spend_tag();
    if shape.is_audited() {
        catalogue.audit();
    }
    catalogue.found
}

struct Catalogue<'a, R> {
    shape: Shape,
    rng: &'a mut R,
    found: Vec<Breakage>,
}

impl<R: Rng> Catalogue<'_, R> {
    /// A deposit of much money, the fee in another asset, every input real: then one change, the two outputs after
    /// `kept` take what is left over of each asset, and another change of what is shown.
    fn breaks(
        &mut self,
        name: &str,
        clause: Violation,
        kept: usize,
        before: impl FnOnce(&mut Draft),
        after: impl FnOnce(&mut TransferPublic, &mut TransferWitness),
    ) {
        let mut draft = Draft::random(self.shape, self.rng);
        draft.deposit(Value(1 << 60));
        before(&mut draft);
        let outputs = self.shape.outputs();
        draft.settle((kept + 1) % outputs, (kept + 2) % outputs);
        let (mut public, mut witness) = draft.finish(self.rng);
        after(&mut public, &mut witness);
        self.found.push(Breakage { name: name.to_owned(), clause, public, witness });
    }

    fn draft(&mut self, name: &str, clause: Violation, change: impl FnOnce(&mut Draft)) {
        self.breaks(name, clause, 0, change, |_, _| {});
    }

    fn shown(
        &mut self,
        name: &str,
        clause: Violation,
        change: impl FnOnce(&mut TransferPublic, &mut TransferWitness),
    ) {
        self.breaks(name, clause, 0, |_| {}, change);
    }

    fn input(&mut self, i: usize) {
        self.draft("a note of a later kind", Violation::InputIndexRange { input: i }, |draft| {
            draft.witness.inputs[i].index += Fr::from(256);
        });
        self.draft("a note of an epoch below 0", Violation::InputEpochRange { input: i }, |draft| {
            draft.witness.inputs[i].epoch = -Fr::from(5);
        });
        self.draft("a note of the next epoch", Violation::InputEpochOrder { input: i }, |draft| {
            draft.witness.inputs[i].epoch = Fr::from(u64::from(draft.epoch.0) + 1);
        });
        self.draft("a note of a third asset", Violation::InputAsset { input: i }, |draft| {
            draft.witness.inputs[i].is_fee_asset = Fr::from(2);
            draft.witness.inputs[i].value = Fr::from(1 << 51);
        });
        let clause = Violation::InputValueRange { input: i };
        self.draft("a note opened with 2^64 more", clause, |draft| {
            draft.witness.inputs[i].value += Fr::from(1 << 32).square();
            let is_fee_asset = draft.witness.inputs[i].is_fee_asset;
            draft.witness.outputs[0].is_fee_asset = is_fee_asset;
            draft.witness.outputs[0].value = Fr::from(u64::MAX);
        });
        let clause = Violation::InputDirection { input: i };
        let owner = random_account(self.rng);
        self.draft("the note of another, by a grant's keys", clause, |draft| steal(draft, i, owner));
        self.draft("both tag keys at once", clause, |draft| {
            draft.witness.inputs[i].is_internal = Fr::from(2);
        });
        let levels: Vec<usize> = if i == 0 { (0..LEVELS).collect() } else { vec![0, LEVELS - 1] };
        for level in levels {
            let clause = Violation::InputPath { input: i, level };
            self.draft("a note outside the tree on the path of another", clause, |draft| {
                draft.severed = Some((i, level));
            });
        }
        self.draft("a note from a tree of his own", Violation::InputRoot { input: i }, |draft| {
            draft.uprooted = Some(i);
        });
        let clause = Violation::InputNullifier { input: i };
        let random = Fr::random(&mut *self.rng);
        self.draft("a nullifier at random", clause, |draft| {
            draft.forged_nullifier = Nullifier::from_scalar(random).map(|nullifier| (i, nullifier));
        });
    }

    fn account(&mut self) {
        self.draft("a key off the curve", Violation::AccountKeyOffCurve, |draft| {
            draft.witness.ak.0 += Fr::ONE;
        });
        for point in small_order_points() {
            self.draft("a key of small order", Violation::AccountKeySmallOrder, |draft| {
                draft.witness.ak = (point.get_u(), point.get_v());
            });
        }
        let other = AffinePoint::from(ExtendedPoint::from(spend_base() * Fj::random(&mut *self.rng)));
        self.shown("a signing key of his own", Violation::RandomizedKey, |public, _| {
            public.rk = (other.get_u(), other.get_v());
        });
        self.shown("another randomizer", Violation::RandomizedKey, |_, witness| witness.alpha += Fj::one());
    }

    fn output(&mut self, j: usize) {
        let clause = Violation::OutputAsset { output: j };
        self.breaks(
            "a note of a third asset",
            clause,
            j,
            |draft| draft.witness.outputs[j].is_fee_asset = Fr::from(2),
            |_, _| {},
        );
        let clause = Violation::OutputValueRange { output: j };
        self.breaks(
            "a negative note",
            clause,
            j,
            |draft| draft.witness.outputs[j].value = -Fr::from(5),
            |_, _| {},
        );
        let clause = Violation::OutputCommitment { output: j };
        let random = Fr::random(&mut *self.rng);
        self.shown("a leaf at random", clause, |public, _| {
            public.commitments[j] = NoteCommitment::from_scalar(random);
        });
        let limbs =
            [("value", 0), ("asset", 64), ("class", 120), ("epoch", 128), ("index", 144), ("kind", 152)];
        for (limb, shift) in limbs.into_iter().skip(j % 6).step_by(if j == 0 { 1 } else { 6 }) {
            self.shown(&format!("a leaf of another {limb}"), clause, |public, witness| {
                let m = committed(public, witness, j) + super::power_of_two(shift);
                let note = &witness.outputs[j];
                let rho = public.nullifiers[0].to_scalar();
                let cm = hash(Domain::Commitment, &[note.tag, rho, m, note.rcm]);
                public.commitments[j] = NoteCommitment::from_scalar(cm);
            });
        }
        self.shown("a leaf of another rho", clause, |public, witness| {
            let note = &witness.outputs[j];
            let rho = public.nullifiers[1].to_scalar();
            let cm = hash(Domain::Commitment, &[note.tag, rho, committed(public, witness, j), note.rcm]);
            public.commitments[j] = NoteCommitment::from_scalar(cm);
        });
    }

    fn balance(&mut self) {
        let paid = |draft: &mut Draft| draft.public_value = PublicValue::Out(Value(7));
        self.shown("a fee overstated", Violation::BalanceFee, |public, _| {
            public.fee = Value(public.fee.0 + 1);
        });
        self.breaks(
            "more withdrawn than spent",
            Violation::BalanceMain,
            0,
            |draft| {
                paid(draft);
            },
            |public, _| public.public_value = PublicValue::Out(Value(8)),
        );
        self.shown("less deposited than received", Violation::BalanceMain, |public, _| {
            public.public_value = PublicValue::In(Value((1 << 60) - 1));
        });
        self.draft("worthless to valuable", Violation::Exchange, |draft| {
            draft.witness.exchange = Fr::from(7);
        });
        self.draft("valuable to worthless", Violation::Exchange, |draft| {
            draft.witness.exchange = -Fr::from(7);
        });
        self.shown("deposited as another asset", Violation::PublicAsset, |public, _| {
            public.asset_pub = AssetId::new(public.asset_pub.to_u64() ^ 1).unwrap_or(AssetId::NONE);
        });
        self.draft("a note of a later class", Violation::MainRange, |draft| {
            draft.public_value = PublicValue::ZERO;
            draft.asset_pub = AssetId::NONE;
            draft.witness.main += Fr::from(1 << 56);
        });
    }

    fn spend_tag(&mut self) {
        let random = Fr::random(&mut *self.rng);
        self.shown("a spend tag at random", Violation::SpendTag, |public, _| {
            public.spend_tag = SpendTag::from_scalar(random);
        });
        self.shown("the spend tag of another epoch", Violation::SpendTag, |public, witness| {
            let keys = epoch_keys(public, witness, public.epoch_scalar() - Fr::ONE);
            let st = hash(Domain::SpendTag, &[keys.detection, public.nullifiers[0].to_scalar()]);
            public.spend_tag = SpendTag::from_scalar(st);
        });
    }
}

impl<R: Rng> Catalogue<'_, R> {
    fn audit(&mut self) {
        self.draft("a secret that the circuit cannot multiply by", Violation::AuditSecretRange, |draft| {
            draft.witness.audit_secret = Some(Fj::one());
        });
        self.draft("a secret that everybody knows", Violation::AuditSharedIdentity, |draft| {
            draft.witness.audit_secret = Some(Fj::zero());
        });
        let clause = Violation::AuditEphemeralKey;
        for point in small_order_points() {
            self.shown("a key of small order beside the right one", clause, |public, witness| {
                let Some((audit, s)) = public.audit.as_mut().zip(witness.audit_secret) else { return };
                let own = ExtendedPoint::from(spend_base() * s);
                // The identity changes nothing by addition, and is shown by itself.
                let shown = if bool::from(point.is_identity()) { point.into() } else { own + point };
                audit.epk = super::affine(shown);
            });
        }
        self.shown("the negative of the key", clause, |public, _| {
            if let Some(audit) = &mut public.audit {
                audit.epk.0 = -audit.epk.0;
            }
        });
        for element in 0..self.shape.audit_elements() {
            let random = Fr::random(&mut *self.rng);
            let clause = Violation::AuditElement { element };
            self.shown("an element at random", clause, |public, _| {
                if let Some(audit) = &mut public.audit {
                    audit.body[element] = random;
                }
            });
        }
        // The payer knows how far each element is off: another account, a smaller value of the first output, another spent note.
        let spent = self.shape.audit_elements() - 1;
        for (name, element) in [("another account", 0), ("another value", 2), ("another spent note", spent)] {
            self.shown(name, Violation::AuditElement { element }, |public, _| {
                if let Some(audit) = &mut public.audit {
                    audit.body[element] -= Fr::ONE;
                }
            });
        }
    }
}

/// An account of somebody else: `ak` and `nk`.
pub(super) fn random_account(rng: &mut impl Rng) -> ((Fr, Fr), Fr) {
    let ak = AffinePoint::from(ExtendedPoint::from(spend_base() * Fj::random(&mut *rng)));
    ((ak.get_u(), ak.get_v()), Fr::random(&mut *rng))
}

/// A reader who was granted `ivk_e` and `tkx_e` of an owner knows all of the owner's notes and the key of their tags.
/// Between her own two tag keys, or beyond, lies an element that gives the owner's: with it, the note opens as hers.
pub(super) fn steal(draft: &mut Draft, input: usize, (ak, nk): ((Fr, Fr), Fr)) {
    let note = &draft.witness.inputs[input];
    let granted = EpochScalars::derive(ak, nk, draft.pool, note.epoch).external_tag;
    let own = EpochScalars::derive(draft.witness.ak, draft.witness.nk, draft.pool, note.epoch);
    let step: Option<Fr> = (own.internal_tag - own.external_tag).invert().into();
    draft.witness.inputs[input].is_internal =
        (granted - own.external_tag) * step.expect("two lanes of a permutation differ");
}

/// `m` as an output's note has it.
fn committed(public: &TransferPublic, witness: &TransferWitness, output: usize) -> Fr {
    let note = &witness.outputs[output];
    let asset = super::asset(public, witness, note.is_fee_asset);
    super::packed(Fr::from(output as u64), public.epoch_scalar(), asset, note.value)
}

/// The eight points whose order divides the cofactor.
pub fn small_order_points() -> Vec<AffinePoint> {
    // r P = (r - 1) P + P leaves of P its part in the small subgroup.
    let torsion = |point: ExtendedPoint| point * -Fj::one() + point;
    let mut point = ExtendedPoint::generator();
    while torsion(point).double().double() == ExtendedPoint::identity() {
        point += ExtendedPoint::generator();
    }
    let generator = torsion(point);
    let multiples = core::iter::successors(Some(ExtendedPoint::identity()), |last| Some(last + generator));
    multiples.take(8).map(AffinePoint::from).collect()
}
