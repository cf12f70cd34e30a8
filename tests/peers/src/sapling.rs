//! Peer: Sapling, a whole payment with `sapling-crypto` and the parameters of Zcash.

use sapling_crypto::{
    BatchValidator, Bundle, CommitmentTree, IncrementalWitness, Node, Note, Rseed,
    builder::{Builder, BundleType, InProgress, Proven, UnauthorizedBundle, Unsigned},
    bundle::Authorized,
    circuit::{OutputParameters, SpendParameters},
    note_encryption::Zip212Enforcement,
    value::NoteValue,
    zip32::ExtendedSpendingKey,
};

use crate::measure::{Contender, Failure};

pub(crate) mod batch;
mod encoding;
pub(crate) mod scan;

/// The four proofs of a payment that spends two notes and makes two. Building the bundle, encrypting its notes and
/// signing are not counted.
pub(crate) struct Sapling {
    keys: Keys,
    drawn: u64,
}

impl Sapling {
    /// With the parameters in memory.
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { keys: Keys::load()?, drawn: 0 })
    }
}

impl Contender for Sapling {
    type Given = (Unproven, ExtendedSpendingKey);
    type Made = (Bundle<InProgress<Proven, Unsigned>, i64>, ExtendedSpendingKey);

    fn draw(&mut self) -> Result<Self::Given, Failure> {
        self.drawn += 1;
        unproven(self.drawn)
    }

    fn make(&self, (bundle, account): Self::Given) -> Result<Self::Made, Failure> {
        Ok((bundle.create_proofs(&self.keys.spend, &self.keys.output, rand::rng(), ()), account))
    }

    fn check(&self, (bundle, account): Self::Made) -> Result<(), Failure> {
        let sighash = encoding::sighash(&bundle);
        let bundle = bundle.apply_signatures(rand::rng(), sighash, &[account.expsk().ask().clone()])?;
        self.keys.check([(bundle, sighash)])
    }
}

type Unproven = UnauthorizedBundle<i64>;

/// The parameters of Zcash.
struct Keys {
    spend: SpendParameters,
    output: OutputParameters,
}

impl Keys {
    fn load() -> Result<Self, Failure> {
        let (spend, output) = wagyu_zcash_parameters::load_sapling_parameters();
        Ok(Self {
            spend: SpendParameters::read(spend.as_slice(), false)?,
            output: OutputParameters::read(output.as_slice(), false)?,
        })
    }

    /// Checks proofs and signatures of all bundles at once.
    fn check(
        &self,
        bundles: impl IntoIterator<Item = (Bundle<Authorized, i64>, [u8; 32])>,
    ) -> Result<(), Failure> {
        let mut batch = BatchValidator::new();
        for (bundle, sighash) in bundles {
            if !batch.check_bundle(bundle, sighash) {
                return Err("sapling-crypto refuses a payment".into());
            }
        }
        let valid = batch.validate(&self.spend.verifying_key(), &self.output.verifying_key(), rand::rng());
        if valid { Ok(()) } else { Err("sapling-crypto refuses the payments".into()) }
    }
}

/// Two notes spent, two made, all of one account.
fn unproven(seed: u64) -> Result<(Unproven, ExtendedSpendingKey), Failure> {
    let account = ExtendedSpendingKey::master(&[&[7; 24][..], &seed.to_le_bytes()].concat())
        .ok_or("not one seed in 2^252")?;
    let viewer = account.to_diversifiable_full_viewing_key();
    let (_, to) = viewer.default_address();
    let note = |value| Note::from_parts(to, NoteValue::from_raw(value), Rseed::AfterZip212(rand::random()));
    let notes = [note(70), note(50)];

    let mut tree = CommitmentTree::empty();
    let mut paths = Vec::<IncrementalWitness>::new();
    for note in &notes {
        let leaf = Node::from_cmu(&note.cmu());
        tree.append(leaf).map_err(|()| "the tree is full")?;
        for path in &mut paths {
            path.append(leaf).map_err(|()| "the tree is full")?;
        }
        paths.push(IncrementalWitness::from_tree(tree.clone()).ok_or("a tree without a leaf")?);
    }

    let mut builder = Builder::new(Zip212Enforcement::On, BundleType::DEFAULT, tree.root().into());
    for (note, path) in notes.into_iter().zip(paths) {
        builder.add_spend(viewer.fvk().clone(), note, path.path().ok_or("a leaf without a path")?)?;
    }
    for value in [60, 59] {
        builder.add_output(Some(viewer.fvk().ovk), to, NoteValue::from_raw(value), [0; 512])?;
    }
    let keys = std::slice::from_ref(&account);
    let built = builder.build::<SpendParameters, OutputParameters, _, i64>(keys, rand::rng())?;
    let (bundle, _) = built.ok_or("a bundle of nothing")?;
    Ok((bundle, account))
}
