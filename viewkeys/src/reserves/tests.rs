mod backing;
mod vectors;

use louver_core::{
    asset::AssetId,
    encoding::{Decode, Encode},
    pool::GenesisHash,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::{inclusion::Part, *};
use crate::testing::{account, ledger::Ledger};

const OWED: [(&str, u64); 5] = [("alice", 10), ("bob", 25), ("carol", 1_000), ("dave", 0), ("erin", 7)];

fn subject() -> Subject {
    Subject {
        genesis: GenesisHash([7; 32]),
        account: account(1).full_viewing_key().account_id(Ledger::pool()),
        asset: AssetId::new(2).unwrap(),
        snapshot: 3,
    }
}

fn customers(owed: &[(&str, u64)]) -> Vec<Customer> {
    owed.iter().map(|(name, amount)| Customer { name: (*name).to_owned(), amount: *amount }).collect()
}

fn make(owed: &[(&str, u64)]) -> Liabilities {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    Liabilities::make(subject(), &customers(owed), None, &mut rng).unwrap()
}

#[test]
fn every_customer_finds_the_own_balance_in_one_sum() {
    let made = make(&OWED);
    assert_eq!((made.total(), made.customers().len()), (1_042, 5));
    for (name, amount) in OWED {
        let file = made.inclusion(&format!(" {name}\n")).unwrap();
        let file = Inclusion::from_bytes(&file.to_bytes()).unwrap();
        let included = file.check(name).unwrap();
        assert_eq!((included.amount, included.total, included.root), (amount.into(), 1_042, made.root()));
        // Carol's balance is above the average of 208, so it stands in several leaves.
        assert_eq!(file.parts.len() > 1, name == "carol", "{name}");
        assert!(file.parts.iter().all(|part| part.amount <= 208));
    }
    let read = Liabilities::from_bytes(&made.to_bytes()).unwrap();
    assert!(read == made);
    assert_eq!(make(&[("alone", 5)]).inclusion("alone").unwrap().check("alone").unwrap().total, 5);
}

#[test]
fn lists_that_would_let_two_share_a_leaf_are_refused() {
    let refused = |owed: &[(&str, u64)]| {
        Liabilities::make(subject(), &customers(owed), None, &mut ChaCha20Rng::seed_from_u64(1)).unwrap_err()
    };
    assert_eq!(refused(&[]), MakeLiabilitiesError::Nobody);
    assert_eq!(refused(&[("a", 1), (" ", 1)]), MakeLiabilitiesError::Name(2));
    assert_eq!(refused(&[("a", 1), ("a ", 2)]), MakeLiabilitiesError::Repeated("a".to_owned()));
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let too_fine = Liabilities::make(subject(), &customers(&[("a", u64::MAX)]), Some(1), &mut rng);
    assert_eq!(too_fine.unwrap_err(), MakeLiabilitiesError::TooLarge);
}

/// Attacker: an owner who leaves a customer out to owe less. There is no file for that customer, and a file of a tree with him
/// has another root than the one that was published.
#[test]
fn who_is_left_out_finds_it() {
    let published = make(&OWED[1..]).root();
    assert_eq!(make(&OWED[1..]).inclusion("alice"), None);
    let shown = make(&OWED).inclusion("alice").unwrap().check("alice").unwrap();
    assert_ne!(shown.root, published);
    assert_eq!(Publication::of(&shown.root, 1, Some(&published)), Publication::Another);
    assert_eq!(Publication::of(&published, 1, Some(&published)), Publication::Once);
    assert_eq!(Publication::of(&published, 0, None), Publication::Nothing);
}

/// Attacker: an owner who shows one leaf to two customers with the same balance, so as to owe it once.
#[test]
fn one_leaf_is_not_two_customers() {
    let made = make(&[("alice", 10), ("bob", 25)]);
    let mut shared = made.inclusion("alice").unwrap();
    let expected = InclusionError::OtherName { found: "alice".to_owned(), expected: "aileen".to_owned() };
    assert_eq!(shared.check("aileen"), Err(expected));
    // Under her name, it is another leaf.
    shared.name = "aileen".to_owned();
    assert_eq!(shared.check("aileen"), Err(InclusionError::OtherTree));
}

/// Attacker: an owner who shows a customer one leaf twice, in place of the second part of the balance.
#[test]
fn one_leaf_is_not_two_parts() {
    let mut file = make(&OWED).inclusion("carol").unwrap();
    let first = file.parts[0].clone();
    file.parts[1] = first.clone();
    assert_eq!(file.check("carol"), Err(InclusionError::Repeated));
    // Nor under another number that its way does not have.
    file.parts = vec![first.clone(), Part { index: first.index | 1 << first.siblings.len(), ..first }];
    assert_eq!(file.check("carol"), Err(InclusionError::OtherTree));
}

/// Attacker: an owner who writes a debt that is negative in effect beside those of customers: a sum that wraps around, or that
/// no leaves of 64 bits come to.
#[test]
fn no_sum_is_negative_or_overflows() {
    let honest = make(&OWED).inclusion("bob").unwrap();
    for (height, sum) in [(0, u128::MAX), (0, 1 << 64), (1, 1 << 65), (2, u128::MAX - 24)] {
        let mut file = honest.clone();
        file.parts[0].siblings[height].sum = sum;
        assert_eq!(file.check("bob"), Err(InclusionError::Sum), "{height}");
    }
    let node = |sum| Node { sum, hash: [0; 32] };
    assert_eq!(Node::over(&node(u128::MAX), &node(1)), None);
}

/// Attacker: an owner who states a smaller sum on the top than there is below, in the file or in a sibling.
#[test]
fn a_sum_that_differs_is_another_tree() {
    let honest = make(&OWED).inclusion("bob").unwrap();
    let mut less = honest.clone();
    less.top.sum -= 1;
    assert_eq!(less.check("bob"), Err(InclusionError::OtherTree));
    let mut sibling = honest.clone();
    sibling.parts[0].siblings[1].sum += 1;
    assert_eq!(sibling.check("bob"), Err(InclusionError::OtherTree));
    let mut amount = honest.clone();
    amount.parts[0].amount += 1;
    assert_eq!(amount.check("bob"), Err(InclusionError::OtherTree));
    // The same tree about something else has another root.
    let root = honest.check("bob").unwrap().root;
    let others = [
        Subject { snapshot: 4, ..subject() },
        Subject { asset: AssetId::new(3).unwrap(), ..subject() },
        Subject { genesis: GenesisHash([8; 32]), ..subject() },
    ];
    for other in others {
        let file = Inclusion { subject: other, ..honest.clone() };
        assert_ne!(file.check("bob").unwrap().root, root);
    }
}

/// Attacker: an owner who publishes a tree for each half of the customers. Both roots stand on the ledger.
#[test]
fn two_roots_are_evidence() {
    let [one, other] = [&OWED[..2], &OWED[2..]].map(|half| make(half).root());
    assert_ne!(one, other);
    for root in [one, other] {
        assert_eq!(Publication::of(&root, 2, Some(&one)), Publication::Several(2));
    }
}

/// Attacker: a customer who wants to know what others have. His file has no name but his, and equal balances of others have
/// nothing in common.
#[test]
fn a_file_names_nobody_else() {
    let file = make(&OWED).inclusion("bob").unwrap().to_bytes();
    for (name, _) in OWED {
        let is_there = file.windows(name.len()).any(|bytes| bytes == name.as_bytes());
        assert_eq!(is_there, name == "bob");
    }
    let [one, other] = [[1; 32], [2; 32]].map(|salt| Node::leaf("erin", &salt, 7).hash);
    assert_ne!(one, other);
}

#[test]
fn files_that_are_not_whole_are_refused() {
    let made = make(&OWED);
    let (owner, customer) = (made.to_bytes(), made.inclusion("carol").unwrap().to_bytes());
    for cut in 0..owner.len() {
        assert!(Liabilities::from_bytes(&owner[..cut]).is_err(), "{cut}");
    }
    for cut in 0..customer.len() {
        assert!(Inclusion::from_bytes(&customer[..cut]).is_err(), "{cut}");
    }
    for mut bytes in [owner.clone(), customer.clone()] {
        bytes.push(0);
        assert!(Liabilities::from_bytes(&bytes).is_err() && Inclusion::from_bytes(&bytes).is_err());
    }
    assert!(Liabilities::from_bytes(&customer).is_err() && Inclusion::from_bytes(&owner).is_err());
}
