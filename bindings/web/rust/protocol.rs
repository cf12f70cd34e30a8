//! The protocol's primitives, by name.

use std::sync::Arc;

use js_sys::Array;
use louver_sdk::protocol::{self, ProtocolError};
use serde::Serialize;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{read, text, write},
    fault::{argument, thrown},
    secrets::RecoveryPhrase,
};

/// The answer of a function.
trait Answer {
    fn answer(self) -> Result<JsValue, JsValue>;
}

impl<T: Serialize> Answer for Result<T, ProtocolError> {
    fn answer(self) -> Result<JsValue, JsValue> {
        self.map(|value| write(&value)).map_err(thrown)
    }
}

impl<T: Serialize> Answer for Vec<T> {
    fn answer(self) -> Result<JsValue, JsValue> {
        Ok(write(&self))
    }
}

/// Calls the function of a name with arguments from an array.
macro_rules! by_name {
    ($name:expr, $arguments:expr, { $($known:literal => $function:expr; ($($argument:ident),*)),* $(,)? }) => {
        match $name.as_str() {
            $($known => {
                let ($($argument,)*) = by_name!(@read $arguments; $($argument),*);
                $function($($argument),*).answer()
            })*
            name => Err(argument(&format!("there is no function {name}"))),
        }
    };
    (@read $arguments:expr;) => { () };
    (@read $arguments:expr; $($argument:ident),+) => { read($arguments.into())? };
}

/// The protocol's primitives.
#[wasm_bindgen]
pub struct Protocol;

#[wasm_bindgen]
impl Protocol {
    /// Calls a function by its name.
    pub fn call(name: JsValue, arguments: Array) -> Result<JsValue, JsValue> {
        by_name!(text(&name)?, arguments, {
            "assetDescriptorHash" => protocol::asset_descriptor_hash; (a),
            "checkStatement" => protocol::check_statement; (a, b),
            "checkElement" => protocol::check_element; (a),
            "checkSubgroupPoint" => protocol::check_subgroup_point; (a),
            "decryptCompactOutput" => protocol::decrypt_compact_output; (a, b, c),
            "decryptOutput" => protocol::decrypt_output; (a, b, c),
            "deriveNote" => protocol::derive_note; (a),
            "diversifierBase" => protocol::diversifier_base; (a),
            "effectsSighash" => protocol::effects_sighash; (a, b),
            "encryptOutput" => protocol::encrypt_output; (a, b, c, d),
            "hostMessage" => protocol::host_message; (a),
            "noteNullifier" => protocol::note_nullifier; (a, b),
            "packNote" => protocol::pack_note; (a, b, c, d),
            "poolTag" => protocol::pool_tag; (a, b),
            "poseidonDomains" => protocol::poseidon_domains; (),
            "poseidonHash" => protocol::poseidon_hash; (a, b),
            "poseidonMds" => protocol::poseidon_mds; (),
            "poseidonPermute" => protocol::poseidon_permute; (a),
            "poseidonRoundConstants" => protocol::poseidon_round_constants; (),
            "readProtocolAddress" => protocol::read_protocol_address; (a),
            "readProtocolText" => protocol::read_protocol_text; (a),
            "readTransaction" => protocol::read_transaction; (a),
            "recoverOutput" => protocol::recover_output; (a, b, c),
            "spendTag" => protocol::spend_tag; (a, b),
            "transactionContext" => protocol::transaction_context; (a, b, c),
            "transactionHashes" => protocol::transaction_hashes; (a, b),
            "transactionPublicInputs" => protocol::transaction_public_inputs; (a, b),
            "treePath" => protocol::tree_path; (a, b, c),
            "treeRoot" => protocol::tree_root; (a),
            "verifySpendSignature" => protocol::verify_spend_signature; (a, b, c),
        })
    }
}

/// The keys of an account, by their bytes.
#[wasm_bindgen]
pub struct ProtocolKeys(Arc<protocol::ProtocolKeys>);

#[wasm_bindgen]
impl ProtocolKeys {
    /// The keys of an account of a recovery phrase.
    pub fn derive(phrase: &RecoveryPhrase, account: JsValue) -> Result<Self, JsValue> {
        protocol::ProtocolKeys::derive(phrase.0.clone(), read(account)?).map(Self).map_err(thrown)
    }

    /// Calls a method by its name.
    pub fn call(&self, name: JsValue, arguments: Array) -> Result<JsValue, JsValue> {
        let keys = &self.0;
        by_name!(text(&name)?, arguments, {
            "accountId" => |a| keys.account_id(a); (a),
            "address" => |a, b, c, d| keys.address(a, b, c, d); (a, b, c, d),
            "addressOf" => |a, b, c, d| keys.address_of(a, b, c, d); (a, b, c, d),
            "cover" => |a, b, c, d| keys.cover(a, b, c, d); (a, b, c, d),
            "dummyInput" => |a, b, c, d, e| keys.dummy_input(a, b, c, d, e); (a, b, c, d, e),
            "dummyOutput" => |a, b, c, d, e| keys.dummy_output(a, b, c, d, e); (a, b, c, d, e),
            "epoch" => |a, b| keys.epoch(a, b); (a, b),
            "parts" => || Ok::<_, ProtocolError>(keys.parts()); (),
            "randomizedKey" => |a| keys.randomized_key(a); (a),
        })
    }
}
