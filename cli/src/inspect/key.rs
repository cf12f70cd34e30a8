//! Key files: their purpose, their contents, and whether they are the pinned ones.

use louver_circuits::{
    key_file::{Header, Kind, ParameterPolicy, Provenance},
    pins,
    proving_key::{Section, UnpinnedKey},
    verifying_key::{self, VerifyingKey},
};
use serde_json::Value;

use super::Facts;
use crate::{
    exit::Failure,
    output::{Output, Table, progress::Line},
};

/// The facts in a header, for a key of any kind.
pub(super) fn header_facts(bytes: &[u8]) -> Result<Facts, Failure> {
    let header = Header::of_file(bytes).map_err(Failure::input)?;
    Ok(Facts::of(&header.kind.to_string())
        .with("format", header.kind.version())
        .with("provenance", header.provenance.to_string())
        .with("circuit", header.circuit.name())
        .with("circuit_hash", hex::encode(header.circuit_hash))
        .with("current", header.is_current())
        .with("bytes", bytes.len()))
}

/// Describes a key, and checks its points if asked to. Fails if any of them is wrong.
pub(super) fn run(bytes: &[u8], check: bool, output: Output) -> Result<(), Failure> {
    let facts = header_facts(bytes)?;
    let header = Header::of_file(bytes).map_err(Failure::input)?;
    let pin = pins::of(header.circuit);
    // Development keys are pinned. Any other key is only identified by its hash.
    let pinned = |facts: Facts, pin: &str, hash: &str| match header.provenance {
        Provenance::Development => facts.with("pinned", hash == pin),
        Provenance::Ceremony => facts,
    };
    if header.kind == Kind::Verifying {
        let hash = hex::encode(verifying_key::hash(bytes));
        let gate = VerifyingKey::from_bytes(bytes, header.circuit, ParameterPolicy::Development);
        if check && let Err(error) = &gate {
            return Err(Failure::expectation(error));
        }
        let facts = pinned(facts, pin.verifying_key, &hash)
            .with("hash", hash)
            .with("gate", gate.map_or_else(|error| error.to_string(), |_| "passed".to_owned()));
        output.result(&facts, || facts.text());
        return Ok(());
    }
    let (key, facts) = if header.kind == Kind::Compressed {
        let mut line = Line::new(output, "expanding the key");
        let key = UnpinnedKey::expand(bytes, &mut line).map_err(Failure::input)?;
        let expanded = key.as_bytes().len();
        (key, facts.with("expanded_bytes", expanded))
    } else {
        (UnpinnedKey::read(bytes.to_vec()).map_err(Failure::input)?, facts)
    };
    if check {
        output.note("checking every point");
        key.check().map_err(Failure::expectation)?;
    }
    let (counts, hash) = (key.counts(), hex::encode(key.hash()));
    let facts = pinned(facts, pin.parameters, &hash)
        .with("hash", hash)
        .with("fits_circuit", key.is_for(header.circuit))
        .with("inputs", counts.inputs)
        .with("aux", counts.aux)
        .with("domain", 1u64 << counts.domain_log2)
        .with("points", if check { "checked" } else { "not checked: --check does it" });
    let sections = Section::ALL.map(|section| (section, counts.of(section), key.section(section).len()));
    let listed: Vec<Value> = sections
        .iter()
        .map(|(section, count, bytes)| {
            let facts = Facts::default().with("section", section.name());
            facts.with("elements", *count).with("bytes", *bytes).into_value()
        })
        .collect();
    output.result(&facts.clone().with("sections", listed), || {
        let mut table = Table::new(["section", "elements", "bytes"]).right(1).right(2);
        for (section, count, bytes) in sections {
            table.row([section.to_string(), count.to_string(), bytes.to_string()]);
        }
        format!("{}\n\n{}", facts.text(), table.render(output.results()))
    });
    Ok(())
}
