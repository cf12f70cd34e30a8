//! `[vectors]`: the vectors of `spec/vectors`, made by an independent implementation, against the module `protocol`: as
//! every other language runs them.

#![allow(clippy::unwrap_used)]

#[path = "protocol/keys.rs"]
mod keys;
#[path = "protocol/transaction.rs"]
mod transaction;
#[path = "protocol/vector.rs"]
mod vector;

use louver_sdk::protocol::*;
use vector::{Vector, fault, open};

#[test]
fn poseidon() {
    let vectors = open("poseidon");
    assert_eq!(poseidon_round_constants()[0], vectors.texts("first_round_constants"));
    assert_eq!(poseidon_mds(), vectors.lists("mds"));
    for vector in vectors.objects("permutations") {
        assert_eq!(poseidon_permute(vector.texts("input")), Ok(vector.texts("output")));
    }
    let domains = poseidon_domains();
    assert_eq!(domains.len(), vectors.objects("hashes").len());
    for vector in vectors.objects("hashes") {
        let domain = domains.iter().find(|domain| domain.name == vector.text("domain")).unwrap();
        assert_eq!(domain.constant, vector.text("constant"));
        let lanes = poseidon_hash(vector.text("domain"), vector.texts("inputs"));
        assert_eq!(lanes, Ok(vector.texts("lanes_1_to_4")));
    }
}

#[test]
fn arguments_are_checked() {
    let zeros = || vec!["00".repeat(32); 4];
    assert_eq!(fault(poseidon_permute(zeros())), "Argument");
    assert_eq!(fault(poseidon_hash("node".to_owned(), vec![])), "Argument");
    assert_eq!(fault(poseidon_hash("no domain".to_owned(), zeros())), "Argument");
    assert_eq!(fault(tree_path("00".repeat(32), 0, vec![zeros(); 16])), "Argument");
    assert_eq!(fault(tree_root(vec!["00".repeat(31)])), "Argument");
    assert_eq!(fault(pack_note(0, 0, u64::MAX, 0)), "Argument");
    assert_eq!(fault(read_transaction("zz".to_owned())), "Argument");
    assert_eq!(fault(read_transaction(String::new())), "UnexpectedEnd");
    let orders = &open("keys")["orders"];
    let state = [zeros(), vec![orders.text("r")]].concat();
    assert_eq!(fault(poseidon_permute(state)), "NonCanonicalField");
    let keys = keys::account(&open("notes"));
    assert_eq!(fault(keys.randomized_key(orders.text("j"))), "NonCanonicalField");
}

#[test]
fn tree() {
    let vectors = open("tree");
    let empty = vectors.texts("empty_roots");
    assert_eq!(empty[0], vectors.text("empty_leaf"));
    for pair in empty.windows(2) {
        let node = poseidon_hash("node".to_owned(), vec![pair[0].clone(); 4]).unwrap();
        assert_eq!(node[0], pair[1]);
    }
    assert_eq!(tree_root(vec![]).as_ref(), Ok(&empty[16]));
    let leaves = vectors.texts("leaves");
    for vector in vectors.objects("roots") {
        let some = leaves[..vector.number::<usize>("leaves")].to_vec();
        assert_eq!(tree_root(some), Ok(vector.text("root")));
    }
    for vector in vectors.objects("paths") {
        let position: u32 = vector.number("position");
        let children = vector.lists("children");
        let siblings = children.iter().enumerate().map(|(level, all)| {
            let mut others = all.clone();
            others.remove(((position >> (2 * level)) & 3) as usize);
            others
        });
        let path = tree_path(vector.text("leaf"), position, siblings.collect()).unwrap();
        assert_eq!(path, TreePath { children, root: vector.text("root") });
    }
}

#[test]
fn witnesses_by_the_book_hold_and_no_other() {
    let vectors = open("statement");
    for vector in vectors.objects("cases") {
        let moved = &vector["public_value"];
        let deposit = moved.get("in").is_some();
        let public = StatementPublic {
            shape: vector.text("shape"),
            pool_tag: vectors.text("pool"),
            epoch: vectors.number("epoch"),
            deposit,
            public_value: moved.number(if deposit { "in" } else { "out" }),
            scalars: vector.lists("public_inputs").into_iter().map(|pair| pair[1].clone()).collect(),
        };
        let witness = witness(&vector["witness"]);
        assert_eq!(check_statement(public.clone(), witness.clone()), Ok(()), "{}", vector.text("name"));
        let richer = StatementWitness { exchange: format!("07{}", "00".repeat(31)), ..witness.clone() };
        assert_eq!(fault(check_statement(public.clone(), richer)), "Untrue");
        let other = StatementPublic { epoch: public.epoch + 1, ..public };
        assert_eq!(fault(check_statement(other, witness)), "Argument", "the epoch is a public input");
    }
}

fn witness(vector: &serde_json::Value) -> StatementWitness {
    let input = |note: &serde_json::Value| StatementInput {
        index: note.text("index"),
        epoch: note.text("epoch"),
        is_fee_asset: note.text("is_fee_asset"),
        value: note.text("value"),
        is_internal: note.text("is_internal"),
        pk_d_hash: note.text("pk_d_hash"),
        rho: note.text("rho"),
        rcm: note.text("rcm"),
        path: note.lists("path"),
    };
    let output = |note: &serde_json::Value| StatementOutput {
        tau: note.text("tau"),
        rcm: note.text("rcm"),
        is_fee_asset: note.text("is_fee_asset"),
        value: note.text("value"),
    };
    StatementWitness {
        ak_u: vector.text("ak_u"),
        ak_v: vector.text("ak_v"),
        alpha: vector.text("alpha"),
        nk: vector.text("nk"),
        main: vector.text("main"),
        exchange: vector.text("exchange"),
        inputs: vector.objects("inputs").iter().map(input).collect(),
        outputs: vector.objects("outputs").iter().map(output).collect(),
    }
}
