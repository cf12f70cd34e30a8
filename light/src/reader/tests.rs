use louver_chain::{
    BlockLimits, Candidate,
    act::{Act, Deed, SignedAct},
    state::opening::{Fact, Question},
};

use super::*;
use crate::testing::{BLOCKS, PERIOD, World, inflated, key, quorum};

fn reader(world: &World) -> Reader {
    Reader::of_keys(world.genesis(), world.now())
}

fn kept(reader: &Reader) -> Reader {
    let again = Reader::from_bytes(&reader.to_bytes()).unwrap();
    assert_eq!(&again, reader);
    again
}

#[test]
fn a_chain_is_followed_block_by_block_and_by_any_leap() {
    let world = World::new();
    let mut slow = reader(&world);
    for height in 1..=BLOCKS {
        assert_eq!(slow.advance(world.step(height - 1, height), world.now()), Ok(Advance::Moved));
        slow = kept(&slow);
        // An older block, shown to be one that the head stands on.
        let older = Step { history: world.chain.history_path(1, height).unwrap(), ..world.step(0, 1) };
        assert_eq!(slow.advance(older, world.now()), Ok(Advance::Known));
    }
    for leap in 1..=BLOCKS {
        let mut quick = reader(&world);
        quick.advance(world.step(0, leap), world.now()).unwrap();
        if leap < BLOCKS {
            quick.advance(world.step(leap, BLOCKS), world.now()).unwrap();
        }
        assert_eq!(quick.head(), slow.head());
    }
    assert_eq!(slow.choice(), Choice::Keys);
    assert_eq!(Reader::of_nothing(world.genesis(), 0).choice(), Choice::Nothing);
}

#[test]
fn a_pinned_block_brings_its_authorities() {
    let world = World::new();
    let mut chain = world.chain;
    chain.roll_back(10).unwrap();
    let opening = chain.open_state(Question::Authorities).unwrap().unwrap();
    let other = chain.open_state(Question::Guardians).unwrap().unwrap();
    let world = World::new();
    let header = world.header(10);
    let pin = Pin { height: 10, hash: header.hash() };
    let of = |pin, header, opening| Reader::of_pin(world.hash(), pin, header, opening, world.now());
    let mut reader = of(pin, header.clone(), &opening).unwrap();
    assert_eq!(kept(&reader).choice(), Choice::Pin);
    reader.advance(world.step(10, BLOCKS), world.now()).unwrap();
    assert_eq!(of(pin, world.header(11), &opening), Err(ReadError::OtherThanPinned));
    assert_eq!(of(Pin { height: 11, ..pin }, header.clone(), &opening), Err(ReadError::OtherThanPinned));
    let other = of(pin, header, &other);
    assert_eq!(other, Err(ReadError::Rotation(RotationError::OtherFact)));
}

/// Attacker: a server that leads a reader to a chain of its own. It lies in each byte of what it serves, one at a time.
#[test]
fn no_altered_step_is_taken() {
    let world = World::new();
    let mut start = reader(&world);
    start.advance(world.step(0, 3), world.now()).unwrap();
    let rotation = {
        let new = quorum(1, &[4, 5]);
        world.rotation(&world.header(3), &world.authorities, &new, &[key(1), key(2), key(4)])
    };
    for step in [world.step(3, 4), world.step(3, 17), rotation] {
        start.clone().advance(step.clone(), world.now()).unwrap();
        let bytes = step.to_bytes();
        assert_eq!(Step::from_bytes(&bytes), Ok(step));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let Ok(step) = Step::from_bytes(&flipped) else { continue };
            let mut reader = start.clone();
            assert!(reader.advance(step, world.now()).is_err(), "byte {at}");
            assert_eq!(reader, start, "byte {at}");
        }
    }
}

/// Attacker: a server that gives a reader the head of another branch, or of no chain.
#[test]
fn a_head_stands_on_the_last_one() {
    let world = World::new();
    let mut reader = reader(&world);
    reader.advance(world.step(0, 3), world.now()).unwrap();
    let no_path = Step { history: None, ..world.step(3, 9) };
    assert_eq!(reader.advance(no_path, world.now()), Err(ReadError::NotOnHead { height: 9 }));
    let of_another = Step { history: world.chain.history_path(4, 9).unwrap(), ..world.step(3, 9) };
    assert_eq!(reader.advance(of_another, world.now()), Err(ReadError::NotOnHead { height: 9 }));
    let older = Step { history: None, ..world.step(0, 1) };
    assert_eq!(reader.advance(older, world.now()), Err(ReadError::NotUnderHead { height: 1 }));
    assert_eq!(reader.evidence(), None);
}

/// Attacker: a server of yesterday's keys, and one with a clock of its own.
#[test]
fn time_is_kept_by_the_reader() {
    let world = World::new();
    let (mut reader, time) = (reader(&world), world.header(1).time);
    assert_eq!(reader.advance(world.step(0, 1), time - 121), Err(ReadError::Ahead { seconds: 121 }));
    reader.advance(world.step(0, 1), time - 120).unwrap();
    // The keys were chosen at the time of the last block, and confirmed by none that is later.
    let late = world.now() + u64::from(PERIOD);
    assert_eq!(reader.advance(world.step(1, 2), late + 1), Err(ReadError::Expired));
    reader.advance(world.step(1, 2), late).unwrap();
    // An old block does not renew the trust in the keys.
    assert_eq!(reader.advance(world.step(2, 3), late + 1), Err(ReadError::Expired));
}

/// Attacker: a server that leads a reader to the block that changes the authorities, and leaves the change out, so that the
/// reader goes on trusting replaced keys and takes nothing of honest servers any more.
#[test]
fn a_change_of_authorities_that_was_left_out_is_made_up_for() {
    let (world, new) = (World::new(), quorum(1, &[4, 5]));
    let now = world.now();
    let mut start = reader(&world);
    start.advance(world.step(0, 3), now).unwrap();
    let step = world.rotation(&world.header(3), &world.authorities, &new, &[key(1), key(2), key(4)]);
    let mut straight = start.clone();
    straight.advance(step.clone(), now).unwrap();
    let mut misled = start;
    misled.advance(Step { rotation: None, ..step.clone() }, now).unwrap();
    assert_eq!(misled.authorities(), &world.authorities);
    // An honest server brings the change with the reader's own head.
    let mut healed = misled.clone();
    assert_eq!(healed.advance(step.clone(), now), Ok(Advance::Known));
    assert_eq!(healed, straight);
    assert_eq!(healed.advance(step.clone(), now), Ok(Advance::Known));
    assert_eq!(healed, straight);
    // The state under the head shows it, too.
    let rotation = step.rotation.clone().unwrap();
    let mut learnt = misled.clone();
    let proven = crate::Proven { steps: Vec::new(), openings: vec![rotation.authorities.clone()] };
    learnt.take(proven, now).unwrap();
    assert_eq!(learnt.authorities(), straight.authorities());
    // It goes on once it has the new ones' seals, by which it can accuse them before anybody.
    let after = |time: u64| {
        let last = &step.sealed.header;
        let header = Header { height: 5, previous: last.hash(), time: last.time + time, ..last.clone() };
        let sealed = SealedHeader::sign(&world.hash(), header, &new, &[key(4)]);
        Step { sealed, history: None, rotation: None }
    };
    let refused = learnt.advance(after(1), now);
    assert!(matches!(refused, Err(ReadError::Rotation(RotationError::Seal(_)))), "{refused:?}");
    let mut learnt = kept(&learnt);
    assert_eq!(learnt.advance(step.clone(), now), Ok(Advance::Known));
    assert_eq!(learnt, straight);
    learnt.advance(after(1), now).unwrap();
    assert_eq!(learnt.advance(after(2), now), Err(ReadError::Convicted));
    learnt.evidence().unwrap().verify(&world.hash(), &world.authorities).unwrap();
    // A change that the new authorities did not seal is none.
    let unsealed = Step { rotation: Some(Rotation { seals: Seals::default(), ..rotation }), ..step };
    let refused = misled.clone().advance(unsealed, now);
    assert!(matches!(refused, Err(ReadError::Rotation(_))), "{refused:?}");
}

#[test]
fn what_an_earlier_reader_knew_is_remembered() {
    let world = World::new();
    let now = world.now();
    let mut earlier = reader(&world);
    earlier.advance(world.step(0, 3), now).unwrap();
    let new = quorum(1, &[4, 5]);
    let step = world.rotation(&world.header(3), &world.authorities, &new, &[key(1), key(2), key(4)]);
    earlier.advance(step, now).unwrap();
    assert!(!earlier.is_expired(now + u64::from(PERIOD)) && earlier.is_expired(now + u64::from(PERIOD) + 2));
    let mut fresh = Reader { authorities: new.clone(), ..reader(&world) };
    fresh.remember(&earlier);
    fresh.remember(&earlier);
    assert_eq!(fresh.retired, earlier.retired);
    fresh.head = earlier.head.clone();
    let by_old = fresh.advance(world.step(4, 5), now);
    assert_eq!(by_old, Err(ReadError::Retired { height: 4 }));
}

/// Attacker: authorities who show two people two chains.
#[test]
fn two_heads_of_one_height_stop_the_reader() {
    let world = World::new();
    let mut reader = reader(&world);
    reader.advance(world.step(0, 5), world.now()).unwrap();
    let mut forked = world.header(5);
    forked.state_root[0] ^= 1;
    let unsealed = SealedHeader { header: forked.clone(), ..world.sealed(5) };
    let step = |sealed| Step { sealed, history: None, rotation: None };
    // Without the seals it is a server's lie, and the reader goes on.
    assert!(matches!(reader.advance(step(unsealed), world.now()), Err(ReadError::Seal(_))));
    let sealed = world.seal(forked);
    assert_eq!(reader.advance(step(sealed), world.now()), Err(ReadError::Convicted));
    let mut reader = kept(&reader);
    reader.evidence().unwrap().verify(&world.hash(), &world.authorities).unwrap();
    assert_eq!(reader.advance(world.step(5, 6), world.now()), Err(ReadError::Convicted));
}

/// Attacker: as above, one block later, or with a tree that loses leaves.
#[test]
fn a_sealed_block_that_cannot_follow_stops_the_reader() {
    let world = World::new();
    let alterations: [fn(&mut Header); 4] = [
        |header| header.previous.0[0] ^= 1,
        |header| header.time = 0,
        |header| header.tree_size -= 1,
        |header| header.anchor = louver_core::tree::Anchor::from_scalar(louver_core::spec::Fr::from(5)),
    ];
    for (number, alter) in (0..).zip(alterations) {
        let mut reader = reader(&world);
        // In block 10 nothing is added to the tree any more.
        reader.advance(world.step(0, 9), world.now()).unwrap();
        let mut header = world.header(10);
        alter(&mut header);
        let step = Step { sealed: world.seal(header), history: None, rotation: None };
        assert_eq!(reader.advance(step, world.now()), Err(ReadError::Convicted), "{number}");
        reader.evidence().unwrap().verify(&world.hash(), &world.authorities).unwrap();
    }
}

#[test]
fn a_pinned_head_is_not_sealed_and_convicts_nobody() {
    let world = World::new();
    let mut chain = World::new().chain;
    chain.roll_back(10).unwrap();
    let opening = chain.open_state(Question::Authorities).unwrap().unwrap();
    let pin = Pin { height: 10, hash: world.header(10).hash() };
    let mut reader = Reader::of_pin(world.hash(), pin, world.header(10), &opening, world.now()).unwrap();
    let mut other = world.header(10);
    other.time += 1;
    let step = Step { sealed: world.seal(other), history: None, rotation: None };
    assert_eq!(reader.advance(step, world.now()), Err(ReadError::OtherThanPinned));
    assert_eq!(reader.evidence(), None);
    reader.advance(world.step(10, 11), world.now()).unwrap();
}

/// A thief gains by keys that were replaced, and authorities by handing over to a friend alone.
#[test]
fn authorities_hand_over_by_a_block_that_both_seal() {
    let world = World::new();
    let mut reader = reader(&world);
    reader.advance(world.step(0, 5), world.now()).unwrap();
    let new = quorum(1, &[4, 5]);
    let (old, last) = (&world.authorities, world.header(5));
    let now = world.now();
    // By the old ones alone, and by the new ones alone.
    let half = world.rotation(&last, old, &new, &[key(1), key(2)]);
    assert!(matches!(
        reader.advance(half, now),
        Err(ReadError::Rotation(RotationError::Seal(SealError::TooFew { .. })))
    ));
    let half = world.rotation(&last, old, &new, &[key(4)]);
    assert!(matches!(reader.advance(half, now), Err(ReadError::Seal(SealError::TooFew { .. }))));
    let whole = world.rotation(&last, old, &new, &[key(1), key(2), key(4)]);
    let header = whole.sealed.header.clone();
    assert_eq!(reader.advance(whole, now), Ok(Advance::Moved));
    assert_eq!(reader.authorities(), &new);
    // The old keys seal another block of that height: it counts for nothing, and does not stop the reader.
    let mut stolen = header.clone();
    stolen.time += 1;
    let stolen = SealedHeader::sign(&world.hash(), stolen, old, &[key(1), key(2)]);
    let stolen = Step { sealed: stolen, history: None, rotation: None };
    let mut reader = kept(&reader);
    assert_eq!(reader.advance(stolen, now), Err(ReadError::Retired { height: 6 }));
    assert_eq!(reader.evidence(), None);
    let back = world.rotation(&header, &new, old, &[key(5), key(1), key(3)]);
    reader.advance(back, now).unwrap();
    assert_eq!(reader.authorities(), old);
}

/// The chain's own act hands over: the state under its block shows the new authorities.
#[test]
fn an_act_of_the_chain_hands_over() {
    let mut world = World::new();
    let mut reader = reader(&world);
    reader.advance(world.step(0, BLOCKS), world.now()).unwrap();
    let new = quorum(1, &[4, 5]);
    let act = Act { sequence: 0, deed: Deed::RotateAuthorities(new.clone()) };
    let signatures = [key(1), key(2)].map(|key| act.sign(&world.hash(), &key)).to_vec();
    let act = Candidate::Act(Box::new(SignedAct::new(act, signatures)));
    let proposal = world.chain.propose(world.now(), BlockLimits::default(), &[act]).unwrap();
    assert!(proposal.refused().is_empty(), "{:?}", proposal.refused());
    world.chain.commit(proposal).unwrap();
    let header = world.header(BLOCKS + 1);
    let authorities = world.chain.open_state(Question::Authorities).unwrap().unwrap();
    let seals = Seals::sign(&world.hash(), header.hash(), &new, &[key(5)]);
    let rotation = Some(Rotation { authorities, seals });
    let step = Step { sealed: world.seal(header), history: None, rotation };
    assert_eq!(reader.advance(step, world.now()), Ok(Advance::Moved));
    assert_eq!(reader.authorities(), &new);
}

#[test]
fn a_state_is_opened_under_the_head() {
    let world = World::new();
    let mut reader = reader(&world);
    reader.advance(world.step(0, BLOCKS), world.now()).unwrap();
    let opening = world.chain.open_state(Question::Supply(louver_chain::testing::coin())).unwrap().unwrap();
    let root = &reader.head().header().unwrap().state_root;
    assert!(matches!(opening.verify(root), Ok(Fact::Supply { in_pool, .. }) if in_pool.0 == 35));
}

/// Attacker: authorities who came into office by a change, and whose first block belongs to another branch than the change.
#[test]
fn those_who_came_into_office_are_convicted_by_their_first_blocks() {
    let world = World::new();
    let (now, new) = (world.now(), quorum(1, &[4, 5]));
    let mut start = reader(&world);
    start.advance(world.step(0, 5), now).unwrap();
    let step = world.rotation(&world.header(5), &world.authorities, &new, &[key(1), key(2), key(4)]);
    let change = step.sealed.header.clone();
    start.advance(step, now).unwrap();
    let by_new = |header| {
        let sealed = SealedHeader::sign(&world.hash(), header, &new, &[key(5)]);
        Step { sealed, history: None, rotation: None }
    };
    let next = Header { height: 7, previous: BlockHash([1; 32]), ..change.clone() };
    let same_height = Header { time: change.time + 1, ..change };
    for header in [next, same_height] {
        let mut reader = start.clone();
        assert_eq!(reader.advance(by_new(header), now), Err(ReadError::Convicted));
        let evidence = kept(&reader).evidence().unwrap().clone();
        evidence.verify(&world.hash(), &world.authorities).unwrap();
        // A reader that has not seen the change takes it, too.
        let mut other = self::reader(&world);
        other.convict(evidence).unwrap();
        assert!(other.evidence().is_some());
    }
}

/// Attacker: a thief of keys that were replaced, who would stop everybody by two heads that they seal.
#[test]
fn evidence_by_replaced_keys_warns_and_stops_nobody() {
    let world = World::new();
    let (now, new) = (world.now(), quorum(1, &[4, 5]));
    let mut fresh = reader(&world);
    fresh.advance(world.step(0, 5), now).unwrap();
    let mut reader = fresh.clone();
    let step = world.rotation(&world.header(5), &world.authorities, &new, &[key(1), key(2), key(4)]);
    reader.advance(step, now).unwrap();
    let mut forked = world.header(5);
    forked.time += 1;
    let fault = Fault::TwoHeads(Box::new([world.sealed(5), world.seal(forked)]));
    let stolen = Evidence { handovers: Vec::new(), fault };
    assert_eq!(reader.convict(stolen.clone()), Err(EvidenceError::Retired { height: 6 }));
    // By friends to whom the stolen keys hand over, too.
    let friends = quorum(1, &[7]);
    let step = world.rotation(&world.header(8), &world.authorities, &friends, &[key(1), key(2), key(7)]);
    let handovers = vec![Handover { sealed: step.sealed, rotation: step.rotation.unwrap() }];
    let heads = [1, 2].map(|time| {
        let header = Header { height: 10, time, ..world.header(9) };
        SealedHeader::sign(&world.hash(), header, &friends, &[key(7)])
    });
    let by_friends = Evidence { handovers, fault: Fault::TwoHeads(Box::new(heads)) };
    assert_eq!(reader.convict(by_friends), Err(EvidenceError::Retired { height: 6 }));
    assert_eq!(kept(&reader).evidence(), None);
    // Keys that are in office answer for what they sealed.
    fresh.convict(stolen).unwrap();
    assert_eq!(fresh.advance(world.step(5, 6), now), Err(ReadError::Convicted));
}

/// A block that was pinned is trusted without seals: its false state is refused, and accuses nobody.
#[test]
fn a_false_supply_under_a_pinned_block_is_refused() {
    let world = World::new();
    let (state_root, supply) = inflated();
    let header = Header { state_root, ..world.header(10) };
    let head = Head::of(SealedHeader { header, seals: Seals::default() });
    let mut reader = Reader { head, choice: Choice::Pin, ..reader(&world) };
    let proven = crate::Proven { steps: vec![], openings: vec![supply] };
    let refused = reader.take(proven, world.now());
    assert_eq!(refused, Err(ReadError::Supply { asset: louver_chain::testing::coin() }));
    assert_eq!(reader.evidence(), None);
}
