//! Makes true proofs for the test vectors: `cargo run -p louver-circuits --example vectors`.
//!
//! It writes `spec/generator/prover.json`. The independent generator checks these proofs by a pairing of its own and puts
//! them into `proofs.json`; the tests of the verifier check them there. They are made anew after a change of a circuit.

use std::{error::Error, fmt::Write as _, fs, path::Path};

use louver_circuits::{keyset::KeySet, parameters::ParameterStore};
use louver_core::{
    disclosure::{
        AccountKeys, InputCount, KeyFlags,
        examples::{NoteStory, TransactionCase, note_case, transaction_case},
    },
    epoch::Epoch,
    pool::RulesVersion,
    proof::{Proof, Prove, Unwatched},
    shape::Shape,
    spec::Fr,
    statement::examples::{Story, example},
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

fn main() -> Result<(), Box<dyn Error>> {
    let keys = KeySet::development()?.with_store(ParameterStore::open_default()?);
    let (transfers, disclosures) = (keys.prover(), keys.disclosure_prover(&mut Unwatched)?);
    let mut rng = ChaCha8Rng::seed_from_u64(2026);
    let mut made: Vec<(&str, Vec<Fr>, Proof)> = Vec::new();
    let shape = Shape::TwoByThree;
    for story in [Story::Payment, Story::Withdrawal] {
        let (public, witness) = example(shape, story, &mut rng);
        let proof = transfers.prove(RulesVersion::V1, shape, &public, &witness, &mut Unwatched)?;
        made.push(("2x3", public.to_scalars(), proof));
    }
    for story in [NoteStory::Paid, NoteStory::Received, NoteStory::Itself] {
        let case = note_case(story, &mut rng);
        let proof = disclosures.prove_note(&case.claim, &case.opening, &case.witness)?;
        made.push(("note-opening", case.claim.to_scalars(), proof));
        let (pool, paid) = (case.claim.output.pool, story == NoteStory::Paid);
        let flags = KeyFlags { external_tag: true, internal_tag: paid, nullifier: !paid, detection: true };
        let mut next = 0;
        let claims = core::array::from_fn(|_| {
            next += 7;
            AccountKeys::claim(&case.opening, pool, flags, Epoch(next))
        });
        let public = AccountKeys { account: case.claim.account, pool, claims };
        made.push((
            "account-keys",
            public.to_scalars().to_vec(),
            disclosures.prove_keys(&public, &case.opening)?,
        ));
        let TransactionCase { claim, opening, witness } = transaction_case(InputCount::Two, &mut rng);
        let proof = disclosures.prove_transaction(&claim, &opening, &witness)?;
        made.push(("transaction-opening-2", claim.to_scalars(), proof));
    }
    let mut text = String::new();
    for (circuit, inputs, proof) in &made {
        let inputs: Vec<_> =
            inputs.iter().map(|input| format!("\"{}\"", hex::encode(input.to_bytes()))).collect();
        writeln!(text, "{}{{", if text.is_empty() { "[" } else { "," })?;
        writeln!(text, " \"circuit\": \"{circuit}\",\n \"inputs\": [{}],", inputs.join(", "))?;
        write!(text, " \"proof\": \"{}\"\n}}", hex::encode(proof.as_bytes()))?;
    }
    text.push_str("]\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/generator/prover.json");
    fs::write(path, text)?;
    println!("{} proofs", made.len());
    Ok(())
}
