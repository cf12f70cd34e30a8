//! The book's copy of the pins is the pins.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use std::fmt::Write as _;

use louver_circuits::{circuit::CircuitId, pins};

/// The block of the book's chapter on proofs.
fn block() -> String {
    let mut text = String::from("```text\n");
    for circuit in CircuitId::all() {
        let pins::Pin { constraints, domain, aux, circuit: hash, parameters, verifying_key } =
            pins::of(circuit);
        let (code, inputs) = (circuit.code(), circuit.public_inputs());
        writeln!(text, "{circuit}: byte 0x{code:02x}, {inputs} public inputs, {aux} other variables")
            .unwrap();
        writeln!(text, "  rows           {constraints} in a domain of {domain}").unwrap();
        writeln!(text, "  circuit        {hash}").unwrap();
        writeln!(text, "  verifying key  {verifying_key}").unwrap();
        writeln!(text, "  proving key    {parameters}").unwrap();
    }
    text + "```\n"
}

/// An outsider compares his circuits, and the keys that he fetched, with what the book says.
#[test]
fn the_book_states_the_pins_of_every_circuit() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/src/proving.md");
    let chapter = std::fs::read_to_string(path).unwrap();
    assert!(chapter.contains(&block()), "{path} should have, under [circuit-pins]:\n{}", block());
}
