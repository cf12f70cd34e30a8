use super::*;
use crate::rotation::Rotation;
use crate::testing::{World, inflated, key, quorum};
use louver_chain::{
    inclusion::{Leaf, TRANSACTIONS, transactions_root},
    state::opening::Question,
    testing::coin,
};

/// Evidence against the authorities of genesis.
fn of(fault: Fault) -> Evidence {
    Evidence { handovers: Vec::new(), fault }
}

fn verify(world: &World, evidence: &Evidence) -> Result<(), EvidenceError> {
    assert_eq!(Evidence::from_bytes(&evidence.to_bytes()).as_ref(), Ok(evidence));
    evidence.verify(&world.hash(), &world.authorities)
}

/// It holds, and neither for other authorities nor another chain, nor with any byte altered.
fn holds(world: &World, evidence: &Evidence) {
    verify(world, evidence).unwrap();
    assert!(evidence.verify(&world.hash(), &quorum(1, &[7])).is_err());
    assert!(evidence.verify(&GenesisHash([1; 32]), &world.authorities).is_err());
    let bytes = evidence.to_bytes();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let held = Evidence::from_bytes(&flipped)
            .is_ok_and(|evidence| evidence.verify(&world.hash(), &world.authorities).is_ok());
        assert!(!held, "byte {at}");
    }
}

/// A server gains by accusing honest authorities.
#[test]
fn an_honest_chain_gives_no_evidence() {
    let world = World::new();
    for (earlier, later) in [(3, 4), (3, 3), (4, 3), (3, 17), (1, 20)] {
        let blocks = Box::new([world.sealed(earlier), world.sealed(later)]);
        assert!(verify(&world, &of(Fault::TwoHeads(blocks.clone()))).is_err());
        assert!(verify(&world, &of(Fault::Broken { blocks: blocks.clone(), link: Link::Previous })).is_err());
        for at in 0..later {
            let path = world.chain.history_path(at, later).unwrap().unwrap();
            let hash = if at == 0 { BlockHash(world.hash().0) } else { world.header(at).hash() };
            let link = Link::History { hash, path };
            assert!(verify(&world, &of(Fault::Broken { blocks: blocks.clone(), link })).is_err());
        }
    }
    let supply = world.chain.open_state(Question::Supply(coin())).unwrap().unwrap();
    let block = Box::new(world.sealed(20));
    let honest = of(Fault::Supply { block, supply: Box::new(supply) });
    assert_eq!(verify(&world, &honest), Err(EvidenceError::NothingWrong));
}

#[test]
fn two_branches_are_shown_by_any_two_of_their_blocks() {
    let world = World::new();
    let mut forked = world.header(5);
    forked.time += 1;
    let forked = world.seal(forked);
    holds(&world, &of(Fault::TwoHeads(Box::new([world.sealed(5), forked.clone()]))));
    let next = Box::new([forked.clone(), world.sealed(6)]);
    holds(&world, &of(Fault::Broken { blocks: next, link: Link::Previous }));
    let far = Box::new([forked, world.sealed(17)]);
    let path = world.chain.history_path(5, 17).unwrap().unwrap();
    let link = Link::History { hash: world.header(5).hash(), path };
    holds(&world, &of(Fault::Broken { blocks: far, link }));
}

/// A deposit of the world, with its place in block 2.
fn deposit(world: &World) -> (Transaction, usize) {
    let block = world.chain.block(2).unwrap().unwrap();
    let found = block.transactions().iter().cloned().enumerate();
    let mut shielded = found.filter_map(|(place, transaction)| Some((transaction.into_shielded()?, place)));
    shielded.next().unwrap()
}

/// Attacker: authorities who show a receiver's wallet another payment than was made.
#[test]
fn a_compact_form_that_is_not_the_transaction_s_own_is_shown() {
    let world = World::new();
    let (transaction, place) = deposit(&world);
    let asset = |world: &World| world.chain.open_state(Question::Asset(coin())).unwrap().unwrap();
    let mut leaves = world.chain.block(2).unwrap().unwrap().leaves();
    let evidence = |leaves: &[Leaf], assets| {
        let hashes: Vec<_> = leaves.iter().map(Leaf::hash).collect();
        let state_root = world.header(20).state_root;
        let header = Header { transactions_root: transactions_root(leaves), state_root, ..world.header(2) };
        let whole = Box::new(ChainTransaction::Shielded(Box::new(transaction.clone())));
        let proof = Box::new(ChainProof {
            shown: Shown::Whole { transaction: whole, compact: leaves[place].compact },
            place: TRANSACTIONS.path(&hashes, place as u64).unwrap(),
            block: header.clone(),
            history: None,
            head: world.seal(header),
        });
        of(Fault::CompactForm { proof, assets })
    };
    assert_eq!(verify(&world, &evidence(&leaves, vec![asset(&world)])), Err(EvidenceError::NothingWrong));
    leaves[place].compact = [3; 32];
    holds(&world, &evidence(&leaves, vec![asset(&world)]));
    // Without the transaction's assets nothing is shown.
    assert_eq!(verify(&world, &evidence(&leaves, Vec::new())), Err(EvidenceError::Proof));
}

/// Attacker: authorities who let more out of the pool than went in, and hide it in the state.
#[test]
fn a_pool_that_holds_more_than_was_issued_is_shown() {
    let world = World::new();
    let (state_root, supply) = inflated();
    let block = Box::new(world.seal(Header { state_root, ..world.header(5) }));
    holds(&world, &of(Fault::Supply { block, supply: Box::new(supply) }));
}

/// Two blocks of a height, and what handed over to those who sealed them.
fn heads(world: &World, after: &Header, by: &[u8], handovers: Vec<Handover>) -> Evidence {
    let (office, keys) = (quorum(1, by), by.iter().map(|number| key(*number)).collect::<Vec<_>>());
    let sealed = |time| {
        let header = Header { height: after.height + 1, previous: after.hash(), time, ..after.clone() };
        SealedHeader::sign(&world.hash(), header, &office, &keys)
    };
    let fault = Fault::TwoHeads(Box::new([sealed(after.time + 1), sealed(after.time + 2)]));
    Evidence { handovers, fault }
}

/// A block after another that hands over.
fn handover(world: &World, after: &Header, by: &Quorum, new: &Quorum, keys: &[u8]) -> Handover {
    let keys: Vec<_> = keys.iter().map(|number| key(*number)).collect();
    let step = world.rotation(after, by, new, &keys);
    Handover { sealed: step.sealed, rotation: step.rotation.unwrap() }
}

/// The handovers of a world to key 4, and from it to key 5.
fn twice(world: &World) -> [Handover; 2] {
    let (second, third) = (quorum(1, &[4]), quorum(1, &[5]));
    let first = handover(world, &world.header(5), &world.authorities, &second, &[1, 3, 4]);
    let next = handover(world, &first.sealed.header, &second, &third, &[4, 5]);
    [first, next]
}

/// Attacker: authorities who came into office by a change, and show two people two chains.
#[test]
fn later_authorities_are_convicted_before_whoever_starts_from_genesis() {
    let world = World::new();
    let [first, next] = twice(&world);
    let once = heads(&world, &first.sealed.header, &[4], vec![first.clone()]);
    holds(&world, &once);
    let last = next.sealed.header.clone();
    let evidence = heads(&world, &last, &[5], vec![first, next]);
    holds(&world, &evidence);
    // And before whoever knows later ones, by a block that was pinned.
    assert_eq!(evidence.verify(&world.hash(), &quorum(1, &[4])), Ok(()));
    assert_eq!(evidence.verify(&world.hash(), &quorum(1, &[5])), Ok(()));
    // The very block that hands over counts for the new ones.
    let [first, _] = twice(&world);
    let before = Header { height: 5, ..first.sealed.header.clone() };
    let at_once = heads(&world, &before, &[4], vec![first.clone()]);
    holds(&world, &at_once);
    let before = Header { height: 4, ..before };
    let early = heads(&world, &before, &[4], vec![first]);
    assert_eq!(verify(&world, &early), Err(EvidenceError::NotInOffice { height: 6 }));
}

/// Attacker: a stranger who accuses honest authorities by changes of authorities that he made up.
#[test]
fn changes_of_authorities_that_are_missing_or_forged_accuse_nobody() {
    let world = World::new();
    let [first, next] = twice(&world);
    let last = next.sealed.header.clone();
    let judged = |handovers: Vec<Handover>| verify(&world, &heads(&world, &last, &[5], handovers));
    assert!(matches!(judged(vec![]), Err(EvidenceError::Seal(_))));
    // One is skipped, either one; they stand the wrong way round, or twice.
    let missing = judged(vec![next.clone()]);
    assert!(matches!(missing, Err(EvidenceError::Handover { height: 7, error: RotationError::Seal(_) })));
    assert!(matches!(judged(vec![first.clone()]), Err(EvidenceError::Seal(_))));
    assert!(matches!(
        judged(vec![next.clone(), first.clone()]),
        Err(EvidenceError::Handover { height: 7, .. })
    ));
    let twice = judged(vec![first.clone(), first.clone(), next.clone()]);
    assert_eq!(twice, Err(EvidenceError::Order { height: 6 }));
    // By the old authorities alone, by the new ones alone, and with other authorities than the state names.
    let (second, third) = (quorum(1, &[4]), quorum(1, &[5]));
    let by = |keys: &[u8]| handover(&world, &world.header(5), &world.authorities, &third, keys);
    for forged in [by(&[1, 3]), by(&[5]), by(&[1, 5])] {
        let refused = verify(&world, &heads(&world, &forged.sealed.header.clone(), &[5], vec![forged]));
        assert!(matches!(refused, Err(EvidenceError::Handover { height: 6, .. })), "{refused:?}");
    }
    let by_itself = handover(&world, &last, &third, &third, &[5]);
    let refused = judged(vec![first.clone(), by_itself]);
    assert!(matches!(refused, Err(EvidenceError::Handover { height: 8, .. })), "{refused:?}");
    let other_state = Handover { rotation: next.rotation.clone(), ..first.clone() };
    let refused = judged(vec![other_state]);
    assert!(matches!(refused, Err(EvidenceError::Handover { error: RotationError::Opening(_), .. })));
    let other_seals = Rotation { seals: next.rotation.seals.clone(), ..first.rotation.clone() };
    let refused = judged(vec![Handover { rotation: other_seals, ..first.clone() }]);
    assert!(matches!(refused, Err(EvidenceError::Handover { error: RotationError::Seal(_), .. })));
    assert_eq!(first.verify(&world.hash(), &world.authorities), Ok(second));
}

#[test]
fn a_file_of_too_many_changes_is_not_evidence() {
    let world = World::new();
    let [first, _] = twice(&world);
    let evidence = |count| heads(&world, &world.header(5), &[4], vec![first.clone(); count]).to_bytes();
    assert!(Evidence::from_bytes(&evidence(Evidence::MOST_HANDOVERS)).is_ok());
    let refused = Evidence::from_bytes(&evidence(Evidence::MOST_HANDOVERS + 1));
    assert_eq!(refused, Err(DecodeError::OutOfRange { what: "number of changes of authorities" }));
    let mut first_version = evidence(0);
    first_version[MAGIC.len()] = 1;
    let refused = Evidence::from_bytes(&first_version);
    assert_eq!(refused, Err(DecodeError::UnknownTag { what: "version of evidence", tag: 1 }));
}
