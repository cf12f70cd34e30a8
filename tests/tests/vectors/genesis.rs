use louver_core::{
    asset::{AssetDescriptor, AssetId},
    calendar::Month,
    disclosure::Statement,
    encoding::{Decode, Encode},
    epoch::EpochSchedule,
    ledger::{
        DisclosureTerms, FeeTerms, Finality, Genesis, GenesisBalance, GenesisTerms, Guardians, KeyHashes,
        OperationFees, Quorum, RulesTerms, ShapeTerms, SnapshotTerms,
    },
    pool::{PoolId, RulesVersion},
    shape::Shape,
    transaction::TransparentAccount,
    value::Value,
};
use serde_json::Value as Json;

use crate::{
    both_ways, fault,
    file::{Field, open},
};

/// A quorum of the vectors; `None` where there is none.
pub(crate) fn quorum(vector: &Json) -> Option<Quorum> {
    let keys = vector.as_object()?["keys"].as_array().unwrap();
    let keys = keys.iter().map(|key| hex::decode(key.as_str().unwrap()).unwrap().try_into().unwrap());
    Some(Quorum::new(vector.small("needed"), keys.collect()).unwrap())
}

fn asset(vector: &Json, name: &str) -> AssetId {
    AssetId::new(vector.number(name)).unwrap()
}

fn schedule(vector: &Json) -> EpochSchedule {
    match vector.text("kind") {
        "endless" => EpochSchedule::ENDLESS,
        "months" => {
            EpochSchedule::months(Month::from_number(vector.small("first")).unwrap(), vector.small("grace"))
                .unwrap()
        }
        "seconds" => {
            let (origin, length) = (vector.number("origin"), vector.small("length"));
            EpochSchedule::seconds(origin, length, vector.small("grace")).unwrap()
        }
        other => panic!("{other}"),
    }
}

fn keys(vector: &Json) -> KeyHashes {
    KeyHashes { verifying: vector.array("verifying"), proving: vector.array("proving") }
}

fn rules(vector: &Json) -> RulesTerms {
    let shape = |vector: &Json| ShapeTerms {
        shape: Shape::from_bytes(&[vector.small("code")]).unwrap(),
        keys: keys(vector),
    };
    let statement = |vector: &Json| (Statement::from_bytes(&[vector.small("code")]).unwrap(), keys(vector));
    RulesTerms {
        version: RulesVersion(vector.small("version")),
        from: vector.small("from"),
        until: vector["until"].as_u64().map(|until| until.try_into().unwrap()),
        shapes: vector.list("shapes").iter().map(shape).collect(),
        disclosures: DisclosureTerms::new(vector.list("statements").iter().map(statement)).unwrap(),
    }
}

fn descriptor(vector: &Json) -> AssetDescriptor {
    let (symbol, decimals) = (vector.text("symbol"), vector.small("decimals"));
    let reference = vector.bytes("reference");
    AssetDescriptor::new(asset(vector, "id"), symbol, decimals, vector.array("issuer"), &reference).unwrap()
}

fn fees(vector: &Json) -> FeeTerms {
    let values =
        |name: &str| vector.list(name).iter().map(|x| Value(x.as_u64().unwrap())).collect::<Vec<_>>();
    let [any, registration, announcement] = values("operations").try_into().unwrap();
    FeeTerms {
        asset: asset(vector, "asset"),
        minimum: values("shapes").try_into().unwrap(),
        operations: OperationFees { any, registration, announcement },
    }
}

fn terms(vector: &Json) -> GenesisTerms {
    let (finality, guardians) = (&vector["finality"], &vector["guardians"]);
    let balance = |vector: &Json| GenesisBalance {
        account: TransparentAccount(vector.array("account")),
        asset: asset(vector, "asset"),
        amount: Value(vector.number("amount")),
    };
    GenesisTerms {
        chain: vector.text("name").to_owned(),
        time: vector.number("time"),
        schedule: schedule(&vector["epochs"]),
        anchor_window: vector.small("anchor_window"),
        pool: PoolId(vector.small("pool_id")),
        fee_account: TransparentAccount(vector.array("fee_account")),
        development: vector.number("development") == 1,
        block_interval: vector.small("block_interval"),
        snapshots: SnapshotTerms {
            delay: vector["snapshots"].small("delay"),
            every: vector["snapshots"].small("every"),
        },
        finality: Finality::Solo {
            authorities: quorum(&finality["authorities"]).unwrap(),
            trusting_period: finality.small("trusting_period"),
        },
        guardians: Guardians { quorum: quorum(&guardians["quorum"]), delay: guardians.small("delay") },
        assets: vector.list("assets").iter().map(descriptor).collect(),
        balances: vector.list("balances").iter().map(balance).collect(),
        fees: vector.list("fees").iter().map(fees).collect(),
        rules: vector.list("rules").iter().map(rules).collect(),
    }
}

#[test]
fn terms_have_one_encoding_and_its_hash_names_the_chain() {
    for vector in open("genesis").list("cases") {
        let genesis = Genesis::new(terms(&vector["terms"])).unwrap();
        assert_eq!(hex::encode(genesis.to_bytes()), vector.text("bytes"));
        assert_eq!(both_ways::<Genesis>(&vector.bytes("bytes")), genesis);
        assert_eq!(genesis.hash().0, vector.array("hash"));
        assert_eq!(genesis.pool_tag(), vector.pool());
    }
}

#[test]
fn malformed_terms_are_refused_each_by_its_fault() {
    for vector in open("genesis").list("malformed") {
        let error = Genesis::from_bytes(&vector.bytes("bytes")).unwrap_err();
        assert_eq!(fault(&error), vector.text("fault"), "{}", vector.text("name"));
    }
}
