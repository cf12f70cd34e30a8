//! What the tests share: accounts, keys for proofs that are read once, and a small ledger.

pub(crate) mod ledger;

use std::sync::LazyLock;

use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    parameters::ParameterStore,
};
use louver_core::{keys::AccountSpendingKey, proof::Unwatched};

/// The account of a number, always the same.
pub(crate) fn account(number: u8) -> AccountSpendingKey {
    AccountSpendingKey::from_seed(&[number; 64], 0).unwrap()
}

/// A prover that all tests share.
pub(crate) fn prover() -> &'static DisclosureProver {
    static PROVER: LazyLock<DisclosureProver> = LazyLock::new(|| {
        DisclosureProver::load(&ParameterStore::open_default().unwrap(), &mut Unwatched).unwrap()
    });
    &PROVER
}

/// A verifier that all tests share.
pub(crate) fn verifier() -> &'static DisclosureVerifier {
    static VERIFIER: LazyLock<DisclosureVerifier> =
        LazyLock::new(|| DisclosureVerifier::development().unwrap());
    &VERIFIER
}
