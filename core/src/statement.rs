//! `[transfer-statement]`: the transfer statement as a native relation: what every transaction's proof shows.
//!
//! One proof a transaction. The clauses stand here in the order of the specification, and `louver-circuits` has the
//! same ones as constraints:
//!
//! 1. `[transfer-input]` For each input: limbs in range, its epoch not after the transaction's, its asset one of the
//!    two, its tag key one of the account's two; its path sound; a note of non-zero value stands under the anchor; its
//!    nullifier is the public one.
//! 2. `[transfer-account]` All inputs belong to one account, whose key is sound and is what `rk` re-randomises.
//! 3. `[transfer-output]` For each output: its asset one of the two, its value 64 bits, its commitment the public one.
//! 4. `[transfer-balance]` Both assets balance.
//! 5. `[transfer-spend-tag]` The spend tag is the account's, of the transaction's epoch.
//! 6. `[audited-transfer]` In shapes of audited pools: the ciphertext holds the account, the outputs and the spent notes,
//!    under a keystream that the auditors can compute.

use std::sync::LazyLock;

use ff::Field;
use jubjub::{AffinePoint, ExtendedPoint};

use crate::{
    audit::{is_wide, keystream},
    keys::EpochScalars,
    poseidon::{Domain, hash},
    shape::Shape,
    spec::{Fj, Fr, spend_base},
    tree::path::ascend,
};

#[cfg(any(test, feature = "testing"))]
pub mod breakages;
#[cfg(any(test, feature = "testing"))]
pub mod examples;
mod public;
mod violation;
mod witness;

pub use public::{AuditPublic, PublicValue, TransferPublic};
pub use violation::Violation;
pub use witness::{InputWitness, OutputWitness, TransferWitness};

/// Whether `witness` shows the statement for `public`; the first clause that fails if not.
///
/// Takes any witness, however broken, and is as strict as the circuit: it is the model that circuits are tested
/// against, and the last check of a wallet before it proves.
pub fn holds(shape: Shape, public: &TransferPublic, witness: &TransferWitness) -> Result<(), Violation> {
    match violations(shape, public, witness).first() {
        None => Ok(()),
        Some(violation) => Err(*violation),
    }
}

/// Every clause that fails, in the order of the specification.
pub fn violations(shape: Shape, public: &TransferPublic, witness: &TransferWitness) -> Vec<Violation> {
    let mut relation = Relation { public, witness, failed: Vec::new() };
    if !public.fits(shape) || !witness.fits(shape) {
        return vec![Violation::Size];
    }
    for input in 0..shape.inputs() {
        relation.input(input);
    }
    relation.account();
    for output in 0..shape.outputs() {
        relation.output(output);
    }
    relation.balance();
    relation.spend_tag();
    if let (Some(audit), Some(s)) = (&public.audit, &witness.audit_secret) {
        relation.audit(audit, s);
    }
    relation.failed
}

struct Relation<'a> {
    public: &'a TransferPublic,
    witness: &'a TransferWitness,
    failed: Vec<Violation>,
}

impl Relation<'_> {
    fn require(&mut self, condition: bool, otherwise: Violation) {
        if !condition {
            self.failed.push(otherwise);
        }
    }

    /// 1. `[transfer-input]`
    fn input(&mut self, input: usize) {
        let note = &self.witness.inputs[input];
        // The limbs of m. The class is 0: nothing else can be written, so notes of later classes cannot be opened.
        self.require(fits(&note.index, 8), Violation::InputIndexRange { input });
        self.require(fits(&note.epoch, 16), Violation::InputEpochRange { input });
        self.require(
            fits(&(self.public.epoch_scalar() - note.epoch), 16),
            Violation::InputEpochOrder { input },
        );
        self.require(is_bit(&note.is_fee_asset), Violation::InputAsset { input });
        self.require(fits(&note.value, 64), Violation::InputValueRange { input });
        self.require(is_bit(&note.is_internal), Violation::InputDirection { input });

        let leaf = input_commitment(self.public, self.witness, note);
        let (broken, root) = ascend(leaf, &note.path);
        broken.into_iter().for_each(|level| self.require(false, Violation::InputPath { input, level }));
        let rooted = note.value * (root - self.public.anchor.to_scalar());
        self.require(rooted == Fr::ZERO, Violation::InputRoot { input });

        let nullifier = input_nullifier(self.public, self.witness, note);
        let public = self.public.nullifiers[input].to_scalar();
        self.require(nullifier == public, Violation::InputNullifier { input });
    }

    /// 2. `[transfer-account]` That the inputs share one account needs no check: the witness has one `ak` and one `nk`.
    fn account(&mut self) {
        let (u, v) = self.witness.ak;
        let on_curve = is_on_curve(u, v);
        self.require(on_curve, Violation::AccountKeyOffCurve);
        let small = on_curve && bool::from(AffinePoint::from_raw_unchecked(u, v).is_small_order());
        self.require(!small, Violation::AccountKeySmallOrder);
        let rk = randomized_key(self.witness);
        self.require(rk == Some(self.public.rk), Violation::RandomizedKey);
    }

    /// 3. `[transfer-output]`
    fn output(&mut self, output: usize) {
        let note = &self.witness.outputs[output];
        self.require(is_bit(&note.is_fee_asset), Violation::OutputAsset { output });
        self.require(fits(&note.value, 64), Violation::OutputValueRange { output });
        let commitment = output_commitment(self.public, self.witness, output);
        let public = self.public.commitments[output].to_scalar();
        self.require(commitment == public, Violation::OutputCommitment { output });
    }

    /// 4. `[transfer-balance]`
    fn balance(&mut self) {
        let (main, fee) = surplus(self.witness);
        let main_id = self.witness.main;
        let fee_id = self.public.fee_asset.to_scalar();
        let public_value = self.public.public_value.to_scalar();
        let exchange = self.witness.exchange;
        self.require(main == public_value + exchange, Violation::BalanceMain);
        self.require(fee + exchange == self.public.fee.to_scalar(), Violation::BalanceFee);
        self.require(exchange * (main_id - fee_id) == Fr::ZERO, Violation::Exchange);
        let public_asset = public_value * (main_id - self.public.asset_pub.to_scalar());
        self.require(public_asset == Fr::ZERO, Violation::PublicAsset);
        self.require(fits(&main_id, 56), Violation::MainRange);
    }

    /// 5. `[transfer-spend-tag]`
    fn spend_tag(&mut self) {
        let spend_tag = spend_tag(self.public, self.witness);
        self.require(spend_tag == self.public.spend_tag.to_scalar(), Violation::SpendTag);
    }

    /// 6. `[audited-transfer]` That the auditor key is a point of the subgroup is for the ledger to see to.
    fn audit(&mut self, audit: &AuditPublic, s: &Fj) {
        self.require(is_wide(s), Violation::AuditSecretRange);
        let shared = shared_secret(audit, s);
        self.require(!bool::from(shared.is_identity()), Violation::AuditSharedIdentity);
        let epk = affine(ExtendedPoint::from(spend_base() * s));
        self.require(epk == audit.epk, Violation::AuditEphemeralKey);
        let said = audited(self.public, self.witness);
        for (element, (encrypted, body)) in
            encrypted(self.public, &said, shared).iter().zip(&audit.body).enumerate()
        {
            self.require(encrypted == body, Violation::AuditElement { element });
        }
    }
}

/// `[s] A`.
pub(crate) fn shared_secret(audit: &AuditPublic, s: &Fj) -> ExtendedPoint {
    let (u, v) = audit.auditor;
    ExtendedPoint::from(AffinePoint::from_raw_unchecked(u, v)) * s
}

fn affine(point: ExtendedPoint) -> (Fr, Fr) {
    let point = AffinePoint::from(point);
    (point.get_u(), point.get_v())
}

/// The elements that a transaction shows to auditors: its account, the tag and the packed contents of each output, and the commitments
/// that it spends.
pub(crate) fn audited(public: &TransferPublic, witness: &TransferWitness) -> Vec<Fr> {
    let (ak, nk) = (witness.ak, witness.nk);
    let mut said = vec![hash(Domain::AccountId, &[ak.0, ak.1, nk, public.pool.to_scalar()])];
    for (index, note) in (0u64..).zip(&witness.outputs) {
        let asset = asset(public, witness, note.is_fee_asset);
        said.extend([note.tag, packed(Fr::from(index), public.epoch_scalar(), asset, note.value)]);
    }
    said.extend(witness.inputs.iter().map(|note| input_commitment(public, witness, note)));
    said
}

/// The elements under the keystream of a shared secret.
pub(crate) fn encrypted(public: &TransferPublic, said: &[Fr], shared: ExtendedPoint) -> Vec<Fr> {
    let stream = keystream(affine(shared), public.nullifiers[0], said.len());
    said.iter().zip(stream.iter()).map(|(element, key)| element + key).collect()
}

/// `[epoch-keys]` of the witness's account of `epoch`.
pub(crate) fn epoch_keys(public: &TransferPublic, witness: &TransferWitness, epoch: Fr) -> EpochScalars {
    EpochScalars::derive(witness.ak, witness.nk, public.pool, epoch)
}

/// `[note-m]` with class 0.
pub(crate) fn packed(index: Fr, epoch: Fr, asset: Fr, value: Fr) -> Fr {
    index * power_of_two(144) + epoch * power_of_two(128) + asset * power_of_two(64) + value
}

fn asset(public: &TransferPublic, witness: &TransferWitness, is_fee_asset: Fr) -> Fr {
    witness.main + is_fee_asset * (public.fee_asset.to_scalar() - witness.main)
}

/// The commitment that an input's witness opens.
pub(crate) fn input_commitment(
    public: &TransferPublic,
    witness: &TransferWitness,
    note: &InputWitness,
) -> Fr {
    let keys = epoch_keys(public, witness, note.epoch);
    let tag = hash(Domain::Tag, &[keys.tag_key(note.is_internal), note.pk_d_hash]);
    let m = packed(note.index, note.epoch, asset(public, witness, note.is_fee_asset), note.value);
    hash(Domain::Commitment, &[tag, note.rho, m, note.rcm])
}

/// The nullifier of what an input's witness opens.
pub(crate) fn input_nullifier(public: &TransferPublic, witness: &TransferWitness, note: &InputWitness) -> Fr {
    let keys = epoch_keys(public, witness, note.epoch);
    hash(Domain::Nullifier, &[keys.nullifier, input_commitment(public, witness, note)])
}

/// The commitment that an output's witness makes: `rho` is the *public* first nullifier, the epoch the public one.
pub(crate) fn output_commitment(public: &TransferPublic, witness: &TransferWitness, output: usize) -> Fr {
    let note = &witness.outputs[output];
    let index = Fr::from(output as u64);
    let m = packed(index, public.epoch_scalar(), asset(public, witness, note.is_fee_asset), note.value);
    hash(Domain::Commitment, &[note.tag, public.nullifiers[0].to_scalar(), m, note.rcm])
}

/// The tag that the witness's account leaves on the transaction.
pub(crate) fn spend_tag(public: &TransferPublic, witness: &TransferWitness) -> Fr {
    let keys = epoch_keys(public, witness, public.epoch_scalar());
    hash(Domain::SpendTag, &[keys.detection, public.nullifiers[0].to_scalar()])
}

/// The inputs less the outputs, in `main` and in the fee's asset.
pub(crate) fn surplus(witness: &TransferWitness) -> (Fr, Fr) {
    let inputs = witness.inputs.iter().map(|note| (note.value, note.is_fee_asset));
    let outputs = witness.outputs.iter().map(|note| (-note.value, note.is_fee_asset));
    inputs.chain(outputs).fold((Fr::ZERO, Fr::ZERO), |(main, fee), (value, is_fee_asset)| {
        let in_fee = value * is_fee_asset;
        (main + value - in_fee, fee + in_fee)
    })
}

/// `ak + [alpha] G`, by only the affine law, so that it agrees with the circuit on an `ak` off the curve.
pub(crate) fn randomized_key(witness: &TransferWitness) -> Option<(Fr, Fr)> {
    let randomizer = AffinePoint::from(ExtendedPoint::from(spend_base() * witness.alpha));
    let (u1, v1) = witness.ak;
    let (u2, v2) = (randomizer.get_u(), randomizer.get_v());
    let twisted = *EDWARDS_D * u1 * v1 * u2 * v2;
    let u: Option<Fr> = (Fr::ONE + twisted).invert().into();
    let v: Option<Fr> = (Fr::ONE - twisted).invert().into();
    Some(((u1 * v2 + v1 * u2) * u?, (v1 * v2 + u1 * u2) * v?))
}

/// Jubjub's coefficient: `v^2 - u^2 = 1 + d u^2 v^2` with `d = -10240/10241`.
static EDWARDS_D: LazyLock<Fr> = LazyLock::new(|| {
    let inverse: Option<Fr> = Fr::from(10241).invert().into();
    -Fr::from(10240) * inverse.expect("not zero")
});

pub(crate) fn is_on_curve(u: Fr, v: Fr) -> bool {
    let (u2, v2) = (u.square(), v.square());
    v2 - u2 == Fr::ONE + *EDWARDS_D * u2 * v2
}

pub(crate) fn fits(scalar: &Fr, bits: usize) -> bool {
    scalar.to_bytes()[bits / 8..].iter().all(|byte| *byte == 0)
}

pub(crate) fn is_bit(scalar: &Fr) -> bool {
    *scalar == Fr::ZERO || *scalar == Fr::ONE
}

pub(crate) fn power_of_two(exponent: u64) -> Fr {
    Fr::from(2).pow_vartime(&[exponent, 0, 0, 0])
}

#[cfg(test)]
mod tests;
