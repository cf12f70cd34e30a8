//! `[trust-verdict]`: the chain that a verdict stands on, and how its reader came to trust it.

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
}

impl Ground {
    /// The assurance of a statement on this chain: none is guaranteed if the reader did not choose it.
    pub(crate) fn allow(&self, assurance: Assurance) -> Assurance {
        match (assurance, self.chosen) {
            (Assurance::Guaranteed, ChainChoice::Nothing) => Assurance::ChainNotChosen,
            _ => assurance,
        }
    }
}
