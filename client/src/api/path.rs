//! The paths of the API: where a node answers, and where a client asks. A part in braces is filled in by the request.

use core::fmt::Display;

/// The chain's state.
pub const STATUS: &str = "/v1/status";
/// The way to the newest head.
pub const HEAD: &str = "/v1/head";
/// Sealed headers.
pub const HEADERS: &str = "/v1/headers";
/// A header, and its place under a head.
pub const HISTORY: &str = "/v1/history/{height}";
/// The authorities in the state after a block, with the way to the root of its state.
pub const AUTHORITIES: &str = "/v1/authorities/{height}";
/// The chain's genesis.
pub const GENESIS: &str = "/v1/genesis";
/// Takes transactions.
pub const TRANSACTIONS: &str = "/v1/transactions";
/// Where a transaction is.
pub const TRANSACTION: &str = "/v1/transactions/{id}";
/// Makes blocks, on development chains.
pub const BLOCKS: &str = "/v1/blocks";
/// A whole block.
pub const BLOCK: &str = "/v1/blocks/{height}";
/// The blocks that wallets scan.
pub const COMPACT_BLOCKS: &str = "/v1/compact-blocks";
/// Gives authorities the block that waits for their seals.
pub const PROPOSAL: &str = "/v1/proposal";
/// Takes authorities' seals of it.
pub const SEALS: &str = "/v1/seals";
/// The commitment tree after a block.
pub const TREE: &str = "/v1/tree/{height}";
/// Roots of complete subtrees.
pub const SUBTREE_ROOTS: &str = "/v1/tree/subtree-roots";
/// The snapshots of notes and nullifiers.
pub const SNAPSHOTS: &str = "/v1/snapshots";
/// Some nullifiers of a snapshot.
pub const BUCKET: &str = "/v1/snapshots/{index}/bucket";
/// The registry of assets.
pub const ASSETS: &str = "/v1/assets";
/// The acts of guardians and authorities.
pub const ACTS: &str = "/v1/acts";
/// How much there is of each asset.
pub const SUPPLY: &str = "/v1/supply";
/// A transparent account.
pub const ACCOUNT: &str = "/v1/accounts/{account}";
/// The announcements of a transparent account.
pub const ANNOUNCEMENTS: &str = "/v1/announcements/{account}";
/// The circuits and their keys.
pub const PARAMETERS: &str = "/v1/parameters";
/// A part of a compressed proving key.
pub const PROVING_KEY: &str = "/v1/proving-keys/{circuit}";
/// A verifying key.
pub const VERIFYING_KEY: &str = "/v1/verifying-keys/{circuit}";
/// Gives money away, on development chains.
pub const FAUCET: &str = "/v1/faucet";
/// Throws the off-switch of a rules version, on development chains.
pub const SWITCH_OFF: &str = "/v1/switch-off";
/// The description of the API.
pub const OPENAPI: &str = "/v1/openapi.json";
/// Whether the node is alive.
pub const HEALTH: &str = "/health";
/// Whether the node can do its work.
pub const READY: &str = "/ready";

/// A path with its part in braces filled in.
pub fn with(path: &str, part: impl Display) -> String {
    match path.split_once('{').zip(path.split_once('}')) {
        Some(((before, _), (_, after))) => format!("{before}{part}{after}"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_filled_in() {
        assert_eq!(with(TRANSACTION, "ab"), "/v1/transactions/ab");
        assert_eq!(with(TREE, 7), "/v1/tree/7");
        assert_eq!(with("/a/{b}/c", 1), "/a/1/c");
        assert_eq!(with(STATUS, 1), STATUS);
    }
}
