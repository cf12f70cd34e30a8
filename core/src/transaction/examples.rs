//! Well-formed transactions at random, for tests of codecs, ledgers and nodes. They are signed and not proven.

use ff::Field;
use rand_core::CryptoRng;

use super::{Authorization, Effects, Fee, PublicSide, Transaction, TxContext};
use crate::{
    agreement::Element,
    asset::DescriptorHash,
    audit::AuditField,
    encoding::{Decode, point_bytes},
    epoch::Epoch,
    keys::AccountSpendingKey,
    note::{
        EncryptedNote, EphemeralKey, MemoBucket, NoteCommitment, Nullifier, SpendTag,
        encryption::{COMPACT_LENGTH, OUTGOING_LENGTH},
    },
    pool::{GenesisHash, PoolId, RulesVersion},
    proof::Proof,
    secret::Secret,
    shape::Shape,
    spec::{Fj, Fr, spend_base},
    tree::Anchor,
};

/// The context of the examples.
pub fn context() -> TxContext {
    TxContext {
        genesis: GenesisHash([9; 32]),
        public_asset: DescriptorHash::default(),
        fee_asset: DescriptorHash::default(),
        auditor: None,
    }
}

/// Effects at random: internal, without a fee, of epoch 0.
pub fn effects(shape: Shape, rng: &mut impl CryptoRng) -> (Effects, AccountSpendingKey, Fj) {
    effects_with(shape, PublicSide::Internal, Fee::NONE, rng)
}

/// Effects at random with this public side and this fee.
pub fn effects_with(
    shape: Shape,
    public_side: PublicSide,
    fee: Fee,
    rng: &mut impl CryptoRng,
) -> (Effects, AccountSpendingKey, Fj) {
    let mut sk = [0u8; 32];
    rng.fill_bytes(&mut sk);
    let account = AccountSpendingKey::from_parts(0, Secret::new(sk)).expect("not one key in 2^252");
    let alpha = Fj::random(&mut *rng);
    let rk = account.full_viewing_key().randomized_key(&alpha).expect("not one alpha in 2^252");
    let nullifiers = (0..shape.inputs())
        .map(|_| Nullifier::from_scalar(Fr::random(&mut *rng)).expect("not one of two values"))
        .collect();
    let effects = Effects {
        pool: PoolId(0),
        rules: RulesVersion::V1,
        expiry_height: 1600,
        shape,
        epoch: Epoch(0),
        memo_bucket: MemoBucket::Small,
        nullifiers,
        outputs: (0..shape.outputs()).map(|_| output(MemoBucket::Small, rng)).collect(),
        spend_tag: SpendTag::from_scalar(Fr::random(&mut *rng)),
        public_side,
        fee,
        audit: shape.is_audited().then(|| audit(shape, rng)),
        rk,
    };
    (effects, account, alpha)
}

/// A transaction at random, its signature valid in the examples' context, its proof at random.
pub fn signed(shape: Shape, rng: &mut impl CryptoRng) -> Transaction {
    signed_with(shape, PublicSide::Internal, Fee::NONE, rng)
}

/// A transaction at random with this public side and this fee, signed in the examples' context.
pub fn signed_with(shape: Shape, public_side: PublicSide, fee: Fee, rng: &mut impl CryptoRng) -> Transaction {
    let (effects, account, alpha) = effects_with(shape, public_side, fee, rng);
    let sighash = effects.sighash(&context());
    let signature = account
        .spend_authorizing_key()
        .sign(&alpha, &effects.rk, &sighash.0, &mut *rng)
        .expect("its own key");
    let mut proof = [0u8; 192];
    rng.fill_bytes(&mut proof);
    let anchor = Anchor::from_scalar(Fr::random(&mut *rng));
    let authorization = Authorization::new(anchor, Proof::from_array(proof), signature, Vec::new())
        .expect("no host's authorisation is not too long");
    Transaction::new(effects, authorization).expect("no host's authorisation")
}

/// A ciphertext at random of a shape's length, under key 1.
fn audit(shape: Shape, rng: &mut impl CryptoRng) -> AuditField {
    let mut bytes = 1u32.to_le_bytes().to_vec();
    bytes.extend(point_bytes(&(spend_base() * Fj::random(&mut *rng))));
    bytes.extend(u8::try_from(shape.audit_elements()));
    (0..shape.audit_elements()).for_each(|_| bytes.extend(Fr::random(&mut *rng).to_bytes()));
    AuditField::from_bytes(&bytes).expect("a point and elements")
}

fn output(bucket: MemoBucket, rng: &mut impl CryptoRng) -> EncryptedNote {
    let mut epk = [0u8; 32];
    rng.fill_bytes(&mut epk);
    let mut note = EncryptedNote {
        cm: NoteCommitment::from_scalar(Fr::random(&mut *rng)),
        epk: EphemeralKey::of(Element::hash_to_group(b"LouverExample", &[&epk])),
        compact: [0; COMPACT_LENGTH],
        rest: vec![0; EncryptedNote::rest_length(bucket)],
        outgoing: [0; OUTGOING_LENGTH],
    };
    rng.fill_bytes(&mut note.compact);
    rng.fill_bytes(&mut note.rest);
    rng.fill_bytes(&mut note.outgoing);
    note
}
