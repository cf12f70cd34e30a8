//! The work of a node of Louver on payments.

use ff::Field;
use louver_circuits::{keyset::KeySet, verifier::LocalVerifier};
use louver_core::{
    asset::{AssetId, DescriptorHash},
    encoding::{Decode, Encode},
    epoch::Epoch,
    keys::{AccountSpendingKey, AddressIndex, Direction},
    note::{Memo, MemoBucket, Note, NoteParts, Nullifier},
    pool::{GenesisHash, PoolId, RulesVersion},
    proof::{Prove, Unwatched},
    secret::Secret,
    spec::Fr,
    transaction::{
        Fee, PublicSide, Transaction, TxContext,
        plan::{Payment, Spend, TransferPlan},
        verify_batch,
    },
    tree::{LEVELS, MerklePath},
    value::Value,
};

use super::prover;
use crate::{
    measure::Failure,
    payments::{Batch, Verifier},
    transfer::SHAPE,
};

const EPOCH: Epoch = Epoch(7);

/// Verifies whole transactions: each is decoded, its ids and signature hash are worked out, and its signature and proof
/// are checked.
pub(crate) struct LouverVerifier(LocalVerifier);

impl LouverVerifier {
    /// A batch of `distinct` payments, repeated up to `size`.
    pub(crate) fn batch(distinct: u64, size: usize) -> Result<Batch<Self>, Failure> {
        eprintln!("  making {distinct} payments of Louver");
        let prover = prover()?;
        let payments = (0..distinct).map(|seed| payment(seed, &prover)).collect::<Result<_, _>>()?;
        Batch::new(Self(KeySet::development()?.verifier()?), payments, size)
    }
}

impl Verifier for LouverVerifier {
    fn verify(&self, payments: &[Vec<u8>]) -> Result<(), Failure> {
        let decoded = payments.iter().map(|bytes| Ok((Transaction::from_bytes(bytes)?, context())));
        let transactions = decoded.collect::<Result<Vec<_>, Failure>>()?;
        let verified = verify_batch(transactions, &self.0, rand::rng())?;
        if verified.len() == payments.len() { Ok(()) } else { Err("some payments were not verified".into()) }
    }

    fn spoil(payment: &[u8], other: &[u8]) -> Result<Vec<u8>, Failure> {
        with_proof_of(payment, other)
    }
}

fn context() -> TxContext {
    TxContext {
        genesis: GenesisHash([9; 32]),
        public_asset: DescriptorHash::default(),
        fee_asset: DescriptorHash([2; 32]),
        auditor: None,
    }
}

/// Two notes spent, three made: a payment, its change, and what is left of the fee's asset.
fn payment(seed: u64, prover: &dyn Prove) -> Result<Vec<u8>, Failure> {
    let mut rng = rand::rng();
    let mut sk = [1; 32];
    sk[..8].copy_from_slice(&seed.to_le_bytes());
    let account = AccountSpendingKey::from_parts(0, Secret::new(sk))?;
    let viewer = account.full_viewing_key();
    let pool = context().pool_tag(PoolId(0));
    let address = |index| viewer.address(pool, EPOCH, Direction::External, AddressIndex(index));
    let (money, fees) = (AssetId::new(5).ok_or("56 bits")?, AssetId::new(6).ok_or("56 bits")?);
    let mut notes = Vec::new();
    for (asset, value) in [(money, 100), (fees, 10)] {
        let rho = Nullifier::from_scalar(Fr::random(&mut rng)).ok_or("not one of two values")?;
        let rseed = Secret::new(rand::random());
        let parts = NoteParts { to: address(0), asset, value: Value(value), index: 1, rho, rseed };
        notes.push(Note::from_parts(parts)?);
    }
    let spends = plant(notes);
    let anchor = spends[0].path.root(spends[0].note.commitment());
    let pay = |to, asset, value| Ok(Payment { to, asset, value: Value(value), memo: Memo::new(b"thanks")? });
    let payments = [pay(address(3), money, 60), pay(address(1), money, 40), pay(address(1), fees, 9)];
    let plan = TransferPlan {
        context: context(),
        pool: PoolId(0),
        rules: RulesVersion::V1,
        epoch: EPOCH,
        expiry_height: 1600,
        shape: SHAPE,
        memo_bucket: MemoBucket::Small,
        anchor,
        spends,
        payments: payments.into_iter().collect::<Result<_, Failure>>()?,
        public_side: PublicSide::Internal,
        fee: Fee::new(fees, Value(1)).ok_or("a fee of nothing")?,
        seal: Some(viewer.outgoing(pool, EPOCH)),
    };
    let proven = plan.build(&viewer, &mut rng)?.prove(prover, &mut Unwatched)?;
    Ok(proven.sign(&account.spend_authorizing_key(), &mut rng)?.to_bytes())
}

/// The first notes of a tree, with their paths.
fn plant(notes: Vec<Note>) -> Vec<Spend> {
    let mut leaves = [Fr::ZERO; 4];
    leaves.iter_mut().zip(&notes).for_each(|(leaf, note)| *leaf = note.commitment().to_scalar());
    let spends = (0..).zip(notes).map(|(position, note)| {
        let mut siblings = [[Fr::from(3); 3]; LEVELS];
        let others = (0..).zip(leaves).filter(|(place, _)| *place != position).map(|(_, leaf)| leaf);
        siblings[0].iter_mut().zip(others).for_each(|(sibling, leaf)| *sibling = leaf);
        Spend { note, path: MerklePath::from_parts(position, siblings) }
    });
    spends.collect()
}

/// A payment whose proof is that of another: both end with proof (192 bytes), signature (64) and an empty length (2).
fn with_proof_of(payment: &[u8], other: &[u8]) -> Result<Vec<u8>, Failure> {
    let proof = payment.len().checked_sub(258).ok_or("a payment too short")?..payment.len() - 66;
    let mut bytes = payment.to_vec();
    bytes[proof.clone()].copy_from_slice(other.get(proof).ok_or("payments of two lengths")?);
    Ok(bytes)
}
