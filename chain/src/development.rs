//! The common parts of development chains: their terms, and a faucet, an authority and a guardian whose keys everybody
//! knows.

use ed25519_dalek::{SigningKey, VerifyingKey};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    calendar::Month,
    encoding::DecodeError,
    epoch::EpochSchedule,
    ledger::{
        FeeTerms, Finality, Genesis, GenesisTerms, Guardians, OperationFees, OperationKind, Quorum,
        RulesTerms, SnapshotTerms,
    },
    pool::PoolId,
    shape::Shape,
    spec::b32,
    value::Value,
};
use thiserror::Error;

use crate::Account;

/// The faucet's key. It is public: anybody may mint with it, on development chains.
pub fn faucet_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverFaucet", &[]))
}

/// The key that seals the blocks of development chains. It is public.
pub fn authority_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverAuthority", &[]))
}

/// The key of the only guardian of development chains. It is public.
pub fn guardian_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverGuardian", &[]))
}

/// A key of development chains among those of a quorum: everybody could speak in its holder's place.
pub fn public_key_in(quorum: &Quorum) -> Option<[u8; 32]> {
    let public = [faucet_key(), authority_key(), guardian_key()].map(|key| key.verifying_key());
    quorum.keys().iter().find(|key| public.contains(key)).map(VerifyingKey::to_bytes)
}

/// A key that everybody has, in the genesis of a chain that is not for development.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "{key} is a key of development chains, which everybody has: it cannot be {role} of a chain that is not one"
)]
pub struct PublicKey {
    /// The key.
    pub key: Account,
    /// Its part in the chain.
    pub role: &'static str,
}

/// `[public-keys]`: refuses the genesis of a chain that is not for development if it trusts a key that everybody has.
///
/// # Errors
/// [`PublicKey`] for the first such key.
pub fn check_keys(genesis: &Genesis) -> Result<(), PublicKey> {
    let terms = genesis.terms();
    if terms.development {
        return Ok(());
    }
    let Finality::Solo { authorities, .. } = &terms.finality;
    let quorums = [(Some(authorities), "an authority"), (terms.guardians.quorum.as_ref(), "a guardian")];
    for (quorum, role) in quorums {
        if let Some(key) = quorum.and_then(public_key_in) {
            return Err(PublicKey { key: Account(key), role });
        }
    }
    let issuers = terms.assets.iter().map(|asset| (Account(*asset.issuer()), "the issuer of an asset"));
    let holders = terms.balances.iter().map(|held| (held.account.into(), "the holder of a balance"));
    let fees = [(terms.fee_account.into(), "the account of the fees")];
    let public = [faucet_key(), authority_key(), guardian_key()].map(|key| Account::of(&key));
    let known = issuers.chain(holders).chain(fees).find(|(account, _)| public.contains(account));
    known.map_or(Ok(()), |(key, role)| Err(PublicKey { key, role }))
}

/// The beginning of development chains: 1 January 2026, 00:00 UTC, in seconds since 1970.
pub const BEGINNING: u64 = 1_767_225_600;

/// The terms of a development chain: its own coin (asset 1, `LVR`, 6 decimals), issued by the faucet, in which fees are
/// paid; months as epochs, from January 2026 on, with a week of grace; anchors for 100 blocks; a block a minute at least; one authority and one
/// guardian, whose keys are public. Operations are free there, since an account that nobody has paid
/// yet cannot pay for one. `rules` are its only rules version, with the keys that it names.
pub fn terms(rules: RulesTerms) -> Result<GenesisTerms, DecodeError> {
    let out_of_range = |what| DecodeError::OutOfRange { what };
    let january = Month::of(BEGINNING).ok_or(out_of_range("month"))?;
    let coin = AssetId::new(1).ok_or(out_of_range("asset id"))?;
    let faucet = Account::of(&faucet_key());
    let alone =
        |key: &SigningKey| Quorum::new(1, vec![key.verifying_key().to_bytes()]).map_err(DecodeError::from);
    Ok(GenesisTerms {
        chain: "louver development".to_owned(),
        time: BEGINNING,
        schedule: EpochSchedule::months(january, EpochSchedule::WEEK)
            .ok_or(out_of_range("epoch schedule"))?,
        anchor_window: 100,
        pool: PoolId(1),
        fee_account: faucet.into(),
        development: true,
        block_interval: 60,
        snapshots: SnapshotTerms::EACH_EPOCH,
        finality: Finality::Solo {
            authorities: alone(&authority_key())?,
            trusting_period: 180 * 24 * 60 * 60,
        },
        guardians: Guardians { quorum: Some(alone(&guardian_key())?), delay: 10 },
        assets: vec![AssetDescriptor::new(coin, "LVR", 6, faucet.0, b"")?],
        balances: Vec::new(),
        fees: vec![FeeTerms {
            asset: coin,
            minimum: [1_000, 2_000, 3_000, 5_000].map(Value),
            operations: OperationFees::default(),
        }],
        rules: vec![rules],
    })
}

/// The chain is not for development, and something on it is free.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "{0} would be free on this chain, so that anybody could fill its blocks and everybody's disk for nothing. A chain for real \
     use takes a fee of everything: name one above zero (--fee, --operation-fee, --registration-fee, --announcement-fee)"
)]
pub struct FreeOfCharge(pub &'static str);

/// Transactions and operations that may go without a fee on a chain, in words.
pub fn free(genesis: &Genesis) -> Vec<&'static str> {
    let operations = [
        (OperationKind::Any, "an operation on transparent accounts"),
        (OperationKind::Registration, "the registration of an asset"),
        (OperationKind::Announcement, "an announcement"),
    ];
    let is_free = Shape::ALL.into_iter().any(|shape| genesis.is_free(shape));
    let free = operations.into_iter().filter(|(kind, _)| genesis.is_free_operation(*kind));
    is_free.then_some("a transaction").into_iter().chain(free.map(|(_, what)| what)).collect()
}

/// `[no-free-chain]`: refuses the genesis of a chain that is not for development if anything on it may go without a fee. The
/// commands that make a chain and start a node of it ask; a chain that lives in one process, as tests and the demonstration have,
/// may be free.
///
/// # Errors
/// [`FreeOfCharge`] for the first such thing.
pub fn check_fees(genesis: &Genesis) -> Result<(), FreeOfCharge> {
    match free(genesis).first() {
        Some(what) if !genesis.terms().development => Err(FreeOfCharge(what)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use louver_core::{
        ledger::{GenesisBalance, testing::rules},
        store::MemoryStore,
    };

    use super::*;
    use crate::{Chain, ChainError, testing::person};

    /// Terms that trust no key that everybody has, of a chain that is not for development.
    fn own() -> GenesisTerms {
        let terms = terms(rules(1, 1, None, &Shape::PLAIN)).unwrap();
        let alone = |number| Quorum::new(1, vec![person(number).verifying_key().to_bytes()]).unwrap();
        let issuer = Account::of(&person(3));
        let coin = AssetDescriptor::new(terms.assets[0].id(), "LVR", 6, issuer.0, b"").unwrap();
        GenesisTerms {
            development: false,
            finality: Finality::Solo { authorities: alone(1), trusting_period: 1 },
            guardians: Guardians { quorum: Some(alone(2)), delay: 1 },
            fee_account: issuer.into(),
            assets: vec![coin],
            fees: vec![FeeTerms {
                operations: OperationFees {
                    any: Value(1),
                    registration: Value(1_000),
                    announcement: Value(10),
                },
                ..terms.fees[0]
            }],
            ..terms
        }
    }

    /// Attacker: whoever fills the blocks of a chain for real use, which costs nothing where its genesis forgot the fees.
    #[test]
    fn a_chain_that_is_not_for_development_does_nothing_for_free() {
        type Breakage = fn(&mut GenesisTerms);
        let breakages: [(Breakage, &str); 5] = [
            (|terms| terms.fees.clear(), "a transaction"),
            (|terms| terms.fees[0].minimum[3] = Value::ZERO, "a transaction"),
            (|terms| terms.fees[0].operations.any = Value::ZERO, "an operation on transparent accounts"),
            (|terms| terms.fees[0].operations.registration = Value::ZERO, "the registration of an asset"),
            (|terms| terms.fees[0].operations.announcement = Value::ZERO, "an announcement"),
        ];
        assert_eq!(check_fees(&Genesis::new(own()).unwrap()), Ok(()));
        for (breakage, what) in breakages {
            let mut terms = own();
            breakage(&mut terms);
            let genesis = Genesis::new(terms.clone()).unwrap();
            assert_eq!(check_fees(&genesis), Err(FreeOfCharge(what)));
            // For development it may.
            terms.development = true;
            assert_eq!(check_fees(&Genesis::new(terms).unwrap()), Ok(()));
        }
    }

    /// Anybody at all would gain, as everybody has the keys of development chains.
    #[test]
    fn a_chain_that_is_not_for_development_trusts_no_public_key() {
        let development = terms(rules(1, 1, None, &Shape::PLAIN)).unwrap();
        assert_eq!(check_keys(&Genesis::new(development.clone()).unwrap()), Ok(()));
        assert_eq!(check_keys(&Genesis::new(own()).unwrap()), Ok(()));
        Chain::open(MemoryStore::default(), Genesis::new(own()).unwrap()).unwrap();
        let held = GenesisBalance {
            account: Account::of(&faucet_key()).into(),
            asset: own().assets[0].id(),
            amount: Value(1),
        };
        for (bad, role) in [
            (GenesisTerms { finality: development.finality, ..own() }, "an authority"),
            (GenesisTerms { guardians: development.guardians, ..own() }, "a guardian"),
            (GenesisTerms { assets: development.assets, ..own() }, "the issuer of an asset"),
            (GenesisTerms { balances: vec![held], ..own() }, "the holder of a balance"),
            (GenesisTerms { fee_account: development.fee_account, ..own() }, "the account of the fees"),
        ] {
            let genesis = Genesis::new(bad).unwrap();
            assert_eq!(check_keys(&genesis).map_err(|error| error.role), Err(role));
            let opened = Chain::open(MemoryStore::default(), genesis);
            assert!(matches!(opened, Err(ChainError::PublicKey(_))), "{role}");
        }
    }
}
