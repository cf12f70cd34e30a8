//! Tests that the circuits of runs have in common.

use std::collections::HashSet;

use bellman::{Circuit, SynthesisError};
use louver_core::disclosure::{
    HeldNote, ReceivedNote, ShownSum,
    examples::{RunBreakage, RunCase, RunNote, RunStory, run_case},
};
use louver_core::value::Value;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    assignment::assert_agrees,
    disclosure::{HoldingsCircuit, TotalCircuit},
    linear::Wire,
    matrices::{Constraint, Matrices},
    rank,
};

/// A statement that is proven in runs.
pub(crate) trait InRuns: RunNote {
    /// The circuit with a case.
    fn circuit(case: &RunCase<Self>) -> impl Circuit<Fr> + Copy;

    /// The public inputs of a case.
    fn scalars(case: &RunCase<Self>) -> Vec<Fr>;
}

impl InRuns for HeldNote {
    fn circuit(case: &RunCase<Self>) -> impl Circuit<Fr> + Copy {
        HoldingsCircuit::of_any_size(&case.claim, &case.opening, &case.witness)
    }

    fn scalars(case: &RunCase<Self>) -> Vec<Fr> {
        case.claim.to_scalars()
    }
}

impl InRuns for ReceivedNote {
    fn circuit(case: &RunCase<Self>) -> impl Circuit<Fr> + Copy {
        TotalCircuit::of_any_size(&case.claim, &case.opening, &case.witness)
    }

    fn scalars(case: &RunCase<Self>) -> Vec<Fr> {
        case.claim.to_scalars()
    }
}

pub(crate) fn synthesize<N: InRuns>(case: &RunCase<N>) -> Matrices {
    let mut system = Matrices::with_witness();
    N::circuit(case).synthesize(&mut system).unwrap();
    system
}

/// Cases of every kind hold, in the circuit as in the relation, and leave nothing open beside preimages of hashes.
pub(crate) fn assert_true_cases_hold<N: InRuns>() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (notes, is_first) in [(0, true), (1, false), (3, true), (3, false)] {
        let mut case = run_case::<N>(RunStory { entries: 3, notes, is_first }, &mut rng);
        for shown in [case.step().shown, ShownSum::Nothing] {
            case.step().shown = shown;
            assert_eq!(case.violations(), []);
            let system = synthesize(&case);
            assert_eq!(system.first_violation().map(|row| &row.name), None);
            let public = (1..system.inputs().len()).map(|index| system.value(Wire::Input(index)).unwrap());
            assert!(public.eq(N::scalars(&case)));
        }
        let system = synthesize(&case);
        assert_agrees(N::circuit(&case), "run");
        // A linear test cannot see preimages of hashes: nk, what was counted before, the contents of the notes, the leaves
        // and the siblings on all paths. A dummy's value has no inverse.
        let hidden = ["index", "epoch", "value", "pk_d_hash", "rho", "rcm"];
        let leaf = ["value high", "value low", "next high", "next low"];
        let dummies: Vec<String> = (notes..3).map(|index| format!("note {index}/inverse")).collect();
        let free = |name: &str| {
            let of_note = name.strip_prefix("note ").and_then(|rest| rest.split_once('/'));
            ["account/nk", "before/sum", "before/last", "before/count"].contains(&name)
                || of_note.is_some_and(|(_, part)| hidden.contains(&part))
                || of_note
                    .and_then(|(_, part)| part.strip_prefix("absence/"))
                    .is_some_and(|part| leaf.contains(&part))
                || name.contains("/child ")
                || dummies.iter().any(|dummy| dummy == name)
        };
        assert_eq!(rank::undetermined(&system, free), [""; 0]);
    }
}

/// The circuit refuses every case that breaks a clause of the relation.
pub(crate) fn assert_breakages_are_refused<N: InRuns>(breakages: Vec<RunBreakage<N>>) {
    for RunBreakage { name, clause, case } in breakages {
        assert_eq!(case.violations(), [clause], "{name}");
        let mut system = Matrices::with_witness();
        // The inverse that a sound `ak` has does not exist of a weak one: synthesis itself may refuse it.
        let refused: Result<(), SynthesisError> = N::circuit(&case).synthesize(&mut system);
        assert!(refused.is_err() || !system.is_satisfied(), "{name}");
    }
}

/// Sums and what is shown of them, at their edges.
pub(crate) fn assert_sums_are_whole<N: InRuns>() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut case = run_case::<N>(RunStory { entries: 2, notes: 2, is_first: false }, &mut rng);
    case.witness.notes.iter_mut().for_each(|note| note.owned().value = Fr::from(u64::MAX));
    let most = Fr::from(u64::MAX) * Fr::from((1 << 16) - 2);
    for (before, shown, holds) in [
        (most, ShownSum::AtLeast(Value(u64::MAX)), true),
        (most, ShownSum::Exactly(Value(0u64.wrapping_sub(1 << 16))), false),
        (Fr::ZERO, ShownSum::AtLeast(Value(u64::MAX)), true),
        (Fr::ZERO, ShownSum::Exactly(Value(u64::MAX - 1)), false),
        // Somebody who could begin with less than nothing would end with what he likes: the first proof begins with 0.
        (-Fr::from(u64::MAX), ShownSum::Exactly(Value(u64::MAX)), true),
        (-Fr::from(u64::MAX), ShownSum::AtLeast(Value(u64::MAX)), true),
    ] {
        case.witness.before.sum = before;
        case.record(&mut rng);
        case.step().shown = shown;
        assert_eq!(case.violations().is_empty(), holds, "{shown:?}");
        assert_eq!(synthesize(&case).is_satisfied(), holds, "{shown:?}");
    }
    case.witness.notes.iter_mut().for_each(|note| note.owned().value = Fr::ONE);
    case.witness.before.sum = Fr::ZERO;
    case.record(&mut rng);
    for (shown, holds) in [
        (ShownSum::AtLeast(Value(2)), true),
        (ShownSum::AtLeast(Value(3)), false),
        (ShownSum::Exactly(Value(1)), false),
        (ShownSum::Exactly(Value(2)), true),
        (ShownSum::Exactly(Value(3)), false),
    ] {
        case.step().shown = shown;
        assert_eq!(case.violations().is_empty(), holds, "{shown:?}");
        assert_eq!(synthesize(&case).is_satisfied(), holds, "{shown:?}");
    }
}

/// Gives an entry's nullifier the integer that is greater by the field's order, and returns the rows that refuse it.
pub(crate) fn raise_by_the_order<N: InRuns>(case: &RunCase<N>, index: usize) -> HashSet<String> {
    let mut system = synthesize(case);
    let (own, order) = (case.nullifier(index).to_bytes(), (-Fr::ONE).to_bytes());
    let mut carry = 1u16;
    let sum: Vec<u8> = own
        .iter()
        .zip(order)
        .map(|(left, right)| {
            carry += u16::from(*left) + u16::from(right);
            let [byte, _] = carry.to_le_bytes();
            carry >>= 8;
            byte
        })
        .collect();
    assert_eq!(carry, 0, "it fits 256 bits");
    let place = |name: &str| system.aux().iter().position(|known| known == name).unwrap();
    let bits: Vec<_> = (0..255)
        .map(|bit| (place(&format!("note {index}/halves/bit {bit}")), sum[bit / 8] >> (bit % 8) & 1))
        .collect();
    let lasts = [("last high", 16..32), ("last low", 0..16)].map(|(name, bytes)| {
        let half = sum[bytes]
            .iter()
            .rev()
            .fold(Fr::ZERO, |half, byte| half * Fr::from(256) + Fr::from(u64::from(*byte)));
        (place(&format!("note {index}/{name}")), half)
    });
    bits.into_iter().for_each(|(place, bit)| system.tamper(place, Fr::from(u64::from(bit))));
    lasts.into_iter().for_each(|(place, half)| system.tamper(place, half));
    system.rows().iter().filter(|row| !system.holds(row)).map(|row| row.name.clone()).collect()
}

/// A variable by its place: a public input, one outside all notes, or one of a note, counted from another note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    Input(usize),
    Outside(usize),
    Note(isize, usize),
}

type Sides = [Vec<(Place, Fr)>; 3];

/// A circuit cut into its notes, each with its rows in terms of its own variables and those around it.
struct Cut {
    notes: Vec<Vec<Sides>>,
    outside: Vec<Sides>,
}

fn note_of(name: &str) -> Option<usize> {
    name.strip_prefix("note ")?.split_once('/')?.0.parse().ok()
}

fn cut(system: &Matrices) -> Cut {
    let mut met: Vec<usize> = Vec::new();
    let mut outside = 0;
    let mut place_of = |name: &String| match note_of(name) {
        Some(note) => {
            met.resize(met.len().max(note + 1), 0);
            met[note] += 1;
            Place::Note(note as isize, met[note] - 1)
        }
        None => {
            outside += 1;
            Place::Outside(outside - 1)
        }
    };
    let places: Vec<Place> = system.aux().iter().map(&mut place_of).collect();
    let last = met.len() as isize - 1;
    let sides = |row: &Constraint, place: &dyn Fn(Place) -> Place| -> Sides {
        row.sides.each_ref().map(|side| {
            let of = |wire: &Wire| match wire {
                Wire::Input(index) => Place::Input(*index),
                Wire::Aux(index) => place(places[*index]),
            };
            side.iter().map(|(wire, factor)| (of(wire), *factor)).collect()
        })
    };
    let mut cut = Cut { notes: vec![Vec::new(); met.len()], outside: Vec::new() };
    for row in system.rows() {
        match note_of(&row.name) {
            Some(own) => cut.notes[own].push(sides(row, &|place| match place {
                Place::Note(note, index) => Place::Note(note - own as isize, index),
                other => other,
            })),
            // The last note is -1. All notes before it stand there alike.
            None => {
                let found = sides(row, &|place| match place {
                    Place::Note(note, index) if note == last => Place::Note(-1, index),
                    other => other,
                });
                cut.outside.push(found.map(|side| merged(&side, last)));
            }
        }
    }
    cut
}

/// Keeps the terms of the first note for those of all notes before the last, which have to be alike.
fn merged(side: &[(Place, Fr)], last: isize) -> Vec<(Place, Fr)> {
    let of = |note: isize| -> Vec<(usize, Fr)> {
        let own = |(place, factor): &(Place, Fr)| match place {
            Place::Note(found, index) if *found == note => Some((*index, *factor)),
            _ => None,
        };
        side.iter().filter_map(own).collect()
    };
    assert!((1..last).all(|note| of(note) == of(0)), "the notes stand in a row in different ways");
    let is_kept = |(place, _): &(Place, Fr)| !matches!(place, Place::Note(1.., _));
    side.iter().filter(|term| is_kept(term)).copied().collect()
}

/// A circuit for more notes is that for two with the second one repeated: what guards the rows of two notes guards those of
/// any number.
pub(crate) fn assert_repeated(of_two: &Matrices, of_more: &Matrices) {
    let (two, more) = (cut(of_two), cut(of_more));
    assert_eq!((two.notes.len(), more.notes.len()), (2, louver_core::disclosure::NOTES_PER_PROOF));
    assert_eq!(of_two.inputs(), of_more.inputs());
    assert!(two.outside == more.outside, "the rows around the notes differ");
    assert!(two.notes[0] == more.notes[0], "the rows of the first note differ");
    for (index, note) in more.notes.iter().enumerate().skip(1) {
        assert!(*note == two.notes[1], "the rows of note {index} differ");
    }
    let rows = more.outside.len() + more.notes.iter().map(Vec::len).sum::<usize>();
    assert_eq!(rows, of_more.constraints());
}
