use std::collections::HashSet;

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{
    breakages::{breakages, random_account, small_order_points, steal},
    examples::{Draft, Story, example},
    *,
};

#[test]
fn every_story_holds_in_every_shape() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for shape in Shape::ALL {
        for story in Story::ALL {
            for _ in 0..3 {
                let (public, witness) = example(shape, story, &mut rng);
                assert_eq!(violations(shape, &public, &witness), [], "{shape} {story:?}");
            }
        }
    }
}

#[test]
fn every_clause_has_a_breakage_that_breaks_it_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for shape in Shape::ALL {
        let mut clauses = HashSet::new();
        for breakage in breakages(shape, &mut rng) {
            let found = violations(shape, &breakage.public, &breakage.witness);
            assert_eq!(found, [breakage.clause], "{shape}: {}", breakage.name);
            clauses.insert(breakage.clause);
        }
        // Eight clauses an input, its path's levels (16 of the first, 2 of the others), three an output, nine more.
        // In audited pools one for each element of the ciphertext, and three more.
        let audit = if shape.is_audited() { shape.audit_elements() + 3 } else { 0 };
        let wanted = 8 * shape.inputs() + 16 + 2 * (shape.inputs() - 1) + 3 * shape.outputs() + 9 + audit;
        assert_eq!(clauses.len(), wanted, "{shape}");
    }
}

/// Attacker: the reader of a grant of receipts, if the choice between her own tag keys were any field element.
#[test]
fn a_reader_cannot_spend_what_she_reads() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let owner = random_account(&mut rng);
    let mut draft = Draft::random(Shape::TwoByThree, &mut rng);
    draft.deposit(crate::value::Value(1 << 60));
    draft.settle(1, 2);
    steal(&mut draft, 0, owner);
    let (public, stolen) = draft.finish(&mut rng);
    // The owner opens the same leaf, honestly: it is her note.
    let mut honest = stolen.clone();
    (honest.ak, honest.nk) = owner;
    honest.inputs[0].is_internal = Fr::ZERO;
    let leaf = input_commitment(&public, &honest, &honest.inputs[0]);
    assert_eq!(input_commitment(&public, &stolen, &stolen.inputs[0]), leaf);
    // They would show two nullifiers for it, so both would spend it.
    let nullifier = input_nullifier(&public, &stolen, &stolen.inputs[0]);
    assert_ne!(nullifier, input_nullifier(&public, &honest, &honest.inputs[0]));
    // One row stands between.
    let violations = violations(Shape::TwoByThree, &public, &stolen);
    assert_eq!(violations, [Violation::InputDirection { input: 0 }]);
}

/// Attacker: a payer who encrypts to a key of his own; one who keeps the ciphertext of an earlier transaction; one who leaves
/// it out, in a pool with auditors.
#[test]
fn only_the_auditors_of_the_pool_are_shown_this_very_transaction() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let shape = Shape::AuditedTwoByThree;
    let (public, witness) = example(shape, Story::Payment, &mut rng);
    let auditor = public.audit.as_ref().unwrap().auditor;
    let elements = (0..shape.audit_elements()).map(|element| Violation::AuditElement { element });
    let elements: Vec<_> = elements.collect();

    let mut own = public.clone();
    let (other, _) = random_account(&mut rng);
    examples::show(&mut own, &witness, other);
    own.audit.as_mut().unwrap().auditor = auditor;
    assert_eq!(violations(shape, &own, &witness), elements);

    let (mut later, witness_of_later) = example(shape, Story::Payment, &mut rng);
    later.audit = public.audit.clone();
    let violations = violations(shape, &later, &witness_of_later);
    assert_eq!(violations[0], Violation::AuditEphemeralKey);
    assert_eq!(violations[1..], elements);

    let (mut bare, mut without) = (public, witness);
    bare.audit = None;
    assert_eq!(holds(shape, &bare, &without), Err(Violation::Size));
    without.audit_secret = None;
    assert_eq!(holds(shape, &bare, &without), Err(Violation::Size));
    assert_eq!(holds(Shape::TwoByThree, &bare, &without), Ok(()));
}

#[test]
fn another_shape_is_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let (public, witness) = example(Shape::TwoByThree, Story::Payment, &mut rng);
    assert_eq!(holds(Shape::FourByFour, &public, &witness), Err(Violation::Size));
}

#[test]
fn public_inputs_stand_in_their_pinned_order() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for shape in Shape::ALL {
        let (public, _) = example(shape, Story::Withdrawal, &mut rng);
        assert_eq!(public.to_scalars().len(), TransferPublic::count(shape));
        assert_eq!(TransferPublic::names(shape).len(), TransferPublic::count(shape));
    }
    let (public, _) = example(Shape::TwoByThree, Story::Deposit, &mut rng);
    let scalars = public.to_scalars();
    let names = "anchor nf_0 nf_1 cm_0 cm_1 cm_2 st epoch pool rk_u rk_v v_pub asset_pub fee fee_asset ext";
    assert_eq!(TransferPublic::names(Shape::TwoByThree).join(" "), names);
    assert_eq!(scalars[0], public.anchor.to_scalar());
    assert_eq!(scalars[5], public.commitments[2].to_scalar());
    assert_eq!(scalars[10], public.rk.1);
    assert_eq!(scalars[11], -Fr::from(1 << 60));
    assert_eq!(scalars[15], Fr::zero());
}

#[test]
fn there_are_eight_points_of_small_order() {
    let points = small_order_points();
    let distinct: HashSet<_> = points.iter().map(AffinePoint::to_bytes).collect();
    assert_eq!(distinct.len(), 8);
    assert!(points.iter().all(|point| point.is_small_order().into()));
}

#[test]
fn witnesses_print_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let (_, witness) = example(Shape::TwoByThree, Story::Payment, &mut rng);
    let shown = format!("{witness:?} {:?} {:?}", witness.inputs[0], witness.outputs[0]);
    assert_eq!(shown, "TransferWitness(..) InputWitness(..) OutputWitness(..)");
}
