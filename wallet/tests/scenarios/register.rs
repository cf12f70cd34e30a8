//! The register of disclosures.

use louver_core::{
    epoch::{Epoch, EpochRange},
    store::MemoryStore,
};
use louver_wallet::{
    account::AccountNumber,
    phrase::RecoveryPhrase,
    register::{Disclosure, DisclosureId, DisclosureKind, LabelError, MAX_LABEL, Origin},
    scan::BirthdayError,
    store::SqliteStore,
    vault::Protection,
    wallet::{NewWallet, Wallet},
};

use crate::chain::{Chain, EUR, FIRST};

fn grant(account: AccountNumber, reader: &str) -> Disclosure {
    Disclosure {
        account,
        kind: DisclosureKind::Grant,
        label: String::new(),
        reader: reader.to_owned(),
        recipient: Some("age1reader".to_owned()),
        purpose: "Tax return".to_owned(),
        directions: Some("incoming".to_owned()),
        epochs: EpochRange::new(Epoch(0), Epoch(2)),
        transactions: Vec::new(),
        issued: 10,
        expires: 20,
        hash: [1; 32],
    }
}

#[test]
fn what_was_shown_stays_in_the_wallets_file() -> Result<(), BirthdayError> {
    let chain = Chain::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wallet");
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let new = NewWallet {
        phrase: Some((&phrase, &Protection::Unsealed)),
        chain: &chain.parameters(),
        birthday: &chain.birthday(),
        reader: None,
        origin: Origin::New,
    };
    let mut wallet = Wallet::create(SqliteStore::open(&path).unwrap(), new).unwrap();
    let second = AccountNumber(1);
    let first = wallet.record_disclosure(&grant(FIRST, "Smith")).unwrap();
    wallet.record_disclosure(&grant(second, "Jones")).unwrap();
    let unwritten = wallet.record_disclosure(&grant(FIRST, "Nobody")).unwrap();
    wallet.withdraw_disclosure(unwritten).unwrap();
    let last = wallet.record_disclosure(&grant(FIRST, "Brown")).unwrap();
    assert!(last > unwritten, "numbers are not used again");
    wallet.label_disclosure(first, "the flat").unwrap();
    drop(wallet);

    let mut wallet = Wallet::open(SqliteStore::open(&path).unwrap()).unwrap();
    wallet.rescan(&chain.birthday())?;
    let register = wallet.disclosures(FIRST).unwrap();
    assert!(register.is_whole && register.since.is_some());
    let shown = [
        (last, grant(FIRST, "Brown")),
        (first, Disclosure { label: "the flat".to_owned(), ..grant(FIRST, "Smith") }),
    ];
    assert_eq!(register.records, shown);
    assert_eq!(wallet.disclosures(second).unwrap().records.len(), 1);

    let long = "x".repeat(MAX_LABEL + 1);
    assert!(matches!(wallet.label_disclosure(first, &long), Err(LabelError::TooLong(257))));
    let unknown = DisclosureId(99);
    assert!(matches!(wallet.label_disclosure(unknown, ""), Err(LabelError::Unknown(id)) if id == unknown));
    let refused = wallet.record_disclosure(&Disclosure { label: long, ..grant(FIRST, "Smith") });
    assert!(matches!(refused, Err(LabelError::TooLong(257))));
    assert_eq!(wallet.disclosures(FIRST).unwrap().records, shown);
    Ok(())
}

/// Attacker: a reader who wants more time. He hopes that the owner restores the wallet and takes an empty list for proof
/// that nothing was shown.
#[test]
fn an_empty_register_after_a_restore_is_not_called_whole() {
    let mut chain = Chain::new();
    let phrase = RecoveryPhrase::generate(&mut rand::rng());
    let mut alice = chain.wallet_of(&phrase, MemoryStore::default());
    chain.fund(&mut alice, &[(EUR, 100)]);
    alice.record_disclosure(&grant(FIRST, "Smith")).unwrap();
    let mut restored = chain.wallet_of(&phrase, MemoryStore::default());
    chain.sync(&mut restored);
    assert_eq!(restored.balance(FIRST).unwrap(), alice.balance(FIRST).unwrap());
    let register = restored.disclosures(FIRST).unwrap();
    assert!(!register.is_whole && register.since.is_some() && register.records.is_empty());
}
