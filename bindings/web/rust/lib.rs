//! Louver for TypeScript: `louver-sdk` for the npm package's Worker.
//!
//! Each object wraps one of the SDK's and adds nothing to it; data crosses as plain objects, with `bigint` for 64 bits;
//! errors are thrown as `{ fault, messages }` ([`fault`]). The Worker's TypeScript provides the parts that the SDK
//! leaves to its host: requests ([`transport`]), the places of wallets ([`storage`]) and of proving keys ([`keys`]),
//! and the watching of long work ([`watch`]). All of it runs on the Worker's one thread. Proofs are made in a second
//! Worker of the same kind ([`proofs`]), and other threads only help.

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

pub mod audit;
pub mod book;
pub mod data;
pub mod fault;
pub mod keys;
pub mod node;
pub mod panic;
pub mod proofs;
pub mod protocol;
pub mod prover;
pub mod secrets;
pub mod sheet;
pub mod storage;
pub mod transaction;
pub mod transport;
pub mod travel_rule;
pub mod wallet;
pub mod watch;

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the library.
#[wasm_bindgen]
pub fn version() -> String {
    louver_sdk::version()
}
