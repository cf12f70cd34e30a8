//! The cost of disclosures: proofs beside the proof of a 2x3 transfer, many proofs verified together, a year's grant.

use std::error::Error;

use louver_circuits::{
    disclosure::{DisclosureProver, DisclosureVerifier},
    keyset::KeySet,
    parameters::ParameterStore,
    prover::LocalProver,
};
use louver_core::{
    disclosure::{
        Claim, HeldNote, InputCount,
        examples::{
            NoteCase, NoteStory, RunCase, RunStory, TransactionCase, note_case, run_case, transaction_case,
        },
    },
    epoch::{Epoch, EpochRange},
    keys::AccountSpendingKey,
    ledger::testing,
    pool::RulesVersion,
    proof::{Proof, Prove, Unwatched},
    shape::Shape,
    statement::examples::{Story, example},
};
use louver_viewkeys::{
    grant::GrantRequest,
    report::{ChainChoice, Ground, HeadRead, Moment},
    scope::{Directions, Scope},
    signed::{Asked, ReaderId, Reading, Terms},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::measure::{ratio, within};

/// How many proofs of a kind are made. Batches repeat them: what a verifier does for one does not depend on the others.
const DISTINCT: usize = 32;

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let keys = KeySet::development()?.with_store(ParameterStore::open_default()?);
    let (prover, verifier) = (keys.disclosure_prover(&mut Unwatched)?, keys.disclosure_verifier()?);
    let transfers = keys.prover();
    proofs(&prover, &transfers)?;
    many(&prover, &verifier)?;
    grant(&prover, &verifier)
}

/// Proofs of disclosures beside those of a payment, in turns.
fn proofs(prover: &DisclosureProver, transfers: &LocalProver) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let (shape, rules) = (Shape::TwoByThree, RulesVersion::V1);
    let (public, witness) = example(shape, Story::Payment, &mut rng);
    let transfer = || Ok(transfers.prove(rules, shape, &public, &witness, &mut Unwatched).map(drop)?);
    let case = transaction_case(InputCount::Two, &mut rng);
    ratio(9, 0.24, "a transaction opening, of the time of a 2x3", transfer, || {
        prove_transaction(prover, &case).map(drop)
    })?;
    let case = note_case(NoteStory::Paid, &mut rng);
    ratio(9, 0.2, "a note opening, of the time of a 2x3", transfer, || prove_note(prover, &case).map(drop))?;
    let story = RunStory { entries: 8, notes: 8, is_first: true };
    let RunCase { claim, opening, witness } = run_case::<HeldNote>(story, &mut rng);
    ratio(3, 9.0, "holdings of 8 notes, of the time of a 2x3", transfer, || {
        Ok(prover.prove_holdings(&claim, &opening, &witness, &mut Unwatched).map(drop)?)
    })
}

/// Books of 1,000 transactions and packages of 10,000 notes.
fn many(prover: &DisclosureProver, verifier: &DisclosureVerifier) -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let transactions = (0..DISTINCT)
        .map(|_| {
            let case = transaction_case(InputCount::Two, &mut rng);
            let proof = prove_transaction(prover, &case)?;
            Ok((case.claim, proof))
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let notes = (0..DISTINCT)
        .map(|_| {
            let case = note_case(NoteStory::Received, &mut rng);
            let proof = prove_note(prover, &case)?;
            Ok((case.claim, proof))
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let transactions: Vec<(Claim<'_>, &Proof)> =
        transactions.iter().cycle().take(1_000).map(|(claim, proof)| (claim.into(), proof)).collect();
    let notes: Vec<(Claim<'_>, &Proof)> =
        notes.iter().cycle().take(10_000).map(|(claim, proof)| (claim.into(), proof)).collect();
    let verified = |claims: &[(Claim<'_>, &Proof)]| {
        verifier.verify_all(claims).map_err(|refused| format!("{} are refused", refused.len()).into())
    };
    within(1.5, "1,000 transaction openings verified", || verified(&transactions))?;
    within(7.0, "10,000 note openings verified", || verified(&notes))
}

/// A year's grant, made and verified.
fn grant(prover: &DisclosureProver, verifier: &DisclosureVerifier) -> Result<(), Box<dyn Error>> {
    let genesis = testing::genesis();
    let account = AccountSpendingKey::from_seed(&[1; 64], 0)?;
    let recipient = Some(age::x25519::Identity::generate().to_public().to_string());
    let terms = Terms {
        genesis: genesis.hash(),
        pool: genesis.terms().pool,
        reader: ReaderId { name: "Auditors".to_owned(), recipient },
        asked: Asked::Nothing,
        purpose: String::new(),
        issued: 1,
        expires: 1_000,
    };
    let months = EpochRange::new(Epoch(0), Epoch(11)).ok_or("no epochs")?;
    let request = GrantRequest { terms, scope: Scope::new(Directions::ALL, months)? };
    let (viewing, signer) = (account.full_viewing_key(), account.spend_authorizing_key());
    let mut issued = None;
    within(1.0, "a year's grant made", || {
        issued = Some(request.issue(&viewing, &signer, prover, &mut rand::rng())?);
        Ok(())
    })?;
    let issued = issued.ok_or("no grant")?;
    let head = HeadRead { height: 9, hash: "00".repeat(32), time: Moment::new(100), is_old: false };
    let reading = Reading {
        genesis: genesis.hash(),
        chain: Ground {
            genesis_hash: hex::encode(genesis.hash().0),
            chosen: ChainChoice::Genesis,
            head,
            offline: false,
            own_node: false,
            development: true,
            paused: None,
        },
        pool: genesis.terms().pool,
        account: None,
        reader: None,
        asked: Asked::Nothing,
        keys: None,
        now: 2,
    };
    within(0.1, "a year's grant verified", || Ok(issued.verify(&reading, verifier).map(drop)?))
}

fn prove_transaction(prover: &DisclosureProver, case: &TransactionCase) -> Result<Proof, Box<dyn Error>> {
    Ok(prover.prove_transaction(&case.claim, &case.opening, &case.witness)?)
}

fn prove_note(prover: &DisclosureProver, case: &NoteCase) -> Result<Proof, Box<dyn Error>> {
    Ok(prover.prove_note(&case.claim, &case.opening, &case.witness)?)
}
