use louver_core::{
    asset::AssetId,
    encoding::{Decode, Encode},
    ledger::testing::Draft,
    store::MemoryStore,
    tree::Anchor,
    value::Value,
};

use super::{
    opening::{Fact, Opening, OpeningError, Question},
    *,
};
use crate::{
    Account, Action, BlockLimits, Candidate, Chain,
    announcement::{Announced, Announcement, AnnouncementKind, AnnouncementTopic},
    testing::{ZeroProofs, coin, context, mint, operation, person, signed},
};

fn alice() -> Account {
    Account::of(&person(1))
}

fn other_coin() -> AssetId {
    AssetId::new(2).unwrap()
}

/// The log of a member of a committee, announced by an account.
fn log_of(announcer: Account) -> AnnouncementTopic {
    AnnouncementTopic { kind: AnnouncementKind::LogHead, announcer, subject: [5; 32] }
}

fn announce(hash: [u8; 32]) -> Action {
    Action::Announce { kind: AnnouncementKind::LogHead, subject: [5; 32], hash }
}

/// A chain on which an asset was registered, and of 1000 units of the coin, Alice put 5 into the pool.
fn chain() -> Chain<MemoryStore> {
    let hash = genesis().hash();
    let mut chain = Chain::open(MemoryStore::default(), genesis()).unwrap();
    let draft = Draft::deposit(8, Anchor::empty_tree(), alice().into(), coin(), 5);
    let deposit = signed(&genesis(), &draft, Some(&person(1)));
    let deposit = deposit.verify(context(&genesis(), &draft), &ZeroProofs::default()).unwrap();
    let register = Action::RegisterAsset { symbol: "EURX".into(), decimals: 2, reference: Vec::new() };
    let transparent =
        |operation: crate::Operation| Candidate::Transparent(Box::new(operation.verify(&hash).unwrap()));
    let candidates = [
        transparent(mint(&hash, 0, &person(1), 1_000)),
        transparent(operation(&hash, &person(1), 0, register)),
        transparent(operation(&hash, &person(1), 1, announce([6; 32]))),
        Candidate::Shielded(Box::new(deposit)),
    ];
    let proposal = chain.propose(1, BlockLimits::default(), &candidates).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    chain.commit(proposal).unwrap();
    // The first block after the first epoch and its grace, and the one whose state takes in the snapshot.
    for time in [48, 49] {
        let proposal = chain.propose(time, BlockLimits::default(), &[]).unwrap();
        chain.commit(proposal).unwrap();
    }
    chain
}

/// A chain whose state takes in a snapshot one block after the first of the next epoch.
fn genesis() -> Genesis {
    let mut terms = crate::testing::genesis().terms().clone();
    terms.snapshots.delay = 1;
    Genesis::new(terms).unwrap()
}

fn snapshots(chain: &Chain<MemoryStore>) -> Vec<SnapshotEntry> {
    let snapshots = chain.ledger().snapshots().unwrap();
    assert_eq!(snapshots.len(), 1);
    snapshots
}

fn root(chain: &Chain<MemoryStore>) -> [u8; 32] {
    chain.block(chain.height()).unwrap().unwrap().header().state_root
}

fn questions() -> Vec<Question> {
    let absent = AssetId::new(99).unwrap();
    vec![
        Question::Asset(coin()),
        Question::Asset(other_coin()),
        Question::Supply(coin()),
        Question::Supply(absent),
        Question::Balance(alice(), coin()),
        Question::Balance(alice(), other_coin()),
        Question::Balance(Account([9; 32]), coin()),
        Question::Operations(alice()),
        Question::Operations(Account([9; 32])),
        Question::Rules,
        Question::Authorities,
        Question::Guardians,
        Question::Auditors,
        Question::Snapshot(0),
        Question::Announced(log_of(alice())),
        Question::Announced(log_of(Account([9; 32]))),
    ]
}

#[test]
fn every_record_is_shown_under_the_header() {
    let chain = chain();
    for question in questions() {
        let opening = chain.open_state(question).unwrap().unwrap();
        assert_eq!(Opening::from_bytes(&opening.to_bytes()), Ok(opening.clone()));
        let fact = opening.verify(&root(&chain)).unwrap();
        match fact {
            Fact::Asset(descriptor) => assert!([coin(), other_coin()].contains(&descriptor.id())),
            Fact::Supply { asset, issued, in_pool } => {
                let right = if *asset == coin() { (1_000, 5) } else { (0, 0) };
                assert_eq!((issued.0, in_pool.0), right);
            }
            Fact::Balance { account, asset, amount } => {
                // A deposit of 5 and its fee of 1.
                let right = if (*account, *asset) == (alice(), coin()) { 994 } else { 0 };
                assert_eq!(amount.0, right);
            }
            Fact::Operations { account, count } => assert_eq!(*count, 2 * u64::from(*account == alice())),
            Fact::Rules(rules) => assert_eq!(rules[0].switched_off, None),
            Fact::Authorities { sequence: 0, finality } => assert_eq!(finality, &genesis().terms().finality),
            Fact::Guardians { sequence: 0, guardians } => {
                assert_eq!(guardians, &genesis().terms().guardians);
            }
            Fact::Announced { topic, announced: found } => {
                let once = Announced::default().and(topic, &Announcement { height: 1, hash: [6; 32] });
                let right = if topic.announcer == alice() { once } else { None };
                assert_eq!(*found, right.unwrap_or_default());
            }
            Fact::Snapshot { index, entry } => assert_eq!((*index, entry), (0, &snapshots(&chain)[0])),
            Fact::Auditors(auditors) => assert!(auditors.is_empty()),
            fact => panic!("{fact:?}"),
        }
    }
    assert!(chain.open_state(Question::Asset(AssetId::new(99).unwrap())).unwrap().is_none());
    assert!(chain.open_state(Question::Snapshot(1)).unwrap().is_none());
}

/// Attacker: a server that shows another symbol, supply, balance, rule or key than the chain has.
#[test]
fn no_altered_opening_holds() {
    let chain = chain();
    for question in questions() {
        let bytes = chain.open_state(question).unwrap().unwrap().to_bytes();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let Ok(opening) = Opening::from_bytes(&flipped) else { continue };
            let Ok(fact) = opening.verify(&root(&chain)) else { continue };
            // One leaf shows of many keys that they have nothing: that is true of each of them.
            let again = match fact {
                Fact::Supply { asset, issued: Value::ZERO, in_pool: Value::ZERO } => Question::Supply(*asset),
                Fact::Balance { account, asset, amount: Value::ZERO } => Question::Balance(*account, *asset),
                Fact::Operations { account, count: 0 } => Question::Operations(*account),
                Fact::Announced { topic, announced: Announced { count: 0, .. } } => {
                    Question::Announced(*topic)
                }
                fact => panic!("byte {at} of {question:?} makes {fact:?} hold"),
            };
            assert_eq!(chain.open_state(again).unwrap().unwrap().fact(), fact, "byte {at} of {question:?}");
        }
    }
}

/// Attacker: a server that shows a record of the state before.
#[test]
fn a_record_of_another_state_does_not_hold() {
    let mut chain = chain();
    let openings: Vec<_> =
        questions().into_iter().map(|question| chain.open_state(question).unwrap().unwrap()).collect();
    let hash = genesis().hash();
    let pay = Action::Transfer { asset: coin(), amount: Value(1), to: Account([9; 32]) };
    let pay = operation(&hash, &person(1), 2, pay).verify(&hash).unwrap();
    let proposal =
        chain.propose(50, BlockLimits::default(), &[Candidate::Transparent(Box::new(pay))]).unwrap();
    chain.commit(proposal).unwrap();
    for opening in openings {
        assert!(matches!(opening.verify(&root(&chain)), Err(OpeningError::Section(_))));
    }
}

/// The state of a chain is that of its records, whatever the way there: made at once from all records that it has.
#[test]
fn the_root_is_that_of_the_records_alone() {
    let mut chain = chain();
    let at_one = root(&chain);
    assert_eq!(super::root(&chain.ledger().state()).unwrap(), Some(at_one));
    chain.roll_back(0).unwrap();
    let fresh = Chain::open(MemoryStore::default(), genesis()).unwrap();
    assert!(chain.ledger().store() == fresh.ledger().store());
    assert_ne!(super::root(&chain.ledger().state()).unwrap(), Some(at_one));
}

/// Every section shows in the root, under its own label.
#[test]
fn sections_are_labelled_and_in_their_order() {
    let sections = Sections::of(&genesis());
    let mut seen = std::collections::BTreeSet::from([sections.root()]);
    for section in Section::ALL {
        let mut other = sections.clone();
        other.set(section, [7; 32]);
        assert!(seen.insert(other.root()), "{}", section.label());
        assert_ne!(section.leaf(&[7; 32]), Section::ALL[(section as usize + 1) % 10].leaf(&[7; 32]));
    }
    assert_eq!(Section::ALL.map(|section| section as usize), core::array::from_fn(|place| place));
}
