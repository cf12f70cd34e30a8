//! Random satisfying witnesses of the transfer statement, for tests of the relation, of circuits and of provers.

use std::collections::BTreeMap;

use ff::Field;
use jubjub::SubgroupPoint;
use rand_core::Rng;

use super::{
    AuditPublic, InputWitness, OutputWitness, PublicValue, TransferPublic, TransferWitness, audited,
    encrypted, input_commitment, input_nullifier, output_commitment, randomized_key, shared_secret,
    spend_tag, surplus,
};
use crate::{
    asset::AssetId,
    audit::is_wide,
    encoding::coordinates,
    epoch::Epoch,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{Domain, hash},
    shape::Shape,
    spec::{Fj, Fr, spend_base},
    tree::{Anchor, LEVELS},
    value::Value,
};

/// The purpose of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// One asset, the fee in the same, inside the pool.
    Payment,
    /// One asset, the fee in another.
    FeeInAnotherAsset,
    /// One asset and no fee.
    Free,
    /// Into the pool, with no real input.
    Deposit,
    /// Out of the pool, the fee in another asset.
    Withdrawal,
    /// Only dummies.
    Empty,
}

impl Story {
    /// Every story.
    pub const ALL: [Self; 6] =
        [Self::Payment, Self::FeeInAnotherAsset, Self::Free, Self::Deposit, Self::Withdrawal, Self::Empty];
}

/// A random pair that satisfies the statement.
pub fn example(shape: Shape, story: Story, rng: &mut impl Rng) -> (TransferPublic, TransferWitness) {
    Draft::of_story(shape, story, rng).finish(rng)
}

/// A transaction before its commitments, nullifiers and paths are worked out.
pub(super) struct Draft {
    pub(super) epoch: Epoch,
    pub(super) pool: PoolTag,
    pub(super) public_value: PublicValue,
    pub(super) asset_pub: AssetId,
    pub(super) fee: Value,
    pub(super) fee_asset: AssetId,
    pub(super) witness: TransferWitness,
    /// A public nullifier that is not the note's.
    pub(super) forged_nullifier: Option<(usize, Nullifier)>,
    /// An input whose path does not hold it from this level on, though it leads to the anchor.
    pub(super) severed: Option<(usize, usize)>,
    /// An input whose path is sound but leads elsewhere.
    pub(super) uprooted: Option<usize>,
    /// The auditor key, where the shape has one.
    pub(super) auditor: (Fr, Fr),
}

impl Draft {
    /// Assets, account and notes drawn at random, in no balance yet. Even inputs are of the main asset, odd ones of the
    /// fee's; so are the outputs, which are of no value but for small change.
    pub(super) fn random(shape: Shape, rng: &mut impl Rng) -> Self {
        let epoch = Epoch(1 + (rng.next_u32() % 50_000) as u16);
        let (main, fee_asset) = (random_asset(rng), random_asset(rng));
        let mut pool = [0u8; 16];
        rng.fill_bytes(&mut pool);
        let inputs = (0..shape.inputs()).map(|i| random_input(epoch, i % 2 == 1, rng)).collect();
        let outputs = (0..shape.outputs()).map(|j| random_output(j % 2 == 1, rng)).collect();
        let witness = TransferWitness {
            ak: coordinates(&(spend_base() * Fj::random(&mut *rng))),
            alpha: Fj::random(&mut *rng),
            nk: Fr::random(&mut *rng),
            main: main.to_scalar(),
            exchange: Fr::ZERO,
            inputs,
            outputs,
            audit_secret: shape.is_audited().then(|| wide_secret(rng)),
        };
        Self {
            epoch,
            pool: PoolTag::from_le_bytes(pool),
            public_value: PublicValue::ZERO,
            asset_pub: AssetId::NONE,
            fee: Value(u64::from(rng.next_u32())),
            fee_asset,
            witness,
            forged_nullifier: None,
            severed: None,
            uprooted: None,
            auditor: affine(spend_base() * Fj::random(&mut *rng)),
        }
    }

    fn of_story(shape: Shape, story: Story, rng: &mut impl Rng) -> Self {
        let mut draft = Self::random(shape, rng);
        match story {
            Story::Payment => draft.pay_fee_in_main(),
            Story::FeeInAnotherAsset => {}
            Story::Free => {
                draft.fee_asset = AssetId::NONE;
                draft.fee = Value::ZERO;
                draft.forget_fee_asset();
            }
            Story::Deposit => {
                draft.pay_fee_in_main();
                draft.witness.inputs.iter_mut().for_each(|input| input.value = Fr::ZERO);
                draft.deposit(Value(1 << 60));
            }
            Story::Withdrawal => {
                draft.public_value = PublicValue::Out(Value(rng.next_u32().into()));
                draft.asset_pub = draft.main();
            }
            Story::Empty => {
                draft.fee_asset = AssetId::NONE;
                draft.fee = Value::ZERO;
                draft.forget_fee_asset();
                draft.witness.inputs.iter_mut().for_each(|input| input.value = Fr::ZERO);
                draft.witness.outputs.iter_mut().for_each(|output| output.value = Fr::ZERO);
            }
        }
        let first = rng.next_u32() as usize % shape.outputs();
        draft.settle(first, (first + 1) % shape.outputs());
        shuffle(&mut draft.witness.inputs, rng);
        shuffle(&mut draft.witness.outputs, rng);
        draft
    }

    /// Money comes in from outside, enough to feed any output.
    pub(super) fn deposit(&mut self, amount: Value) {
        self.public_value = PublicValue::In(amount);
        self.asset_pub = self.main();
    }

    fn main(&self) -> AssetId {
        let bytes = self.witness.main.to_bytes();
        let mut low = [0u8; 8];
        low.copy_from_slice(&bytes[..8]);
        AssetId::new(u64::from_le_bytes(low)).unwrap_or(AssetId::NONE)
    }

    fn pay_fee_in_main(&mut self) {
        self.fee_asset = self.main();
        self.forget_fee_asset();
        self.witness.exchange = self.fee.to_scalar();
    }

    fn forget_fee_asset(&mut self) {
        self.witness.inputs.iter_mut().for_each(|input| input.is_fee_asset = Fr::ZERO);
        self.witness.outputs.iter_mut().for_each(|output| output.is_fee_asset = Fr::ZERO);
    }

    /// Gives two outputs what is left over of each asset.
    pub(super) fn settle(&mut self, main_slot: usize, fee_slot: usize) {
        for (slot, is_fee_asset) in [(main_slot, Fr::ZERO), (fee_slot, Fr::ONE)] {
            self.witness.outputs[slot].value = Fr::ZERO;
            self.witness.outputs[slot].is_fee_asset = is_fee_asset;
        }
        let (main, fee) = surplus(&self.witness);
        let exchange = self.witness.exchange;
        self.witness.outputs[main_slot].value = main - self.public_value.to_scalar() - exchange;
        self.witness.outputs[fee_slot].value = fee + exchange - self.fee.to_scalar();
    }

    /// Plants the inputs in a tree and works out everything that follows from the witness.
    pub(super) fn finish(mut self, rng: &mut impl Rng) -> (TransferPublic, TransferWitness) {
        let mut public = TransferPublic {
            anchor: Anchor::empty_tree(),
            nullifiers: Vec::new(),
            commitments: Vec::new(),
            spend_tag: SpendTag::from_scalar(Fr::ZERO),
            epoch: self.epoch,
            pool: self.pool,
            rk: randomized_key(&self.witness).expect("the affine law has no exception at random"),
            public_value: self.public_value,
            asset_pub: self.asset_pub,
            fee: self.fee,
            fee_asset: self.fee_asset,
            audit: None,
        };
        let leaves: Vec<Fr> =
            self.witness.inputs.iter().map(|input| input_commitment(&public, &self.witness, input)).collect();
        public.anchor = Anchor::from_scalar(self.plant(&leaves, rng));
        for (i, input) in self.witness.inputs.iter().enumerate() {
            let own = Nullifier::from_scalar(input_nullifier(&public, &self.witness, input))
                .expect("a hash is not one of two values");
            let forged = self.forged_nullifier.filter(|(at, _)| *at == i).map(|(_, nullifier)| nullifier);
            public.nullifiers.push(forged.unwrap_or(own));
        }
        for j in 0..self.witness.outputs.len() {
            let cm = output_commitment(&public, &self.witness, j);
            public.commitments.push(NoteCommitment::from_scalar(cm));
        }
        public.spend_tag = SpendTag::from_scalar(spend_tag(&public, &self.witness));
        if self.witness.audit_secret.is_some() {
            show(&mut public, &self.witness, self.auditor);
        }
        (public, self.witness)
    }

    fn plant(&mut self, leaves: &[Fr], rng: &mut impl Rng) -> Fr {
        let mut planted = leaves.to_vec();
        if let Some((input, _)) = self.severed {
            planted[input] = Fr::random(&mut *rng);
        }
        let (anchor, mut paths) = plant(&planted, rng);
        if let Some((input, level)) = self.severed {
            let (_, own) = plant(&leaves[input..=input], rng);
            paths[input][..level].copy_from_slice(&own[0][..level]);
        }
        if let Some(input) = self.uprooted {
            let (_, own) = plant(&leaves[input..=input], rng);
            paths[input] = own[0];
        }
        for (i, (input, path)) in self.witness.inputs.iter_mut().zip(paths).enumerate() {
            let dummy = input.value == Fr::ZERO && self.severed.is_none_or(|(at, _)| at != i);
            // A dummy's path may lead anywhere.
            input.path = if dummy { plant(&leaves[i..=i], rng).1[0] } else { path };
        }
        anchor
    }
}

/// Encrypts what a witness does to an auditor key, by the secret of the witness.
pub(super) fn show(public: &mut TransferPublic, witness: &TransferWitness, auditor: (Fr, Fr)) {
    let s = witness.audit_secret.expect("a shape of an audited pool");
    let audit = AuditPublic { auditor, epk: affine(spend_base() * s), body: Vec::new() };
    let body = encrypted(public, &audited(public, witness), shared_secret(&audit, &s));
    public.audit = Some(AuditPublic { body, ..audit });
}

/// A scalar at random that the circuit can multiply by.
pub(super) fn wide_secret(rng: &mut impl Rng) -> Fj {
    loop {
        let s = Fj::random(&mut *rng);
        if is_wide(&s) {
            return s;
        }
    }
}

fn affine(point: SubgroupPoint) -> (Fr, Fr) {
    super::affine(point.into())
}

/// The root of a tree that holds `leaves` at random places among random neighbours, and their paths.
fn plant(leaves: &[Fr], rng: &mut impl Rng) -> (Fr, Vec<[[Fr; 4]; LEVELS]>) {
    let mut places: Vec<u32> = leaves.iter().map(|_| rng.next_u32()).collect();
    let mut nodes: BTreeMap<u32, Fr> = places.iter().copied().zip(leaves.iter().copied()).collect();
    let mut paths = vec![[[Fr::ZERO; 4]; LEVELS]; leaves.len()];
    for level in 0..LEVELS {
        let mut groups: BTreeMap<u32, [Fr; 4]> = BTreeMap::new();
        for (place, node) in nodes {
            let group =
                groups.entry(place / 4).or_insert_with(|| core::array::from_fn(|_| Fr::random(&mut *rng)));
            group[(place % 4) as usize] = node;
        }
        for (place, path) in places.iter_mut().zip(&mut paths) {
            *place /= 4;
            path[level] = groups[place];
        }
        nodes = groups.iter().map(|(place, children)| (*place, hash(Domain::Node, children))).collect();
    }
    (nodes[&0], paths)
}

fn random_input(epoch: Epoch, is_fee_asset: bool, rng: &mut impl Rng) -> InputWitness {
    InputWitness {
        index: Fr::from(u64::from(rng.next_u32() % 256)),
        epoch: Fr::from(u64::from(rng.next_u32() % (u32::from(epoch.0) + 1))),
        is_fee_asset: Fr::from(u64::from(is_fee_asset)),
        value: Fr::from((1 << 50) + (rng.next_u64() >> 14)),
        is_internal: Fr::from(u64::from(rng.next_u32() % 2)),
        pk_d_hash: Fr::random(&mut *rng),
        rho: Fr::random(&mut *rng),
        rcm: Fr::random(&mut *rng),
        path: [[Fr::ZERO; 4]; LEVELS],
    }
}

fn random_output(is_fee_asset: bool, rng: &mut impl Rng) -> OutputWitness {
    OutputWitness {
        tag: Fr::random(&mut *rng),
        rcm: Fr::random(&mut *rng),
        is_fee_asset: Fr::from(u64::from(is_fee_asset)),
        value: Fr::from(u64::from(1 + rng.next_u32() / 2)),
    }
}

fn random_asset(rng: &mut impl Rng) -> AssetId {
    AssetId::new(1 + (rng.next_u64() >> 9)).unwrap_or(AssetId::NONE)
}

fn shuffle<T>(items: &mut [T], rng: &mut impl Rng) {
    for i in (1..items.len()).rev() {
        items.swap(i, rng.next_u32() as usize % (i + 1));
    }
}
