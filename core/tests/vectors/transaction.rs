use louver_core::{
    asset::{AssetDescriptor, DescriptorHash},
    audit::{AuditorKey, NumberedKey},
    encoding::{Decode, Encode},
    keys::{RandomizedKey, SpendSignature},
    pool::GenesisHash,
    statement::TransferPublic,
    transaction::{PublicSide, SigHash, Transaction, TxContext},
};
use serde_json::Value;

use crate::{
    file::{Field, elements, open},
    keys::fault,
};

fn context(bytes: &[u8]) -> TxContext {
    let part = |from: usize| bytes[from..from + 32].try_into().unwrap();
    TxContext {
        genesis: GenesisHash(part(0)),
        public_asset: DescriptorHash(part(32)),
        fee_asset: DescriptorHash(part(64)),
        auditor: None,
    }
}

#[test]
fn transactions_of_every_shape() {
    let vectors = open("codec");
    for vector in vectors.list("valid") {
        let name = vector.text("name");
        let bytes = vector.bytes("transaction");
        let transaction = Transaction::from_bytes(&bytes).unwrap();
        assert_eq!(transaction.to_bytes(), bytes, "{name}");
        let effects = transaction.effects();
        assert_eq!(effects.to_bytes(), vector.bytes("effects"));
        let context = context(&vector.bytes("context"));
        assert_eq!(context.to_bytes(), vector.bytes("context"));
        assert_eq!(transaction.txid(&context).0, vector.array("txid"));
        assert_eq!(transaction.wtxid(&context).0, vector.array("wtxid"));
        assert_eq!(effects.sighash(&context).0, vector.array("sighash"));
        let signature = transaction.authorization().signature();
        assert_eq!(effects.rk().verify(&vector.array("sighash"), signature), Ok(()));

        assert_eq!(effects.shape().name(), vector.text("shape"));
        assert_eq!(u64::from(effects.expiry_height()), vector.number("expiry_height"));
        assert_eq!(effects.epoch(), vector.epoch());
        assert_eq!(u64::from(effects.memo_bucket().code()), vector.number("memo_bucket"));
        assert_eq!(effects.fee().amount().0, vector.number("fee"));
        assert_eq!(effects.fee().asset().to_u64(), vector.number("fee_asset"));
        public_side(effects.public_side(), &vector["public_side"]);

        let (names, scalars): (Vec<_>, Vec<_>) = vector
            .list("public_inputs")
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), pair[1].clone()))
            .unzip();
        assert_eq!(TransferPublic::names(effects.shape()), names);
        assert_eq!(
            transaction.public_inputs(vectors.pool(), None).to_scalars(),
            elements(&scalars),
            "{name}"
        );
    }
}

/// `[audited-pool]`: what a transaction carries for auditors, and the public inputs under the key that it names.
#[test]
fn transactions_of_audited_pools() {
    let vectors = open("codec");
    let key = AuditorKey::from_bytes(&vectors["auditor"].bytes("key")).unwrap();
    let auditor = NumberedKey { number: 7, key };
    for vector in vectors.list("audited") {
        let name = vector.text("name");
        let bytes = vector.bytes("transaction");
        let transaction = Transaction::from_bytes(&bytes).unwrap();
        assert_eq!(transaction.to_bytes(), bytes, "{name}");
        assert_eq!(transaction.effects().audit().unwrap().number, 7);
        let context = context(&vector.bytes("context")).with_auditor(Some(auditor));
        assert_eq!(transaction.txid(&context).0, vector.array("txid"));
        let scalars: Vec<_> = vector.list("public_inputs").iter().map(|pair| pair[1].clone()).collect();
        let inputs = |auditor| transaction.public_inputs(vectors.pool(), auditor);
        assert_eq!(inputs(Some(auditor)).to_scalars(), elements(&scalars), "{name}");
        // Under no key, or one of another number, there is no statement.
        let other = NumberedKey { number: 8, ..auditor };
        assert!(inputs(None).audit.is_none() && inputs(Some(other)).audit.is_none());
    }
}

fn public_side(side: &PublicSide, vector: &Value) {
    let (kind, parts) = match side {
        PublicSide::Internal => ("internal", None),
        PublicSide::Deposit { asset, amount, payer } => ("deposit", Some((asset, amount, payer))),
        PublicSide::Withdrawal { asset, amount, recipient } => {
            ("withdrawal", Some((asset, amount, recipient)))
        }
    };
    assert_eq!(kind, vector.text("kind"));
    if let Some((asset, amount, party)) = parts {
        assert_eq!(asset.to_u64(), vector.number("asset"));
        assert_eq!(amount.0, vector.number("amount"));
        assert_eq!(party.0, vector.array("party"));
    }
}

#[test]
fn malformed_transactions_are_refused_for_their_fault() {
    for vector in open("codec").list("malformed") {
        let error = Transaction::from_bytes(&vector.bytes("bytes")).unwrap_err();
        assert_eq!(fault(&error), vector.text("fault"), "{}: {error}", vector.text("name"));
    }
}

#[test]
fn descriptors() {
    for vector in open("sighash").list("descriptors") {
        let descriptor = AssetDescriptor::from_bytes(&vector.bytes("bytes")).unwrap();
        assert_eq!(descriptor.hash().0, vector.array("hash"));
    }
}

#[test]
fn host_messages() {
    for vector in open("sighash").list("hashes") {
        assert_eq!(SigHash(vector.array("sighash")).host_message(), vector.array("host_message"));
    }
}

#[test]
fn signatures() {
    for vector in open("sighash").list("signatures") {
        let rk = RandomizedKey::from_bytes(&vector.bytes("rk")).unwrap();
        let signature = SpendSignature::from_array(vector.array("signature"));
        let valid = rk.verify(&vector.array("message"), &signature).is_ok();
        assert_eq!(Some(valid), vector["valid"].as_bool(), "{}", vector.text("name"));
    }
}
