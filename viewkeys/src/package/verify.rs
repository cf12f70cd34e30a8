use std::collections::HashSet;

use louver_circuits::disclosure::{DisclosureVerifier, DisclosureVerifyError};
use louver_core::{
    address::{Address, Diversifier, OwnerTag},
    agreement::Element,
    asset::AssetId,
    disclosure::LedgerOutput,
    note::{Note, NoteParts, encryption},
    secret::Secret,
    transaction::{PublicSide, Transaction, TxId},
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use super::{Detail, Item, Package, Part, Shown, Side, claim};
use crate::{
    report::{Amount, Assurance, Crossing, Declared, Ground, Moment, Names, Party, Place, Written},
    signed::{Binding, EnvelopeError, Reading},
};

/// A transaction that the reader found on the ledger: in the block at `height`, under an id that the reader computed.
#[derive(Clone, Debug)]
pub struct OnLedger {
    /// The block's height.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The transaction's id, computed from its bytes.
    pub txid: TxId,
    /// The period that it declares.
    pub declared: Declared,
    /// The transaction.
    pub transaction: Transaction,
}

/// Why a package is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackageError {
    /// The file is not for this reader, or not signed.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A transaction is not on the ledger where the package says.
    #[error("item {item}: the transaction is not in that block")]
    NotOnLedger {
        /// The item's place in the package.
        item: usize,
    },
    /// An earlier item shows the same output, or the same deposit or withdrawal: one payment would count as two.
    #[error("item {item}: it was shown before")]
    Repeated {
        /// The item's place in the package.
        item: usize,
    },
    /// The transaction has no such output, or belongs to another pool.
    #[error("item {item}: the transaction has no such output in this pool")]
    NoSuchOutput {
        /// The item's place in the package.
        item: usize,
    },
    /// The opening does not open the commitment.
    #[error("item {item}: the note does not open its commitment")]
    Commitment {
        /// The item's place in the package.
        item: usize,
    },
    /// The item says that the account made a deposit or a withdrawal, and the transaction is neither.
    #[error("item {item}: the transaction is neither a deposit nor a withdrawal")]
    NoCrossing {
        /// The item's place in the package.
        item: usize,
    },
    /// The item's proof is of rules of the chain that do not count.
    #[error("item {item}: {error}")]
    Rules {
        /// The item's place in the package.
        item: usize,
        /// Which rules, and why.
        error: DisclosureVerifyError,
    },
    /// The item's words about the note, or about the account's part in it, are not proven.
    #[error("item {item}: nothing proves what it says of this payment and of the account's part in it")]
    Unproven {
        /// The item's place in the package.
        item: usize,
    },
}

/// The schema of [`VerifiedPackage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum PackageSchema {
    /// The fourth version: with the key that the package was sealed to, and what its reader asked for.
    #[serde(rename = "louver.package-report/4")]
    V4,
}

/// A payment, deposit or withdrawal that is shown, with what is proven of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisclosedPayment {
    /// How far the payment can be relied on. It is GUARANTEED if the reader chose the chain, as the package would be refused
    /// otherwise.
    pub assurance: Assurance,
    /// The account's side of the payment. Of a deposit or a withdrawal, it is the side that made it.
    pub side: Side,
    /// The parts that are shown. All else is hidden.
    pub shows: Detail,
    /// Its place on the ledger.
    pub place: Place,
    /// The output's index; absent if a deposit or a withdrawal is shown, and no output.
    pub output: Option<u8>,
    /// The amount, with its asset: of the note, or the least that it has, or of the deposit or withdrawal, as `shows`
    /// says.
    pub amount: Amount,
    /// The recipient's address, if it is shown.
    pub recipient: Option<String>,
    /// The memo, decrypted from the ledger's ciphertext, if the note is shown in full.
    #[serde(flatten)]
    pub written: Written,
    /// The payer, as far as it is proven: of a receipt the account itself, or another account.
    pub payer: Party,
    /// The payee, as far as it is proven. A payment does not show it.
    pub payee: Party,
    /// The transaction's movement across the pool's border. For example, a deposit brings money in from a transparent
    /// account.
    pub crossing: Option<Crossing>,
}

/// Something that a package never shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PackageGap {
    /// Whether there are other payments.
    OtherPayments,
    /// The owner of a recipient's address.
    Recipients,
    /// The payers of receipts.
    Payers,
}

/// A package that was checked against the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerifiedPackage {
    /// The schema of this object.
    pub schema: PackageSchema,
    /// The chain that was read, and how its reader came to trust it.
    pub chain: Ground,
    /// The file's words about itself, and those that were demanded.
    #[serde(flatten)]
    pub binding: Binding,
    /// The payments.
    pub payments: Vec<DisclosedPayment>,
    /// The gaps of a package.
    pub unverified: Vec<PackageGap>,
}

impl Package {
    /// `[package-checks]`: checks a package. `find` returns the reader's transaction of a height and an id. If it is
    /// `None`, the transaction is not on the ledger, and the package is false.
    ///
    /// # Errors
    ///
    /// [`PackageError`] if the package is false, or not what the reader expects.
    pub fn verify(
        &self,
        reading: &Reading,
        names: &Names<'_>,
        verifier: &DisclosureVerifier,
        mut find: impl FnMut(u32, &TxId) -> Option<OnLedger>,
    ) -> Result<VerifiedPackage, PackageError> {
        let binding = self.check(reading)?;
        let mut payments = Vec::with_capacity(self.items().len());
        let mut shown = HashSet::new();
        let mut facts = Vec::with_capacity(self.items().len());
        for (index, item) in self.items().iter().enumerate() {
            if !shown.insert(item.place()) {
                return Err(PackageError::Repeated { item: index });
            }
            let found = find(item.height, &item.txid)
                .filter(|found| found.height == item.height && found.txid == item.txid)
                .ok_or(PackageError::NotOnLedger { item: index })?;
            let payment = self.check_item(index, item, &found, names, verifier)?;
            facts.push(item.fact(found.transaction.effects().epoch()));
            let assurance = reading.chain.allow(payment.assurance);
            payments.push(DisclosedPayment { assurance, ..payment });
        }
        if let Some(demand) = reading.asked.demand() {
            demand.met_by_payments(&facts).map_err(EnvelopeError::from)?;
        }
        Ok(VerifiedPackage {
            schema: PackageSchema::V4,
            chain: reading.chain.clone(),
            binding,
            payments,
            unverified: vec![PackageGap::OtherPayments, PackageGap::Recipients, PackageGap::Payers],
        })
    }

    fn check_item(
        &self,
        index: usize,
        item: &Item,
        found: &OnLedger,
        names: &Names<'_>,
        verifier: &DisclosureVerifier,
    ) -> Result<DisclosedPayment, PackageError> {
        let effects = found.transaction.effects();
        let output = effects
            .outputs()
            .get(usize::from(item.output))
            .filter(|_| effects.pool() == self.pool_id())
            .ok_or(PackageError::NoSuchOutput { item: index })?;
        let on_ledger = LedgerOutput {
            pool: self.pool(),
            epoch: effects.epoch(),
            nullifier: effects.rho(),
            spend_tag: effects.spend_tag(),
            commitment: output.cm,
            index: item.output,
        };
        let (recipient, written) = match &item.shown {
            Shown::Full { .. } => {
                let note = opened(item, &on_ledger).ok_or(PackageError::Commitment { item: index })?;
                let memo = encryption::reopen(&note, output);
                (Some(note.to().to_string()), memo.as_ref().map(Written::new).unwrap_or_default())
            }
            Shown::Amount { .. } | Shown::AtLeast { .. } | Shown::Crossing => (None, Written::default()),
        };
        let crossing = Crossing::new(effects.public_side(), names);
        let (asset, value) = match item.amount() {
            Some(amount) => amount,
            None => moved(effects.public_side()).ok_or(PackageError::NoCrossing { item: index })?,
        };
        let account = self.about.randomized();
        verifier.verify_note(&claim(item, account, on_ledger), &item.proof).map_err(|error| match error {
            DisclosureVerifyError::Ended { .. } | DisclosureVerifyError::NotYet { .. } => {
                PackageError::Rules { item: index, error }
            }
            _ => PackageError::Unproven { item: index },
        })?;
        let (payer, payee) = parties(item.part);
        Ok(DisclosedPayment {
            assurance: Assurance::Guaranteed,
            side: item.part.side(),
            shows: item.detail(),
            place: Place {
                height: found.height,
                time: Moment::new(found.time),
                txid: found.txid.to_string(),
                declared: found.declared.clone(),
            },
            output: (item.detail() != Detail::Crossing).then_some(item.output),
            amount: Amount::new(asset, value, names.assets),
            recipient,
            written,
            payer,
            payee,
            crossing,
        })
    }
}

/// `[package-parties]`: the payer and the payee, as far as they are proven.
fn parties(part: Part) -> (Party, Party) {
    match part {
        Part::Paid => (Party::Itself, Party::NotShown),
        Part::Received { own: true } => (Party::Itself, Party::Itself),
        Part::Received { own: false } => (Party::Another, Party::Itself),
    }
}

/// The note that an item shows in full, if it is the output.
fn opened(item: &Item, output: &LedgerOutput) -> Option<Note> {
    let Shown::Full { asset, value, diversifier, pk_d, tag, rseed } = &item.shown else { return None };
    rebuild((*asset, *value), (*diversifier, *pk_d, *tag), rseed, output)
}

/// The note of an amount, the parts of an address and a seed, if it is the output.
pub(crate) fn rebuild(
    (asset, value): (AssetId, Value),
    (diversifier, pk_d, tag): (Diversifier, Element, OwnerTag),
    rseed: &[u8; 32],
    output: &LedgerOutput,
) -> Option<Note> {
    let note = Note::from_parts(NoteParts {
        to: Address::from_parts(output.pool, output.epoch, diversifier, pk_d, tag),
        asset,
        value,
        index: output.index,
        rho: output.nullifier,
        rseed: Secret::new(*rseed),
    })
    .ok()?;
    (note.commitment() == output.commitment).then_some(note)
}

/// Asset and amount that cross the pool's border; `None` if nothing does.
pub fn moved(side: &PublicSide) -> Option<(AssetId, Value)> {
    match side {
        PublicSide::Internal => None,
        PublicSide::Deposit { asset, amount, .. } | PublicSide::Withdrawal { asset, amount, .. } => {
            Some((*asset, *amount))
        }
    }
}
