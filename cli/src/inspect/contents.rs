use louver_chain::{Account, Block, Header, compact::CompactBlock};
use louver_circuits::{
    ceremony::{phase1, phase2},
    circuit::CircuitId,
    key_file::Kind,
    keyset::NamedKeys,
};
use louver_client::offline::OfflineProof;
use louver_core::{
    encoding::{Decode, Encode},
    epoch::EpochSchedule,
    ledger::{Finality, Genesis, Quorum},
    shape::Shape,
};
use louver_viewkeys::{
    challenge::Challenge,
    grant::ScopeKeys,
    package::{Detail, Items, Package},
    receipt::Receipt,
    signed::{Body, is_sealed},
};
use serde_json::{Value, json};

use super::{
    Facts, key,
    seeming::{PACKAGE, PROOF, REQUEST, SIGNING_KEY, seems},
    text, transaction,
};
use crate::{
    chain::{fingerprint, told},
    exit::Failure,
};

/// The beginning of every SQLite database file.
pub(super) const SQLITE: &[u8] = b"SQLite format 3\0";

/// The beginning of every ledger of a node.
const REDB: &[u8] = b"redb";

const CEREMONY: &str = "louver ceremony verify checks it, and tells who contributed";

/// The contents of a file, recognised by how it begins and by decoding it.
pub(super) fn facts(bytes: &[u8]) -> Result<Facts, Failure> {
    let begins = |start: &[u8]| bytes.starts_with(start);
    if is_sealed(bytes) {
        return Ok(Facts::of("age file, as grants and sealed packages are")
            .with("bytes", bytes.len())
            .with("hint", "louver audit open, or audit package, reads it with its recipient's key"));
    }
    if begins(SQLITE) {
        return Ok(Facts::of("SQLite database, as wallets are").with("bytes", bytes.len()));
    }
    if begins(ScopeKeys::MAGIC) {
        // Its keys are secrets. It should not lie about unsealed, and its contents are not printed.
        return Ok(Facts::of("viewing grant, not sealed").with("secret", true).with("bytes", bytes.len()));
    }
    if begins(Items::MAGIC) {
        return Package::from_bytes(bytes).map(|found| disclosure(&found)).map_err(damaged(PACKAGE));
    }
    if Challenge::is_one(bytes) {
        return Challenge::from_bytes(bytes).map(|found| challenge(&found)).map_err(damaged(REQUEST));
    }
    if Receipt::is_one(bytes) {
        return Ok(Facts::of("receipt of a reader")
            .with("bytes", bytes.len())
            .with("hint", "louver audit receipt checks it, and says what the reader concluded"));
    }
    if begins(phase1::MAGIC) {
        return Ok(Facts::of("phase 1 of a ceremony").with("bytes", bytes.len()).with("hint", CEREMONY));
    }
    if let (true, Some(code)) = (begins(phase2::MAGIC), bytes.get(9)) {
        let circuit = CircuitId::from_bytes(&[*code]).map_err(Failure::input)?;
        return Ok(Facts::of("phase 2 of a ceremony")
            .with("circuit", circuit.name())
            .with("bytes", bytes.len())
            .with("hint", CEREMONY));
    }
    if OfflineProof::is_begun_by(bytes) {
        return OfflineProof::from_bytes(bytes).map(|found| offline(&found)).map_err(damaged(PROOF));
    }
    if begins(REDB) {
        return Ok(Facts::of("ledger of a node")
            .with("bytes", bytes.len())
            .with("hint", "louver node check --data FOLDER reads it, while the node is stopped"));
    }
    if Kind::of(bytes).is_some() {
        return Ok(key::header_facts(bytes)?.with("hint", "louver inspect key tells more, and checks it"));
    }
    if let Ok(read) = core::str::from_utf8(bytes) {
        let line = read.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let line = line.unwrap_or_default();
        if line.starts_with(['{', '[']) {
            return json(read);
        }
        if seems(bytes) == Some(SIGNING_KEY) {
            return signing_key(line);
        }
        return match hex::decode(line) {
            Ok(decoded) if !decoded.is_empty() => binary(&decoded),
            _ => text::facts(line),
        };
    }
    binary(bytes)
}

/// A text of JSON, such as a node's answer: what it has at the top.
fn json(text: &str) -> Result<Facts, Failure> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Failure::input(format!("it is text that begins as JSON, and is damaged: {error}"))
    })?;
    let fields = match &value {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(items) => vec![format!("{} items", items.len())],
        _ => Vec::new(),
    };
    Ok(Facts::of("JSON, as a node answers or a command prints")
        .with("bytes", text.len())
        .with("fields", fields)
        .with("hint", "nothing in it is checked: ask a node with louver wallet or louver audit to be sure"))
}

/// 32 bytes in hexadecimal, as `louver node keygen` writes them. The secret is not repeated.
fn signing_key(line: &str) -> Result<Facts, Failure> {
    let mut seed = zeroize::Zeroizing::new([0u8; 32]);
    hex::decode_to_slice(line, &mut *seed).map_err(Failure::input)?;
    let key = ed25519_dalek::SigningKey::from_bytes(&seed);
    Ok(Facts::of("32 bytes, as the signing key of an authority or a guardian has")
        .with("secret", true)
        .with("account", Account::of(&key).to_string())
        .with("hint", "if it is a hash or an id, the account means nothing"))
}

/// The chain and the head of an offline proof, and the blocks that it shows transactions in.
fn offline(proof: &OfflineProof) -> Facts {
    let genesis = proof.genesis();
    let facts = Facts::of("offline proof of a disclosure")
        .with("chain", genesis.terms().chain.as_str())
        .with("genesis", hex::encode(genesis.hash().0));
    let facts = match proof.head() {
        Some(head) => facts
            .with("head", head.height)
            .with("head_hash", hex::encode(head.hash().0))
            .with_time("head_time", head.time),
        None => facts,
    };
    facts
        .with("blocks", proof.heights())
        .with("hint", "claims: louver audit package checks them, with --proof and --genesis-hash")
}

fn binary(bytes: &[u8]) -> Result<Facts, Failure> {
    if let Ok(facts) = transaction::read(bytes) {
        return Ok(facts);
    }
    if let Ok(found) = Block::from_bytes(bytes) {
        return Ok(block(&found));
    }
    if let Ok(found) = CompactBlock::from_bytes(bytes) {
        return Ok(compact(&found));
    }
    if let Ok(found) = Genesis::from_bytes(bytes) {
        return Ok(genesis(&found));
    }
    Err(Failure::input(match seems(bytes) {
        Some(kind) => format!("it seems to be {kind}, of which nothing more is told"),
        None => "it is nothing of ours, or so damaged that it cannot be told".to_owned(),
    }))
}

/// The refusal of a file that begins as one of ours does.
fn damaged<E: core::fmt::Display>(kind: &str) -> impl FnOnce(E) -> Failure {
    move |error| Failure::input(format!("it is {kind} that is damaged or of another version: {error}"))
}

fn disclosure(package: &Package) -> Facts {
    let items = package.items().iter().map(|item| {
        let facts = Facts::default().with("txid", item.txid.to_string()).with("output", item.output);
        match (item.amount(), item.detail()) {
            (None, _) => facts,
            (Some((asset, value)), Detail::AtLeast) => {
                facts.with("amount", format!("at least {value} units of #{asset}"))
            }
            (Some((asset, value)), _) => facts.with("amount", format!("{value} units of #{asset}")),
        }
        .into_value()
    });
    Facts::of("disclosure package")
        .with("genesis", hex::encode(package.genesis().0))
        .with("pool", package.pool_id().0)
        .with("account", package.account().to_string())
        .with("auditor", package.reader().name.as_str())
        .with("recipient", package.reader().recipient.as_deref())
        .with("nonce", hex::encode(package.nonce()))
        .with("purpose", package.purpose())
        .with_time("issued", package.issued())
        .with_time("expires", package.expires())
        .with("items", items.collect::<Vec<_>>())
        .with("hint", "claims: louver audit package checks them against a ledger")
}

fn challenge(challenge: &Challenge) -> Facts {
    let (genesis, pool) = challenge.place();
    Facts::of("request of a reader")
        .with("genesis", hex::encode(genesis.0))
        .with("pool", pool.0)
        .with("auditor", challenge.reader().name.as_str())
        .with("recipient", challenge.reader().recipient.as_deref())
        .with("key", hex::encode(challenge.key().as_bytes()))
        .with("nonce", hex::encode(challenge.hash()))
        .with_time("made", challenge.made())
        .with("hint", "louver wallet grant or disclose with --request shows what it asks for, and answers")
}

fn block(block: &Block) -> Facts {
    let transactions =
        block.transactions().iter().map(|inner| transaction::chain_transaction(inner).into_value());
    header("block", block.header()).with("transactions", transactions.collect::<Vec<_>>())
}

fn header(what: &str, header: &Header) -> Facts {
    Facts::of(what)
        .with("height", header.height)
        .with("hash", hex::encode(header.hash().0))
        .with("previous", hex::encode(header.previous.0))
        .with_time("time", header.time)
        .with("anchor", hex::encode(header.anchor.to_bytes()))
        .with("tree_size", header.tree_size)
        .with("transactions_root", hex::encode(header.transactions_root))
        .with("state_root", hex::encode(header.state_root))
        .with("history_root", hex::encode(header.history_root))
}

fn compact(block: &CompactBlock) -> Facts {
    let transactions = block.transactions().map(|(_, inner)| inner.txid.to_string());
    header("compact block", block.header()).with("transactions", transactions.collect::<Vec<_>>())
}

/// The terms of a genesis.
pub(crate) fn genesis(genesis: &Genesis) -> Facts {
    let terms = genesis.terms();
    let assets = terms.assets.iter().map(|asset| {
        Facts::default()
            .with("id", asset.id().to_string())
            .with("symbol", asset.symbol())
            .with("decimals", asset.decimals())
            .with("issuer", Account(*asset.issuer()).to_string())
            .into_value()
    });
    let Finality::Solo { authorities, trusting_period } = &terms.finality;
    let balances = terms.balances.iter().map(|held| {
        Facts::default()
            .with("account", Account::from(held.account).to_string())
            .with("asset", held.asset.to_string())
            .with("amount", held.amount.0.to_string())
            .into_value()
    });
    let fees = terms.fees.iter().map(|fee| {
        let shapes =
            Shape::PLAIN.map(|shape| (shape.name().to_owned(), fee.minimum(shape).0.to_string().into()));
        Facts::default()
            .with("asset", fee.asset.to_string())
            .with("transaction", Value::Object(shapes.into_iter().collect()))
            .with("operation", fee.operations.any.0.to_string())
            .with("registration", fee.operations.registration.0.to_string())
            .with("announcement", fee.operations.announcement.0.to_string())
            .into_value()
    });
    let circuits = terms.rules.iter().flat_map(NamedKeys::of_rules).map(|key| told(&key));
    Facts::of("genesis")
        .with("hash", hex::encode(genesis.hash().0))
        .with("fingerprint", fingerprint(genesis))
        .with("chain", terms.chain.as_str())
        .with("development", terms.development)
        .with("pool", terms.pool.0)
        .with("pool_tag", hex::encode(genesis.pool_tag().to_le_bytes()))
        .with_time("time", terms.time)
        .with("block_interval", terms.block_interval)
        .with("authorities", quorum(Some(authorities)))
        .with("trusting_period", *trusting_period)
        .with("guardians", quorum(terms.guardians.quorum.as_ref()))
        .with("guardians_delay", terms.guardians.delay)
        .with("epochs", epochs(&terms.schedule))
        .with("anchor_window", terms.anchor_window)
        .with("fee_account", Account::from(terms.fee_account).to_string())
        .with("fees", fees.collect::<Vec<_>>())
        .with("rules_versions", terms.rules.iter().map(|rules| rules.version.0).collect::<Vec<_>>())
        .with("circuits", circuits.collect::<Vec<_>>())
        .with("assets", assets.collect::<Vec<_>>())
        .with("balances", balances.collect::<Vec<_>>())
}

/// How the chain cuts time into epochs.
fn epochs(schedule: &EpochSchedule) -> Value {
    match (schedule.first_month(), schedule.length()) {
        (Some(first), _) => {
            json!({ "kind": "months", "first": first.to_iso(), "grace": schedule.grace() })
        }
        (None, Some(length)) => {
            json!({ "kind": "seconds", "origin": schedule.origin(), "length": length, "grace": schedule.grace() })
        }
        (None, None) => json!({ "kind": "endless" }),
    }
}

/// How many of which keys are needed, the keys as accounts.
fn quorum(quorum: Option<&Quorum>) -> Value {
    let keys = quorum.map_or(&[][..], Quorum::keys).iter();
    let keys: Vec<String> = keys.map(|key| Account(key.to_bytes()).to_string()).collect();
    json!({ "needed": quorum.map_or(0, Quorum::needed), "keys": keys })
}
