use std::collections::HashSet;

use louver_core::{
    poseidon::{self, Domain},
    statement::{
        breakages::{Breakage, breakages},
        examples::{Story, example},
        violations,
    },
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{linear::Wire, matrices::Matrices, range::power_of_two, rank};

fn synthesize(shape: Shape, public: &TransferPublic, witness: &TransferWitness) -> Matrices {
    let mut cs = Matrices::with_witness();
    Transfer::with_witness(shape, public, witness).unwrap().synthesize(&mut cs).unwrap();
    cs
}

#[test]
fn every_story_satisfies_every_shape() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for shape in Shape::ALL {
        for story in Story::ALL {
            let (public, witness) = example(shape, story, &mut rng);
            let cs = synthesize(shape, &public, &witness);
            assert_eq!(cs.first_violation().map(|row| &row.name), None, "{shape} {story:?}");
            let inputs = (1..cs.inputs().len()).map(|index| cs.value(Wire::Input(index)).unwrap());
            assert!(inputs.eq(public.to_scalars()), "{shape} {story:?}");
        }
    }
}

#[test]
fn structure_does_not_depend_on_the_witness() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for shape in Shape::ALL {
        let mut bare = Matrices::without_witness();
        Transfer::of_shape(shape).synthesize(&mut bare).unwrap();
        for story in [Story::Empty, Story::Withdrawal] {
            let (public, witness) = example(shape, story, &mut rng);
            let cs = synthesize(shape, &public, &witness);
            assert!(cs.rows().iter().zip(bare.rows()).all(|(left, right)| left.sides == right.sides));
            assert_eq!((cs.constraints(), cs.aux()), (bare.constraints(), bare.aux()));
        }
    }
}

/// Synthesises the breakages of a shape that `chosen` takes; returns how many there were.
fn refuse(shape: Shape, mut chosen: impl FnMut(&Breakage) -> bool) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut catalogue = breakages(shape, &mut rng);
    catalogue.retain(|breakage| chosen(breakage));
    for breakage in &catalogue {
        let native = violations(shape, &breakage.public, &breakage.witness);
        assert_eq!(native, [breakage.clause], "{shape}: {}", breakage.name);
        let cs = synthesize(shape, &breakage.public, &breakage.witness);
        assert!(!cs.is_satisfied(), "{shape}: {}", breakage.name);
    }
    catalogue.len()
}

#[test]
fn every_breakage_is_refused() {
    assert!(refuse(Shape::TwoByThree, |_| true) > 60);
}

/// The clauses that audited shapes add: those that they share are the same code.
#[test]
fn every_breakage_of_the_audit_is_refused() {
    use louver_core::statement::Violation;
    let of_audit = |breakage: &Breakage| {
        matches!(
            breakage.clause,
            Violation::AuditSecretRange
                | Violation::AuditSharedIdentity
                | Violation::AuditEphemeralKey
                | Violation::AuditElement { .. }
        )
    };
    assert!(refuse(Shape::AuditedTwoByThree, of_audit) > 20);
}

/// The other shapes are the same code: here one breakage of each kind, all of them in the slow test.
#[test]
fn every_kind_of_breakage_is_refused_in_every_shape() {
    for shape in [Shape::FourByFour, Shape::EightByThree, Shape::TwoBySixteen, Shape::AuditedTwoBySixteen] {
        let mut kinds = HashSet::new();
        assert!(refuse(shape, |breakage| kinds.insert(core::mem::discriminant(&breakage.clause))) > 15);
    }
}

#[test]
#[ignore = "slow: hundreds of large circuits"]
fn every_breakage_is_refused_in_every_shape() {
    for shape in Shape::ALL {
        refuse(shape, |_| true);
    }
}

/// The commitment that an input opens.
fn leaf(public: &TransferPublic, witness: &TransferWitness, note: &InputWitness) -> Fr {
    let pool_epoch = public.pool.to_scalar() * power_of_two(16) + note.epoch;
    let [external, _, _, internal] =
        poseidon::lanes(Domain::Account, &[witness.ak.0, witness.ak.1, witness.nk, pool_epoch]);
    let tag_key = if note.is_internal == Fr::ZERO { external } else { internal };
    let tag = poseidon::hash(Domain::Tag, &[tag_key, note.pk_d_hash]);
    let asset = witness.main + note.is_fee_asset * (public.fee_asset.to_scalar() - witness.main);
    let m = note.index * power_of_two(144)
        + note.epoch * power_of_two(128)
        + asset * power_of_two(64)
        + note.value;
    poseidon::hash(Domain::Commitment, &[tag, note.rho, m, note.rcm])
}

/// The variables that a prover chooses freely, given the public inputs. All others must follow.
///
/// * `pk_d_hash`, `rho`: the nullifier fixes the commitment that they go into, so `rcm` follows; they are the note's.
/// * `tag` of an output: likewise, `rcm` follows from the commitment.
/// * the children of each level of a path: the tree's neighbours. The one that is the node itself is not among them.
///
/// `ak`, `nk`, `alpha`, assets and values are not here: `rk` and `st` with the bits fix them.
fn declared_free(public: &TransferPublic, witness: &TransferWitness) -> impl Fn(&str) -> bool {
    let mut free = HashSet::new();
    for (index, note) in witness.inputs.iter().enumerate() {
        free.extend([format!("input {index}/pk_d_hash"), format!("input {index}/rho")]);
        let mut node = leaf(public, witness, note);
        for (level, children) in note.path.iter().enumerate() {
            let siblings = (0..4).filter(|child| children[*child] != node);
            free.extend(siblings.map(|child| format!("input {index}/path/level {level}/child {child}")));
            node = poseidon::hash(Domain::Node, children);
        }
    }
    // In audited pools the ciphertext says the tags.
    for index in (0..witness.outputs.len()).filter(|_| public.audit.is_none()) {
        free.insert(format!("output {index}/tag"));
    }
    move |name| free.contains(name)
}

#[test]
fn everything_else_follows_from_what_is_declared_free() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for shape in Shape::ALL {
        for story in Story::ALL {
            if shape == Shape::TwoByThree || story == Story::FeeInAnotherAsset {
                let (public, witness) = example(shape, story, &mut rng);
                let cs = synthesize(shape, &public, &witness);
                let open = rank::undetermined(&cs, declared_free(&public, &witness));
                assert_eq!(open, Vec::<String>::new(), "{shape} {story:?}");
            }
        }
    }
}

/// The declared list is no longer than it has to be: nothing in it follows from the rest.
#[test]
fn what_is_declared_free_is_free() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let (public, witness) = example(Shape::TwoByThree, Story::Payment, &mut rng);
    let cs = synthesize(Shape::TwoByThree, &public, &witness);
    let declared = declared_free(&public, &witness);
    for name in ["input 0/pk_d_hash", "input 1/rho", "input 0/path/level 3/child", "output 2/tag"] {
        let open = rank::undetermined(&cs, |other| declared(other) && !other.starts_with(name));
        assert!(open.iter().any(|other| other.starts_with(name)), "{name}");
    }
}

#[test]
fn a_forgotten_row_is_found() {
    let forgotten = |story, names: &[&str]| {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let (public, witness) = example(Shape::TwoByThree, story, &mut rng);
        let cs = synthesize(Shape::TwoByThree, &public, &witness);
        for name in names {
            let without = cs.without(name);
            assert_eq!(without.constraints(), cs.constraints() - 1, "{name}");
            assert!(without.is_satisfied());
            assert_ne!(rank::undetermined(&without, declared_free(&public, &witness)), [""; 0], "{name}");
        }
    };
    let names = [
        "input 0/index/top bit",
        "input 1/is internal",
        "output 1/commitment",
        "account/ak/not of small order",
    ];
    forgotten(Story::Withdrawal, &names);
    forgotten(Story::FeeInAnotherAsset, &["main/top bit"]);
    // A note in the tree is fixed by the anchor and its neighbours too; a dummy only by its nullifier.
    let names = [
        "input 0/nullifier",
        "input 1/nullifier",
        "input 0/path/level 7/among the children",
        "transaction/spend tag",
    ];
    forgotten(Story::Deposit, &names);
}

#[test]
fn another_size_is_no_circuit() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (public, witness) = example(Shape::TwoByThree, Story::Payment, &mut rng);
    assert!(Transfer::with_witness(Shape::FourByFour, &public, &witness).is_none());
}
