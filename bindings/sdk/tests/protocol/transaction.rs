use louver_sdk::{Amount, PublicSide, protocol::*};
use serde_json::Value;

use crate::{
    keys::{account, note, secrets},
    vector::{Vector, fault, open},
};

fn wire(output: &Value) -> String {
    ["cm", "epk", "compact", "rest", "out"].map(|part| output.text(part)).concat()
}

fn compact(output: &Value) -> String {
    ["cm", "epk", "compact"].map(|part| output.text(part)).concat()
}

fn key(vector: &Value) -> ProtocolIncomingKey {
    ProtocolIncomingKey { ivk: vector.text("ivk"), dk: vector.text("dk"), tk: vector.text("tk") }
}

fn scope(vector: &Value, memo_bucket: u8) -> OutputScope {
    OutputScope {
        pool_tag: vector.text("pool"),
        epoch: vector.number("epoch"),
        rho: vector.text("rho"),
        index: vector.number("index"),
        memo_bucket,
    }
}

#[test]
fn encryption_in_both_directions() {
    for vector in open("encryption").objects("outputs") {
        let (note, memo, bucket) = (note(&vector["note"]), vector.text("memo"), vector.number("memo_bucket"));
        assert_eq!(derive_note(note.clone()), Ok(secrets(&vector["note"])));
        let (scope, output) = (scope(&vector["note"], bucket), &vector["output"]);
        let (bytes, opened) =
            (wire(output), Ok(Some(OpenedOutput { note: note.clone(), memo: memo.clone() })));
        let seal = vector.optional("ovk");
        let ours = encrypt_output(note.clone(), memo, bucket, seal.clone()).unwrap();
        match seal {
            Some(seal) => {
                assert_eq!(ours, bytes);
                assert_eq!(recover_output(seal, scope.clone(), bytes.clone()), opened);
            }
            None => {
                let sealed = bytes.len() - output.text("out").len();
                assert_eq!(ours[..sealed], bytes[..sealed]);
                assert_ne!(ours[sealed..], bytes[sealed..]);
            }
        }
        assert_eq!(decrypt_output(key(vector), scope.clone(), bytes), opened);
        assert_eq!(decrypt_compact_output(key(vector), scope, compact(output)), Ok(Some(note)));
    }
}

#[test]
fn refused_ciphertexts() {
    let vectors = open("encryption");
    let vector = &vectors["refused"];
    let scope = scope(vector, vector.number("memo_bucket"));
    for case in vector.objects("cases") {
        let (name, output) = (case.text("name"), wire(&case["output"]));
        assert_eq!(decrypt_output(key(vector), scope.clone(), output.clone()), Ok(None), "{name}");
        if name != "paid to another account" {
            assert_eq!(recover_output(vector.text("ovk"), scope.clone(), output), Ok(None), "{name}");
        }
        let found = decrypt_compact_output(key(vector), scope.clone(), compact(&case["output"])).unwrap();
        assert_eq!(Some(found.is_none()), case["compact"].as_bool(), "{name}");
    }
}

#[test]
fn transactions_of_every_shape() {
    let vectors = open("codec");
    for vector in vectors.objects("valid") {
        let (name, bytes, context) =
            (vector.text("name"), vector.text("transaction"), vector.text("context"));
        let read = read_transaction(bytes.clone()).unwrap();
        assert_eq!((&read.bytes, &read.effects), (&bytes, &vector.text("effects")), "{name}");
        let hashes = transaction_hashes(bytes.clone(), context.clone()).unwrap();
        let [txid, wtxid, sighash] = ["txid", "wtxid", "sighash"].map(|name| vector.text(name));
        assert_eq!(hashes, TransactionHashes { txid, wtxid, sighash: sighash.clone() });
        assert_eq!(effects_sighash(read.effects, context).as_ref(), Ok(&sighash));
        assert_eq!(verify_spend_signature(read.rk, sighash, read.signature), Ok(true), "{name}");
        assert_eq!(read.shape, vector.text("shape"));
        assert_eq!(read.expiry_height, vector.number::<u32>("expiry_height"));
        assert_eq!(read.epoch, vector.number::<u16>("epoch"));
        assert_eq!(read.memo_bucket, vector.number::<u8>("memo_bucket"));
        assert_eq!(read.fee, Amount { asset: vector.number("fee_asset"), value: vector.number("fee") });
        public_side(&vector["public_side"], &read.side, read.party);
        let inputs = transaction_public_inputs(bytes, vectors.text("pool")).unwrap();
        let inputs: Vec<_> = inputs.into_iter().map(|input| vec![input.name, input.value]).collect();
        assert_eq!(inputs, vector.lists("public_inputs"), "{name}");
    }
    for vector in vectors.objects("malformed") {
        let found = fault(read_transaction(vector.text("bytes")));
        assert_eq!(found, vector.text("fault"), "{}", vector.text("name"));
    }
}

fn public_side(vector: &Value, side: &PublicSide, party: Option<String>) {
    let (kind, amount) = match side {
        PublicSide::Internal => ("internal", None),
        PublicSide::Deposit { amount, .. } => ("deposit", Some(amount)),
        PublicSide::Withdrawal { amount, .. } => ("withdrawal", Some(amount)),
    };
    assert_eq!(vector.text("kind"), kind);
    if let Some(amount) = amount {
        assert_eq!(*amount, Amount { asset: vector.number("asset"), value: vector.number("amount") });
        assert_eq!(party, vector.optional("party"));
    }
}

#[test]
fn signature_hashes() {
    let vectors = open("sighash");
    for vector in vectors.objects("descriptors") {
        assert_eq!(asset_descriptor_hash(vector.text("bytes")), Ok(vector.text("hash")));
    }
    let keys = account(&open("notes"));
    for vector in vectors.objects("hashes") {
        let descriptors = ["public_descriptor", "fee_descriptor"].map(|name| vector.optional(name));
        let [public, fee] = descriptors;
        let context = transaction_context(vector.text("genesis_hash"), public, fee).unwrap();
        assert_eq!(context, vector.text("context"));
        let sighash = vector.text("sighash");
        assert_eq!(effects_sighash(vector.text("effects"), context).as_ref(), Ok(&sighash));
        assert_eq!(host_message(sighash.clone()), Ok(vector.text("host_message")));
        assert_eq!(keys.randomized_key(vector.text("alpha")), Ok(vector.text("rk")));
        let signed = verify_spend_signature(vector.text("rk"), sighash, vector.text("signature"));
        assert_eq!(signed, Ok(true), "{}", vector.text("name"));
    }
    for vector in vectors.objects("signatures") {
        let valid =
            verify_spend_signature(vector.text("rk"), vector.text("message"), vector.text("signature"));
        assert_eq!(valid.ok(), vector["valid"].as_bool(), "{}", vector.text("name"));
    }
}
