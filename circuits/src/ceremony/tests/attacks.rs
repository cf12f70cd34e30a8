//! Attackers of the rules: transcripts as cheats would write them.

use super::*;
use crate::{
    ceremony::{
        Beacon, ContributeError, ContributionsError, Element, InitialError, Place, PointFault, ReadError,
        contribution::{Author, Entry, Step},
        phase2::{BeginError, Phase2Error},
    },
    curve::{Affine, G1, G1Affine, G2, G2Affine, Group},
};
use louver_core::disclosure::Statement;

const DELTA: Element = Element::Delta;

/// The verdict on a transcript, as it is in its file.
fn verdict(phase2: &Phase2) -> Result<(), Phase2Error> {
    let read = Phase2::read(&phase2.to_bytes(), &mut Unwatched).unwrap();
    read.verify_with(&cube(), &source(8), &mut Unwatched).map(drop)
}

fn chain_verdict(phase2: &Phase2) -> ContributionsError {
    // A contributor meets the same refusal as a verifier.
    let Err(Phase2Error::Chain(checked)) = phase2.check(&mut Unwatched) else { panic!("it was let through") };
    let Err(Phase2Error::Chain(verified)) = verdict(phase2) else { panic!("it was let through") };
    assert_eq!(checked, verified);
    verified
}

fn beacon(value: u8) -> Beacon {
    Beacon::new(vec![value; 32], 10).unwrap()
}

fn steps(phase2: &mut Phase2, at: usize) -> &mut Step {
    match &mut phase2.chain.entries[at].author {
        Author::Contributor { steps, .. } => &mut steps[0],
        Author::Beacon { .. } => panic!("a beacon"),
    }
}

/// Applies a secret that is not written down anywhere.
fn apply(phase2: &mut Phase2, factor: Fr) {
    let factors = Factors::public(&[factor]).unwrap();
    work(|work| phase2.apply(&factors, work)).unwrap();
}

#[test]
fn an_honest_transcript_is_accepted_with_a_beacon_and_without() {
    let phase2 = contributed(&["Ada", "Bob", "Ada"]);
    verdict(&phase2).unwrap();
    let tip = phase2.tip();
    let closed = phase2.close(beacon(1), &mut Unwatched).unwrap();
    verdict(&closed).unwrap();
    let hashes: Vec<[u8; 32]> = closed.entered().map(|entered| entered.hash).collect();
    assert_eq!((hashes[2], hashes[3]), (tip, closed.tip()));
}

#[test]
fn swapped_contributions() {
    let mut phase2 = contributed(&["Ada", "Bob", "Cleo"]);
    phase2.chain.entries.swap(1, 2);
    assert_eq!(chain_verdict(&phase2), ContributionsError::Swapped { at: 2, follows: 2 + 1 });
    let mut phase2 = contributed(&["Ada", "Bob", "Cleo"]);
    phase2.chain.entries.swap(0, 1);
    assert_eq!(chain_verdict(&phase2), ContributionsError::Swapped { at: 1, follows: 2 });
}

#[test]
fn swapped_contributions_that_are_told_to_follow_each_other() {
    let mut phase2 = contributed(&["Ada", "Bob", "Cleo"]);
    phase2.chain.entries.swap(1, 2);
    let mut chain = phase2.chain.clone();
    chain.entries.clear();
    for mut entry in phase2.chain.entries.clone() {
        entry.previous = chain.tip();
        chain.entries.push(entry);
    }
    phase2.chain = chain;
    assert_eq!(chain_verdict(&phase2), ContributionsError::Unproven { at: 2, element: DELTA });
}

#[test]
fn a_repeated_contribution() {
    let mut phase2 = contributed(&["Ada", "Bob"]);
    let last = phase2.chain.entries[1].clone();
    phase2.chain.entries.push(last.clone());
    assert_eq!(chain_verdict(&phase2), ContributionsError::Repeated { at: 3, of: 2 });
    // As if it had been made for this place.
    phase2.chain.entries[2].previous = last.hash();
    assert_eq!(chain_verdict(&phase2), ContributionsError::Repeated { at: 3, of: 2 });
}

#[test]
fn the_same_secret_twice_even_by_its_owner() {
    let mut phase2 = begun();
    for _ in 0..2 {
        let factors = Factors::public(&[Fr::from(77)]).unwrap();
        phase2.chain.push(name("Ada"), &factors);
        work(|work| phase2.apply(&factors, work)).unwrap();
    }
    assert_eq!(chain_verdict(&phase2), ContributionsError::Repeated { at: 2, of: 1 });
}

#[test]
fn a_skipped_contribution() {
    for left_out in [0, 1] {
        let mut phase2 = contributed(&["Ada", "Bob", "Cleo"]);
        phase2.chain.entries.remove(left_out);
        assert_eq!(chain_verdict(&phase2), ContributionsError::Skipped { at: left_out + 1 });
    }
    // The last one is removed while its effect stays; then its effect is undone only in delta.
    let mut phase2 = contributed(&["Ada", "Bob"]);
    phase2.chain.entries.pop();
    assert!(matches!(verdict(&phase2), Err(Phase2Error::Last)));
    phase2.delta_g1 = phase2.chain.current()[0];
    assert!(matches!(verdict(&phase2), Err(Phase2Error::DeltaG2)));
}

#[test]
fn a_contribution_of_zero_cannot_be_read() {
    let places: [fn(&mut Phase2) -> Place; 6] = [
        |phase2| {
            steps(phase2, 1).factor = G1Affine::default();
            Place::Factor(2, DELTA)
        },
        |phase2| {
            steps(phase2, 1).after = G1Affine::default();
            Place::After(2, DELTA)
        },
        |phase2| {
            steps(phase2, 0).knowledge = G2Affine::default();
            Place::Knowledge(1, DELTA)
        },
        |phase2| {
            phase2.delta_g2 = G2Affine::default();
            Place::DeltaG2
        },
        |phase2| {
            phase2.l[3] = G1Affine::default();
            Place::L(3)
        },
        |phase2| {
            phase2.h[6] = G1Affine::default();
            Place::H(6)
        },
    ];
    for spoil in places {
        let mut phase2 = contributed(&["Ada", "Bob"]);
        let place = spoil(&mut phase2);
        let refused = Phase2::read(&phase2.to_bytes(), &mut Unwatched).unwrap_err();
        assert_eq!(refused, ReadError::Point { place, fault: PointFault::Identity });
        assert!(refused.to_string().contains("contribution of zero"));
    }
}

/// A point of the curve outside the subgroup.
fn stray() -> G1Affine {
    (0u8..=255)
        .filter_map(|x| {
            let mut bytes = [0u8; 48];
            (bytes[0], bytes[47]) = (0x80, x);
            G1Affine::from_compressed(&bytes).ok()
        })
        .find(|point| !point.in_subgroup() && !point.is_identity())
        .unwrap()
}

#[test]
fn an_element_outside_the_subgroup_cannot_be_read() {
    let stray = stray();
    // One that a pairing with the subgroup does not tell from the element that it stands in for.
    let shift = |point: &mut G1Affine| *point = G1::from(*point).add_affine(&stray).to_affine();
    type Target = fn(&mut Phase2) -> &mut G1Affine;
    let places: [(Place, Target); 4] = [
        (Place::After(2, DELTA), |phase2| &mut steps(phase2, 1).after),
        (Place::DeltaG1, |phase2| &mut phase2.delta_g1),
        (Place::L(0), |phase2| &mut phase2.l[0]),
        (Place::H(2), |phase2| &mut phase2.h[2]),
    ];
    for (place, element) in places {
        let mut phase2 = contributed(&["Ada", "Bob"]);
        shift(element(&mut phase2));
        let refused = Phase2::read(&phase2.to_bytes(), &mut Unwatched).unwrap_err();
        assert_eq!(refused, ReadError::Point { place, fault: PointFault::OutsideSubgroup });
    }
}

#[test]
fn delta_outside_the_subgroup_of_the_second_group_cannot_be_read() {
    let stray = (0u8..=255).find_map(|x| {
        let mut bytes = [0u8; 96];
        (bytes[0], bytes[95]) = (0x80, x);
        G2Affine::from_compressed(&bytes).ok().filter(|point| !point.in_subgroup() && !point.is_identity())
    });
    let mut phase2 = contributed(&["Ada"]);
    phase2.delta_g2 = G2::from(phase2.delta_g2).add_affine(&stray.unwrap()).to_affine();
    let refused = Phase2::read(&phase2.to_bytes(), &mut Unwatched).unwrap_err();
    assert_eq!(refused, ReadError::Point { place: Place::DeltaG2, fault: PointFault::OutsideSubgroup });
}

#[test]
fn a_contribution_that_changes_nothing() {
    let mut phase2 = contributed(&["Ada"]);
    let (previous, after) = (phase2.tip(), phase2.delta_g1);
    // With a secret of 1 the proof of knowledge is the challenge itself; whatever it is, this comes first.
    let step = Step { factor: G1Affine::generator(), after, knowledge: G2Affine::generator() };
    let author = Author::Contributor { name: name("Eve"), steps: vec![step] };
    phase2.chain.entries.push(Entry { previous, author });
    assert_eq!(chain_verdict(&phase2), ContributionsError::Unchanged { at: 2, element: DELTA });
}

#[test]
fn a_secret_that_its_author_does_not_know() {
    // Eve takes away what Ada and Bob did: she gives a delta whose logarithm she knows, and has no proof for the step.
    let mut phase2 = contributed(&["Ada", "Bob"]);
    let known = Fr::from(1234);
    let mine = G1::from(G1Affine::generator()).mul(&known.to_bytes()).to_affine();
    let previous = phase2.tip();
    let mut entry = Entry::contribute(
        previous,
        name("Eve"),
        &[G1Affine::generator()],
        &Factors::public(&[known]).unwrap(),
    );
    let fresh = begun();
    (phase2.delta_g1, phase2.delta_g2) = (fresh.delta_g1, fresh.delta_g2);
    (phase2.l, phase2.h) = (fresh.l, fresh.h);
    apply(&mut phase2, known);
    phase2.chain.entries.push(entry.clone());
    assert_eq!(phase2.delta_g1, mine);
    assert_eq!(chain_verdict(&phase2), ContributionsError::Unproven { at: 3, element: DELTA });
    // Nor does it help to leave the proof of another's secret.
    if let Author::Contributor { steps, .. } = &mut entry.author {
        steps[0].knowledge = G2::from(steps[0].knowledge).double().to_affine();
    }
    phase2.chain.entries[2] = entry;
    assert_eq!(chain_verdict(&phase2), ContributionsError::Unproven { at: 3, element: DELTA });
}

#[test]
fn a_proof_serves_for_one_name_and_one_place() {
    let mut phase2 = contributed(&["Ada", "Bob"]);
    if let Author::Contributor { name: who, .. } = &mut phase2.chain.entries[1].author {
        *who = name("Eve");
    }
    assert_eq!(chain_verdict(&phase2), ContributionsError::Unproven { at: 2, element: DELTA });
    // Ada's contribution to a ceremony with another phase 1, as the first of this one: as it is, and as if made for it.
    let other = Source::testing([8; 64], powers(8));
    let other = Phase2::begin_with(&cube(), &other, &mut Unwatched).unwrap();
    let other = other.contribute(name("Ada"), &Entropy::none(), &mut Unwatched).unwrap();
    let replayed = |previous: Option<[u8; 32]>| {
        let mut phase2 = begun();
        phase2.chain.entries.clone_from(&other.chain.entries);
        (phase2.delta_g1, phase2.delta_g2) = (other.delta_g1, other.delta_g2);
        (phase2.l, phase2.h) = (other.l.clone(), other.h.clone());
        phase2.chain.entries[0].previous = previous.unwrap_or(phase2.chain.entries[0].previous);
        phase2
    };
    assert_eq!(chain_verdict(&replayed(None)), ContributionsError::Skipped { at: 1 });
    let retold = replayed(Some(begun().tip()));
    assert_eq!(chain_verdict(&retold), ContributionsError::Unproven { at: 1, element: DELTA });
}

#[test]
fn parameters_that_do_not_follow() {
    // A single element of another's choice; all of H undivided; L and H in other proportion.
    let spoils: [fn(&mut Phase2); 4] = [
        |phase2| phase2.l[2] = G1Affine::generator(),
        |phase2| phase2.h = begun().h,
        |phase2| phase2.h.swap(0, 1),
        |phase2| {
            let double = |points: &mut Vec<G1Affine>| {
                points.iter_mut().for_each(|point| *point = G1::from(*point).double().to_affine());
            };
            double(&mut phase2.l);
            double(&mut phase2.h);
        },
    ];
    for spoil in spoils {
        let mut phase2 = contributed(&["Ada", "Bob"]);
        spoil(&mut phase2);
        // The contributions are in order: only the circuit tells.
        phase2.check(&mut Unwatched).unwrap();
        assert!(matches!(verdict(&phase2), Err(Phase2Error::Parameters)));
    }
    let mut phase2 = contributed(&["Ada"]);
    phase2.l.pop();
    let refused = verdict(&phase2);
    assert!(matches!(refused, Err(Phase2Error::Count { query: "L", needed: 4, found: 3 })), "{refused:?}");
    let mut phase2 = contributed(&["Ada"]);
    phase2.h.push(G1Affine::generator());
    assert!(matches!(verdict(&phase2), Err(Phase2Error::Count { query: "H", needed: 7, found: 8 })));
    // Delta undone in the second group, where proofs are checked.
    let mut phase2 = contributed(&["Ada"]);
    phase2.delta_g2 = G2Affine::generator();
    assert!(matches!(verdict(&phase2), Err(Phase2Error::DeltaG2)));
}

#[test]
fn another_circuit_and_another_phase_1() {
    let phase2 = contributed(&["Ada"]);
    let mut weaker = cube();
    weaker.system = weaker.system.without("cube");
    let refused = phase2.clone().verify_with(&weaker, &source(8), &mut Unwatched);
    assert!(matches!(refused, Err(Phase2Error::Circuit(CircuitId::Disclosure(Statement::NoteOpening)))));
    let mut renamed = cube();
    renamed.circuit = CircuitId::Disclosure(Statement::AccountKeys);
    let refused = phase2.clone().verify_with(&renamed, &source(8), &mut Unwatched);
    assert!(matches!(refused, Err(Phase2Error::Circuit(CircuitId::Disclosure(Statement::AccountKeys)))));
    let other = Source::testing([8; 64], powers(8));
    let refused = phase2.clone().verify_with(&cube(), &other, &mut Unwatched);
    assert!(matches!(refused, Err(Phase2Error::Phase1(hash)) if hash == [9; 64]));
    // Powers that are not those of the file that the hash names.
    let factors = Factors::public(&[2, 3, 5].map(Fr::from)).unwrap();
    let other = work(|work| powers(8).multiply(&factors, work)).unwrap();
    let refused = phase2.verify_with(&cube(), &Source::testing([9; 64], other), &mut Unwatched);
    assert!(matches!(refused, Err(Phase2Error::Parameters)));
}

#[test]
fn a_header_that_is_changed_afterwards() {
    let phase2 = contributed(&["Ada"]);
    for at in [9, 20, 60] {
        let mut bytes = phase2.to_bytes();
        bytes[at] ^= if at == 9 { 3 } else { 1 };
        let read = Phase2::read(&bytes, &mut Unwatched).unwrap();
        let Err(Phase2Error::Chain(refused)) = read.check(&mut Unwatched) else { panic!("byte {at}") };
        assert_eq!(refused, ContributionsError::Skipped { at: 1 });
    }
}

#[test]
fn nothing_follows_the_beacon() {
    let closed = contributed(&["Ada"]).close(beacon(1), &mut Unwatched).unwrap();
    let more = closed.clone().contribute(name("Eve"), &Entropy::none(), &mut Unwatched);
    assert!(matches!(more, Err(ContributeError::Closed)));
    let more = closed.clone().close(beacon(2), &mut Unwatched);
    assert!(matches!(more, Err(ContributeError::Closed)));
    // By hand, once as a contribution and once as a second beacon.
    let mut late = closed.clone();
    let factors = Factors::public(&[Fr::from(5)]).unwrap();
    late.chain.push(name("Eve"), &factors);
    work(|work| late.apply(&factors, work)).unwrap();
    assert_eq!(chain_verdict(&late), ContributionsError::AfterBeacon { at: 3 });
    let mut twice = closed.clone();
    let mut second = closed.chain.entries[1].clone();
    second.previous = closed.tip();
    twice.chain.entries.push(second);
    assert_eq!(chain_verdict(&twice), ContributionsError::AfterBeacon { at: 3 });
}

#[test]
fn a_beacon_of_another_value() {
    let closed = contributed(&["Ada"]).close(beacon(1), &mut Unwatched).unwrap();
    for other in [beacon(2), Beacon::new(vec![1; 32], 11).unwrap()] {
        let mut phase2 = closed.clone();
        if let Author::Beacon { beacon, .. } = &mut phase2.chain.entries[1].author {
            *beacon = other;
        }
        assert_eq!(chain_verdict(&phase2), ContributionsError::Beacon { element: DELTA });
    }
    // The value as it was, with a secret of the organiser's.
    let mut phase2 = contributed(&["Ada"]);
    apply(&mut phase2, Fr::from(1234));
    let author = Author::Beacon { beacon: beacon(1), after: vec![phase2.delta_g1] };
    phase2.chain.entries.push(Entry { previous: phase2.tip(), author });
    assert_eq!(chain_verdict(&phase2), ContributionsError::Beacon { element: DELTA });
}

#[test]
fn a_beacon_alone_protects_nothing() {
    assert!(matches!(begun().close(beacon(1), &mut Unwatched), Err(ContributeError::NothingToClose)));
    assert!(matches!(verdict(&begun()), Err(Phase2Error::Chain(ContributionsError::NoContribution))));
    // By hand.
    let mut phase2 = begun();
    let factor = work(|work| beacon(1).factors(&phase2.tip(), 1, work)).unwrap()[0];
    let previous = phase2.tip();
    apply(&mut phase2, factor);
    let author = Author::Beacon { beacon: beacon(1), after: vec![phase2.delta_g1] };
    phase2.chain.entries.push(Entry { previous, author });
    phase2.check(&mut Unwatched).unwrap();
    assert!(matches!(verdict(&phase2), Err(Phase2Error::Chain(ContributionsError::NoContribution))));
}

#[test]
fn a_variable_that_nothing_binds() {
    let mut subject = cube();
    Linear::alloc(&mut subject.system, "loose", None).unwrap();
    let refused = Phase2::begin_with(&subject, &source(8), &mut Unwatched);
    let Err(BeginError::Initial(refused)) = refused else { panic!("it was let through") };
    assert_eq!(refused, InitialError::Unbound("loose".into()));
    let refused = Phase2::begin_with(&cube(), &source(16), &mut Unwatched);
    let domain = InitialError::Domain { needed: 8, found: 16 };
    assert!(matches!(refused, Err(BeginError::Initial(found)) if found == domain));
}
