use bellman::Circuit;
use ff::Field;
use louver_core::{
    disclosure::{
        AccountKeys, AccountOpening, Claim, DisclosureViolation, EpochClaim, HeldNote, HoldingsClaim,
        InputCount, KeyFlags, NOTES_PER_PROOF, Receipt, ReceivedNote, Run, RunState, RunWitness, ShownSum,
        Statement, TotalClaim,
        examples::{
            NoteCase, NoteStory, RunCase, RunNote, RunStory, TransactionCase, address_case, note_case,
            run_case, transaction_case, unspent_case,
        },
    },
    epoch::Epoch,
    pool::{GenesisHash, PoolId, PoolTag},
    poseidon::{Domain, hash},
    proof::{Proof, Unwatched},
    spec::{Fj, Fr},
    value::Value,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{
    testing::{coordinates, opening, pool, randomized},
    *,
};
use crate::{
    assignment::assert_agrees, figures::figures_of, keyset::KeySet, matrices::Matrices,
    parameters::ParameterStore, rank,
};

fn keys(flags: KeyFlags) -> AccountKeys {
    let opening = opening();
    let claims = core::array::from_fn(|k| {
        AccountKeys::claim(&opening, pool(), flags, Epoch(3 + u16::try_from(k).unwrap()))
    });
    AccountKeys { account: randomized(&opening), pool: pool(), claims }
}

fn synthesize(circuit: impl Circuit<Fr>) -> Matrices {
    let mut system = Matrices::with_witness();
    circuit.synthesize(&mut system).unwrap();
    system
}

const NONE: KeyFlags =
    KeyFlags { external_tag: false, internal_tag: false, nullifier: false, detection: false };
const ALL: KeyFlags = KeyFlags { external_tag: true, internal_tag: true, nullifier: true, detection: true };

fn keys_verdict(public: &AccountKeys, opening: &AccountOpening) -> Result<(), DisclosureViolation> {
    let native = public.holds(opening);
    let system = synthesize(AccountKeysCircuit::with_witness(public, opening));
    assert_eq!(system.is_satisfied(), native.is_ok(), "{native:?}: the circuit and the relation disagree");
    native
}

/// A prover's values are those that the matrices give.
#[test]
fn the_synthesis_of_values_agrees_with_the_matrices() {
    for bits in [0, 1, 2, 4, 8, 15] {
        let bit = |bit: u8| bits & bit != 0;
        let flags =
            KeyFlags { external_tag: bit(1), internal_tag: bit(2), nullifier: bit(4), detection: bit(8) };
        let (public, opening) = (keys(flags), opening());
        assert_agrees(AccountKeysCircuit::with_witness(&public, &opening), &format!("{flags:?}"));
    }
}

#[test]
fn true_claims_hold_and_every_variable_is_determined() {
    for flags in [ALL, KeyFlags { external_tag: true, ..NONE }, NONE] {
        assert_eq!(keys_verdict(&keys(flags), &opening()), Ok(()));
    }
    // nk is the preimage of the account's id, which a linear test cannot see.
    let free = |name: &str| name == "account/nk";
    let (keys, opening) = (keys(ALL), opening());
    let system = synthesize(AccountKeysCircuit::with_witness(&keys, &opening));
    assert_eq!(rank::undetermined(&system, free), Vec::<String>::new());
}

#[test]
fn an_owner_cannot_show_keys_that_are_not_his() {
    use DisclosureViolation::{DetectionKey, ExternalTagKey, InternalTagKey, NullifierKey};
    // Of each of the 64 values one by one, and of nothing else.
    for index in 0..EPOCHS_PER_PROOF {
        let verdict = |change: fn(&mut EpochClaim)| {
            let mut public = keys(ALL);
            change(&mut public.claims[index]);
            keys_verdict(&public, &opening())
        };
        fn other(key: &mut Option<Fr>) {
            *key = key.map(|key| key + Fr::ONE);
        }
        assert_eq!(verdict(|claim| other(&mut claim.external_tag)), Err(ExternalTagKey(index)));
        assert_eq!(verdict(|claim| other(&mut claim.internal_tag)), Err(InternalTagKey(index)));
        assert_eq!(verdict(|claim| other(&mut claim.nullifier)), Err(NullifierKey(index)));
        assert_eq!(verdict(|claim| other(&mut claim.detection)), Err(DetectionKey(index)));
    }
}

/// Attacker: an owner who grants her change, and puts the key of its tags where the reader takes receipts for hers.
#[test]
fn the_two_tag_keys_cannot_be_exchanged() {
    let mut public = keys(ALL);
    for claim in &mut public.claims {
        core::mem::swap(&mut claim.external_tag, &mut claim.internal_tag);
    }
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::ExternalTagKey(0)));
    let mut public = keys(KeyFlags { external_tag: true, ..NONE });
    public.claims[15].external_tag = keys(ALL).claims[15].internal_tag;
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::ExternalTagKey(15)));
}

#[test]
fn a_key_of_another_epoch_or_pool_is_refused() {
    let mut public = keys(ALL);
    public.claims[0].epoch = Epoch(7);
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::ExternalTagKey(0)));
    let elsewhere = PoolTag::new(&GenesisHash([2; 32]), PoolId(0));
    let mut public = AccountKeys { pool: elsewhere, ..keys(ALL) };
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::AccountId));
    // With the id that the account has there, its keys of this pool are still no keys of that one.
    let AccountOpening { ak: (u, v), nk, .. } = opening();
    public.account.aid = hash(Domain::AccountId, &[u, v, *nk.expose(), elsewhere.to_scalar()]);
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::ExternalTagKey(0)));
}

#[test]
fn a_flag_says_what_is_shown() {
    let (public, opening) = (keys(KeyFlags { nullifier: false, ..ALL }), opening());
    assert_eq!(keys_verdict(&public, &opening), Ok(()));
    // An owner who hides a key claims that the account's is 0.
    let mut hiding = public.clone();
    hiding.claims[3].nullifier = Some(Fr::ZERO);
    assert_eq!(keys_verdict(&hiding, &opening), Err(DisclosureViolation::NullifierKey(3)));
    // A flag that a careless verifier parsed, in place of one that he makes: whoever flags nothing shows nothing else.
    for (name, value) in
        [("f_nk_3", Fr::ONE), ("nk_3", Fr::ONE), ("f_tkx_0", Fr::ZERO), ("f_tki_15", Fr::from(2))]
    {
        let place = AccountKeys::names().iter().position(|known| known == name).unwrap();
        let mut system = synthesize(AccountKeysCircuit::with_witness(&public, &opening));
        system.show(place, value);
        assert!(!system.is_satisfied(), "{name}");
    }
}

#[test]
fn another_account_is_refused() {
    let mut public = keys(ALL);
    public.account.aid += Fr::ONE;
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::AccountId));
    let mut public = keys(ALL);
    public.account.rk = coordinates(Fj::from(12));
    assert_eq!(keys_verdict(&public, &opening()), Err(DisclosureViolation::RandomizedKey));
}

#[test]
fn figures_are_pinned() {
    let keys = figures_of(AccountKeysCircuit::default()).unwrap();
    assert_eq!((keys.constraints, keys.domain), (5949, 8192));
    assert_eq!(keys.public_inputs, AccountKeys::names());
}

#[test]
fn proofs_show_their_own_statement_under_the_keys_of_the_chain() {
    let chain = KeySet::development().unwrap().with_store(ParameterStore::open_default().unwrap());
    let prover = chain.disclosure_prover(&mut Unwatched).unwrap();
    let verifier = chain.disclosure_verifier().unwrap();
    let keys = keys(ALL);
    let proof = prover.prove_keys(&keys, &opening()).unwrap();
    verifier.verify_keys(&keys, &proof).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let NoteCase { claim, opening, witness } = note_case(NoteStory::Received, &mut rng);
    assert_eq!(verifier.verify_note(&claim, &proof), Err(DisclosureVerifyError::Invalid));
    let proof = prover.prove_note(&claim, &opening, &witness).unwrap();
    verifier.verify_note(&claim, &proof).unwrap();
    let mut other = claim;
    other.received = Some(Receipt { own: true, pk_d_hash: None });
    assert_eq!(verifier.verify_note(&other, &proof), Err(DisclosureVerifyError::Invalid));
}

/// Claims of all kinds in one batch: what is not proven is told by its place, and nothing else.
#[test]
fn claims_are_checked_together() {
    let chain = KeySet::development().unwrap().with_store(ParameterStore::open_default().unwrap());
    let prover = chain.disclosure_prover(&mut Unwatched).unwrap();
    let verifier = chain.disclosure_verifier().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let keys = keys(ALL);
    let NoteCase { claim: note, opening: of_note, witness } = note_case(NoteStory::Paid, &mut rng);
    let openings = InputCount::ALL.map(|inputs| transaction_case(inputs, &mut rng));
    let (address, of_address) = address_case(&mut rng);
    let unspent = unspent_case(true, &mut rng);
    let mut proofs = vec![
        prover.prove_keys(&keys, &opening()).unwrap(),
        prover.prove_note(&note, &of_note, &witness).unwrap(),
    ];
    let prove =
        |case: &TransactionCase| prover.prove_transaction(&case.claim, &case.opening, &case.witness).unwrap();
    proofs.extend(openings.iter().map(prove));
    proofs.push(prover.prove_address(&address, &of_address).unwrap());
    proofs.push(
        prover.prove_unspent(&unspent.claim, &unspent.opening, &unspent.witness, &mut Unwatched).unwrap(),
    );
    let mut claims: Vec<Claim<'_>> = vec![(&keys).into(), (&note).into()];
    claims.extend(openings.iter().map(|case| Claim::from(&case.claim)));
    claims.extend([Claim::from(&address), (&unspent.claim).into()]);
    let all: Vec<_> = claims.iter().copied().zip(&proofs).collect();
    assert_eq!(verifier.verify_all(&all), Ok(()));
    assert_eq!(verifier.verify_all(&[]), Ok(()));
    all.iter().for_each(|(claim, proof)| verifier.verify(*claim, proof).unwrap());

    // A transaction under the proof of another one, and no proof at all.
    let stranger = transaction_case(InputCount::Four, &mut rng);
    let nothing = Proof::from_array([0; 192]);
    let mut some = all.clone();
    some[3].0 = (&stranger.claim).into();
    some[0].1 = &nothing;
    let refused = verifier.verify_all(&some).unwrap_err();
    assert_eq!(refused.iter().map(|refused| refused.index).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(refused[1].error, DisclosureVerifyError::Invalid);
    // No proof of one statement is one of another: they have keys of their own.
    some = all.clone();
    some.iter_mut().for_each(|(_, proof)| *proof = &proofs[4]);
    assert_eq!(verifier.verify_all(&some).unwrap_err().len(), all.len() - 1);
    // A claim that is not true is not even tried.
    let mut lie = openings[0].clone();
    lie.claim.epoch.0 += 1;
    let refused = prover.prove_transaction(&lie.claim, &lie.opening, &lie.witness);
    assert!(matches!(refused, Err(DisclosureProveError::Violation(DisclosureViolation::SpendTag))));
}

/// A chain need not have keys for every statement: then nothing is proven and nothing is accepted.
#[test]
fn a_chain_without_keys_for_a_statement_says_so() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let case = transaction_case(InputCount::Two, &mut rng);
    let statement = Statement::TransactionOpening(InputCount::Two);
    let verifier = DisclosureVerifier::new(Default::default(), Default::default());
    let proof = Proof::from_array([0; 192]);
    let missing = DisclosureVerifyError::NoKey(statement);
    assert_eq!(verifier.verify((&case.claim).into(), &proof), Err(missing));
    let refused = verifier.verify_all(&[((&case.claim).into(), &proof)]);
    assert_eq!(refused, Err(vec![RefusedClaim { index: 0, error: missing }]));
}

/// A run of sixteen entries as two proofs: what each begins with and ends with.
fn in_two<N: RunNote>(case: &RunCase<N>) -> (Run, [RunWitness<N>; 2]) {
    let mut before = RunState::empty();
    let mut ends = Vec::new();
    let halves = [0, 1].map(|half| {
        let range = half * NOTES_PER_PROOF..(half + 1) * NOTES_PER_PROOF;
        let counted = range.clone().map(|index| (case.witness.notes[index].value(), case.nullifier(index)));
        let blind = Fr::from(1000 + half as u64);
        let after = before.after(counted, blind);
        ends.push(after.commitment());
        let notes = case.witness.notes[range].to_vec();
        RunWitness { before: core::mem::replace(&mut before, after), notes, blind }
    });
    (Run::new(ends).unwrap(), halves)
}

/// Refuses what is not this run: its proofs in another order, its last proof alone, and another sum.
fn assert_only_this_run(
    verifier: &DisclosureVerifier,
    claims: &[Claim<'_>; 2],
    proofs: &[Proof; 2],
    others: &[Claim<'_>],
) {
    let verified = [0, 1].map(|index| verifier.verify(claims[index], &proofs[index]));
    assert_eq!(verified, [Ok(()); 2]);
    let swapped = [0, 1].map(|index| verifier.verify(claims[index], &proofs[1 - index]));
    assert_eq!(swapped, [Err(DisclosureVerifyError::Invalid); 2]);
    for other in others {
        for proof in proofs {
            assert_eq!(verifier.verify(*other, proof), Err(DisclosureVerifyError::Invalid));
        }
    }
}

/// Runs of two proofs, from their notes to what a reader makes of them.
///
/// Attacker: an account that shows the second half of a run as a run of its own, or a greater sum.
#[test]
#[ignore = "slow: keys and proofs of the largest statements"]
fn runs_of_two_proofs_show_their_sum_and_no_other() {
    let chain = KeySet::development().unwrap().with_store(ParameterStore::open_default().unwrap());
    let prover = chain.disclosure_prover(&mut Unwatched).unwrap();
    let verifier = chain.disclosure_verifier().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    let story = RunStory { entries: 2 * NOTES_PER_PROOF, notes: 11, is_first: true };

    let case = run_case::<ReceivedNote>(story, &mut rng);
    let (run, witnesses) = in_two(&case);
    let TotalClaim { account, pool, tree_root, asset, epochs, .. } = case.claim.clone();
    let shows = |run: &Run, shown| TotalClaim::run(account, pool, (tree_root, epochs), (asset, shown), run);
    let claims = shows(&run, ShownSum::AtLeast(Value(11 << 40)));
    let proofs = [0, 1].map(|index| {
        prover.prove_total(&claims[index], &case.opening, &witnesses[index], &mut Unwatched).unwrap()
    });
    let mut others = shows(&Run::new(run.ends()[1..].to_vec()).unwrap(), ShownSum::AtLeast(Value(11 << 40)));
    others.extend(shows(&run, ShownSum::AtLeast(Value(12 << 40))).pop());
    others.extend(shows(&run, ShownSum::Exactly(Value(11 << 40))).pop());
    let others: Vec<_> = others.iter().map(Claim::from).collect();
    assert_only_this_run(&verifier, &[(&claims[0]).into(), (&claims[1]).into()], &proofs, &others);
    // A sum that is not there is not even tried.
    let lie = &shows(&run, ShownSum::Exactly(Value(5)))[1];
    let refused = prover.prove_total(lie, &case.opening, &witnesses[1], &mut Unwatched);
    assert!(matches!(refused, Err(DisclosureProveError::Violation(DisclosureViolation::Sum))));

    let case = run_case::<HeldNote>(story, &mut rng);
    let (run, witnesses) = in_two(&case);
    let HoldingsClaim { account, pool, snapshot, asset, .. } = case.claim.clone();
    let shows = |run: &Run, least| HoldingsClaim::run(account, pool, snapshot, (asset, Value(least)), run);
    let claims = shows(&run, 11 << 40);
    let proofs = [0, 1].map(|index| {
        prover.prove_holdings(&claims[index], &case.opening, &witnesses[index], &mut Unwatched).unwrap()
    });
    let mut others = shows(&Run::new(run.ends()[1..].to_vec()).unwrap(), 11 << 40);
    others.extend(shows(&run, 12 << 40).pop());
    let others: Vec<_> = others.iter().map(Claim::from).collect();
    assert_only_this_run(&verifier, &[(&claims[0]).into(), (&claims[1]).into()], &proofs, &others);
}
