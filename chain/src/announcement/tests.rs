use louver_core::{ledger::Genesis, store::MemoryStore};

use super::*;
use crate::{
    Action, BlockLimits, Candidate, Chain,
    state::opening::{Fact, Opening, OpeningError, Question},
    testing::{genesis, operation, person},
};

const AID: [u8; 32] = [5; 32];

fn chain() -> Chain<MemoryStore> {
    Chain::open(MemoryStore::default(), genesis()).unwrap()
}

fn topic(person_number: u8) -> AnnouncementTopic {
    let announcer = Account::of(&person(person_number));
    AnnouncementTopic { kind: AnnouncementKind::Reserves, announcer, subject: subject() }
}

fn subject() -> [u8; 32] {
    reserves_subject(&AID, AssetId::new(1).unwrap(), 3)
}

/// A block in which people announce hashes about the same subject.
fn announce(chain: &mut Chain<MemoryStore>, announced: &[(u8, u8)]) {
    let hash = chain.genesis_hash();
    let mut candidates = Vec::new();
    for (number, byte) in announced {
        let key = person(*number);
        let earlier = candidates.iter().filter(|(by, _)| by == number).count() as u64;
        let nonce = chain.nonce(&Account::of(&key)).unwrap() + earlier;
        let action =
            Action::Announce { kind: AnnouncementKind::Reserves, subject: subject(), hash: [*byte; 32] };
        let verified = operation(&hash, &key, nonce, action).verify(&hash).unwrap();
        candidates.push((*number, Candidate::Transparent(Box::new(verified))));
    }
    let candidates: Vec<_> = candidates.into_iter().map(|(_, candidate)| candidate).collect();
    let proposal = chain.propose(1, BlockLimits::default(), &candidates).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    chain.commit(proposal).unwrap();
}

fn shown(chain: &Chain<MemoryStore>, topic: AnnouncementTopic) -> (Opening, Announced) {
    let opening = chain.open_state(Question::Announced(topic)).unwrap().unwrap();
    let root = chain.block(chain.height()).unwrap().unwrap().header().state_root;
    match opening.verify(&root).unwrap() {
        Fact::Announced { topic: about, announced } if *about == topic => {
            let announced = *announced;
            (opening, announced)
        }
        fact => panic!("{fact:?}"),
    }
}

/// Attack: a stranger announces a root about somebody else's account, so that there seem to be two.
#[test]
fn what_a_stranger_announces_is_never_read_as_the_subjects() {
    let mut chain = chain();
    announce(&mut chain, &[(1, 7)]);
    let (_, before) = shown(&chain, topic(1));
    assert_eq!(before.count, 1);
    announce(&mut chain, &[(2, 8), (2, 9), (3, 7)]);
    let (own, after) = shown(&chain, topic(1));
    assert_eq!(after, before, "one root, as before");
    let (strangers, noise) = shown(&chain, topic(2));
    assert_eq!(noise.count, 2);
    // The same hash announced by another account has another head.
    assert_ne!(shown(&chain, topic(3)).1.head, before.head);
    // A server that shows the stranger's entry under the subject's name shows nothing.
    let root = chain.block(2).unwrap().unwrap().header().state_root;
    let renamed = |opening: &Opening, from: u8, to: u8| {
        let (from, to) = (Account::of(&person(from)).0, Account::of(&person(to)).0);
        let mut bytes = opening.to_bytes();
        let place = bytes.windows(32).position(|part| part == from).unwrap();
        bytes[place..place + 32].copy_from_slice(&to);
        Opening::from_bytes(&bytes).unwrap()
    };
    for (opening, from, to) in [(&strangers, 2, 1), (&own, 1, 2)] {
        assert!(matches!(renamed(opening, from, to).verify(&root), Err(OpeningError::Map(_))));
    }
}

/// Attack: whoever announced two roots for one snapshot hides the second, or changes their order.
#[test]
fn a_reader_of_all_announcements_comes_to_the_head_and_no_other_list_does() {
    let mut chain = chain();
    announce(&mut chain, &[(1, 7), (1, 8)]);
    announce(&mut chain, &[(1, 8)]);
    let (_, announced) = shown(&chain, topic(1));
    let all = announcements(&chain.ledger().state(), &topic(1), 0, 10).unwrap();
    let found: Vec<_> = all.iter().map(|one| (one.height, one.hash[0])).collect();
    assert_eq!(found, [(1, 7), (1, 8), (2, 8)]);
    assert_eq!(announcements(&chain.ledger().state(), &topic(1), 1, 1).unwrap(), all[1..2]);
    let read = |list: &[Announcement]| {
        let next = |read: Announced, one: &Announcement| read.and(&topic(1), one).unwrap();
        list.iter().fold(Announced::default(), next)
    };
    assert_eq!(read(&all), announced);
    let moved = Announcement { height: 3, ..all[2] };
    for other in [
        vec![all[0], all[2]],
        vec![all[1], all[0], all[2]],
        vec![all[0], all[1], moved],
        vec![all[0], all[1], all[2], all[2]],
    ] {
        assert_ne!(read(&other), announced);
    }
    // A roll-back takes them with it.
    chain.roll_back(1).unwrap();
    assert_eq!(shown(&chain, topic(1)).1, read(&all[..2]));
    chain.roll_back(0).unwrap();
    assert!(chain.ledger().store() == self::chain().ledger().store());
}

#[test]
fn subjects_of_reserves_differ_by_account_asset_and_snapshot() {
    let other = AssetId::new(2).unwrap();
    let (asset, aid) = (AssetId::new(1).unwrap(), AID);
    let subjects = [
        reserves_subject(&aid, asset, 0),
        reserves_subject(&[6; 32], asset, 0),
        reserves_subject(&aid, other, 0),
        reserves_subject(&aid, asset, 1),
    ];
    let distinct: std::collections::BTreeSet<_> = subjects.into_iter().collect();
    assert_eq!(distinct.len(), 4);
}

/// Attack: somebody fills the state for nothing. Where operations have a fee, an announcement pays the one of its kind.
#[test]
fn an_announcement_pays_its_own_fee() {
    let mut terms = genesis().terms().clone();
    terms.fees[0].operations.announcement = louver_core::value::Value(50);
    let genesis = Genesis::new(terms).unwrap();
    let chain = Chain::open(MemoryStore::default(), genesis.clone()).unwrap();
    let action = Action::Announce { kind: AnnouncementKind::LogHead, subject: AID, hash: [1; 32] };
    let free = operation(&genesis.hash(), &person(1), 0, action).verify(&genesis.hash()).unwrap();
    let refused = chain.check_operation(&[], &free, &[]);
    assert!(
        matches!(refused, Err(crate::ChainError::Operation(crate::OperationError::Fee(_)))),
        "{refused:?}"
    );
}
