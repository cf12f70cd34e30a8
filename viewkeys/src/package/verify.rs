use std::collections::HashSet;

use louver_circuits::disclosure::DisclosureVerifier;
use louver_core::{
    address::Address,
    asset::AssetId,
    disclosure::{LedgerOutput, Randomized},
    note::{Note, NoteParts, encryption},
    pool::{GenesisHash, PoolId},
    secret::Secret,
    text::visible,
    transaction::{PublicSide, Transaction, TxId},
    value::Value,
};
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use super::{Detail, Item, Package, Part, Shown, Side, claim};
use crate::{
    report::{Amount, Assurance, Crossing, Ground, Moment, Names, Party, Place, Written},
    text,
};

/// The reader's chain and demands.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The reader's chain.
    pub genesis: GenesisHash,
    /// How the reader came to trust it, and up to where it was read.
    pub chain: Ground,
    /// The reader's pool.
    pub pool: PoolId,
    /// The account that the reader expects, if known.
    pub account: Option<louver_core::keys::AccountId>,
    /// The reader's name, if the package must be for that reader.
    pub auditor: Option<String>,
    /// The reader's challenge, if there is one.
    pub nonce: Option<[u8; 32]>,
    /// Now, in seconds since 1970.
    pub now: u64,
}

/// A transaction that the reader found on the ledger: in the block at `height`, under an id that the reader computed.
#[derive(Clone, Debug)]
pub struct OnLedger {
    /// The block's height.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The transaction's id, computed from its bytes.
    pub txid: TxId,
    /// The transaction.
    pub transaction: Transaction,
}

/// Why a package is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackageError {
    /// It is for another chain.
    #[error("the package is for another chain")]
    OtherChain,
    /// It is for another pool.
    #[error("the package is for another pool")]
    OtherPool,
    /// It is another account's.
    #[error("the package is another account's")]
    OtherAccount,
    /// It was made for somebody else.
    #[error("the package was made for {:?}, not for {:?}", visible(made_for), visible(expected))]
    OtherReader {
        /// The name in the package.
        made_for: String,
        /// The name that the reader expects.
        expected: String,
    },
    /// It does not answer the reader's challenge.
    #[error("the package does not answer this challenge")]
    Nonce,
    /// It has expired.
    #[error("the package has expired")]
    Expired,
    /// The account did not sign these contents.
    #[error("the package's signature does not fit its contents")]
    Signature,
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
    /// The third version: with the chain that it stands on.
    #[serde(rename = "louver.package-report/3")]
    V3,
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

/// The expectations of the reader that a package was checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checks {
    /// The reader's name.
    pub reader: bool,
    /// The reader's challenge.
    pub nonce: bool,
    /// The account.
    pub account: bool,
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
    /// The reader's name, in the account's words.
    pub made_for: String,
    /// The challenge that it answers, in hexadecimal; absent if it answers none.
    pub nonce: Option<String>,
    /// When it was made, by the account's clock.
    pub issued: Moment,
    /// Until when it may be presented.
    pub expires: Moment,
    /// The expectations of the reader that it was checked against.
    pub checked: Checks,
    /// The account that discloses.
    pub account: String,
    /// Its purpose, in the account's words.
    pub purpose: String,
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
        self.check_binding(reading)?;
        let mut payments = Vec::with_capacity(self.items.len());
        let mut shown = HashSet::new();
        for (index, item) in self.items.iter().enumerate() {
            let output = (item.detail() != Detail::Crossing).then_some(item.output);
            if !shown.insert((item.txid, output)) {
                return Err(PackageError::Repeated { item: index });
            }
            let found = find(item.height, &item.txid)
                .filter(|found| found.height == item.height && found.txid == item.txid)
                .ok_or(PackageError::NotOnLedger { item: index })?;
            let payment = self.check_item(index, item, &found, names, verifier)?;
            let assurance = reading.chain.allow(payment.assurance);
            payments.push(DisclosedPayment { assurance, ..payment });
        }
        Ok(VerifiedPackage {
            schema: PackageSchema::V3,
            chain: reading.chain.clone(),
            made_for: self.auditor.clone(),
            nonce: (self.nonce != [0; 32]).then(|| hex::encode(self.nonce)),
            issued: Moment::new(self.issued),
            expires: Moment::new(self.expires),
            checked: Checks {
                reader: reading.auditor.is_some(),
                nonce: reading.nonce.is_some(),
                account: reading.account.is_some(),
            },
            account: self.account.to_string(),
            purpose: self.purpose.clone(),
            payments,
            unverified: vec![PackageGap::OtherPayments, PackageGap::Recipients, PackageGap::Payers],
        })
    }

    fn check_binding(&self, reading: &Reading) -> Result<(), PackageError> {
        if self.genesis != reading.genesis {
            return Err(PackageError::OtherChain);
        }
        if self.pool != reading.pool {
            return Err(PackageError::OtherPool);
        }
        if reading.account.is_some_and(|account| account != self.account) {
            return Err(PackageError::OtherAccount);
        }
        let expected = reading.auditor.as_deref().map(text::name);
        if let Some(expected) = expected.filter(|expected| *expected != text::name(&self.auditor)) {
            return Err(PackageError::OtherReader { made_for: self.auditor.clone(), expected });
        }
        if reading.nonce.is_some_and(|nonce| nonce != self.nonce) {
            return Err(PackageError::Nonce);
        }
        if reading.now > self.expires {
            return Err(PackageError::Expired);
        }
        self.rk.verify(&self.message(), &self.signature).map_err(|_| PackageError::Signature)
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
            .filter(|_| effects.pool() == self.pool)
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
        let account = Randomized { aid: self.account.to_scalar(), rk: self.rk.coordinates() };
        verifier
            .verify_note(&claim(item, account, on_ledger), &item.proof)
            .map_err(|_| PackageError::Unproven { item: index })?;
        let (payer, payee) = parties(item.part);
        Ok(DisclosedPayment {
            assurance: Assurance::Guaranteed,
            side: item.part.side(),
            shows: item.detail(),
            place: Place {
                height: found.height,
                time: Moment::new(found.time),
                txid: found.txid.to_string(),
                declared: None,
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
    let note = Note::from_parts(NoteParts {
        to: Address::from_parts(output.pool, output.epoch, *diversifier, *pk_d, *tag),
        asset: *asset,
        value: *value,
        index: output.index,
        rho: output.nullifier,
        rseed: Secret::new(*rseed),
    })
    .ok()?;
    (note.commitment() == output.commitment).then_some(note)
}

/// Asset and amount that cross the pool's border.
fn moved(side: &PublicSide) -> Option<(AssetId, Value)> {
    match side {
        PublicSide::Internal => None,
        PublicSide::Deposit { asset, amount, .. } | PublicSide::Withdrawal { asset, amount, .. } => {
            Some((*asset, *amount))
        }
    }
}
