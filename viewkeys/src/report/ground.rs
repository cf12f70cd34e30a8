//! `[trust-verdict]`: the chain that a verdict stands on, and how its reader came to trust it.

use louver_core::ledger::Pause;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Assurance, Moment};

/// The reader's choice of a chain, made before anything was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChainChoice {
    /// The hash of its genesis, which names the authorities.
    Genesis,
    /// One of its blocks.
    Block,
    /// Nothing: it is the chain that a server showed. Nothing is guaranteed on it.
    Nothing,
}

/// The newest block that was shown to be final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeadRead {
    /// Its height.
    pub height: u32,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// Its time, as its makers say.
    pub time: Moment,
    /// Whether it was so old when it was read that newer blocks are missing.
    pub is_old: bool,
}

/// The chain that a verdict stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ground {
    /// The hash of its genesis, in hexadecimal.
    pub genesis_hash: String,
    /// The choice that the reader made beforehand.
    pub chosen: ChainChoice,
    /// The newest block, which the chain's authorities sealed. Everything in the verdict stands under it.
    pub head: HeadRead,
    /// True if it was read from a file, without a node: nothing is known of what happened after the head.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub offline: bool,
    /// Present while payments stand still on the chain, after its guardians have switched off its rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
    /// True if it is a chain for trying things out: anybody can make up proofs on it, whatever its genesis hash.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub development: bool,
    /// True if the reader said that the node is his own and follows the chain by itself: it has checked every
    /// proof, so nothing in the verdict rests on the word of the chain's authorities. Otherwise all holds under this chain's finality.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub own_node: bool,
}

/// `[payments-paused]`: payments stand still, since every rules version that would take transactions is switched off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Paused {
    /// The rules version that was switched off.
    pub rules_version: u32,
    /// The first block that takes no transactions.
    pub since_height: u32,
    /// The time of that block; `null` if it is not known.
    pub since: Option<Moment>,
    /// The rules version that follows; `null` if none was added yet.
    pub next: Option<NextRules>,
    /// All this in words, with what it means for money and what to expect.
    pub says: String,
}

/// A rules version that will take transactions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextRules {
    /// Its number.
    pub version: u32,
    /// The first block that takes its transactions.
    pub from_height: u32,
    /// The latest time of that block, if the chain makes its blocks as planned.
    pub by: Moment,
}

impl From<Pause> for Paused {
    fn from(pause: Pause) -> Self {
        let next = pause.next.map(|next| NextRules {
            version: next.version.0,
            from_height: next.from,
            by: Moment::new(next.by),
        });
        Self {
            rules_version: pause.version.0,
            since_height: pause.since,
            since: pause.since_time.map(Moment::new),
            next,
            says: pause.to_string(),
        }
    }
}

impl Ground {
    /// `[own-follower]` Whether nothing rests on the word of the chain's authorities. On a chain for development anybody can make
    /// up proofs, so there it does not help to have checked them.
    pub fn is_checked_by_reader(&self) -> bool {
        self.own_node && !self.development
    }

    /// The end of a sentence that says what is guaranteed.
    pub(crate) fn whoever_lies(&self) -> &'static str {
        match self.is_checked_by_reader() {
            true => "whoever colludes",
            false => "under this chain's finality",
        }
    }

    /// The assurance of a statement on this chain: none is guaranteed if the reader did not choose it.
    pub fn allow(&self, assurance: Assurance) -> Assurance {
        match (assurance, self.chosen) {
            (Assurance::Guaranteed, ChainChoice::Nothing) => Assurance::ChainNotChosen,
            _ => assurance,
        }
    }
}
