use std::{cell::RefCell, collections::HashSet};

use proptest::prelude::*;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use super::{
    examples::{context, effects_with, signed, signed_with},
    *,
};
use crate::{
    asset::{AssetId, DescriptorHash},
    pool::GenesisHash,
    proof::{Proof, ProofItem, Verify, VerifyError},
    shape::Shape,
    spec::Fr,
    statement::breakages::small_order_points,
    tree::Anchor,
    value::Value,
};

/// Holds exactly the proofs that it was shown, for the public inputs that it was shown with them.
#[derive(Default)]
struct Known(RefCell<HashSet<Vec<u8>>>);

impl Known {
    fn key(public: &crate::statement::TransferPublic, proof: &Proof) -> Vec<u8> {
        let scalars = public.to_scalars().into_iter().flat_map(|scalar| scalar.to_bytes());
        proof.as_bytes().iter().copied().chain(scalars).collect()
    }

    fn learn(&self, transaction: &Transaction) {
        let public = transaction.public_inputs(context().pool_tag(transaction.effects.pool()), None);
        self.0.borrow_mut().insert(Self::key(&public, transaction.authorization.proof()));
    }
}

impl Verify for Known {
    fn verify(&self, items: &[ProofItem<'_>]) -> Result<(), VerifyError> {
        match items.iter().position(|item| !self.0.borrow().contains(&Self::key(item.public, item.proof))) {
            None => Ok(()),
            Some(index) => Err(VerifyError::Invalid { index }),
        }
    }
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn asset(id: u64) -> AssetId {
    AssetId::new(id).unwrap()
}

fn deposit() -> PublicSide {
    PublicSide::Deposit { asset: asset(5), amount: Value(100), payer: TransparentAccount([4; 32]) }
}

fn refused(bytes: &[u8]) -> DecodeError {
    Transaction::from_bytes(bytes).unwrap_err()
}

// Offsets into the encoding of an internal 2x3 transaction with small memos.
const SHAPE: usize = 13;
const BUCKET: usize = 16;
const NULLIFIERS: usize = 17;
const OUTPUTS: usize = NULLIFIERS + 64;
const OUTPUT: usize = 128 + 80 + 112;
const SPEND_TAG: usize = OUTPUTS + 3 * OUTPUT;
const PUBLIC_SIDE: usize = SPEND_TAG + 32;
const FEE: usize = PUBLIC_SIDE + 1;
const AUDIT: usize = FEE + 15;
const RK: usize = AUDIT + 1;
const ANCHOR: usize = RK + 32;
const HOST: usize = ANCHOR + 32 + 192 + 64;

#[test]
fn every_shape_and_side_round_trips() {
    let mut rng = rng(1);
    let fee = Fee::new(asset(6), Value(3)).unwrap();
    let withdrawal = PublicSide::Withdrawal {
        asset: asset(5),
        amount: Value(100),
        recipient: TransparentAccount([4; 32]),
    };
    for shape in Shape::ALL {
        for (side, fee) in [(PublicSide::Internal, Fee::NONE), (deposit(), fee), (withdrawal, fee)] {
            let transaction = signed_with(shape, side, fee, &mut rng);
            let bytes = transaction.to_bytes();
            assert_eq!(Transaction::from_bytes(&bytes), Ok(transaction));
        }
    }
    assert_eq!(signed(Shape::TwoByThree, &mut rng).to_bytes().len(), HOST + 2);
}

#[test]
fn each_fault_has_an_error_of_its_own() {
    let good = signed(Shape::TwoByThree, &mut rng(2)).to_bytes();
    let with = |at: usize, patch: &[u8]| {
        let mut bytes = good.clone();
        bytes[at..at + patch.len()].copy_from_slice(patch);
        refused(&bytes)
    };
    assert_eq!(refused(&good[..good.len() - 1]), DecodeError::UnexpectedEnd { missing: 1 });
    assert_eq!(refused(&[good.as_slice(), &[0]].concat()), DecodeError::TrailingBytes { count: 1 });
    assert_eq!(with(0, &[2]), DecodeError::UnknownTag { what: "transaction version", tag: 2 });
    assert_eq!(with(SHAPE, &[7]), DecodeError::UnknownTag { what: "shape", tag: 7 });
    assert_eq!(with(BUCKET, &[3]), DecodeError::UnknownTag { what: "memo bucket", tag: 3 });
    assert_eq!(with(PUBLIC_SIDE, &[3]), DecodeError::UnknownTag { what: "public side", tag: 3 });
    // A ciphertext for auditors where there are none, and none where there are some.
    let unfit = DecodeError::NotCanonical { what: "the audit ciphertext does not fit the shape" };
    assert_eq!(with(AUDIT, &[1]), unfit);
    assert_eq!(with(SHAPE, &[Shape::AuditedTwoByThree.code()]), unfit);
    assert_eq!(with(AUDIT, &[2]), DecodeError::UnknownTag { what: "flag", tag: 2 });
    let feeless = DecodeError::NotCanonical { what: "a fee without an asset or the reverse" };
    assert_eq!(with(FEE, &[1]), feeless);
    assert_eq!(with(FEE + 8, &[1]), feeless);
    assert_eq!(with(NULLIFIERS, &[0; 32]), DecodeError::OutOfRange { what: "nullifier" });
    assert_eq!(with(NULLIFIERS, &(-Fr::one()).to_bytes()), DecodeError::OutOfRange { what: "nullifier" });
    assert_eq!(with(HOST, &[1, 1]), DecodeError::OutOfRange { what: "host authorisation length" });
    assert_eq!(with(HOST, &[1, 0]), DecodeError::UnexpectedEnd { missing: 1 });
    let hosted = [&good[..HOST], &[1, 0, 7]].concat();
    let unasked = DecodeError::NotCanonical { what: "a host authorisation without a deposit" };
    assert_eq!(refused(&hosted), unasked);
}

#[test]
fn field_elements_are_canonical() {
    let good = signed(Shape::TwoByThree, &mut rng(3)).to_bytes();
    // The order of the field, and what is all ones.
    let order = {
        let mut bytes = (-Fr::one()).to_bytes();
        bytes[0] += 1;
        bytes
    };
    for at in [NULLIFIERS, NULLIFIERS + 32, OUTPUTS, SPEND_TAG, ANCHOR] {
        for wrong in [order, [0xff; 32]] {
            let mut bytes = good.clone();
            bytes[at..at + 32].copy_from_slice(&wrong);
            assert_eq!(refused(&bytes), DecodeError::NonCanonicalField, "at {at}");
        }
    }
}

#[test]
fn a_key_of_small_order_or_outside_the_subgroup_is_refused() {
    let good = signed(Shape::TwoByThree, &mut rng(4)).to_bytes();
    let own: [u8; 32] = good[RK..RK + 32].try_into().unwrap();
    let own = jubjub::ExtendedPoint::from(jubjub::AffinePoint::from_bytes(own).unwrap());
    for point in small_order_points() {
        let mut bytes = good.clone();
        bytes[RK..RK + 32].copy_from_slice(&point.to_bytes());
        assert_eq!(refused(&bytes), DecodeError::SmallOrder);
        let moved = jubjub::AffinePoint::from(own + jubjub::ExtendedPoint::from(point)).to_bytes();
        bytes[RK..RK + 32].copy_from_slice(&moved);
        if point.get_v() != Fr::one() {
            assert_eq!(refused(&bytes), DecodeError::NotInSubgroup);
        }
    }
    let mut bytes = good.clone();
    bytes[RK..RK + 32].copy_from_slice(&[0xff; 32]);
    assert_eq!(refused(&bytes), DecodeError::NonCanonicalPoint);
}

/// Attacker: a payer whose output every wallet can read, or who writes one transaction in two ways.
#[test]
fn ephemeral_keys_are_elements_other_than_the_identity() {
    let good = signed(Shape::TwoByThree, &mut rng(4)).to_bytes();
    for at in [OUTPUTS + 32, OUTPUTS + OUTPUT + 32, OUTPUTS + 2 * OUTPUT + 32] {
        let with = |epk: &[u8; 32]| {
            let mut bytes = good.clone();
            bytes[at..at + 32].copy_from_slice(epk);
            refused(&bytes)
        };
        assert_eq!(with(&[0; 32]), DecodeError::Identity, "at {at}");
        assert_eq!(with(&[0xff; 32]), DecodeError::NotAnElement, "at {at}");
        let mut bent: [u8; 32] = good[at..at + 32].try_into().unwrap();
        bent[31] ^= 0x80;
        assert_eq!(with(&bent), DecodeError::NotAnElement, "at {at}");
        bent = good[RK..RK + 32].try_into().unwrap();
        bent[0] |= 1;
        assert_eq!(with(&bent), DecodeError::NotAnElement, "at {at}");
    }
}

#[test]
fn deposits_of_nothing_are_refused() {
    let good = signed_with(Shape::TwoByThree, deposit(), Fee::NONE, &mut rng(5)).to_bytes();
    let with = |at: usize, patch: &[u8]| {
        let mut bytes = good.clone();
        bytes[at..at + patch.len()].copy_from_slice(patch);
        refused(&bytes)
    };
    assert_eq!(with(PUBLIC_SIDE + 1, &[0; 7]), DecodeError::OutOfRange { what: "public asset" });
    assert_eq!(with(PUBLIC_SIDE + 8, &[0; 8]), DecodeError::OutOfRange { what: "public amount" });
}

/// A relay who changes any byte makes other bytes under another wtxid, and cannot make them pass.
#[test]
fn no_byte_can_be_changed() {
    let original = signed_with(Shape::TwoByThree, deposit(), Fee::NONE, &mut rng(6));
    let verifier = Known::default();
    verifier.learn(&original);
    let wtxid = original.wtxid(&context());
    let bytes = original.to_bytes();
    assert!(original.clone().verify(context(), &verifier).is_ok());
    let host = bytes.len() - 2;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let Ok(transaction) = Transaction::from_bytes(&changed) else { continue };
        assert_ne!(transaction.wtxid(&context()), wtxid, "byte {at}");
        assert!(at < host && transaction.verify(context(), &verifier).is_err(), "byte {at}");
    }
}

#[test]
fn ids_cover_what_they_should() {
    let original = signed_with(Shape::TwoByThree, deposit(), Fee::NONE, &mut rng(7));
    let (txid, wtxid) = (original.txid(&context()), original.wtxid(&context()));
    let sighash = original.effects.sighash(&context());

    // Another authorisation: the same txid and sighash, another wtxid.
    let own = original.authorization.clone();
    let part = |anchor, proof, signature, host| Authorization::new(anchor, proof, signature, host).unwrap();
    let (anchor, proof, signature) = (own.anchor(), *own.proof(), *own.signature());
    let others = [
        part(Anchor::empty_tree(), proof, signature, vec![]),
        part(anchor, Proof::from_array([1; 192]), signature, vec![]),
        part(anchor, proof, crate::keys::SpendSignature::from_array([1; 64]), vec![]),
        part(anchor, proof, signature, vec![1]),
    ];
    for authorization in others {
        let other = Transaction::new(original.effects.clone(), authorization).unwrap();
        assert_eq!(other.txid(&context()), txid);
        assert_ne!(other.wtxid(&context()), wtxid);
        assert_eq!(other.effects.sighash(&context()), sighash);
    }

    // Another chain, or another token under the same id: other ids and another sighash.
    let contexts = [
        TxContext { genesis: GenesisHash([8; 32]), ..context() },
        TxContext { public_asset: DescriptorHash([1; 32]), ..context() },
        TxContext { fee_asset: DescriptorHash([1; 32]), ..context() },
    ];
    for other in contexts {
        assert_ne!(original.txid(&other), txid);
        assert_ne!(original.effects.sighash(&other), sighash);
        let verifier = Known::default();
        verifier.learn(&original);
        assert_eq!(original.clone().verify(other, &verifier), Err(Refused::Signature { index: 0 }));
    }
    assert_ne!(txid.0, sighash.0);
    assert_ne!(sighash.0, sighash.host_message());
}

/// An attacker who could change an effect under the same signature could redirect a payment.
#[test]
fn the_sighash_covers_every_byte_of_the_effects() {
    let (effects, _, _) = effects_with(Shape::TwoByThree, deposit(), Fee::NONE, &mut rng(8));
    let bytes = effects.to_bytes();
    let sighash = effects.sighash(&context());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let Ok(other) = Effects::from_bytes(&changed) else { continue };
        assert_ne!(other.sighash(&context()), sighash, "byte {at}");
        assert_ne!(other.txid(&context()), effects.txid(&context()), "byte {at}");
    }
}

#[test]
fn batches_say_what_single_checks_say() {
    let mut rng = rng(9);
    let verifier = Known::default();
    let good: Vec<Transaction> = (0..4).map(|_| signed(Shape::TwoByThree, &mut rng)).collect();
    good.iter().for_each(|transaction| verifier.learn(transaction));
    let batch = |transactions: &[Transaction], rng: &mut ChaCha8Rng| {
        verify_batch(transactions.iter().map(|tx| (tx.clone(), context())).collect(), &verifier, rng)
    };
    let verified = batch(&good, &mut rng).unwrap();
    for (transaction, verified) in good.iter().zip(&verified) {
        assert_eq!(&transaction.clone().verify(context(), &verifier).unwrap(), verified);
    }
    assert_eq!(batch(&[], &mut rng), Ok(vec![]));

    let mut bytes = good[2].to_bytes();
    bytes[HOST - 1] ^= 1;
    let mut forged = good.clone();
    forged[2] = Transaction::from_bytes(&bytes).unwrap();
    assert_eq!(batch(&forged, &mut rng), Err(Refused::Signature { index: 2 }));

    let mut unproven = good.clone();
    unproven[1] = signed(Shape::TwoByThree, &mut rng);
    assert_eq!(batch(&unproven, &mut rng), Err(Refused::Proof(VerifyError::Invalid { index: 1 })));
    assert_eq!(batch(&unproven, &mut rng).unwrap_err().index(), 1);
}

/// Blocks of good and bad transactions at random: each gets the same verdict in a batch as by itself, and the first
/// fault is the block's.
#[test]
fn any_mix_is_judged_as_each_alone() {
    let mut rng = rng(10);
    let verifier = Known::default();
    for round in 0..12 {
        let count = usize::try_from(rng.next_u32() % 24).unwrap();
        let transactions: Vec<(Transaction, TxContext)> = (0..count)
            .map(|_| {
                let transaction = signed(Shape::ALL[(rng.next_u32() % 6) as usize], &mut rng);
                verifier.learn(&transaction);
                let own = transaction.authorization.clone();
                let part =
                    |anchor, proof, signature| Authorization::new(anchor, proof, signature, vec![]).unwrap();
                let mut signature = own.signature().to_array();
                let authorization = match rng.next_u32() % if round % 4 == 0 { 1000 } else { 10 } {
                    0 => part(Anchor::empty_tree(), *own.proof(), *own.signature()),
                    1 => part(own.anchor(), Proof::from_array([3; 192]), *own.signature()),
                    2 => {
                        signature[40] ^= 1;
                        part(own.anchor(), *own.proof(), crate::keys::SpendSignature::from_array(signature))
                    }
                    3 => {
                        signature[0] ^= 1;
                        let signature = crate::keys::SpendSignature::from_array(signature);
                        part(own.anchor(), Proof::from_array([3; 192]), signature)
                    }
                    _ => own,
                };
                let effects = transaction.effects.clone();
                let context = if rng.next_u32().is_multiple_of(12) && round % 4 != 0 {
                    TxContext { genesis: GenesisHash([8; 32]), ..context() }
                } else {
                    context()
                };
                (Transaction::new(effects, authorization).unwrap(), context)
            })
            .collect();
        let alone: Vec<Result<Verified, Refused>> = transactions
            .iter()
            .map(|(transaction, context)| transaction.clone().verify(*context, &verifier))
            .collect();
        assert_eq!(verify_each(transactions.clone(), &verifier, &mut rng), alone);
        let whole: Result<Vec<Verified>, Refused> = alone
            .iter()
            .enumerate()
            .map(|(index, answer)| answer.clone().map_err(|refused| refused.at(index)))
            .collect();
        assert_eq!(verify_batch(transactions, &verifier, &mut rng), whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_decodes_reencodes_to_the_same_bytes(seed: u64, at: prop::sample::Index, with: u8, cut: bool) {
        let shape = Shape::ALL[(seed % 6) as usize];
        let mut bytes = signed(shape, &mut rng(seed)).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = with;
        if cut && seed % 7 == 0 {
            bytes.truncate(at);
        }
        if let Ok(transaction) = Transaction::from_bytes(&bytes) {
            prop_assert_eq!(transaction.to_bytes(), bytes);
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        if let Ok(transaction) = Transaction::from_bytes(&bytes) {
            prop_assert_eq!(transaction.to_bytes(), bytes);
        }
    }
}
