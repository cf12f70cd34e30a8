use louver_core::{
    address::{Address, Diversifier},
    agreement::Element,
    encoding::{Decode, DecodeError, Encode, subgroup_point_from_bytes},
    epoch::{Epoch, EpochRange},
    keys::{
        AccountSpendingKey, AddressIndex, AnyString, Direction, FullViewingKey, GgmCover, StringError, View,
    },
    pool::{GenesisHash, PoolId, PoolTag},
    secret::ExposeBytes,
};
use serde_json::Value;

use crate::file::{Field, open};

pub(crate) fn account(phrase: &str, number: u32) -> AccountSpendingKey {
    let keys = open("keys");
    let vector = keys
        .list("accounts")
        .iter()
        .find(|v| v.text("phrase") == phrase && v.small::<u32>("account") == number);
    AccountSpendingKey::from_seed(&vector.expect("an account of keys.json").array("seed"), number).unwrap()
}

pub(crate) fn direction(vector: &Value) -> Direction {
    match vector.text("direction") {
        "external" => Direction::External,
        "internal" => Direction::Internal,
        other => panic!("{other}"),
    }
}

#[test]
fn pools() {
    for vector in open("keys").list("pools") {
        let tag = PoolTag::new(&GenesisHash(vector.array("genesis_hash")), PoolId(vector.small("pool_id")));
        assert_eq!(tag, vector.pool());
    }
}

#[test]
fn accounts() {
    for vector in open("keys").list("accounts") {
        let key = AccountSpendingKey::from_seed(&vector.array("seed"), vector.small("account")).unwrap();
        assert_eq!(key.expose_bytes()[4..], vector.bytes("sk"));
        let full = key.full_viewing_key();
        let parts =
            ["ak", "nk", "in_external", "in_internal", "out", "dummy_root"].map(|name| vector.bytes(name));
        assert_eq!(full.expose_bytes()[..], parts.concat());
        for id in vector.list("ids") {
            assert_eq!(full.account_id(id.pool()).to_scalar(), id.fr("aid"));
        }
        for epoch in vector.list("epochs") {
            epoch_keys(&full, epoch);
        }
        for tree in vector.list("ggm") {
            covers(&full, tree);
        }
    }
}

fn epoch_keys(full: &FullViewingKey, vector: &Value) {
    let (pool, epoch) = (vector.pool(), vector.epoch());
    let keys = full.epoch_keys(pool, epoch);
    assert_eq!(*keys.external_tag.to_scalar().expose(), vector.fr("tkx"));
    assert_eq!(*keys.internal_tag.to_scalar().expose(), vector.fr("tki"));
    assert_eq!(*keys.nullifier.to_scalar().expose(), vector.fr("nk_e"));
    assert_eq!(*keys.detection.to_scalar().expose(), vector.fr("sd"));
    for (direction, name, tag) in
        [(Direction::External, "external", "tkx"), (Direction::Internal, "internal", "tki")]
    {
        let incoming = full.incoming(pool, direction, epoch);
        let expected = [vector[name].bytes("ivk"), vector[name].bytes("dk"), vector.bytes(tag)];
        assert_eq!(incoming.expose_bytes()[18..], expected.concat());
    }
    assert_eq!(*full.outgoing(pool, epoch).ovk().expose(), vector.array("ovk"));
}

fn covers(full: &FullViewingKey, tree: &Value) {
    let view = match tree.text("direction") {
        "external" => View::External,
        "internal" => View::Internal,
        "out" => View::Outgoing,
        other => panic!("{other}"),
    };
    for vector in tree.list("covers") {
        let range = EpochRange::new(Epoch(vector.small("first")), Epoch(vector.small("last"))).unwrap();
        let cover = full.cover(view, tree.pool(), range);
        let mut expected = vec![view.code()];
        tree.pool().encode(&mut expected);
        expected.extend_from_slice(&u32::try_from(vector.list("cover").len()).unwrap().to_le_bytes());
        for node in vector.list("cover") {
            expected.push(node.small("depth"));
            expected.extend_from_slice(&node.small::<u16>("index").to_le_bytes());
            expected.extend_from_slice(&node.bytes("node"));
        }
        assert_eq!(*cover.expose_bytes(), expected);
        assert_eq!(GgmCover::from_bytes(&expected).unwrap().range(), range);
    }
}

#[test]
fn addresses() {
    let vectors = open("addresses");
    let full = account(vectors.text("phrase"), vectors.small("account")).full_viewing_key();
    for vector in vectors.list("addresses") {
        let incoming = full.incoming(vector.pool(), direction(vector), vector.epoch());
        let wide = u128::from_le_bytes(vector.array("index"));
        let diversifier = Diversifier::new(vector.array("d"));
        let address = match u64::try_from(wide) {
            Ok(index) => incoming.address(AddressIndex(index)),
            Err(_) => incoming.address_of(diversifier),
        };
        assert_eq!(*address.diversifier(), diversifier);
        assert_eq!(diversifier.base().to_array(), vector.array("g_d"));
        assert_eq!(address.pk_d().to_array(), vector.array("pk_d"));
        assert_eq!(address.tag().to_scalar(), vector.fr("tau"));
        assert_eq!(address.to_bytes(), vector.bytes("bytes"));
        assert_eq!(address.to_string(), vector.text("string"));
        assert_eq!(vector.text("string").parse(), Ok(address));
    }
    for vector in vectors.list("group_hashes") {
        let base = Diversifier::new(vector.array("d")).base();
        assert_eq!(base.to_array(), vector.array("g_d"));
    }
}

#[test]
fn strings() {
    for vector in open("addresses").list("strings") {
        let text = vector.text("string");
        let (payload, again) = match text.parse::<AnyString>().unwrap() {
            AnyString::Address(x) => (x.to_bytes(), x.to_string()),
            AnyString::AccountId(x) => (x.to_bytes(), x.to_string()),
            AnyString::TransparentAccount(x) => (x.to_vec(), text.to_owned()),
            AnyString::Asset(x) => (x.to_bytes(), text.to_owned()),
            AnyString::TravelRule(x) => (x.to_vec(), text.to_owned()),
            AnyString::AccountSpendingKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
            AnyString::FullViewingKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
            AnyString::IncomingViewingKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
            AnyString::OutgoingViewingKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
            AnyString::NullifierKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
            AnyString::DetectionKey(x) => (x.expose_bytes().to_vec(), x.to_secret_string().to_string()),
        };
        assert_eq!(payload, vector.bytes("payload"));
        assert_eq!(again, text);
    }
}

pub(crate) fn fault(error: &DecodeError) -> &'static str {
    match error {
        DecodeError::UnexpectedEnd { .. } => "UnexpectedEnd",
        DecodeError::TrailingBytes { .. } => "TrailingBytes",
        DecodeError::NonCanonicalField => "NonCanonicalField",
        DecodeError::NonCanonicalPoint => "NonCanonicalPoint",
        DecodeError::NotOnCurve => "NotOnCurve",
        DecodeError::SmallOrder => "SmallOrder",
        DecodeError::NotInSubgroup => "NotInSubgroup",
        DecodeError::NotAnElement => "NotAnElement",
        DecodeError::Identity => "Identity",
        DecodeError::UnknownTag { .. } => "UnknownTag",
        DecodeError::OutOfRange { .. } => "OutOfRange",
        DecodeError::NotCanonical { .. } => "NotCanonical",
        other => panic!("{other}"),
    }
}

#[test]
fn refused_addresses_and_points_each_by_their_fault() {
    let vectors = open("addresses");
    for vector in vectors.list("refused") {
        let found = match vector.text("string").parse::<Address>().unwrap_err() {
            StringError::Contents(error) => fault(&error),
            StringError::OtherKind { .. } => "Prefix",
            StringError::Checksum => "Checksum",
            StringError::MixedCase => "MixedCase",
            other => panic!("{}: {other}", vector.text("name")),
        };
        assert_eq!(found, vector.text("fault"), "{}", vector.text("name"));
    }
    for vector in vectors.list("elements") {
        let error = Element::from_bytes(&vector.bytes("bytes")).unwrap_err();
        assert_eq!(fault(&error), vector.text("fault"), "{}", vector.text("name"));
    }
    for vector in vectors.list("points") {
        let error = subgroup_point_from_bytes(&vector.array("bytes")).unwrap_err();
        assert_eq!(fault(&error), vector.text("fault"), "{}", vector.text("name"));
    }
}
