//! Shared by the tests: accounts, keys for proofs that are read once, and a small ledger.

pub(crate) mod ledger;
pub(crate) mod schema;

use std::sync::LazyLock;

use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    keyset::KeySet,
    parameters::ParameterStore,
};
use louver_core::{keys::AccountSpendingKey, proof::Unwatched};

use crate::{
    report::{ChainChoice, Ground, HeadRead, Moment},
    signed::{Asked, ReaderId, Reading, Terms},
};
use ledger::{GENESIS, POOL};

/// A moment at which the tests read what was made a second before.
pub(crate) const NOW: u64 = 1_800_000_001;

/// A reader's `age` recipient.
pub(crate) const READER: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

/// A chain that its reader chose, and its head.
pub(crate) fn ground() -> Ground {
    let head = HeadRead { height: 9, hash: "00".repeat(32), time: Moment::new(100), is_old: false };
    Ground {
        genesis_hash: hex::encode(GENESIS.0),
        chosen: ChainChoice::Genesis,
        head,
        offline: false,
        development: false,
        own_node: false,
        paused: None,
    }
}

/// The account of a number, always the same.
pub(crate) fn account(number: u8) -> AccountSpendingKey {
    AccountSpendingKey::from_seed(&[number; 64], 0).unwrap()
}

/// A prover that all tests share.
pub(crate) fn prover() -> &'static DisclosureProver {
    static PROVER: LazyLock<DisclosureProver> = LazyLock::new(|| {
        let store = ParameterStore::open_default().unwrap();
        KeySet::development().unwrap().with_store(store).disclosure_prover(&mut Unwatched).unwrap()
    });
    &PROVER
}

/// A verifier that all tests share.
pub(crate) fn verifier() -> &'static DisclosureVerifier {
    static VERIFIER: LazyLock<DisclosureVerifier> =
        LazyLock::new(|| KeySet::development().unwrap().disclosure_verifier().unwrap());
    &VERIFIER
}

/// Terms for a bank that asked, which it is sealed to.
pub(crate) fn terms() -> Terms {
    Terms {
        genesis: GENESIS,
        pool: POOL,
        reader: ReaderId { name: "First Bank".to_owned(), recipient: Some(READER.to_owned()) },
        asked: Asked::Nonce([3; 32]),
        purpose: "origin of funds".to_owned(),
        issued: NOW - 1,
        expires: NOW + 99,
    }
}

/// The demands of that bank.
pub(crate) fn reading() -> Reading {
    Reading {
        genesis: GENESIS,
        chain: ground(),
        pool: POOL,
        account: None,
        reader: Some("First Bank".to_owned()),
        asked: Asked::Nonce([3; 32]),
        keys: None,
        now: NOW,
    }
}
