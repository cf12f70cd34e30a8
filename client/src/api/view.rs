//! The JSON of the API, for the node that writes it and for clients that read it. Integers of 64 bits and asset ids are
//! decimal strings, hashes lower-case hex. With the feature `schema` the types can describe themselves: the node's
//! description is made from them, comments included.
//!
//! `x-vouched` says of each field what vouches for it: `head` (a proof under a head that the reader trusts), `genesis`
//! (the genesis hash), `hash` (a hash that these name), or `unproven` (nothing but the node's word: no decision about
//! money rests on it). A mark on a type counts for its fields.

use louver_core::ledger::SnapshotEntry;
use serde::{Deserialize, Serialize};

use super::Refusal;

/// 32 bytes in hex.
#[cfg(feature = "schema")]
pub const HASH: &str = "^[0-9a-f]{64}$";
/// A transparent account.
#[cfg(feature = "schema")]
pub const ACCOUNT: &str = "^lvrt1[0-9a-z]+$";
#[cfg(feature = "schema")]
const TAG: &str = "^[0-9a-f]{32}$";
#[cfg(feature = "schema")]
const BYTES: &str = "^([0-9a-f]{2})*$";
#[cfg(feature = "schema")]
const ASSET_ID: &str = "^[0-9]{1,17}$";
#[cfg(feature = "schema")]
const INTEGER: &str = "^[0-9]{1,20}$";

/// The chain as the node has it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Status {
    /// The node's version.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub version: String,
    /// Whether this is a development chain, with free money and unsafe keys.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "genesis")))]
    pub development: bool,
    /// The chain: the hash of its genesis, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH, "x-vouched" = "genesis")))]
    pub genesis_hash: String,
    /// The pool's number.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "genesis")))]
    pub pool_id: u32,
    /// The pool's tag, 16 bytes in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = TAG, "x-vouched" = "genesis")))]
    pub pool: String,
    /// The last block.
    pub height: u32,
    /// The last block's hash, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub block_hash: String,
    /// The last block's time, in seconds since 1970.
    pub time: u64,
    /// The epoch that transactions declare now: that of the node's clock, or of the last block if that is later.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "genesis")))]
    pub epoch: Epoch,
    /// The rules version that new transactions name; 0 if none takes transactions.
    pub rules_version: u32,
    /// Every rules version, and whether it is switched off.
    pub rules: Vec<RulesState>,
    /// The guardians, who may switch off and add rules versions, and enter auditor keys.
    pub guardians: Quorum,
    /// The authorities, whose seals make blocks final.
    pub authorities: Quorum,
    /// Every auditor key that guardians entered.
    pub auditors: Vec<AuditorState>,
    /// How many acts of guardians and authorities the chain has taken.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub acts: u32,
    /// The commitment tree's root, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub anchor: String,
    /// How many commitments the tree has.
    pub tree_size: u64,
    /// The mempool.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub pending: Pending,
    /// The reasons why the node takes no transactions or makes no blocks: a sentence each.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    #[serde(default)]
    pub troubles: Vec<String>,
    /// Sentences for people while payments stand still, after guardians have switched off the rules; absent otherwise. A
    /// wallet says it by the rules, which are proven.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
    /// The proof of all this for the reader of a head, in hex: steps from that head to the newest one, and a record of the
    /// state under it for each thing that stands here. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// A stretch of time that transactions declare: a calendar month, as a rule. Times are seconds since 1970, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "genesis")))]
pub struct Epoch {
    /// Its number, for programs.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub number: u16,
    /// Its name for people, as in November 2026.
    pub name: String,
    /// Its first second.
    pub begins: u64,
    /// The first second after it; absent if it never ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<u64>,
    /// The first second whose block takes no transaction of it any more, as its grace is over; absent if it never ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payable_until: Option<u64>,
}

/// How a chain cuts time into epochs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "genesis")))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Schedule {
    /// One epoch that never ends.
    Endless,
    /// Calendar months in UTC.
    Months {
        /// The first month, as in 2026-11.
        first: String,
        /// The seconds of a month that still take transactions of the one before.
        grace: u32,
    },
    /// Stretches of the same length.
    Seconds {
        /// The first second of the first epoch, in seconds since 1970.
        origin: u64,
        /// The seconds of an epoch.
        length: u32,
        /// The seconds of an epoch that still take transactions of the one before.
        grace: u32,
        /// The beginning of the last epoch, in seconds since 1970: from then on the chain takes withdrawals only.
        withdrawals_only_from: u64,
    },
}

/// Whether the node can do its work.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Readiness {
    /// Whether it takes transactions and makes blocks.
    pub ready: bool,
    /// The reasons why it is not ready: a sentence each.
    pub troubles: Vec<String>,
    /// Sentences for people while payments stand still, after guardians have switched off the rules; absent otherwise. The
    /// node is ready all the same, and takes the guardians' acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
}

/// Keys, of which some number together speak.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Quorum {
    /// How often they have changed since genesis.
    pub sequence: u32,
    /// How many of them have to sign; 0 if there are none.
    pub needed: u8,
    /// Their Ed25519 keys in hex, ascending.
    pub keys: Vec<String>,
}

/// An auditor's key.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct AuditorState {
    /// Its number.
    pub number: u32,
    /// The key, a point of Jubjub, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub key: String,
    /// The hash of the transcript that made it, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub transcript: String,
    /// How many of its committee's members together open a transaction.
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 32)))]
    pub threshold: u8,
    /// How many members its committee has.
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 32)))]
    pub members: u8,
    /// The block that entered it, and the first that it serves in.
    pub from: u32,
    /// The first block that it does not serve in; absent while no end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
}

/// A rules version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct RulesState {
    /// Its number.
    pub version: u32,
    /// The first block that takes its transactions.
    pub from: u32,
    /// The first block that no longer takes them, as genesis plans; absent while no end is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
    /// The first block that takes none, since the off-switch was thrown; absent while it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<u32>,
}

/// Acts that the chain took.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Acts {
    /// The acts, in the order in which the chain took them.
    pub acts: Vec<Act>,
}

/// An act that a block took.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Act {
    /// The block.
    pub height: u32,
    /// The act with its signatures, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    pub act: String,
}

/// A rules version to switch off.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SwitchOffRequest {
    /// The rules version.
    pub rules_version: u32,
}

/// The transactions that wait for a block.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Pending {
    /// How many they are.
    pub count: usize,
    /// The bytes of all of them.
    pub bytes: usize,
}

/// The terms that the chain began with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "genesis")))]
pub struct Genesis {
    /// The genesis hash, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub hash: String,
    /// The canonical encoding, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    pub bytes: String,
    /// The chain's name.
    pub name: String,
    /// Whether this is a development chain.
    pub development: bool,
    /// The pool's number.
    pub pool_id: u32,
    /// The chain's beginning, in seconds since 1970.
    pub time: u64,
    /// How it cuts time into epochs.
    pub epochs: Schedule,
    /// The longest time without a block, in seconds.
    pub block_interval: u32,
    /// For how many blocks an anchor can be used.
    pub anchor_window: u32,
    /// The transparent account that receives the fees.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ACCOUNT)))]
    pub fee_account: String,
    /// The least fee of each shape, in each asset that fees are paid in.
    pub minimum_fees: Vec<MinimumFee>,
}

/// The least fee of a shape.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "genesis")))]
pub struct MinimumFee {
    /// Inputs by outputs, as in 2x3.
    pub shape: String,
    /// The id of the asset that the fee is paid in.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ASSET_ID)))]
    pub asset: String,
    /// The fee, in the asset's smallest unit.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub amount: String,
}

/// A transaction that was taken.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Submitted {
    /// Its id, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub id: String,
    /// Whether it was known before.
    pub known: bool,
    /// The ids of transactions that had to leave the mempool for it.
    pub replaced: Vec<String>,
}

/// Where a transaction is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct TransactionState {
    /// Its id, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub id: String,
    /// Where it is.
    pub state: Inclusion,
    /// The block that included it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// Whether a block has a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
#[serde(rename_all = "snake_case")]
pub enum Inclusion {
    /// It waits for a block.
    Pending,
    /// A block has it.
    Included,
    /// The node does not know it.
    Unknown,
}

/// The commitment tree after a block.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Tree {
    /// The block.
    pub height: u32,
    /// The root, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub anchor: String,
    /// How many commitments it has.
    pub size: u64,
    /// The frontier's canonical encoding, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    pub frontier: String,
}

/// Roots of complete subtrees of 2^16 leaves.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct SubtreeRoots {
    /// By ascending index.
    pub roots: Vec<SubtreeRoot>,
}

/// The root of a subtree.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct SubtreeRoot {
    /// The subtree's number, from 0.
    pub index: u16,
    /// The root, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub root: String,
    /// The block that completed it.
    pub height: u32,
}

/// Snapshots of notes and nullifiers.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Snapshots {
    /// By ascending index.
    pub snapshots: Vec<Snapshot>,
    /// The proof of all this for the reader of a head, in hex: steps from that head to the newest one, and a record of the
    /// state under it for each thing that stands here. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// The notes and nullifiers as they stood after a block.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Snapshot {
    /// Its place among all snapshots; the first is 0.
    pub index: u32,
    /// The number of the epoch that was over. Where several were over at once, that of the last one.
    pub epoch: u16,
    /// The block.
    pub height: u32,
    /// The block's time, in seconds since 1970.
    pub time: u64,
    /// The root of the tree of notes after it, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub tree_root: String,
    /// How many notes were in the tree.
    pub tree_size: u64,
    /// The root of the tree of nullifiers after it, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub nullifier_root: String,
    /// How many nullifiers were in the tree.
    pub nullifiers: u64,
}

impl Snapshot {
    /// An entry of the state, with its place.
    pub fn of(index: u32, entry: &SnapshotEntry) -> Self {
        Self {
            index,
            epoch: entry.epoch.0,
            height: entry.height,
            time: entry.time,
            tree_root: hex::encode(entry.tree_root.to_array()),
            tree_size: entry.tree_size,
            nullifier_root: hex::encode(entry.nullifier_root.to_bytes()),
            nullifiers: entry.nullifiers,
        }
    }
}

/// The registry of assets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Assets {
    /// By ascending id.
    pub assets: Vec<Asset>,
    /// The proof of all this for the reader of a head, in hex: steps from that head to the newest one, and a record of the
    /// state under it for each thing that stands here. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// An asset.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Asset {
    /// Its id.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ASSET_ID)))]
    pub id: String,
    /// The ticker.
    pub symbol: String,
    /// How many decimals people write.
    pub decimals: u8,
    /// The transparent account of its issuer.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ACCOUNT)))]
    pub issuer: String,
    /// The issuer's name for it, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    pub reference: String,
    /// The hash that transactions bind, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub descriptor_hash: String,
}

/// How much there is of each asset.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Supply {
    /// By ascending id.
    pub assets: Vec<AssetSupply>,
    /// The proof of all this for the reader of a head, in hex: steps from that head to the newest one, and a record of the
    /// state under it for each thing that stands here. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// How much there is of an asset, in its smallest unit.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct AssetSupply {
    /// The asset's id.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ASSET_ID)))]
    pub id: String,
    /// All that was ever issued.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub issued: String,
    /// The pool's holdings, as the turnstile counts them.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub pool: String,
    /// The holdings of all transparent accounts.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub transparent: String,
}

/// A transparent account.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct AccountView {
    /// The account.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ACCOUNT)))]
    pub account: String,
    /// The number of its next operation.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub nonce: String,
    /// By ascending bytes of the id, without assets of which it holds nothing.
    pub balances: Vec<Balance>,
    /// The proof of all this for the reader of a head, in hex: steps from that head to the newest one, and a record of the
    /// state under it for each thing that stands here. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// A balance.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Balance {
    /// The asset's id.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ASSET_ID)))]
    pub asset: String,
    /// The balance, in the asset's smallest unit.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub amount: String,
}

/// All that an account announced of a kind about a subject.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Announcements {
    /// The account.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ACCOUNT)))]
    pub account: String,
    /// The kind: log-head or reserves.
    pub kind: String,
    /// The subject, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub subject: String,
    /// How many there are.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub count: String,
    /// The head of the chain of hashes over all of them, in hex; zeros if there are none.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub chained: String,
    /// A part of them, in their order. A reader who has all from the first one computes the count and the head.
    pub announcements: Vec<Announcement>,
    /// The proof of the count and of the head for the reader of a head, in hex: steps from that head to the newest one, and
    /// a record of the state under it. Absent unless a head was named.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = BYTES)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Announcement {
    /// The block that it stands in.
    pub height: u32,
    /// The hash that was announced, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub hash: String,
}

/// The circuits and their keys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct Parameters {
    /// Whether the keys are for development alone.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "genesis")))]
    pub development: bool,
    /// By rules version and circuit.
    pub circuits: Vec<CircuitParameters>,
}

/// A circuit and its keys.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "head")))]
pub struct CircuitParameters {
    /// The rules version that takes it.
    pub rules_version: u32,
    /// A transfer's shape, inputs by outputs, as in 2x3; or a statement of disclosure, as in account-keys.
    pub circuit: String,
    /// The rows of the constraint system.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub constraints: usize,
    /// The size of the evaluation domain.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub domain: usize,
    /// The names of the public inputs, in their pinned order.
    #[cfg_attr(feature = "schema", schemars(extend("x-vouched" = "unproven")))]
    pub public_inputs: Vec<String>,
    /// The hash of the constraint system, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH, "x-vouched" = "unproven")))]
    pub circuit_hash: String,
    /// The hash of the verifying key, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub verifying_key_hash: String,
    /// The hash of the proving key, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub proving_key_hash: String,
}

/// Money that the faucet is asked for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FaucetRequest {
    /// The transparent account that receives it.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ACCOUNT)))]
    pub account: String,
    /// The asset's id.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = ASSET_ID)))]
    pub asset: String,
    /// How much, in the asset's smallest unit; not 0.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = INTEGER)))]
    pub amount: String,
}

/// Blocks to make.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProduceRequest {
    /// How many, from 1 to 1,000.
    #[serde(default = "one")]
    pub count: u32,
    /// The seconds that pass on the chain's clock before the first of them; development chains only.
    #[serde(default)]
    pub pass: u64,
}

fn one() -> u32 {
    1
}

/// The blocks that were made.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Produced {
    /// The last block.
    pub height: u32,
    /// The blocks, in their order.
    pub blocks: Vec<ProducedBlock>,
}

/// A block that was made.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct ProducedBlock {
    /// Its height.
    pub height: u32,
    /// Its hash, in hex.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = HASH)))]
    pub hash: String,
    /// How many transactions it has.
    pub transactions: usize,
}

/// Seals that were taken.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct SealsTaken {
    /// How many authorities in office have sealed the block.
    pub found: usize,
    /// How many have to.
    pub needed: u8,
    /// Whether all seals are there, also of authorities whom the block puts in office.
    pub is_final: bool,
}

/// A refusal, as the API writes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Refused {
    /// Why.
    pub error: Reason,
}

/// The reason, for programs by its code and for people by its message.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-vouched" = "unproven")))]
pub struct Reason {
    /// One code for each rule that can be broken. It does not change.
    pub code: Refusal,
    /// The reason, in a sentence.
    pub message: String,
}
