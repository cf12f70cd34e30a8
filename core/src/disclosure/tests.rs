use std::collections::HashSet;

use group::Curve;
use jubjub::ExtendedPoint;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{
    examples::{
        AddressBreakage, NoteBreakage, NoteStory, RunBreakage, RunNote, RunStory, TransactionBreakage,
        UnspentBreakage, address_breakages, address_case, holdings_breakages, note_breakages, note_case,
        run_case, total_breakages, transaction_breakages, transaction_case, unspent_breakages, unspent_case,
    },
    *,
};
use crate::{
    epoch::Epoch,
    pool::{GenesisHash, PoolId, PoolTag},
    poseidon::{Domain, hash},
    secret::Secret,
    spec::{Fj, Fr, spend_base},
    value::Value,
};

fn coordinates(point: ExtendedPoint) -> (Fr, Fr) {
    let point = point.to_affine();
    (point.get_u(), point.get_v())
}

fn pool() -> PoolTag {
    PoolTag::new(&GenesisHash([1; 32]), PoolId(0))
}

fn account() -> (AccountOpening, Randomized) {
    let (ask, alpha, nk) = (Fj::from(77), Fj::from(5), Fr::from(99));
    let ak = coordinates((spend_base() * ask).into());
    let rk = coordinates((spend_base() * (ask + alpha)).into());
    let aid = hash(Domain::AccountId, &[ak.0, ak.1, nk, pool().to_scalar()]);
    (AccountOpening { ak, nk: Secret::new(nk), alpha: Secret::new(alpha) }, Randomized { aid, rk })
}

#[test]
fn keys_of_the_account_hold_and_others_do_not() {
    let (opening, account) = account();
    let flags = KeyFlags { external_tag: true, internal_tag: false, nullifier: true, detection: false };
    let claims: Vec<_> = (1..14).map(|e| AccountKeys::claim(&opening, pool(), flags, Epoch(e))).collect();
    let public = AccountKeys { account, pool: pool(), claims: AccountKeys::filled(&claims).unwrap() };
    assert_eq!(public.holds(&opening), Ok(()));
    assert_eq!(public.to_scalars().len(), AccountKeys::names().len());
    // A hidden claim is 0, with a flag of 0: the last claims of all, and of each the keys that are not shown.
    let scalars = public.to_scalars();
    let named: Vec<_> = AccountKeys::names().into_iter().zip(scalars.iter().copied()).collect();
    let value = |name: &str| named.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(
        [value("f_tkx_0"), value("f_tki_0"), value("f_nk_12"), value("f_sd_12")],
        [1, 0, 1, 0].map(Fr::from)
    );
    assert_eq!([value("tki_0"), value("sd_12"), value("nk_13"), value("f_nk_13")], [Fr::zero(); 4]);
    assert_eq!([value("e_12"), value("e_15")], [Fr::from(13); 2]);
    assert!(AccountKeys::filled(&[]).is_none());
    assert!(AccountKeys::filled(&vec![claims[0].clone(); EPOCHS_PER_PROOF + 1]).is_none());

    // An owner who wants to hide a spend shows another nullifier key.
    let mut hiding = public.clone();
    hiding.claims[2].nullifier = Some(Fr::one());
    assert_eq!(hiding.holds(&opening), Err(DisclosureViolation::NullifierKey(2)));
    // Keys of the same account in another pool say nothing here.
    let elsewhere = PoolTag::new(&GenesisHash([1; 32]), PoolId(1));
    let mut foreign = AccountKeys { pool: elsewhere, ..public.clone() };
    assert_eq!(foreign.holds(&opening), Err(DisclosureViolation::AccountId));
    foreign.account.aid =
        crate::keys::AccountId::derive(opening.ak, *opening.nk.expose(), elsewhere).to_scalar();
    assert_eq!(foreign.holds(&opening), Err(DisclosureViolation::ExternalTagKey(0)));
}

#[test]
fn every_story_of_a_note_holds() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for story in NoteStory::ALL {
        for _ in 0..4 {
            let case = note_case(story, &mut rng);
            assert_eq!(case.claim.violations(&case.opening, &case.witness), [], "{story:?}");
            assert_eq!(case.claim.to_scalars().len(), NoteClaim::NAMES.len());
        }
    }
}

#[test]
fn every_clause_about_a_note_has_a_breakage_that_breaks_it_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut clauses = HashSet::new();
    for NoteBreakage { name, clause, case } in note_breakages(&mut rng) {
        assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
        clauses.insert(clause);
    }
    // Three of the account, three of the note, six of the sides, eight of what is shown.
    assert_eq!(clauses.len(), 20);
}

#[test]
fn every_clause_about_a_transaction_has_a_breakage_that_breaks_it_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for inputs in InputCount::ALL {
        let case = transaction_case(inputs, &mut rng);
        assert_eq!(case.claim.violations(&case.opening, &case.witness), []);
        assert_eq!(case.claim.to_scalars().len(), TransactionClaim::names(inputs).len());
        let mut clauses = HashSet::new();
        for TransactionBreakage { name, clause, case } in transaction_breakages(inputs, &mut rng) {
            assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
            clauses.insert(clause);
        }
        // Three of the account, one of the transaction, two of each input.
        assert_eq!(clauses.len(), 4 + 2 * inputs.get());
        let short = TransactionWitness { epochs: case.witness.epochs[1..].to_vec() };
        assert_eq!(case.claim.holds(&case.opening, &short), Err(DisclosureViolation::Size));
    }
}

#[test]
fn every_clause_about_an_address_and_a_note_unspent_has_a_breakage_that_breaks_it_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let (claim, opening) = address_case(&mut rng);
    assert_eq!(claim.holds(&opening), Ok(()));
    for AddressBreakage { name, clause, claim, opening } in address_breakages(&mut rng) {
        assert_eq!(claim.violations(&opening), [clause], "{name}");
    }
    for is_internal in [false, true] {
        let case = unspent_case(is_internal, &mut rng);
        assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
        assert_eq!(case.claim.to_scalars().len(), UnspentClaim::NAMES.len());
        // Neither tag nor nullifier is shown.
        assert!(!case.claim.to_scalars().contains(&case.nullifier()));
    }
    let mut clauses = HashSet::new();
    for UnspentBreakage { name, clause, case } in unspent_breakages(&mut rng) {
        assert_eq!(case.claim.violations(&case.opening, &case.witness), [clause], "{name}");
        clauses.insert(clause);
    }
    assert_eq!(clauses.len(), 15);
}

/// The absence that a tree of nullifiers gives is the one that the statement takes.
#[test]
fn an_absence_from_a_tree_is_a_witness() {
    use crate::{nullifier_tree::NullifierTree, store::memory::MemoryStore};
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let store = MemoryStore::default();
    let edition = NullifierTree::new(&store).open().unwrap();
    let mut case = unspent_case(false, &mut rng);
    let nullifier = crate::note::nullifier::Nullifier::from_scalar(case.nullifier()).unwrap();
    let absence = edition.absence(nullifier).unwrap().unwrap();
    case.witness.absence = (&absence).into();
    case.claim.snapshot.nullifier_root = edition.root().unwrap();
    assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
}

/// A wallet's transaction of every shape: what it spent is opened, dummies too, and no key is handed over.
#[test]
fn a_transfer_is_opened_by_the_epochs_of_its_inputs() {
    use crate::statement::examples::{Story, example};
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for shape in crate::shape::Shape::PLAIN {
        let (public, witness) = example(shape, Story::Payment, &mut rng);
        let commitment = |input| crate::statement::input_commitment(&public, &witness, input);
        let inputs = witness.inputs.iter().zip(&public.nullifiers).map(|(input, nullifier)| OpenedInput {
            nullifier: *nullifier,
            commitment: crate::note::commitment::NoteCommitment::from_scalar(commitment(input)),
        });
        let inputs = OpenedInputs::new(inputs.collect()).unwrap();
        assert_eq!(inputs.count(), InputCount::from(shape));
        let aid = crate::keys::AccountId::derive(witness.ak, witness.nk, public.pool).to_scalar();
        let claim = TransactionClaim {
            account: Randomized { aid, rk: public.rk },
            pool: public.pool,
            epoch: public.epoch,
            spend_tag: public.spend_tag,
            inputs,
        };
        let opening =
            AccountOpening { ak: witness.ak, nk: Secret::new(witness.nk), alpha: Secret::new(witness.alpha) };
        let known = TransactionWitness { epochs: witness.inputs.iter().map(|input| input.epoch).collect() };
        assert_eq!(claim.holds(&opening, &known), Ok(()), "{shape}");
    }
    assert!(OpenedInputs::new(Vec::new()).is_none());
}

/// A hidden part leaves no trace among the public inputs: a reader cannot tell two notes apart by them.
#[test]
fn what_is_hidden_is_not_in_the_public_inputs() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let case = note_case(NoteStory::Received, &mut rng);
    let mut claim = case.claim.clone();
    claim.tag = None;
    claim.received = Some(Receipt { own: false, pk_d_hash: None });
    claim.amount = ShownAmount::AtLeast(case.asset(), Value(7));
    assert_eq!(claim.holds(&case.opening, &case.witness), Ok(()));
    let scalars = claim.to_scalars();
    let NoteWitness { tag, pk_d_hash, value, rcm, .. } = case.witness;
    assert!([tag, pk_d_hash, value, rcm].iter().all(|hidden| !scalars.contains(hidden)));
    let shown = |name: &str| scalars[NoteClaim::NAMES.iter().position(|known| *known == name).unwrap()];
    assert_eq!(["f_tau", "tau", "f_pk_d", "pk_d_hash", "f_value", "value"].map(shown), [Fr::zero(); 6]);
    assert_eq!(["f_asset", "threshold", "received"].map(shown), [1, 7, 1].map(Fr::from));
}

/// A value reaches the threshold or does not, at its edges.
#[test]
fn thresholds_at_their_edges() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut case = note_case(NoteStory::Paid, &mut rng);
    let value = case.value();
    for (threshold, reached) in [(0, true), (value.0, true), (value.0 + 1, false), (u64::MAX, false)] {
        case.claim.amount = ShownAmount::AtLeast(case.asset(), Value(threshold));
        let verdict = case.claim.holds(&case.opening, &case.witness);
        assert_eq!(
            verdict,
            if reached { Ok(()) } else { Err(DisclosureViolation::Threshold) },
            "{threshold}"
        );
    }
}

#[test]
fn an_opening_shows_nothing() {
    assert_eq!(format!("{:?}", account().0), "AccountOpening(..)");
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    assert_eq!(format!("{:?}", note_case(NoteStory::Paid, &mut rng).witness), "NoteWitness(..)");
    let claim = AccountKeys::claim(
        &account().0,
        pool(),
        KeyFlags { external_tag: true, internal_tag: true, nullifier: true, detection: true },
        Epoch(3),
    );
    assert_eq!(format!("{claim:?}"), "EpochClaim(3, ..)");
}

/// Attacker: somebody who reads the memory of a reader's machine after the grant was let go of. Keys are wiped wherever they are held.
#[test]
fn claims_and_witnesses_are_wiped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<EpochClaim>();
    wiped::<crate::keys::EpochScalars>();
    wiped::<NoteWitness>();
    wiped::<TransactionWitness>();
    wiped::<UnspentWitness>();
    wiped::<RunWitness<HeldNote>>();
    wiped::<RunWitness<ReceivedNote>>();
    // All that a vector of keys had is in the one allocation that is wiped.
    let hidden = AccountKeys::filled(&[EpochClaim::hidden(Epoch(0))]).unwrap();
    let scalars: zeroize::Zeroizing<Vec<Fr>> =
        AccountKeys { account: account().1, pool: pool(), claims: hidden }.to_scalars();
    assert_eq!(scalars.len(), scalars.capacity());
}

/// Breaks each clause about a run alone, and returns which there are.
fn clauses_of<N: RunNote>(breakages: Vec<RunBreakage<N>>) -> HashSet<DisclosureViolation> {
    let told = |RunBreakage { name, clause, case }: RunBreakage<N>| {
        assert_eq!(case.violations(), [clause], "{name}");
        clause
    };
    breakages.into_iter().map(told).collect()
}

#[test]
fn every_clause_about_a_run_has_a_breakage_that_breaks_it_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for (notes, is_first) in [(0, true), (1, true), (3, false), (8, false)] {
        let story = RunStory { entries: NOTES_PER_PROOF, notes, is_first };
        let case = run_case::<HeldNote>(story, &mut rng);
        assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
        assert_eq!(case.claim.to_scalars().len(), HoldingsClaim::NAMES.len());
        let case = run_case::<ReceivedNote>(story, &mut rng);
        assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
        assert_eq!(case.claim.to_scalars().len(), TotalClaim::NAMES.len());
    }
    // Of every note by itself, and of one with others.
    let of_one = [
        NoteFault::ValueRange,
        NoteFault::IndexRange,
        NoteFault::Path(0),
        NoteFault::Path(9),
        NoteFault::Root,
        NoteFault::Order,
        NoteFault::AfterDummy,
    ];
    let of_run = [
        DisclosureViolation::AccountId,
        DisclosureViolation::RandomizedKey,
        DisclosureViolation::SpendAuthority,
        DisclosureViolation::RunBefore,
        DisclosureViolation::RunAfter,
        DisclosureViolation::Sum,
    ];
    let held = [
        NoteFault::EpochRange,
        NoteFault::DirectionBit,
        NoteFault::AbsenceValue,
        NoteFault::AbsenceNext,
        NoteFault::AbsencePath(0),
        NoteFault::AbsenceRoot,
    ];
    let received = [NoteFault::TooEarly, NoteFault::TooLate];
    for (found, own) in [
        (clauses_of(holdings_breakages(&mut rng)), &held[..]),
        (clauses_of(total_breakages(&mut rng)), &received[..]),
    ] {
        let faults: HashSet<_> = found
            .iter()
            .filter_map(|clause| match clause {
                DisclosureViolation::NoteOf(_, fault) => Some(*fault),
                _ => None,
            })
            .collect();
        assert_eq!(faults, of_one.iter().chain(own).copied().collect());
        assert!(of_run.iter().all(|clause| found.contains(clause)), "{found:?}");
    }
}

/// A run of all its proofs: each goes on where the one before ends, only the last shows a sum, and the number of proofs tells
/// little of that of notes.
#[test]
fn a_run_is_filled_up_and_shows_its_sum_at_the_end() {
    for (notes, proofs) in [(0, 1), (1, 1), (8, 1), (9, 2), (17, 4), (33, 8), (1 << 16, MOST_PROOFS)] {
        assert_eq!(Run::proofs(notes), Some(proofs));
    }
    assert_eq!(Run::proofs((1 << 16) + 1), None);
    // The greatest sum that a run can have fits its bits.
    assert_eq!(MOST_PROOFS * NOTES_PER_PROOF, 1 << (SUM_BITS - 64));

    let ends: Vec<_> = [1, 2, 3, 4].map(|end| RunCommitment::from_scalar(Fr::from(end))).into();
    let steps = Run::new(ends.clone()).unwrap().steps(ShownSum::AtLeast(Value(5)));
    assert_eq!(steps[0].before, RunCommitment::empty());
    assert!(steps.windows(2).all(|pair| pair[0].after == pair[1].before));
    assert!(steps[..3].iter().all(|step| step.shown == ShownSum::Nothing));
    assert_eq!((steps[3].after, steps[3].shown), (ends[3], ShownSum::AtLeast(Value(5))));
    for count in [0, 3] {
        assert_eq!(Run::new(ends[..count].to_vec()), None, "{count}");
    }
    assert_eq!(Run::new(vec![ends[0]; 2 * MOST_PROOFS]), None);
}

/// The greatest sums: neither a value nor a sum is read modulo 2^64.
#[test]
fn sums_beyond_64_bits_are_counted_whole() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let story = RunStory { entries: NOTES_PER_PROOF, notes: NOTES_PER_PROOF, is_first: false };
    let mut case = run_case::<ReceivedNote>(story, &mut rng);
    case.witness.notes.iter_mut().for_each(|note| note.note.value = Fr::from(u64::MAX));
    // The most that a run can have counted before its last proof.
    case.witness.before.sum = Fr::from(u64::MAX) * Fr::from(((MOST_PROOFS - 1) * NOTES_PER_PROOF) as u64);
    case.record(&mut rng);
    case.claim.run.shown = ShownSum::AtLeast(Value(u64::MAX));
    assert_eq!(case.claim.holds(&case.opening, &case.witness), Ok(()));
    // 2^16 (2^64 - 1) modulo 2^64.
    case.claim.run.shown = ShownSum::Exactly(Value(0u64.wrapping_sub(1 << 16)));
    assert_eq!(case.claim.holds(&case.opening, &case.witness), Err(DisclosureViolation::Sum));
}

#[test]
fn a_proof_of_a_run_is_of_eight_notes_and_shows_none_of_them() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let case = run_case::<HeldNote>(RunStory { entries: 7, notes: 7, is_first: true }, &mut rng);
    assert_eq!(case.claim.holds(&case.opening, &case.witness), Err(DisclosureViolation::Size));
    let scalars = case.claim.to_scalars();
    for index in 0..7 {
        let note = &case.witness.notes[index];
        assert!(
            [case.nullifier(index), note.note.value, note.epoch].iter().all(|part| !scalars.contains(part))
        );
    }
    assert_eq!(format!("{:?} {:?}", case.witness, case.witness.before), "RunWitness(..) RunState(..)");
    assert_eq!(format!("{:?}", case.witness.notes[0]), "HeldNote(..)");
}
