use louver_core::disclosure::Statement;
use std::sync::LazyLock;

use super::*;
use crate::{circuit::CircuitId, curve::MODULUS, proving_key::tests::KEY};

static SOUND: LazyLock<Elements> = LazyLock::new(|| Elements::of_key(&KEY));

fn refusal(change: impl FnOnce(&mut Elements)) -> ElementsError {
    let mut elements = SOUND.clone();
    change(&mut elements);
    elements.to_key(CircuitId::Disclosure(Statement::NoteOpening), Provenance::Ceremony).unwrap_err()
}

/// A point of the curve outside the subgroup.
fn stray<P: Affine>() -> P {
    let candidates = (0u8..=255).filter_map(|byte| {
        let mut bytes = vec![0u8; P::COMPRESSED];
        bytes[0] = 0x80;
        *bytes.last_mut()? = byte;
        P::read(&bytes).ok()
    });
    candidates.into_iter().find(|point| !point.in_subgroup()).unwrap()
}

/// The same point with the modulus added to a coordinate: the same value in other limbs.
fn unreduced(point: G1Affine) -> G1Affine {
    let mut bytes = Vec::new();
    point.write_limbs(&mut bytes);
    let mut carry = false;
    for (limb, add) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(MODULUS) {
        let (sum, first) = u64::from_le_bytes(*limb).overflowing_add(add);
        let (sum, second) = sum.overflowing_add(u64::from(carry));
        carry = first || second;
        *limb = sum.to_le_bytes();
    }
    G1Affine::read_limbs(&bytes)
}

#[test]
fn sound_elements_make_the_key_that_they_came_from() {
    let key = SOUND.to_key(CircuitId::Disclosure(Statement::NoteOpening), Provenance::Development).unwrap();
    assert!(key.as_bytes() == KEY.as_bytes());
}

#[test]
fn counts_are_the_circuits() {
    type Change = fn(&mut Elements);
    let changes: [(Section, Change); 6] = [
        (Section::Verifying, |elements| elements.ic.truncate(1)),
        (Section::A, |elements| elements.a.push(G1Affine::generator())),
        (Section::BG1, |elements| elements.b_g1.clear()),
        (Section::BG2, |elements| elements.b_g2.truncate(7)),
        (Section::L, |elements| elements.l.push(G1Affine::generator())),
        (Section::H, |elements| elements.h.truncate(100)),
    ];
    for (section, change) in changes {
        assert!(matches!(refusal(change), ElementsError::Count { section: found, .. } if found == section));
    }
    let other = SOUND.to_key(CircuitId::Disclosure(Statement::AccountKeys), Provenance::Development);
    assert!(matches!(other, Err(ElementsError::Count { .. })));
}

#[test]
fn every_query_is_checked() {
    type Place = fn(&mut Elements) -> &mut G1Affine;
    let places: [(Section, Place); 4] = [
        (Section::A, |elements| elements.a.iter_mut().rfind(|point| !point.is_identity()).unwrap()),
        (Section::BG1, |elements| elements.b_g1.iter_mut().rfind(|point| !point.is_identity()).unwrap()),
        (Section::L, |elements| elements.l.last_mut().unwrap()),
        (Section::H, |elements| elements.h.last_mut().unwrap()),
    ];
    let fault = |error, section| match error {
        ElementsError::Point { section: found, fault, .. } if found == section => fault,
        other => panic!("{other}"),
    };
    for (section, place) in places {
        let stray = refusal(|elements| *place(elements) = stray());
        assert_eq!(fault(stray, section), ElementFault::OutsideSubgroup);
        let long = refusal(|elements| *place(elements) = unreduced(*place(elements)));
        assert_eq!(fault(long, section), ElementFault::OffCurve);
    }
    let stray_g2 = refusal(|elements| *elements.b_g2.last_mut().unwrap() = stray());
    assert_eq!(fault(stray_g2, Section::BG2), ElementFault::OutsideSubgroup);
    for (section, place) in &places[2..] {
        let nothing = refusal(|elements| *place(elements) = G1Affine::default());
        assert_eq!(fault(nothing, *section), ElementFault::Identity);
    }
}

#[test]
fn the_verifying_key_is_checked() {
    let fault = |error| match error {
        ElementsError::Verifying { element, fault } => (element, fault),
        other => panic!("{other}"),
    };
    let identity = |change: fn(&mut Elements)| {
        let (element, fault) = fault(refusal(change));
        assert_eq!(fault, ElementFault::Identity);
        element
    };
    assert_eq!(identity(|elements| elements.alpha_g1 = G1Affine::default()), Element::Alpha);
    assert_eq!(identity(|elements| elements.beta_g1 = G1Affine::default()), Element::BetaG1);
    assert_eq!(identity(|elements| elements.beta_g2 = G2Affine::default()), Element::BetaG2);
    assert_eq!(identity(|elements| elements.gamma_g2 = G2Affine::default()), Element::Gamma);
    assert_eq!(identity(|elements| elements.delta_g1 = G1Affine::default()), Element::DeltaG1);
    assert_eq!(identity(|elements| elements.delta_g2 = G2Affine::default()), Element::DeltaG2);
    assert_eq!(identity(|elements| elements.ic[1] = G1Affine::default()), Element::Input(1));
    let outside = refusal(|elements| elements.delta_g2 = stray());
    assert_eq!(fault(outside), (Element::DeltaG2, ElementFault::OutsideSubgroup));
}

#[test]
fn both_groups_have_the_same_exponents() {
    let unequal = |change: fn(&mut Elements)| match refusal(change) {
        ElementsError::Unequal(element) => element,
        other => panic!("{other}"),
    };
    assert_eq!(unequal(|elements| elements.beta_g1 = elements.alpha_g1), Element::BetaG2);
    assert_eq!(unequal(|elements| elements.delta_g1 = elements.alpha_g1), Element::DeltaG2);
    let present = SOUND.b_g1.iter().position(|point| !point.is_identity()).unwrap();
    let absent = SOUND.b_g1.iter().position(Affine::is_identity).unwrap();
    let changed = refusal(|elements| elements.b_g1[present] = elements.alpha_g1);
    assert!(matches!(changed, ElementsError::UnequalB));
    let gone = refusal(|elements| elements.b_g2[present] = G2Affine::default());
    assert!(matches!(gone, ElementsError::UnequalB));
    let added = refusal(|elements| elements.b_g1[absent] = elements.alpha_g1);
    assert!(matches!(added, ElementsError::UnequalB));
    // Two changes whose sum is nothing: the factors keep them apart.
    let other =
        present + 1 + SOUND.b_g1[present + 1..].iter().position(|point| !point.is_identity()).unwrap();
    let swapped = refusal(|elements| elements.b_g1.swap(present, other));
    assert!(matches!(swapped, ElementsError::UnequalB));
}
