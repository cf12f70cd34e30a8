//! A wallet of Louver that reads compact blocks.

use ff::Field;
use louver_core::{
    asset::AssetId,
    epoch::Epoch,
    keys::{AccountSpendingKey, AddressIndex, DetectionKey, Direction, FullViewingKey, IncomingViewingKey},
    note::{
        CompactNote, Memo, MemoBucket, Note, NoteParts, Nullifier, OutputContext, SpendTag,
        encryption::{decrypt_compact_batch, encrypt},
    },
    pool::{GenesisHash, PoolId, PoolTag},
    secret::Secret,
    spec::Fr,
    value::Value,
};

use crate::{
    measure::Failure,
    scan::{OUTPUTS, Scanner, Strangers},
};

const EPOCH: Epoch = Epoch(7);

/// A payment makes three outputs.
const OUTPUTS_EACH: usize = 3;

/// The outputs of transactions of others, and the keys of one account in their epoch.
pub(crate) struct LouverScanner {
    outputs: Vec<(OutputContext, CompactNote)>,
    tags: Vec<(Nullifier, SpendTag)>,
    key: IncomingViewingKey,
    owner: IncomingViewingKey,
    detection: Option<DetectionKey>,
}

impl LouverScanner {
    /// Tries one key on each output.
    pub(crate) fn one_key() -> Result<Strangers<Self>, Failure> {
        Strangers::new(Self::new(false)?)
    }

    /// Does what a wallet does: the detection key on each transaction's spend tag, the external key on each output. The
    /// internal key is tried on the account's own transactions alone, and there are none.
    pub(crate) fn wallet() -> Result<Strangers<Self>, Failure> {
        Strangers::new(Self::new(true)?)
    }

    fn new(detects: bool) -> Result<Self, Failure> {
        let pool = PoolTag::new(&GenesisHash([9; 32]), PoolId(0));
        let (stranger, own) = (account(1)?, account(2)?);
        let [owner, key] = [&stranger, &own].map(|viewer| viewer.incoming(pool, Direction::External, EPOCH));
        let (mut outputs, mut tags) = (Vec::new(), Vec::new());
        while outputs.len() < OUTPUTS {
            let rho = nullifier()?;
            tags.push((rho, stranger.epoch_keys(pool, EPOCH).detection.spend_tag(rho)));
            for index in (0u8..).take(OUTPUTS_EACH) {
                let context = OutputContext { epoch: EPOCH, rho, index };
                outputs.push((context, output(&owner, &context)?));
            }
        }
        outputs.truncate(OUTPUTS);
        let detection = detects.then(|| own.epoch_keys(pool, EPOCH).detection);
        Ok(Self { outputs, tags, key, owner, detection })
    }

    fn found(&self, key: &IncomingViewingKey) -> usize {
        let outputs = self.outputs.iter().map(|(context, output)| (context, output));
        decrypt_compact_batch(std::slice::from_ref(key), outputs).iter().flatten().count()
    }
}

impl Scanner for LouverScanner {
    fn scan(&self) -> usize {
        let own = self
            .detection
            .as_ref()
            .map_or(0, |key| self.tags.iter().filter(|(first, tag)| key.spend_tag(*first) == *tag).count());
        own + self.found(&self.key)
    }

    fn scan_as_owner(&self) -> usize {
        self.found(&self.owner)
    }
}

fn account(byte: u8) -> Result<FullViewingKey, Failure> {
    Ok(AccountSpendingKey::from_parts(0, Secret::new([byte; 32]))?.full_viewing_key())
}

fn nullifier() -> Result<Nullifier, Failure> {
    Nullifier::from_scalar(Fr::random(&mut rand::rng())).ok_or_else(|| "not one of two values".into())
}

/// A note of the owner's, encrypted to one of his addresses.
fn output(owner: &IncomingViewingKey, context: &OutputContext) -> Result<CompactNote, Failure> {
    let parts = NoteParts {
        to: owner.address(AddressIndex(rand::random())),
        asset: AssetId::new(5).ok_or("56 bits")?,
        value: Value(60),
        index: context.index,
        rho: context.rho,
        rseed: Secret::new(rand::random()),
    };
    let note = Note::from_parts(parts)?;
    Ok(encrypt(&note, &Memo::empty(), MemoBucket::Small, None, &mut rand::rng())?.compact())
}
