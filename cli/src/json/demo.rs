//! Messages of nodes and demonstrations.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A node that runs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct NodeStarted {
    /// The URL at which it listens.
    pub(crate) url: String,
    /// The URL of its metrics; `null` if they are off.
    pub(crate) metrics: Option<String>,
    /// The folder of its data.
    pub(crate) data: String,
    /// The hash of the chain's genesis, in hexadecimal.
    pub(crate) genesis_hash: String,
    /// Whether it is a development chain.
    pub(crate) development: bool,
    /// The height of its last block.
    pub(crate) height: u32,
}

/// Pages for a browser that are served.
#[derive(Serialize, JsonSchema)]
pub(crate) struct WebStarted {
    /// Their URL.
    pub(crate) url: String,
    /// The wallet.
    pub(crate) wallet: String,
    /// The auditor's page.
    pub(crate) audit: String,
    /// The node's interface.
    pub(crate) api: String,
    /// The folder of the data.
    pub(crate) dir: String,
    /// Whether pages are isolated across origins.
    pub(crate) isolated: bool,
    /// The height of the chain's last block.
    pub(crate) height: u32,
}

/// A step of the demonstration.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Step {
    /// A name for programs.
    pub(crate) step: String,
    /// The step in a sentence.
    pub(crate) title: String,
    /// The facts that the proof of it shows.
    pub(crate) proves: String,
    /// The facts that anybody can see.
    pub(crate) public_sees: String,
    /// How many milliseconds it took.
    pub(crate) milliseconds: u64,
}

/// Something that must hold.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Check {
    /// The expectation.
    pub(crate) expect: String,
    /// Whether it does.
    pub(crate) holds: bool,
}

/// An attack that was tried.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Attack {
    /// The attack in a sentence.
    pub(crate) attack: String,
    /// Whether it was refused.
    pub(crate) refused: bool,
    /// The party that refused it, or should have.
    pub(crate) by: String,
    /// The identifier of the book's rule that has to refuse it; absent in the story of `louver demo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identifier: Option<String>,
    /// The answer.
    pub(crate) answer: String,
}

/// Something that the demonstration shows: a report, a disclosure or a transaction.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Shown {
    /// Its kind.
    pub(crate) kind: String,
    /// The object, by its own schema.
    pub(crate) shown: Value,
}

/// The result of the demonstration.
#[derive(Serialize, JsonSchema)]
pub(crate) struct End {
    /// Whether everything was as it must be.
    pub(crate) ok: bool,
    /// How many transactions were submitted.
    pub(crate) transactions: u64,
    /// How many proofs were made.
    pub(crate) proofs: u64,
    /// How many attacks were tried.
    pub(crate) attacks_tried: u64,
    /// How many of them were refused.
    pub(crate) attacks_refused: u64,
    /// How many disclosures were verified; absent in the story of `louver demo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disclosures_verified: Option<u64>,
    /// How many kinds of forgeries were refused, each by a rule of its own; absent in the story of `louver demo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kinds_refused: Option<u64>,
    /// How many milliseconds it took.
    pub(crate) milliseconds: u64,
    /// The folder of everything.
    pub(crate) dir: String,
}
