use louver_core::{address::Address, encoding::Decode, note::Memo};

use super::*;

fn hex_of(vector: &Json, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().unwrap()).unwrap()
}

#[test]
fn records_agree_with_the_vectors() {
    let vectors: Json =
        serde_json::from_str(include_str!("../../../../spec/vectors/travel-rule.json")).unwrap();
    let records = vectors["records"].as_array().unwrap();
    assert_eq!(records.len(), 3);
    for vector in records {
        let record = Record::from_bytes(&hex_of(vector, "bytes")).unwrap();
        let hash = record.hash();
        assert_eq!(hash.as_bytes()[..], hex_of(vector, "hash"));
        assert_eq!(hash.to_string(), vector["string"].as_str().unwrap());
        let memo = hash.memo(vector["text"].as_str().unwrap()).unwrap();
        assert_eq!(memo.as_text(), vector["memo"].as_str());
        assert_eq!(MemoMark::of(&Memo::new(memo.as_bytes()).unwrap()), MemoMark::One(hash));
        let (genesis, pool) = record.place();
        assert_eq!(genesis.0[..], hex_of(&vectors, "genesis_hash"));
        assert_eq!(u64::from(pool.0), vectors["pool_id"].as_u64().unwrap());
        let address: Address = vector["address"].as_str().unwrap().parse().unwrap();
        let terms = record.terms();
        assert_eq!(
            (terms.to, terms.asset.to_u64(), terms.value.0),
            (address, vector["asset"].as_u64().unwrap(), vector["value"].as_u64().unwrap())
        );
        assert_eq!(record.payload_json(), hex_of(vector, "payload"));
    }
}
