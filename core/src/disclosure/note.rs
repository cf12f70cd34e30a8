use core::fmt;

use ff::Field;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{DisclosureViolation, account, account::AccountOpening, account::Randomized};
use crate::{
    address::OwnerTag,
    asset::AssetId,
    epoch::Epoch,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
    statement::{fits, is_bit, packed},
    value::Value,
};

/// `[note-opening]`: what is shown of one output, and of the account's part in it. All else stays hidden.
///
/// The types hold the rules: what an address says is shown only where the account received, a value or a threshold only
/// together with its asset, and whether the account paid itself always where it received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The output, as the ledger has it.
    pub output: LedgerOutput,
    /// Whether it is shown that the account made the transaction.
    pub paid: bool,
    /// Whether it is shown that the note is the account's, and what that shows.
    pub received: Option<Receipt>,
    /// The owner tag, if it is shown.
    pub tag: Option<OwnerTag>,
    /// The shown part of asset and value.
    pub amount: ShownAmount,
}

/// An output on the ledger, with what its transaction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerOutput {
    /// The pool.
    pub pool: PoolTag,
    /// `E`, the epoch that the transaction declares.
    pub epoch: Epoch,
    /// The transaction's first nullifier.
    pub nullifier: Nullifier,
    /// The transaction's spend tag.
    pub spend_tag: SpendTag,
    /// The output's commitment.
    pub commitment: NoteCommitment,
    /// The output's index.
    pub index: u8,
}

/// The shown part of a note that is the account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whether the account itself made the transaction. It is computed, and never hidden.
    pub own: bool,
    /// The hash of the address's `pk_d`, if it is shown.
    pub pk_d_hash: Option<Fr>,
}

/// The shown part of a note's asset and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownAmount {
    /// Neither.
    Hidden,
    /// The asset.
    Asset(AssetId),
    /// The asset, and that there is no less of it than this.
    AtLeast(AssetId, Value),
    /// Both.
    Exactly(AssetId, Value),
}

impl ShownAmount {
    fn asset(self) -> Option<AssetId> {
        match self {
            Self::Hidden => None,
            Self::Asset(asset) | Self::AtLeast(asset, _) | Self::Exactly(asset, _) => Some(asset),
        }
    }

    fn value(self) -> Option<Value> {
        match self {
            Self::Exactly(_, value) => Some(value),
            Self::Hidden | Self::Asset(_) | Self::AtLeast(..) => None,
        }
    }

    /// 0 where no threshold is shown: every value reaches it.
    fn threshold(self) -> Value {
        match self {
            Self::AtLeast(_, threshold) => threshold,
            Self::Hidden | Self::Asset(_) | Self::Exactly(..) => Value::ZERO,
        }
    }
}

/// The account's knowledge of the output. Limbs are field elements, so that a broken witness can be written down. Wiped on
/// drop; its `Debug` shows nothing.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct NoteWitness {
    /// 1 if the account made the transaction and proves it.
    pub paid: Fr,
    /// 1 if the note is the account's and it proves that.
    pub received: Fr,
    /// Which of the epoch's two tag keys made the owner tag, if the note is the account's: 0 or 1.
    pub is_internal: Fr,
    /// The hash of the address's `pk_d`, if the note is the account's.
    pub pk_d_hash: Fr,
    /// The owner tag.
    pub tag: Fr,
    /// The asset: 56 bits.
    pub asset: Fr,
    /// The value: 64 bits.
    pub value: Fr,
    /// The commitment's randomness.
    pub rcm: Fr,
}

impl fmt::Debug for NoteWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoteWitness(..)")
    }
}

impl NoteClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 21] = [
        "aid",
        "rk_u",
        "rk_v",
        "pool",
        "e",
        "nf_0",
        "st",
        "cm",
        "idx",
        "paid",
        "received",
        "own",
        "f_tau",
        "tau",
        "f_pk_d",
        "pk_d_hash",
        "f_asset",
        "asset",
        "f_value",
        "value",
        "threshold",
    ];

    /// The public inputs, in their pinned order. A hidden part stands as flag 0 and value 0.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let bit = |bit: bool| Fr::from(u64::from(bit));
        let shown = |value: Option<Fr>| [bit(value.is_some()), value.unwrap_or(Fr::ZERO)];
        let LedgerOutput { pool, epoch, nullifier, spend_tag, commitment, index } = self.output;
        let mut scalars = vec![
            self.account.aid,
            self.account.rk.0,
            self.account.rk.1,
            pool.to_scalar(),
            epoch.to_scalar(),
            nullifier.to_scalar(),
            spend_tag.to_scalar(),
            commitment.to_scalar(),
            Fr::from(u64::from(index)),
            bit(self.paid),
            bit(self.received.is_some()),
            bit(self.received.is_some_and(|receipt| receipt.own)),
        ];
        scalars.extend(shown(self.tag.map(OwnerTag::to_scalar)));
        scalars.extend(shown(self.received.and_then(|receipt| receipt.pk_d_hash)));
        scalars.extend(shown(self.amount.asset().map(AssetId::to_scalar)));
        scalars.extend(shown(self.amount.value().map(Value::to_scalar)));
        scalars.push(self.amount.threshold().to_scalar());
        scalars
    }

    /// Whether the statement is true of this opening and witness.
    ///
    /// # Errors
    /// The first clause that is broken.
    pub fn holds(&self, opening: &AccountOpening, witness: &NoteWitness) -> Result<(), DisclosureViolation> {
        match self.violations(opening, witness).first() {
            None => Ok(()),
            Some(violation) => Err(*violation),
        }
    }

    /// Every clause that is broken, in the order of the specification.
    pub fn violations(&self, opening: &AccountOpening, witness: &NoteWitness) -> Vec<DisclosureViolation> {
        use DisclosureViolation as Clause;
        let mut broken = Vec::new();
        let mut require = |condition: bool, otherwise| {
            if !condition {
                broken.push(otherwise);
            }
        };
        // 1. The account.
        let account = account::holds(&self.account, self.output.pool, opening);
        require(account.is_ok(), account.err().unwrap_or(Clause::AccountId));
        // 2. The note.
        let LedgerOutput { pool, epoch, nullifier, spend_tag, commitment, index } = self.output;
        require(fits(&witness.asset, 56), Clause::AssetRange);
        require(fits(&witness.value, 64), Clause::ValueRange);
        let index = Fr::from(u64::from(index));
        let m = packed(index, epoch.to_scalar(), witness.asset, witness.value);
        let cm = hash(Domain::Commitment, &[witness.tag, nullifier.to_scalar(), m, witness.rcm]);
        require(cm == commitment.to_scalar(), Clause::Commitment);
        // 3. The sides.
        require(is_bit(&witness.paid), Clause::PaidBit);
        require(is_bit(&witness.received), Clause::ReceivedBit);
        require(is_bit(&witness.is_internal), Clause::DirectionBit);
        let keys = account::epoch_keys(opening, pool, epoch);
        let apart = spend_tag.to_scalar() - hash(Domain::SpendTag, &[keys.detection, nullifier.to_scalar()]);
        require(witness.paid * apart == Fr::ZERO, Clause::SpendTag);
        let own_tag = hash(Domain::Tag, &[keys.tag_key(witness.is_internal), witness.pk_d_hash]);
        require(witness.received * (witness.tag - own_tag) == Fr::ZERO, Clause::OwnerTag);
        require((Fr::ONE - witness.paid) * (Fr::ONE - witness.received) == Fr::ZERO, Clause::NoSide);
        // 4. Everything that is shown.
        require(!self.paid || witness.paid == Fr::ONE, Clause::Paid);
        require(self.received.is_none() || witness.received == Fr::ONE, Clause::Received);
        let own = apart == Fr::ZERO;
        require(self.received.is_none_or(|receipt| receipt.own == own), Clause::Own);
        let shows = |shown: Option<Fr>, hidden: Fr| shown.is_none_or(|shown| shown == hidden);
        require(shows(self.tag.map(OwnerTag::to_scalar), witness.tag), Clause::ShownTag);
        let pk_d_hash = self.received.and_then(|receipt| receipt.pk_d_hash);
        require(shows(pk_d_hash, witness.pk_d_hash), Clause::ShownKey);
        require(shows(self.amount.asset().map(AssetId::to_scalar), witness.asset), Clause::ShownAsset);
        require(shows(self.amount.value().map(Value::to_scalar), witness.value), Clause::ShownValue);
        require(fits(&(witness.value - self.amount.threshold().to_scalar()), 64), Clause::Threshold);
        broken
    }
}
