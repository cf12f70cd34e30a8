use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, Encode, Reader},
    epoch::Epoch,
    keys::{IncomingViewingKey, NullifierKey, OutgoingViewingKey, RandomizedKey},
    note::{
        CompactNote, Dummies, EncryptedNote, Memo, MemoBucket, Note, NoteCommitment, NoteParts, Nullifier,
        OutputContext, encryption, packed,
    },
    secret::Secret,
    spec::{Fj, Fr},
    value::Value as Amount,
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;

use crate::{
    file::{Field, open},
    keys::{account, direction},
};

fn asset(vector: &Value) -> AssetId {
    AssetId::new(vector.number("asset")).unwrap()
}

fn nullifier(vector: &Value, name: &str) -> Nullifier {
    Nullifier::from_scalar(vector.fr(name)).unwrap()
}

fn note(vector: &Value) -> Note {
    let mut bytes = vector.bytes("pool");
    vector.epoch().encode(&mut bytes);
    for part in ["d", "pk_d", "tau"] {
        bytes.extend_from_slice(&vector.bytes(part));
    }
    Note::from_parts(NoteParts {
        to: Address::from_bytes(&bytes).unwrap(),
        asset: asset(vector),
        value: Amount(vector.number("value")),
        index: vector.small("index"),
        rho: nullifier(vector, "rho"),
        rseed: Secret::new(vector.array("rseed")),
    })
    .unwrap()
}

fn check(note: &Note, vector: &Value) {
    assert_eq!(note.m(), vector.fr("m"));
    assert_eq!(*note.rcm().expose(), vector.fr("rcm"));
    assert_eq!(note.esk().expose().to_bytes(), vector.array("esk"));
    assert_eq!(note.commitment().to_scalar(), vector.fr("cm"));
    assert_eq!(note.epk().to_array(), vector.array("epk"));
}

#[test]
fn packing() {
    // This version only writes class 0; the vectors also show where later classes would be.
    for vector in open("notes").list("m") {
        let class = Fr::from(vector.number("class")) * Fr::from_raw([0, 1 << 56, 0, 0]);
        let m = class
            + packed(vector.small("index"), vector.epoch(), asset(vector), Amount(vector.number("value")));
        assert_eq!(m, vector.fr("m"));
    }
}

#[test]
fn commitments_and_nullifiers() {
    let vectors = open("notes");
    let full = account(vectors.text("phrase"), vectors.small("account")).full_viewing_key();
    for vector in vectors.list("notes") {
        let note = note(vector);
        check(&note, vector);
        let keys = full.epoch_keys(vector.pool(), vector.epoch());
        assert_eq!(*keys.nullifier.to_scalar().expose(), vector.fr("nk_e"));
        assert_eq!(note.nullifier(&keys.nullifier).to_scalar(), vector.fr("nf"));
        let incoming = full.incoming(vector.pool(), direction(vector), vector.epoch());
        assert!(incoming.index_of(note.to()).is_some());
    }
    for vector in vectors.list("spend_tags") {
        let pool = louver_core::pool::PoolTag::from_le_bytes([0; 16]);
        let key = louver_core::keys::DetectionKey::new(pool, Epoch(0), Secret::new(vector.fr("sd")));
        assert_eq!(key.spend_tag(nullifier(vector, "nf_0")).to_scalar(), vector.fr("st"));
    }
}

#[test]
fn dummies() {
    let vectors = open("notes");
    let full = account(vectors.text("phrase"), vectors.small("account")).full_viewing_key();
    let vector = &vectors["dummies"];
    assert_eq!(*full.dummy_root().expose(), vector.array("dummy_root"));
    let alpha = Fj::from_bytes(&vector.array("alpha")).unwrap();
    let rk = full.randomized_key(&alpha).unwrap();
    assert_eq!(RandomizedKey::from_bytes(&vector.bytes("rk")), Ok(rk));
    let dummies = Dummies::new(full.dummy_root(), &rk);
    let keys = full.epoch_keys(vector.pool(), vector.epoch());
    let main = AssetId::new(vector.number("main_asset")).unwrap();
    let first = nullifier(vector, "first_nullifier");
    for case in vector.list("cases") {
        let cm = match case.number("kind") {
            0 => {
                let input = dummies.input(case.small("slot"));
                assert_eq!(input.pk_d_hash(), case.fr("pk_d_hash"));
                assert_eq!(input.owner_tag(&keys).to_scalar(), case.fr("tau"));
                assert_eq!(input.rho().to_scalar(), case.fr("rho"));
                assert_eq!(*input.rcm().expose(), case.fr("rcm"));
                let cm = input.commitment(&keys, vector.epoch(), main);
                assert_eq!(keys.nullifier.nullifier(cm).to_scalar(), case.fr("nf"));
                cm
            }
            _ => {
                let output = dummies.output(case.small("slot"));
                assert_eq!(output.tau().to_scalar(), case.fr("tau"));
                assert_eq!(*output.rcm().expose(), case.fr("rcm"));
                assert_eq!(output.epk().to_array(), case.array("epk"));
                assert_eq!(first.to_scalar(), case.fr("rho"));
                output.commitment(first, vector.epoch(), main)
            }
        };
        assert_eq!(cm.to_scalar(), case.fr("cm"));
    }
}

fn bucket(vector: &Value) -> MemoBucket {
    MemoBucket::from_bytes(&[vector.small("memo_bucket")]).unwrap()
}

fn incoming(vector: &Value, scope: &Value) -> IncomingViewingKey {
    let mut bytes = scope.bytes("pool");
    scope.epoch().encode(&mut bytes);
    for part in ["ivk", "dk", "tk"] {
        bytes.extend_from_slice(&vector.bytes(part));
    }
    IncomingViewingKey::from_bytes(&bytes).unwrap()
}

fn outgoing(ovk: &str, scope: &Value) -> OutgoingViewingKey {
    let mut bytes = scope.bytes("pool");
    scope.epoch().encode(&mut bytes);
    bytes.extend_from_slice(&hex::decode(ovk).unwrap());
    OutgoingViewingKey::from_bytes(&bytes).unwrap()
}

fn context(vector: &Value) -> OutputContext {
    OutputContext { epoch: vector.epoch(), rho: nullifier(vector, "rho"), index: vector.small("index") }
}

fn wire(output: &Value) -> Vec<u8> {
    ["cm", "epk", "compact", "rest", "out"].map(|part| output.bytes(part)).concat()
}

#[test]
fn encryption_in_both_directions() {
    let mut rng = StdRng::seed_from_u64(0);
    for vector in open("encryption").list("outputs") {
        let (note, bucket) = (note(&vector["note"]), bucket(vector));
        check(&note, &vector["note"]);
        let memo = Memo::new(&vector.bytes("memo")).unwrap();
        let context = context(&vector["note"]);
        let ivk = incoming(vector, &vector["note"]);
        let ovk = vector["ovk"].as_str().map(|ovk| outgoing(ovk, &vector["note"]));

        let bytes = wire(&vector["output"]);
        assert_eq!(bytes.len(), EncryptedNote::length(bucket));
        let mut reader = Reader::new(&bytes);
        let expected = EncryptedNote::decode(&mut reader, bucket).unwrap();
        reader.finish().unwrap();
        assert_eq!(expected.to_bytes(), bytes);

        let mut ours = encryption::encrypt(&note, &memo, bucket, ovk.as_ref(), &mut rng).unwrap();
        if ovk.is_none() {
            assert_ne!(ours.outgoing, expected.outgoing);
            ours.outgoing = expected.outgoing;
        }
        assert_eq!(ours, expected, "{}", vector.text("name"));

        let compact = CompactNote::from_bytes(&bytes[..128]).unwrap();
        assert_eq!(encryption::decrypt_compact(&ivk, &compact, &context), Some(note.clone()));
        let both = Some((note.clone(), memo));
        assert_eq!(encryption::decrypt(&ivk, &expected, &context), both);
        if let Some(ovk) = &ovk {
            assert_eq!(encryption::recover(ovk, &expected, &context), both);
        }
    }
}

#[test]
fn refused_ciphertexts() {
    let vectors = open("encryption");
    let vector = &vectors["refused"];
    let (ivk, context) = (incoming(vector, vector), context(vector));
    let ovk = outgoing(vector.text("ovk"), vector);
    for case in vector.list("cases") {
        let name = case.text("name");
        let bytes = wire(&case["output"]);
        let output = EncryptedNote::decode(&mut Reader::new(&bytes), bucket(vector)).unwrap();
        assert!(encryption::decrypt(&ivk, &output, &context).is_none(), "{name}");
        if name != "paid to another account" {
            assert!(encryption::recover(&ovk, &output, &context).is_none(), "{name}");
        }
        let refused = case["compact"].as_bool().unwrap();
        let compact = output.compact();
        assert_eq!(encryption::decrypt_compact(&ivk, &compact, &context).is_none(), refused, "{name}");
        let batch = encryption::decrypt_compact_batch(core::slice::from_ref(&ivk), [(&context, &compact)]);
        assert_eq!(batch[0].is_none(), refused, "{name}");
    }
}

#[test]
fn nullifier_keys_need_no_contents() {
    let vectors = open("notes");
    for vector in vectors.list("notes") {
        let key = NullifierKey::new(vector.pool(), vector.epoch(), Secret::new(vector.fr("nk_e")));
        let cm = NoteCommitment::from_scalar(vector.fr("cm"));
        assert_eq!(key.nullifier(cm).to_scalar(), vector.fr("nf"));
    }
}
