use louver_chain::BlockHash;
use louver_client::{
    offline::{OfflineError, OfflineProof},
    trust::{Pin, Trust},
};
use louver_core::{
    encoding::Decode,
    pool::{GenesisHash, PoolId},
};
use louver_light::reader;
use louver_viewkeys::{
    package::Package,
    refusal::Refusal,
    report::Names,
    signed::{Asked, Reading},
};
use serde_json::Value as Json;

use crate::{
    both_ways, chain, fault,
    file::{Field, open},
};

/// The clock of a reader, an hour after genesis: a chain for development counts as late as its blocks.
fn now() -> u64 {
    chain::genesis().terms().time + 3600
}

fn of_genesis(vectors: &Json) -> Trust {
    Trust::Genesis(GenesisHash(vectors.array("genesis_hash")))
}

#[test]
fn offline_proofs_show_their_head_and_what_stands_under_it() {
    let vectors = open("offline-proofs");
    for vector in vectors.list("proofs") {
        let proof: OfflineProof = both_ways(&vector.bytes("bytes"));
        let name = vector.text("name");
        assert_eq!(proof.genesis(), &chain::genesis(), "{name}");
        let heights: Vec<u64> = proof.heights().into_iter().map(u64::from).collect();
        assert_eq!(serde_json::json!(heights), vector["heights"], "{name}");
        let shown = proof.check(&of_genesis(&vectors), now()).unwrap();
        assert_eq!(
            (shown.ground.head.height, shown.ground.head.hash.as_str()),
            (vector.small("head"), vector.text("hash")),
            "{name}"
        );
        // Block 1 adds a version of rules.
        assert_eq!(shown.rules.len(), if vector.number("head") == 0 { 1 } else { 2 }, "{name}");
        assert!(shown.verifier().is_ok(), "{name}");
        let other = proof.check(&Trust::Genesis(GenesisHash([0; 32])), now()).unwrap_err();
        assert_eq!(other.rule(), Some("offline-chain"), "{name}");
    }
}

/// The verdict on a package rests on the vectors alone: no node, and no copy of the chain.
#[test]
fn a_package_is_checked_by_the_proof_beside_it() {
    let vectors = open("offline-proofs");
    let pool = PoolId(vectors.small("pool_id"));
    let (vector, others) = vectors.list("proofs").split_first().unwrap();
    let package: Package = both_ways(&vector.bytes("package"));
    let shown =
        both_ways::<OfflineProof>(&vector.bytes("bytes")).check(&of_genesis(&vectors), now()).unwrap();
    assert_eq!(shown.covers(&package), Ok(()));
    let reading = Reading {
        genesis: chain::genesis().hash(),
        chain: shown.ground.clone(),
        pool,
        account: Some(package.account()),
        reader: Some(package.reader().name.clone()),
        asked: Asked::Nonce(open("packages").list("packages")[0].array("nonce")),
        keys: None,
        now: package.issued(),
    };
    let names = Names { assets: &shown.assets, account: &|account| hex::encode(account.0) };
    let find = |height, txid: &_| shown.found.get(height, txid);
    let verdict = package.verify(&reading, &names, &shown.verifier().unwrap(), find).unwrap();
    assert_eq!(verdict.payments.len(), package.items().len());
    // Neither of the other files has the payment of its first item.
    for other in others {
        let other = both_ways::<OfflineProof>(&other.bytes("bytes"));
        let shown = other.check(&of_genesis(&vectors), now()).unwrap();
        assert_eq!(shown.covers(&package), Err(OfflineError::LacksTransaction { item: 0 }));
    }
}

/// A block that was chosen counts if it is genesis, on the way to the head, of a transaction, or one whose tree is shown.
#[test]
fn a_chosen_block_is_shown_or_refused() {
    let (vectors, chain) = (open("offline-proofs"), open("chain"));
    let proof: OfflineProof = both_ways(&vectors.list("proofs")[0].bytes("bytes"));
    let genesis = GenesisHash(vectors.array("genesis_hash"));
    for (block, height) in chain.list("blocks").iter().zip(1..) {
        let pin = Pin(reader::Pin { height, hash: BlockHash(block.array("hash")) });
        let checked = proof.check(&Trust::Block { genesis, pin }, now());
        match height {
            // Of the deposit, of the change of authorities and the payment, and the head.
            2 | 3 | 5 => assert!(checked.is_ok(), "{height}: {checked:?}"),
            _ => assert_eq!(checked.unwrap_err(), OfflineError::OtherBlock { height }),
        }
    }
}

#[test]
fn offline_proofs_with_one_falsehood_are_refused_by_its_rule() {
    let vectors = open("offline-proofs");
    for vector in vectors.list("refused") {
        let proof: OfflineProof = both_ways(&vector.bytes("bytes"));
        let refused = proof.check(&of_genesis(&vectors), now()).map(drop).unwrap_err();
        assert_eq!(refused.rule(), Some(vector.text("rule")), "{}: {refused}", vector.text("name"));
    }
}

#[test]
fn malformed_offline_proofs_have_their_fault() {
    for vector in open("offline-proofs").list("malformed") {
        let error = OfflineProof::from_bytes(&vector.bytes("bytes")).unwrap_err();
        assert_eq!(fault(&error), vector.text("fault"), "{}: {error}", vector.text("name"));
    }
}
