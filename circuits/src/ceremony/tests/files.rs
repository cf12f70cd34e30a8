//! Phase 1 as a file: ours, and of the `powersoftau` tool.

use core::ops::ControlFlow;

use louver_core::{encoding::DecodeError, proof::Progress};

use super::*;
use crate::{
    ceremony::{
        Beacon, ContributeError, ContributionsError, Element, Place, PointFault, PowersError, ReadError,
        contribution::Author,
        phase1::{Phase1, Phase1Error},
        source::{Origin, SourceError},
    },
    curve::{Affine, G1, G1Affine, G2, G2Affine, Group, root_of_unity},
};

fn beacon() -> Beacon {
    Beacon::new(vec![1; 32], 10).unwrap()
}

fn contributed(names: &[&str]) -> Phase1 {
    names.iter().fold(Phase1::begin(3).unwrap(), |phase1, who| {
        phase1.contribute(name(who), &Entropy::none(), &mut Unwatched).unwrap()
    })
}

fn closed() -> Phase1 {
    contributed(&["Ada", "Bob"]).close(beacon(), &mut Unwatched).unwrap()
}

fn read(bytes: &[u8], domain: usize) -> Result<Source, SourceError> {
    Source::read(bytes, bytes.len() as u64, domain, &mut Unwatched)
}

/// Powers as `powersoftau` writes them, after its hash and before its public key.
fn foreign(powers: &Powers, compressed: bool) -> Vec<u8> {
    let mut bytes = vec![7; 64];
    let g1 = |point: &G1Affine| match compressed {
        true => point.to_compressed().to_vec(),
        false => point.to_uncompressed().to_vec(),
    };
    let g2 = |point: &G2Affine| match compressed {
        true => point.to_compressed().to_vec(),
        false => point.to_uncompressed().to_vec(),
    };
    bytes.extend(powers.tau_g1.iter().flat_map(g1));
    bytes.extend(powers.tau_g2.iter().flat_map(g2));
    bytes.extend(powers.alpha_tau.iter().flat_map(g1));
    bytes.extend(powers.beta_tau.iter().flat_map(g1));
    bytes.extend(g2(&powers.beta_g2));
    if compressed {
        bytes.extend([0; 1152]);
    }
    bytes
}

#[test]
fn a_phase_1_of_ours_serves_its_circuits() {
    let phase1 = closed();
    phase1.verify(&mut Unwatched).unwrap();
    let bytes = phase1.to_bytes();
    assert_eq!(Phase1::read(&bytes, &mut Unwatched).unwrap(), phase1);
    let source = read(&bytes, 8).unwrap();
    assert_eq!(source.origin(), Origin::Phase1 { contributors: 2 });
    assert_eq!(source.hash()[..], blake2b_simd::blake2b(&bytes).as_bytes()[..]);
    // For a smaller domain, the powers are a part of it.
    let smaller = read(&bytes, 4).unwrap();
    assert_eq!(smaller.hash(), source.hash());
    work(|work| smaller.powers.check(work)).unwrap();
    assert!(matches!(read(&bytes, 16), Err(SourceError::TooSmall { needed: 16, found: 8 })));
    Phase2::begin_with(&cube(), &source, &mut Unwatched).unwrap();
}

#[test]
fn a_phase_1_that_is_not_ready() {
    let open = contributed(&["Ada"]).to_bytes();
    assert!(matches!(read(&open, 8), Err(SourceError::Phase1(Phase1Error::Open))));
    let fresh = Phase1::begin(3).unwrap();
    fresh.check(&mut Unwatched).unwrap();
    let refused = fresh.verify(&mut Unwatched);
    assert!(matches!(refused, Err(Phase1Error::Chain(ContributionsError::NoContribution))));
    let nothing = fresh.close(beacon(), &mut Unwatched);
    assert!(matches!(nothing, Err(ContributeError::NothingToClose)));
    assert!(Phase1::begin(0).is_none() && Phase1::begin(21).is_none());
}

#[test]
fn cheats_in_phase_1() {
    let verdict = |spoil: &dyn Fn(&mut Phase1)| {
        let mut phase1 = contributed(&["Ada", "Bob", "Cleo"]);
        spoil(&mut phase1);
        Phase1::read(&phase1.to_bytes(), &mut Unwatched).unwrap().verify(&mut Unwatched).unwrap_err()
    };
    let chain = |spoil: &dyn Fn(&mut Phase1)| match verdict(spoil) {
        Phase1Error::Chain(refused) => refused,
        other => panic!("{other}"),
    };
    assert_eq!(chain(&|it| it.chain.entries.swap(0, 1)), ContributionsError::Swapped { at: 1, follows: 2 });
    assert_eq!(
        chain(&|it| it.chain.entries[2] = it.chain.entries[1].clone()),
        ContributionsError::Repeated { at: 3, of: 2 }
    );
    assert_eq!(chain(&|it| drop(it.chain.entries.remove(1))), ContributionsError::Skipped { at: 2 });
    // The proof for one secret does not serve for another; all proofs depend on all secrets.
    let mixed = chain(&|it| {
        if let Author::Contributor { steps, .. } = &mut it.chain.entries[2].author {
            steps[1] = steps[2];
        }
    });
    assert_eq!(mixed, ContributionsError::Unproven { at: 3, element: Element::Tau });
    // The last one left out.
    assert!(matches!(verdict(&|it| drop(it.chain.entries.pop())), Phase1Error::Last(Element::Tau)));

    let powers = |spoil: &dyn Fn(&mut Powers)| match verdict(&|it| spoil(&mut it.powers)) {
        Phase1Error::Powers(refused) => format!("{refused:?}"),
        other => panic!("{other}"),
    };
    let one = G1Affine::generator();
    let double = |point: &mut G1Affine| *point = G1::from(*point).double().to_affine();
    assert_eq!(powers(&|it| it.tau_g1[0] = it.tau_g1[1]), "Base(TauG1(0))");
    assert_eq!(powers(&|it| it.tau_g2[0] = it.tau_g2[1]), "Base(TauG2(0))");
    for power in [2, 14] {
        assert_eq!(powers(&|it| double(&mut it.tau_g1[power])), "TauG1");
    }
    assert_eq!(powers(&|it| it.tau_g2[1] = it.tau_g2[2]), "TauG2");
    assert_eq!(powers(&|it| it.tau_g2[7] = G2Affine::generator()), "TauG2");
    assert_eq!(powers(&|it| it.alpha_tau[7] = one), "Alpha");
    assert_eq!(powers(&|it| double(&mut it.beta_tau[1])), "Beta");
    assert_eq!(powers(&|it| it.beta_g2 = G2::from(it.beta_g2).double().to_affine()), "BetaG2");
}

#[test]
fn files_of_powersoftau() {
    let powers = powers(16);
    for compressed in [false, true] {
        let bytes = foreign(&powers, compressed);
        for domain in [4, 16] {
            let source = read(&bytes, domain).unwrap();
            assert_eq!(source.origin(), Origin::PowersOfTau);
            assert_eq!(source.powers, powers.clone().truncate(domain));
            assert_eq!(source.hash()[..], blake2b_simd::blake2b(&bytes).as_bytes()[..], "b2sum");
        }
        assert!(matches!(read(&bytes, 32), Err(SourceError::TooSmall { needed: 32, found: 16 })));
        assert!(matches!(read(&bytes[..bytes.len() - 1], 4), Err(SourceError::Unknown)));
        assert!(matches!(read(&[&bytes[..], &[0]].concat(), 4), Err(SourceError::Unknown)));
        // Shorter than it is said to be.
        let short = Source::read(&bytes[..200], bytes.len() as u64, 4, &mut Unwatched);
        assert!(matches!(short, Err(SourceError::Io(_))));
        // Powers without contributions.
        let fresh = read(&foreign(&Powers::ones(16), compressed), 4);
        assert!(matches!(fresh, Err(SourceError::Powers(PowersError::One(Element::Tau)))));
        // Beta in the second group stands at the end, behind what is read over.
        let mut spoiled = powers.clone();
        spoiled.beta_g2 = G2::from(spoiled.beta_g2).double().to_affine();
        let refused = read(&foreign(&spoiled, compressed), 4);
        assert!(matches!(refused, Err(SourceError::Powers(PowersError::BetaG2))));
        spoiled.tau_g1[5] = G1Affine::default();
        let refused = read(&foreign(&spoiled, compressed), 4);
        let zero = ReadError::Point { place: Place::TauG1(5), fault: PointFault::Identity };
        assert!(matches!(refused, Err(SourceError::Read(found)) if found == zero));
    }
}

#[test]
fn a_tau_in_the_domain() {
    let root = root_of_unity(3).unwrap();
    let factors = Factors::public(&[root, Fr::from(3), Fr::from(5)]).unwrap();
    let powers = work(|work| Powers::ones(8).multiply(&factors, work)).unwrap();
    let refused = read(&foreign(&powers, true), 8);
    assert!(matches!(refused, Err(SourceError::Powers(PowersError::Root))));
}

#[test]
fn malformed_files() {
    let bytes = closed().to_bytes();
    let refusal = |bytes: &[u8]| Phase1::read(bytes, &mut Unwatched).unwrap_err();
    assert_eq!(refusal(b"LouverP2"), ReadError::Kind);
    let tampered = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        refusal(&bytes)
    };
    assert!(matches!(tampered(8, 2), ReadError::Malformed(DecodeError::UnknownTag { .. })));
    assert!(matches!(tampered(9, 21), ReadError::Malformed(DecodeError::OutOfRange { .. })));
    assert!(matches!(tampered(9, 4), ReadError::Malformed(DecodeError::UnexpectedEnd { .. })));
    // A count of contributions that would take more memory than there is.
    assert!(matches!(tampered(13, 0xff), ReadError::Malformed(DecodeError::CountTooLarge { .. })));
    let longer = refusal(&[&bytes[..], &[0]].concat());
    assert_eq!(longer, ReadError::Malformed(DecodeError::TrailingBytes { count: 1 }));
    let phase2 = super::contributed(&["Ada"]).to_bytes();
    let refusal = |bytes: &[u8]| Phase2::read(bytes, &mut Unwatched).unwrap_err();
    assert_eq!(refusal(&bytes), ReadError::Kind);
    assert_eq!(
        refusal(&phase2[..phase2.len() - 1]),
        ReadError::Malformed(DecodeError::CountTooLarge { count: 7 })
    );
    let longer = refusal(&[&phase2[..], &[0]].concat());
    assert_eq!(longer, ReadError::Malformed(DecodeError::TrailingBytes { count: 1 }));
}

/// Stops at once.
struct Impatient;

impl Progress for Impatient {
    fn report(&mut self, _: u32, _: u32) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

#[test]
fn whoever_watches_can_stop_it() {
    let phase1 = contributed(&["Ada"]);
    let bytes = phase1.to_bytes();
    assert!(matches!(Phase1::read(&bytes, &mut Impatient), Err(ReadError::Cancelled(_))));
    assert!(matches!(
        phase1.check(&mut Impatient),
        Err(Phase1Error::Chain(ContributionsError::Cancelled(_)))
    ));
    let stopped = phase1.clone().contribute(name("Bob"), &Entropy::none(), &mut Impatient);
    assert!(matches!(stopped, Err(ContributeError::Cancelled(_))));
    assert!(matches!(phase1.close(beacon(), &mut Impatient), Err(ContributeError::Cancelled(_))));
    assert!(Phase2::begin_with(&cube(), &source(8), &mut Impatient).is_err());
    let phase2 = super::contributed(&["Ada"]);
    assert!(phase2.verify_with(&cube(), &source(8), &mut Impatient).is_err());
}
