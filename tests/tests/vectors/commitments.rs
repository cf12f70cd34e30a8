use louver_chain::commitment::{ListUse, MapProof, MapUse, Path, SetDigest};
use serde_json::Value as Json;

use crate::{
    both_ways,
    file::{Field, open},
};

const LIST: ListUse = ListUse { node: b"LouverTxNode", root: b"LouverTxRoot" };
const MAP: MapUse = MapUse {
    key: b"LouverSupplyKey",
    value: b"LouverSupplyVal",
    leaf: b"LouverSupplyLeaf",
    node: b"LouverSupplyNode",
    root: b"LouverSupplyRoot",
};

fn bytes(value: &Json) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

#[test]
fn lists() {
    let vectors = open("commitments");
    let leaves: Vec<[u8; 32]> = vectors.list("leaves").iter().map(|x| bytes(x).try_into().unwrap()).collect();
    for vector in vectors.list("lists") {
        let some = &leaves[..vector.small::<usize>("count")];
        assert_eq!(LIST.root(some), vector.array("root"));
        assert_eq!(vector.list("paths").len(), some.len());
        for (index, path) in vector.list("paths").iter().enumerate() {
            let path: Path = both_ways(&bytes(path));
            assert_eq!(LIST.path(some, index as u64), Ok(path.clone()));
            assert_eq!(path.verify(LIST, &some[index], &vector.array("root")), Ok(()));
        }
    }
}

#[test]
fn maps() {
    for vector in open("commitments").list("maps") {
        let root = vector.array("root");
        for asked in vector.list("proofs") {
            let proof: MapProof = both_ways(&asked.bytes("proof"));
            let value = asked["value"].as_str().map(|value| hex::decode(value).unwrap());
            assert_eq!(proof.verify(MAP, &asked.bytes("key"), value.as_deref(), &root), Ok(()));
            // Neither a value for absence, nor another value or absence for a value.
            let other = value.is_none().then_some(&[0u8; 16][..]);
            assert!(proof.verify(MAP, &asked.bytes("key"), other, &root).is_err());
        }
    }
}

#[test]
fn digests() {
    for vector in open("commitments").list("digests") {
        let mut digest = SetDigest::empty();
        vector.list("entries").iter().for_each(|entry| digest.add(&bytes(entry)));
        assert_eq!(digest.root(), vector.array("value"));
    }
}
