//! The contents of a verified phase, as a table and as JSON.

use louver_circuits::{
    ceremony::{
        Entered,
        phase1::Phase1,
        phase2::Phase2,
        source::{Origin, Source},
    },
    circuit::CircuitId,
};
use louver_core::text::visible;
use serde_json::{Value, json};

use crate::output::{Output, Style, Table};

/// A phase that has been verified.
pub(super) struct Report {
    kind: &'static str,
    circuit: Option<(CircuitId, [u8; 32], Value, String)>,
    powers: Option<u8>,
    closed: bool,
    file_hash: String,
    entered: Vec<Entered>,
}

impl Report {
    pub(super) fn of_phase1(phase1: &Phase1, bytes: &[u8]) -> Self {
        Self {
            kind: "phase 1",
            circuit: None,
            powers: Some(phase1.log2()),
            closed: phase1.is_closed(),
            file_hash: file_hash(bytes),
            entered: phase1.entered().collect(),
        }
    }

    pub(super) fn of_phase2(phase2: &Phase2, source: &Source, bytes: &[u8]) -> Self {
        Self {
            kind: "phase 2",
            circuit: Some((phase2.circuit(), *phase2.circuit_hash(), self::source(source), origin(source))),
            powers: None,
            closed: phase2.is_closed(),
            file_hash: file_hash(bytes),
            entered: phase2.entered().collect(),
        }
    }

    pub(super) fn json(&self) -> Value {
        let contributions = self.entered.iter().enumerate().map(|(index, entry)| {
            let beacon = entry.beacon.as_ref().map(|beacon| {
                json!({ "value": hex::encode(beacon.value()), "iterations_log2": beacon.iterations_log2() })
            });
            json!({
                "number": index + 1,
                "name": entry.name.as_ref().map(|name| name.as_str()),
                "beacon": beacon,
                "hash": hex::encode(entry.hash),
            })
        });
        let mut told = json!({
            "kind": self.kind,
            "verified": true,
            "closed": self.closed,
            "file_hash": self.file_hash,
            "contributions": contributions.collect::<Vec<_>>(),
        });
        if let Some(powers) = self.powers {
            told["powers"] = powers.into();
        }
        if let Some((circuit, hash, phase1, _)) = &self.circuit {
            told["circuit"] = circuit.name().into();
            told["circuit_hash"] = hex::encode(hash).into();
            told["phase1"] = phase1.clone();
        }
        told
    }

    pub(super) fn text(&self, output: Output) -> String {
        let mut table = Table::new(["", "contributor", "hash"]).right(0);
        for (index, entry) in self.entered.iter().enumerate() {
            let who = match (&entry.name, &entry.beacon) {
                (Some(name), _) => visible(name.as_str()),
                (None, Some(beacon)) => format!(
                    "beacon {}, hashed 2^{} times",
                    hex::encode(beacon.value()),
                    beacon.iterations_log2()
                ),
                (None, None) => String::new(),
            };
            table.row([(index + 1).to_string(), who, hex::encode(entry.hash)]);
        }
        let mut facts = Vec::new();
        if let Some(powers) = self.powers {
            facts.push(format!("  for circuits of up to 2^{powers} constraints"));
        }
        if let Some((circuit, hash, phase1, origin)) = &self.circuit {
            facts.push(format!("  circuit   {circuit}, {}", hex::encode(hash)));
            facts.push(format!("  phase 1   {}", phase1["hash"].as_str().unwrap_or_default()));
            facts.push(format!("            {origin}"));
        }
        facts.push(format!("  file      {}", self.file_hash));
        let state = match self.closed {
            true => "closed by its beacon",
            false => "not closed: others may still contribute",
        };
        format!(
            "{}, {state}.\n{}\n\n{}\nIf one contributor's hash is there as published, and he forgot his secrets, nobody knows those of the key.",
            output.paint(Style::Good, format!("The {} is sound", self.kind)),
            facts.join("\n"),
            table.render(output.results())
        )
    }
}

/// BLAKE2b-512, as `b2sum` prints it.
pub(super) fn file_hash(bytes: &[u8]) -> String {
    hex::encode(louver_circuits::ceremony::file_hash(bytes))
}

/// The origin of powers.
pub(super) fn source(source: &Source) -> Value {
    let (from, contributors) = match source.origin() {
        Origin::Phase1 { contributors } => ("louver", Some(contributors)),
        Origin::PowersOfTau => ("powersoftau", None),
    };
    json!({ "hash": hex::encode(source.hash()), "from": from, "contributors": contributors })
}

/// The same in words.
pub(super) fn origin(source: &Source) -> String {
    match source.origin() {
        Origin::Phase1 { contributors } => format!("of this tool, with {contributors} contributors"),
        Origin::PowersOfTau => "of powersoftau: who contributed, its own transcript has to tell".to_owned(),
    }
}
