use core::fmt;

use louver_core::{
    address::OwnerTag,
    asset::AssetId,
    disclosure::{LedgerOutput, NoteWitness},
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    keys::{Direction, FullViewingKey},
    note::{Dummies, Note, NoteCommitment, Nullifier, SpendTag, packed},
    pool::PoolTag,
    secret::Secret,
    spec::Fr,
    transaction::Effects,
    value::Value,
};
use zeroize::Zeroizing;

/// The opening of an output's commitment, be it a dummy.
#[derive(Clone)]
pub struct OutputOpening {
    /// The epoch that the transaction declares.
    pub epoch: Epoch,
    /// The output's index.
    pub index: u8,
    /// The first nullifier of the transaction.
    pub rho: Nullifier,
    /// The owner tag.
    pub tag: OwnerTag,
    /// The asset.
    pub asset: AssetId,
    /// The value.
    pub value: Value,
    /// The commitment's randomness.
    pub rcm: Secret<Fr>,
}

impl OutputOpening {
    /// The opening of a note.
    pub fn of(note: &Note) -> Self {
        Self {
            epoch: note.epoch(),
            index: note.index(),
            rho: note.rho(),
            tag: note.to().tag(),
            asset: note.asset(),
            value: note.value(),
            rcm: Secret::new(*note.rcm().expose()),
        }
    }

    /// The opening of an output that is a dummy of an account, which moves `main` in the transaction. `None` if it is not
    /// one.
    pub fn of_dummy(effects: &Effects, index: u8, account: &FullViewingKey, main: AssetId) -> Option<Self> {
        let dummy = Dummies::new(account.dummy_root(), effects.rk()).output(index);
        let (epoch, rho) = (effects.epoch(), effects.rho());
        let output = effects.outputs().get(usize::from(index))?;
        (dummy.commitment(rho, epoch, main) == output.cm).then(|| Self {
            epoch,
            index,
            rho,
            tag: dummy.tau(),
            asset: main,
            value: Value::ZERO,
            rcm: Secret::new(*dummy.rcm().expose()),
        })
    }

    /// The commitment that it opens: there is no other opening of it.
    pub fn commitment(&self) -> NoteCommitment {
        let m = packed(self.index, self.epoch, self.asset, self.value);
        NoteCommitment::commit(self.tag, self.rho, m, self.rcm.expose())
    }

    /// The opening of an input that is a dummy of an account, which moves `main` in the transaction. `None` if it is not one.
    pub fn of_dummy_input(
        effects: &Effects,
        slot: u8,
        account: &FullViewingKey,
        pool: PoolTag,
        main: AssetId,
    ) -> Option<Self> {
        let dummy = Dummies::new(account.dummy_root(), effects.rk()).input(slot);
        let keys = account.epoch_keys(pool, effects.epoch());
        let nullifier = keys.nullifier.nullifier(dummy.commitment(&keys, effects.epoch(), main));
        (effects.nullifiers().get(usize::from(slot)) == Some(&nullifier)).then(|| Self {
            epoch: effects.epoch(),
            index: 0,
            rho: dummy.rho(),
            tag: dummy.owner_tag(&keys),
            asset: main,
            value: Value::ZERO,
            rcm: Secret::new(*dummy.rcm().expose()),
        })
    }

    /// The output as the ledger has it.
    pub(crate) fn on_ledger(&self, pool: PoolTag, spend_tag: SpendTag) -> LedgerOutput {
        LedgerOutput {
            pool,
            epoch: self.epoch,
            nullifier: self.rho,
            spend_tag,
            commitment: self.commitment(),
            index: self.index,
        }
    }

    /// The witness of an account that proves its part: that it paid, or with the direction and hash of its address, that
    /// it received.
    pub(crate) fn witness(&self, own: bool, received: Option<(Direction, Fr)>) -> NoteWitness {
        let bit = |bit: bool| Fr::from(u64::from(bit));
        NoteWitness {
            paid: bit(own),
            received: bit(received.is_some()),
            is_internal: bit(matches!(received, Some((Direction::Internal, _)))),
            pk_d_hash: received.map_or(Fr::zero(), |(_, hash)| hash),
            tag: self.tag.to_scalar(),
            asset: self.asset.to_scalar(),
            value: self.value.to_scalar(),
            rcm: *self.rcm.expose(),
        }
    }
}

impl fmt::Debug for OutputOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputOpening").field("index", &self.index).finish_non_exhaustive()
    }
}

impl OutputOpening {
    /// Its bytes.
    pub(crate) const LENGTH: usize = 2 + 1 + 32 + 32 + 7 + 8 + 32;

    /// Writes it into a buffer that is wiped.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        self.epoch.encode(out);
        out.push(self.index);
        self.rho.encode(out);
        self.tag.encode(out);
        self.asset.encode(out);
        self.value.encode(out);
        out.extend_from_slice(&*Zeroizing::new(self.rcm.expose().to_bytes()));
    }
}

/// Epoch 2, index 1, `rho` 32, owner tag 32, asset 7, value 8, `rcm` 32.
impl Decode for OutputOpening {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            epoch: Epoch::decode(reader)?,
            index: reader.u8()?,
            rho: Nullifier::decode(reader)?,
            tag: OwnerTag::decode(reader)?,
            asset: AssetId::decode(reader)?,
            value: Value::decode(reader)?,
            rcm: Secret::new(reader.fr()?),
        })
    }
}
