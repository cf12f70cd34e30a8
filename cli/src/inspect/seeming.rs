//! The likely kind of a file, for somebody who named the wrong one.

use core::fmt::Display;
use std::path::Path;

use louver_chain::{Block, ChainTransaction};
use louver_circuits::{
    ceremony::{phase1, phase2},
    key_file::Kind,
};
use louver_client::offline::OfflineProof;
use louver_core::{
    encoding::Decode,
    keys::string::AnyString,
    ledger::Genesis,
    text::{visible, without_space},
};
use louver_node::follow::evidence::EvidenceFile;
use louver_viewkeys::{
    challenge::Challenge,
    grant::ScopeKeys,
    package::Items,
    receipt::Receipt,
    signed::{Body, is_sealed},
    statement::Assertion,
};
use louver_wallet::phrase::RecoveryPhrase;

use super::contents::SQLITE;
use crate::exit::Failure;

pub(crate) const ACT: &str = "an act of guardians or authorities";
pub(crate) const AGE_KEY: &str = "an age secret key";
pub(crate) const CONTACTS: &str = "an address book";
pub(crate) const EVIDENCE: &str = "evidence against a chain's authorities";
pub(crate) const GENESIS: &str = "the genesis of a chain";
pub(crate) const GRANT: &str = "a grant";
pub(crate) const MANIFEST: &str = "the manifest of a ceremony";
pub(crate) const PACKAGE: &str = "a disclosure package";
pub(crate) const PAYMENTS: &str = "a list of payments";
pub(crate) const PHRASE: &str = "a recovery phrase";
pub(crate) const PROOF: &str = "a proof for readers without a node";
pub(crate) const RECEIPT: &str = "a reader's receipt";
pub(crate) const REQUEST: &str = "a reader's request";
const SEALED: &str = "a file sealed to somebody's age key, as grants are and packages may be";
pub(crate) const SETTINGS: &str = "a file of settings (TOML)";
pub(crate) const SIGNING_KEY: &str = "the file of a signing key";
pub(crate) const STATEMENT: &str = "a statement about an account";
pub(crate) const WALLET: &str = "a wallet";

/// The kind of a file, as far as its bytes tell it; `None` if they look like nothing that is known. It repeats nothing
/// that stands in the file.
pub(crate) fn seems(bytes: &[u8]) -> Option<&'static str> {
    let begins = |start: &[u8]| bytes.starts_with(start);
    Some(match bytes {
        [] => "an empty file",
        _ if is_sealed(bytes) => SEALED,
        _ if begins(SQLITE) => WALLET,
        _ if begins(ScopeKeys::MAGIC) => "a grant that is not sealed, which is a secret",
        _ if begins(Items::MAGIC) => PACKAGE,
        _ if begins(Assertion::MAGIC) => STATEMENT,
        _ if Challenge::is_one(bytes) => REQUEST,
        _ if Receipt::is_one(bytes) => RECEIPT,
        _ if OfflineProof::is_begun_by(bytes) => PROOF,
        _ if begins(phase1::MAGIC) || begins(phase2::MAGIC) => "a part of a ceremony",
        _ if Kind::of(bytes).is_some() => "a proving or verifying key",
        _ if EvidenceFile::read(bytes).is_ok() => EVIDENCE,
        _ if Genesis::from_bytes(bytes).is_ok() => GENESIS,
        _ if Block::from_bytes(bytes).is_ok() => "a block",
        _ => match (ChainTransaction::from_bytes(bytes), core::str::from_utf8(bytes)) {
            (Ok(ChainTransaction::Act(_)), _) => ACT,
            (Ok(_), _) => "a transaction",
            (Err(_), Ok(text)) => seems_text(text)?,
            _ => return None,
        },
    })
}

fn seems_text(text: &str) -> Option<&'static str> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = lines().next().unwrap_or_default();
    let word = without_space(line);
    let lower = word.to_ascii_lowercase();
    Some(match () {
        () if lower.starts_with("age-secret-key-1") => AGE_KEY,
        () if lower.starts_with("age1") => "a reader's public age key",
        () if lower.starts_with("louver:") => "a payment request",
        () if word.parse::<AnyString>().is_ok() => "a file with an address, a key or an id of ours",
        () if lines().count() == 1 && word.len() == 64 && hex::decode(&*word).is_ok() => SIGNING_KEY,
        () if RecoveryPhrase::parse(text).is_ok() => "a recovery phrase, which is a secret",
        () if line.starts_with('{') => "a file of JSON",
        () if toml::from_str::<toml::Table>(text).is_ok_and(|table| !table.is_empty()) => SETTINGS,
        () if line.to_ascii_lowercase().contains("address") && line.contains([',', ';', '\t']) => PAYMENTS,
        () => return None,
    })
}

/// The refusal of a file that was taken for something. `fault` is told only of a file that is of that kind and damaged: of
/// another, it means nothing to a reader.
pub(crate) fn not_one(path: &Path, bytes: &[u8], taken_for: &str, fault: impl Display) -> Failure {
    let path = path.display();
    Failure::input(match seems(bytes) {
        Some(kind) if kind.starts_with(taken_for) => {
            format!("{path} is {taken_for} that is damaged or of another version: {fault}. Ask for it again")
        }
        Some(kind) => {
            format!(
                "{path} was taken for {taken_for}, and seems to be {kind}. Nothing was done with it: name the right file"
            )
        }
        None => format!(
            "{path} was taken for {taken_for}, and is nothing of ours, or so damaged that it cannot be told. Nothing was done \
             with it: name the right file, or ask for it again"
        ),
    })
}

/// The refusal of a file of TOML: the line, and what is wrong with it.
pub(crate) fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let kind = seems(text.as_bytes());
    if let Some(kind) = kind.filter(|kind| *kind != SETTINGS && !text.contains('=')) {
        return Failure::usage(format!(
            "{} was taken for {SETTINGS}, and seems to be {kind}: name the right file",
            path.display()
        ));
    }
    let line =
        error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    Failure::usage(format!(
        "{}{line}: {}. Correct it: nothing was done",
        path.display(),
        visible(error.message().trim_end_matches('.'))
    ))
}

#[cfg(test)]
mod tests {
    use louver_chain::{Act, Deed, SignedAct};
    use louver_core::encoding::Encode;

    use super::*;

    #[test]
    fn a_file_is_told_by_what_it_holds() {
        let act = Act { sequence: 0, deed: Deed::EndAuditor { number: 1 } };
        let act = ChainTransaction::Act(Box::new(SignedAct::new(act, Vec::new())));
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let words = phrase.words().unwrap();
        let key = age::x25519::Identity::generate();
        for (bytes, kind) in [
            (&b""[..], Some("an empty file")),
            (&act.to_bytes(), Some(ACT)),
            (b"SQLite format 3\0....", Some(WALLET)),
            (b"age-encryption.org/v1\n", Some(SEALED)),
            (key.to_public().to_string().as_bytes(), Some("a reader's public age key")),
            (louver_viewkeys::auditor::write(&key).as_bytes(), Some(AGE_KEY)),
            (words.as_bytes(), Some("a recovery phrase, which is a secret")),
            (b"# mine\nlisten = \"127.0.0.1:1\"\n", Some(SETTINGS)),
            (b"{\"schema\": 1}", Some("a file of JSON")),
            (b"address,amount\nlvr1qq,5 LVR\n", Some(PAYMENTS)),
            ("07".repeat(32).as_bytes(), Some(SIGNING_KEY)),
            (b"dear diary", None),
            (&[0xff; 40], None),
        ] {
            assert_eq!(seems(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    /// Attacker: whoever reads the error messages of somebody who named the file of a secret.
    #[test]
    fn a_refusal_repeats_nothing_of_a_secret() {
        let phrase = RecoveryPhrase::generate(&mut rand::rng());
        let words = phrase.words().unwrap();
        let failure = not_one(Path::new("x"), words.as_bytes(), PACKAGE, "fault");
        assert!(failure.message.contains("a recovery phrase") && !failure.message.contains("fault"));
        assert!(
            words
                .split_whitespace()
                .filter(|word| word.len() > 7)
                .all(|word| !failure.message.contains(word))
        );
        let error = toml::from_str::<toml::Table>(&words).unwrap_err();
        let failure = not_toml(Path::new("x"), &words, &error);
        assert!(failure.message.contains("a recovery phrase"), "{}", failure.message);
    }
}
