use std::collections::HashSet;

use louver_circuits::disclosure::DisclosureVerifier;
use louver_core::{
    address::Address,
    disclosure::{AccountLink, Randomized},
    note::{Note, NoteCommitment, NoteParts, encryption, packed},
    pool::{GenesisHash, PoolId},
    secret::Secret,
    spec::Fr,
    text::visible,
    transaction::{Transaction, TxId},
};
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use super::{Item, Opening, Package, Side};
use crate::{
    report::{Amount, Assurance, Crossing, Moment, Names, Party, Place, Written},
    text,
};

/// The reader's chain and demands.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The reader's chain.
    pub genesis: GenesisHash,
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
    /// An earlier item shows the same output from the same side: one payment would count as two.
    #[error("item {item}: the payment was shown before")]
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
    /// It is not proven that the account paid, or was paid.
    #[error("item {item}: nothing proves that the account was part of this payment")]
    Link {
        /// The item's place in the package.
        item: usize,
    },
}

/// The schema of [`VerifiedPackage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum PackageSchema {
    /// The first version.
    #[serde(rename = "louver.package-report/1")]
    V1,
}

/// A disclosed payment, computed again and found on the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisclosedPayment {
    /// How far the payment can be relied on. It is always GUARANTEED, as the package would be refused otherwise.
    pub assurance: Assurance,
    /// The account's side of the payment.
    pub side: Side,
    /// Its place on the ledger.
    pub place: Place,
    /// The output's index.
    pub output: u8,
    /// The amount, with its asset.
    pub amount: Amount,
    /// The recipient's address, if it was opened.
    pub recipient: Option<String>,
    /// The memo, decrypted from the ledger's ciphertext, if the note was opened in full.
    #[serde(flatten)]
    pub written: Written,
    /// The payer, as far as the package proves it. A receipt does not show it.
    pub payer: Party,
    /// The payee, as far as the package proves it. A payment does not show it.
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
            if !shown.insert((item.side, item.txid, item.output)) {
                return Err(PackageError::Repeated { item: index });
            }
            let found = find(item.height, &item.txid)
                .filter(|found| found.height == item.height && found.txid == item.txid)
                .ok_or(PackageError::NotOnLedger { item: index })?;
            let payment = self.check_item(index, item, &found, names, verifier)?;
            // A payment shown from both sides is one payment: the receipt's line says that the account paid itself.
            if (item.side, payment.payee) != (Side::Sent, Party::Itself) {
                payments.push(payment);
            }
        }
        Ok(VerifiedPackage {
            schema: PackageSchema::V1,
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

    /// `[package-parties]`: the payer and the payee, as far as all items together prove them. Any item that shows the
    /// account as the payer of a transaction proves that the account made that transaction.
    fn parties(&self, item: &Item) -> (Party, Party) {
        let known = |known: bool| if known { Party::Itself } else { Party::NotShown };
        let shows = |side: Side, output: Option<u8>| {
            self.items.iter().any(|other| {
                other.side == side
                    && other.txid == item.txid
                    && output.is_none_or(|output| other.output == output)
            })
        };
        (known(shows(Side::Sent, None)), known(shows(Side::Received, Some(item.output))))
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
        let wrong = PackageError::Commitment { item: index };
        let (recipient, written) = match &item.opening {
            Opening::Full { diversifier, pk_d, rseed } => {
                let to = Address::from_parts(self.pool(), effects.epoch(), *diversifier, *pk_d, item.tag);
                let note = Note::from_parts(NoteParts {
                    to,
                    asset: item.asset,
                    value: item.value,
                    index: item.output,
                    rho: effects.rho(),
                    rseed: Secret::new(*rseed),
                })
                .map_err(|_| wrong.clone())?;
                if note.commitment() != output.cm {
                    return Err(wrong);
                }
                let memo = encryption::reopen(&note, output);
                (Some(to.to_string()), memo.as_ref().map(Written::new).unwrap_or_default())
            }
            Opening::Amount { rcm, .. } => {
                let m = packed(item.output, effects.epoch(), item.asset, item.value);
                if NoteCommitment::commit(item.tag, effects.rho(), m, rcm) != output.cm {
                    return Err(wrong);
                }
                (None, Written::default())
            }
        };
        let link = self.link(item, found);
        verifier.verify_link(&link, &item.link).map_err(|_| PackageError::Link { item: index })?;
        let (payer, payee) = self.parties(item);
        Ok(DisclosedPayment {
            assurance: Assurance::Guaranteed,
            side: item.side,
            place: Place {
                height: found.height,
                time: Moment::new(found.time),
                txid: found.txid.to_string(),
            },
            output: item.output,
            amount: Amount::new(item.asset, item.value, names.assets),
            recipient,
            written,
            payer,
            payee,
            crossing: Crossing::new(effects.public_side(), names),
        })
    }

    /// The statement that the item's proof must prove. It is built from the ledger, and from the item only where the
    /// ledger has nothing.
    fn link(&self, item: &Item, found: &OnLedger) -> AccountLink {
        let effects = found.transaction.effects();
        let account = Randomized { aid: self.account.to_scalar(), rk: self.rk.coordinates() };
        let (pool, epoch) = (self.pool(), effects.epoch());
        match item.side {
            Side::Sent => AccountLink {
                account,
                pool,
                epoch,
                nullifier: effects.rho().to_scalar(),
                spend_tag: effects.spend_tag().to_scalar(),
                transmission_u: Fr::zero(),
                owner_tag: item.idle_tag,
            },
            Side::Received => AccountLink {
                account,
                pool,
                epoch,
                nullifier: Fr::zero(),
                spend_tag: item.idle_tag,
                transmission_u: item.transmission_u(),
                owner_tag: item.tag.to_scalar(),
            },
        }
    }
}
