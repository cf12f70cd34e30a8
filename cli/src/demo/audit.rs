//! `louver demo audit`: what readers see of an account, tier by tier, and the forgeries that they refuse, each by a rule of
//! the book that has an identifier of its own (`[refusals]`).

use core::fmt::Display;

use age::x25519::Identity;
use louver_core::{
    encoding::Decode,
    keys::{FullViewingKey, SpendAuthorizingKey},
    note::Note,
    pool::{GenesisHash, PoolId},
    proof::Proof,
    secret::Secret,
    spec::Fj,
    transaction::TxId,
};
use louver_viewkeys::{
    package::{Package, VerifiedPackage},
    refusal::Refusal,
    signed::{Asked, ReaderId, Reading, Terms},
};

use super::{
    play::Play,
    resign::sign_again,
    stage::{Answer, Stage},
    theft::swap,
};
use crate::{audit::ledger::Ledger, clock, exit::Failure};

mod books;
mod committee;
mod files;
mod grants;
mod lying_node;
mod openings;
mod packages;
mod payment;
mod receipts;

/// A chain that nobody here is on.
const FORK: GenesisHash = GenesisHash([7; 32]);

/// A payment of Alice's, which the chapters are about.
struct Paid {
    height: u32,
    txid: TxId,
    spend_tag: louver_core::note::SpendTag,
    note: Note,
}

/// A package that was shown and taken, with everything that its reader has.
struct Taken {
    package: Package,
    verified: VerifiedPackage,
    reading: Reading,
    bank: Identity,
    challenge: louver_viewkeys::challenge::Challenge,
    /// Another package for nobody who asked, of the same payment.
    other: Package,
}

/// An owner who can sign again what she alters.
struct Owner {
    viewing: FullViewingKey,
    key: SpendAuthorizingKey,
    /// Her signing key in one envelope is the account's, moved by this.
    alpha: Secret<Fj>,
}

impl Owner {
    /// An envelope with one part replaced, signed again.
    fn alters(&self, envelope: &[u8], part: &[u8], other: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut altered = swap(envelope, part, other)?;
        sign_again(&mut altered, &self.viewing, &self.key, &self.alpha)?;
        Ok(altered)
    }
}

impl Play {
    /// The story, tier by tier.
    pub(super) fn run_audit(mut self) -> Result<Stage, Failure> {
        let record = self.pay_under_a_record()?;
        self.show_by_grant()?;
        let taken = self.show_by_package(&record.paid)?;
        self.open_falsely(&record.paid)?;
        self.show_payer(&record, &taken)?;
        self.sign_receipts(&taken)?;
        self.show_by_files(&taken)?;
        self.show_by_book()?;
        self.open_by_committee()?;
        Ok(self.stage)
    }

    /// The terms of a file that nobody asked for.
    fn unasked(&self, reader: &str, recipient: Option<&Identity>) -> Terms {
        let now = clock::now();
        let recipient = recipient.map(|key| key.to_public().to_string());
        let (genesis, pool) = self.place();
        Terms {
            genesis,
            pool,
            reader: ReaderId { name: reader.to_owned(), recipient },
            asked: Asked::Nothing,
            purpose: "Proof of rent".to_owned(),
            issued: now,
            expires: now + 30 * 86_400,
        }
    }

    /// The chain and its pool.
    fn place(&self) -> (GenesisHash, PoolId) {
        let genesis = self.client.genesis();
        (genesis.hash(), genesis.terms().pool)
    }

    /// The expectations of a reader who asked nothing.
    fn expects(&self, ledger: &Ledger, reader: &str) -> Reading {
        let (genesis, pool) = self.place();
        Reading {
            genesis,
            chain: ledger.ground(),
            pool,
            account: None,
            reader: Some(reader.to_owned()),
            asked: Asked::Nothing,
            keys: None,
            now: clock::now(),
        }
    }

    /// Alice, who signs again what she alters.
    fn alice_with(&self, alpha: &Secret<Fj>) -> Result<Owner, Failure> {
        let (viewing, key) = (self.alice.viewing()?, self.alice.authorizing_key()?);
        Ok(Owner { viewing, key, alpha: alpha.clone() })
    }
}

/// The answer to a forgery: the rule that refused it, and the words.
fn answer<T, E: Refusal + Display>(answer: Result<T, E>) -> Answer {
    match answer {
        Err(error) => Answer { rule: error.rule(), word: error.to_string() },
        Ok(_) => Answer { rule: None, word: "it was taken".to_owned() },
    }
}

/// Stands where a proof should: for files that are refused before their proofs are looked at.
fn no_proof() -> Proof {
    Proof::from_array([0; 192])
}

/// Reads an altered file, and has it judged.
fn judged<F: Decode>(bytes: &[u8], judge: impl FnOnce(F) -> Answer) -> Answer {
    match F::from_bytes(bytes) {
        Ok(file) => judge(file),
        Err(error) => answer::<(), _>(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;
    use crate::demo::stage::Forgery;

    /// The forgeries of every chapter.
    const CHAPTERS: [&[Forgery]; 10] = [
        &grants::FORGERIES,
        &grants::CHALLENGES,
        &lying_node::FORGERIES,
        &packages::FORGERIES,
        &openings::FORGERIES,
        &payment::FORGERIES,
        &receipts::FORGERIES,
        &files::FORGERIES,
        &books::FORGERIES,
        &committee::FORGERIES,
    ];

    /// Attacker: whoever counts one refusal as several. Each forgery has a rule of its own, which the book has.
    #[test]
    fn each_forgery_is_refused_by_a_rule_of_its_own() {
        let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/IDENTIFIERS.json");
        let book: serde_json::Value = serde_json::from_slice(&std::fs::read(book).unwrap()).unwrap();
        let forgeries: Vec<_> = CHAPTERS.into_iter().flatten().collect();
        let rules: BTreeSet<_> = forgeries.iter().map(|forgery| forgery.rule).collect();
        assert!(rules.len() >= 40, "{}", rules.len());
        assert_eq!(rules.len(), forgeries.len(), "a rule refuses two forgeries");
        for rule in rules {
            assert!(book.get(rule).is_some(), "the book does not have [{rule}]");
        }
    }
}
