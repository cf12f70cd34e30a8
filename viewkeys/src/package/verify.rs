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
use serde::Serialize;
use thiserror::Error;

use super::{Item, Opening, Package, Side};
use crate::{
    report::{Amount, Assurance, Place},
    text,
};

/// What the reader knows, and what he demands.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The reader's chain.
    pub genesis: GenesisHash,
    /// The reader's pool.
    pub pool: PoolId,
    /// The account that he expects, if he knows it.
    pub account: Option<louver_core::keys::AccountId>,
    /// His name, if the package must be for him.
    pub auditor: Option<String>,
    /// His challenge, if he gave one.
    pub nonce: Option<[u8; 32]>,
    /// Now, in seconds since 1970.
    pub now: u64,
}

/// A transaction as the reader found it on the ledger: in the block at `height`, under an id that he computed.
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

/// Why a package is not what it says.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
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

/// A disclosed payment, re-computed and found on the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisclosedPayment {
    /// How far it can be relied on: always GUARANTEED, or it would have been refused.
    pub assurance: Assurance,
    /// On which side the account was.
    pub side: Side,
    /// Where on the ledger.
    pub place: Place,
    /// The output's index.
    pub output: u8,
    /// How much of what.
    pub amount: Amount,
    /// The recipient's address, if it was opened.
    pub recipient: Option<String>,
    /// The memo, decrypted from the ledger's ciphertext, if the note was opened in full.
    pub memo: Option<String>,
}

/// A package that was checked against the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifiedPackage {
    /// The account that discloses.
    pub account: String,
    /// What it says it is for.
    pub purpose: String,
    /// The payments, each GUARANTEED.
    pub payments: Vec<DisclosedPayment>,
    /// What a package does not show.
    pub unverified: &'static str,
}

impl Package {
    /// `[package-checks]`: checks a package. `find` gives what the reader's ledger has under a height and an id.
    pub fn verify(
        &self,
        reading: &Reading,
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
            payments.push(self.check_item(index, item, &found, verifier)?);
        }
        Ok(VerifiedPackage {
            account: self.account.to_string(),
            purpose: self.purpose.clone(),
            payments,
            unverified: "absence of other payments; whose the recipient's address is: it may be the account's own",
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
        verifier: &DisclosureVerifier,
    ) -> Result<DisclosedPayment, PackageError> {
        let effects = found.transaction.effects();
        let output = effects
            .outputs()
            .get(usize::from(item.output))
            .filter(|_| effects.pool() == self.pool)
            .ok_or(PackageError::NoSuchOutput { item: index })?;
        let wrong = PackageError::Commitment { item: index };
        let (recipient, memo) = match &item.opening {
            Opening::Full { diversifier, pk_d, rseed } => {
                let to = Address::from_parts(self.pool(), effects.epoch(), *diversifier, *pk_d, item.tag)
                    .ok_or(wrong.clone())?;
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
                (Some(to.to_string()), memo.and_then(|memo| memo.as_text().map(str::to_owned)))
            }
            Opening::Amount { rcm, .. } => {
                let m = packed(item.output, effects.epoch(), item.asset, item.value);
                if NoteCommitment::commit(item.tag, effects.rho(), m, rcm) != output.cm {
                    return Err(wrong);
                }
                (None, None)
            }
        };
        let link = self.link(item, found);
        verifier.verify_link(&link, &item.link).map_err(|_| PackageError::Link { item: index })?;
        Ok(DisclosedPayment {
            assurance: Assurance::Guaranteed,
            side: item.side,
            place: Place { height: found.height, time: found.time, txid: found.txid.to_string() },
            output: item.output,
            amount: Amount { asset: item.asset, value: item.value },
            recipient,
            memo,
        })
    }

    /// The statement that the item's proof must show: built from the ledger, and from the item only where the ledger
    /// has nothing to say.
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
