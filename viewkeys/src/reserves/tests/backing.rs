use louver_core::{encoding::DecodeError, pool::PoolTag, value::Value};

use super::*;

fn accounts() -> [AccountId; 2] {
    [1, 2].map(|number| account(number).full_viewing_key().account_id(Ledger::pool()))
}

/// So much of the asset that is owed, at the snapshot of the debts.
fn held(account: AccountId, at_least: u64) -> Holding {
    let Subject { genesis, asset, snapshot, .. } = subject();
    Holding { genesis, account, asset, at_least: Value(at_least), snapshot }
}

fn owed() -> Owed {
    make(&OWED).owed()
}

#[test]
fn holdings_of_several_accounts_cover_what_is_owed() {
    let [own, other] = accounts();
    assert_eq!((owed().total(), owed().root()), (1_042, make(&OWED).root()));
    assert_eq!(Owed::from_bytes(&owed().to_bytes()), Ok(owed()));
    for holdings in [vec![held(own, 1_042)], vec![held(other, 42), held(own, 1_000)]] {
        let backing = Backing::of(&owed(), &holdings).unwrap();
        assert_eq!((backing.owed(), backing.held()), (1_042, 1_042));
    }
    // The greatest amounts that statements can say do not overflow.
    let most = Backing::of(&owed(), &[held(own, u64::MAX), held(other, u64::MAX)]).unwrap();
    assert_eq!(most.held(), 2 * u128::from(u64::MAX));
}

/// Attacker: an exchange that holds less than it owes.
#[test]
fn less_than_is_owed_is_not_enough() {
    let [own, other] = accounts();
    let little = |holdings: &[Holding]| Backing::of(&owed(), holdings);
    assert_eq!(little(&[held(own, 1_041)]), Err(BackingError::TooLittle { held: 1_041, owed: 1_042 }));
    let two = [held(own, 1_000), held(other, 41)];
    assert_eq!(little(&two), Err(BackingError::TooLittle { held: 1_041, owed: 1_042 }));
}

/// Attacker: an exchange that shows holdings of a cheap asset, or of another day when it had borrowed, or on a chain of its own; that
/// shows one account twice; or that shows money of somebody else, who shows it for debts of his own.
#[test]
fn holdings_are_of_the_debts_own_chain_asset_snapshot_and_account() {
    let [own, other] = accounts();
    let refused = |holdings: &[Holding]| Backing::of(&owed(), holdings).unwrap_err();
    let good = held(own, 2_000);
    let elsewhere = Holding { genesis: GenesisHash([8; 32]), ..good };
    assert_eq!(refused(&[elsewhere]), BackingError::OtherChain(own));
    let (cheap, asset) = (AssetId::new(3).unwrap(), subject().asset);
    let found = BackingError::OtherAsset { account: own, expected: asset, found: cheap };
    assert_eq!(refused(&[Holding { asset: cheap, ..good }]), found);
    let found = BackingError::OtherSnapshot { account: other, expected: 3, found: 4 };
    assert_eq!(refused(&[good, Holding { snapshot: 4, ..held(other, 5) }]), found);
    assert_eq!(refused(&[held(own, 600), held(own, 600)]), BackingError::Twice(own));
    assert_eq!(refused(&[held(other, 2_000)]), BackingError::NotOfTheDebtor(own));
    assert_eq!(refused(&[]), BackingError::NotOfTheDebtor(own));
    // The same person's account in another pool is another account.
    let pool = PoolTag::new(&GenesisHash([9; 32]), louver_core::pool::PoolId(0));
    let there = account(1).full_viewing_key().account_id(pool);
    assert_eq!(refused(&[held(there, 2_000)]), BackingError::NotOfTheDebtor(own));
}

/// Attacker: an exchange that states a total of its own beside the published root, or one that no leaves come to.
#[test]
fn a_total_is_the_published_roots() {
    let honest = owed();
    let less = Owed { top: Node { sum: 1_041, ..honest.top }, ..honest };
    assert_ne!(less.root(), honest.root());
    let deeper = Owed { depth: honest.depth + 1, ..honest };
    assert_ne!(deeper.root(), honest.root());
    let wrapped = Owed { top: Node { sum: u128::MAX, ..honest.top }, ..honest };
    assert_eq!(Owed::from_bytes(&wrapped.to_bytes()), Err(DecodeError::OutOfRange { what: "sum of a tree" }));
    let deep = Owed { depth: 21, ..honest };
    assert_eq!(Owed::from_bytes(&deep.to_bytes()), Err(DecodeError::OutOfRange { what: "depth of a tree" }));
    let bytes = honest.to_bytes();
    assert!((0..bytes.len()).all(|length| Owed::from_bytes(&bytes[..length]).is_err()));
}
