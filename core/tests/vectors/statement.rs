use louver_core::{
    asset::AssetId,
    encoding::fr_from_bytes,
    epoch::Epoch,
    note::{
        commitment::NoteCommitment,
        nullifier::{Nullifier, SpendTag},
    },
    shape::Shape,
    spec::{Fj, Fr},
    statement::{
        AuditPublic, InputWitness, OutputWitness, PublicValue, TransferPublic, TransferWitness, holds,
    },
    tree::Anchor,
    value::Value as Amount,
};
use serde_json::Value;

use crate::file::{Field, elements, open};

/// The witnesses are what a wallet makes of notes, paths and dummies by the book: here the relation must hold for them.
#[test]
fn witnesses_by_the_book_hold() {
    let vectors = open("statement");
    for vector in vectors.list("cases") {
        let shape: Shape = vector.text("shape").parse().unwrap();
        let (names, scalars): (Vec<_>, Vec<_>) = vector
            .list("public_inputs")
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), scalar(&pair[1])))
            .unzip();
        assert_eq!(TransferPublic::names(shape), names);
        let public = public(shape, &vectors, vector, &scalars);
        assert_eq!(public.to_scalars(), scalars);
        assert_eq!(holds(shape, &public, &witness(&vector["witness"])), Ok(()), "{}", vector.text("name"));
    }
}

/// `[audited-transfer]`: what auditors see, the secret that is drawn for it, and the public inputs, by the book.
#[test]
fn audited_witnesses_by_the_book_hold() {
    let vectors = open("statement");
    for vector in vectors.list("audited") {
        let name = vector.text("name");
        let shape: Shape = vector.text("shape").parse().unwrap();
        let (names, scalars): (Vec<_>, Vec<_>) = vector
            .list("public_inputs")
            .iter()
            .map(|pair| (pair[0].as_str().unwrap(), scalar(&pair[1])))
            .unzip();
        assert_eq!(TransferPublic::names(shape), names);
        let (plain, audit) = scalars.split_at(TransferPublic::count(shape.plain()));
        let mut public = public(shape, &vectors, vector, plain);
        public.audit = Some(AuditPublic {
            auditor: (audit[0], audit[1]),
            epk: (audit[2], audit[3]),
            body: audit[4..].to_vec(),
        });
        assert_eq!(public.to_scalars(), scalars);
        let mut witness = witness(&vector["witness"]);
        let s: Fj = Option::from(Fj::from_bytes(&vector.array("audit_secret"))).unwrap();
        witness.audit_secret = Some(s);
        assert_eq!(holds(shape, &public, &witness), Ok(()), "{name}");
    }
}

fn scalar(value: &Value) -> Fr {
    fr_from_bytes(&hex::decode(value.as_str().unwrap()).unwrap().try_into().unwrap()).unwrap()
}

fn public(shape: Shape, vectors: &Value, vector: &Value, scalars: &[Fr]) -> TransferPublic {
    let integer = |scalar: &Fr| u64::from_le_bytes(scalar.to_bytes()[..8].try_into().unwrap());
    let (nullifiers, rest) = scalars[1..].split_at(shape.inputs());
    let (commitments, rest) = rest.split_at(shape.outputs());
    let public_value = match vector["public_value"].get("in") {
        Some(amount) => PublicValue::In(Amount(amount.as_u64().unwrap())),
        None => PublicValue::Out(Amount(vector["public_value"].number("out"))),
    };
    TransferPublic {
        anchor: Anchor::from_scalar(scalars[0]),
        nullifiers: nullifiers.iter().map(|nf| Nullifier::from_scalar(*nf).unwrap()).collect(),
        commitments: commitments.iter().map(|cm| NoteCommitment::from_scalar(*cm)).collect(),
        spend_tag: SpendTag::from_scalar(rest[0]),
        epoch: Epoch(vectors.small("epoch")),
        pool: vectors.pool(),
        rk: (rest[3], rest[4]),
        public_value,
        asset_pub: AssetId::new(integer(&rest[6])).unwrap(),
        fee: Amount(integer(&rest[7])),
        fee_asset: AssetId::new(integer(&rest[8])).unwrap(),
        audit: None,
    }
}

fn witness(vector: &Value) -> TransferWitness {
    let input = |note: &Value| {
        let path: Vec<[Fr; 4]> = note
            .list("path")
            .iter()
            .map(|level| elements(level.as_array().unwrap()).try_into().unwrap())
            .collect();
        InputWitness {
            index: note.fr("index"),
            epoch: note.fr("epoch"),
            is_fee_asset: note.fr("is_fee_asset"),
            value: note.fr("value"),
            is_internal: note.fr("is_internal"),
            pk_d_hash: note.fr("pk_d_hash"),
            rho: note.fr("rho"),
            rcm: note.fr("rcm"),
            path: path.try_into().unwrap(),
        }
    };
    let output = |note: &Value| OutputWitness {
        tag: note.fr("tau"),
        rcm: note.fr("rcm"),
        is_fee_asset: note.fr("is_fee_asset"),
        value: note.fr("value"),
    };
    TransferWitness {
        ak: (vector.fr("ak_u"), vector.fr("ak_v")),
        alpha: Option::<Fj>::from(Fj::from_bytes(&vector.array("alpha"))).unwrap(),
        nk: vector.fr("nk"),
        main: vector.fr("main"),
        exchange: vector.fr("exchange"),
        inputs: vector.list("inputs").iter().map(input).collect(),
        outputs: vector.list("outputs").iter().map(output).collect(),
        audit_secret: None,
    }
}
