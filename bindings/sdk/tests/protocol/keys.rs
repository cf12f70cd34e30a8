use std::sync::Arc;

use louver_sdk::{RecoveryPhrase, protocol::*};
use serde_json::Value;

use crate::vector::{Vector, fault, open};

pub(crate) fn account(vector: &Value) -> Arc<ProtocolKeys> {
    let phrase = RecoveryPhrase::parse(vector.text("phrase")).unwrap();
    ProtocolKeys::derive(phrase, vector.number("account")).unwrap()
}

pub(crate) fn note(vector: &Value) -> ProtocolNote {
    ProtocolNote {
        pool_tag: vector.text("pool"),
        epoch: vector.number("epoch"),
        index: vector.number("index"),
        diversifier: vector.text("d"),
        pk_d: vector.text("pk_d"),
        tau: vector.text("tau"),
        asset: vector.number("asset"),
        value: vector.number("value"),
        rho: vector.text("rho"),
        rseed: vector.text("rseed"),
    }
}

pub(crate) fn secrets(vector: &Value) -> ProtocolNoteSecrets {
    let [m, rcm, esk, epk, cm] = ["m", "rcm", "esk", "epk", "cm"].map(|name| vector.text(name));
    ProtocolNoteSecrets { m, rcm, esk, epk, cm }
}

/// A reader of an application's log gains.
#[test]
fn secrets_are_not_printed() {
    let vectors = open("keys");
    let keys = account(&vectors.objects("accounts")[0]);
    let parts = keys.parts();
    let printed = format!("{keys:?} {parts:?} {:?}", Some(&parts));
    let AccountParts { sk, ak, nk, in_external, in_internal, out, dummy_root } = parts;
    let secrets = [sk, ak, nk, in_external, in_internal, out, dummy_root];
    assert!(secrets.iter().all(|secret| secret.len() == 64 && !printed.contains(secret)), "{printed}");
    let pool = "00".repeat(16);
    let epoch = keys.epoch(pool.clone(), 0).unwrap();
    let incoming = ProtocolIncomingKey {
        ivk: epoch.external_ivk.clone(),
        dk: epoch.external_dk.clone(),
        tk: epoch.tkx.clone(),
    };
    let alpha = format!("02{}", "00".repeat(31));
    let dummy = keys.dummy_input(pool, 0, 1, alpha, 0).unwrap();
    let printed = format!("{epoch:?} {incoming:?} {dummy:?}");
    assert_eq!(printed, "EpochParts(..) ProtocolIncomingKey(..) DummyInput(..)");
}

#[test]
fn accounts() {
    let vectors = open("keys");
    for vector in vectors.objects("pools") {
        let tag = pool_tag(vector.text("genesis_hash"), vector.number("pool_id"));
        assert_eq!(tag, Ok(vector.text("pool")));
    }
    for vector in vectors.objects("accounts") {
        let keys = account(vector);
        let names = ["sk", "ak", "nk", "in_external", "in_internal", "out", "dummy_root"];
        let parts = keys.parts();
        let found =
            [parts.sk, parts.ak, parts.nk, parts.in_external, parts.in_internal, parts.out, parts.dummy_root];
        assert_eq!(found, names.map(|name| vector.text(name)));
        for id in vector.objects("ids") {
            assert_eq!(keys.account_id(id.text("pool")), Ok(id.text("aid")));
        }
        for epoch in vector.objects("epochs") {
            let expected = EpochParts {
                tkx: epoch.text("tkx"),
                nk: epoch.text("nk_e"),
                sd: epoch.text("sd"),
                tki: epoch.text("tki"),
                external_ivk: epoch["external"].text("ivk"),
                external_dk: epoch["external"].text("dk"),
                internal_ivk: epoch["internal"].text("ivk"),
                internal_dk: epoch["internal"].text("dk"),
                ovk: epoch.text("ovk"),
            };
            assert_eq!(keys.epoch(epoch.text("pool"), epoch.number("epoch")), Ok(expected));
        }
        for tree in vector.objects("ggm") {
            for cover in tree.objects("covers") {
                let found =
                    keys.cover(tree.view(), tree.text("pool"), cover.number("first"), cover.number("last"));
                assert_eq!(found, Ok(cover.text("bytes")));
            }
        }
    }
}

#[test]
fn addresses() {
    let vectors = open("addresses");
    let keys = account(&vectors);
    let mut wide = 0;
    for vector in vectors.objects("addresses") {
        let (pool, epoch) = (vector.text("pool"), vector.number("epoch"));
        let expected = ProtocolAddress {
            pool_tag: pool.clone(),
            epoch,
            diversifier: vector.text("d"),
            base: vector.text("g_d"),
            pk_d: vector.text("pk_d"),
            tau: vector.text("tau"),
            bytes: vector.text("bytes"),
            text: vector.text("string"),
        };
        let index: [u8; 16] = hex::decode(vector.text("index")).unwrap().try_into().unwrap();
        match u64::try_from(u128::from_le_bytes(index)) {
            Ok(index) => {
                let found = keys.address(pool.clone(), epoch, vector.view(), index);
                assert_eq!(found.as_ref(), Ok(&expected));
            }
            Err(_) => wide += 1,
        }
        let found = keys.address_of(pool, epoch, vector.view(), vector.text("d"));
        assert_eq!(found.as_ref(), Ok(&expected));
        assert_eq!(read_protocol_address(vector.text("string")), Ok(expected));
    }
    assert!(wide < vectors.objects("addresses").len());
    for vector in vectors.objects("group_hashes") {
        assert_eq!(diversifier_base(vector.text("d")), Ok(vector.text("g_d")));
    }
    for vector in vectors.objects("strings") {
        let read = read_protocol_text(vector.text("string")).unwrap();
        assert_eq!(read.payload, vector.text("payload"), "{}", vector.text("form"));
    }
    for vector in vectors.objects("refused") {
        let found = fault(read_protocol_address(vector.text("string")));
        assert_eq!(found, vector.text("fault"), "{}", vector.text("name"));
    }
    for vector in vectors.objects("elements") {
        let found = fault(check_element(vector.text("bytes")));
        assert_eq!(found, vector.text("fault"), "{}", vector.text("name"));
    }
    for vector in vectors.objects("points") {
        let found = fault(check_subgroup_point(vector.text("bytes")));
        assert_eq!(found, vector.text("fault"), "{}", vector.text("name"));
    }
}

#[test]
fn notes() {
    let vectors = open("notes");
    let keys = account(&vectors);
    for vector in vectors.objects("m") {
        let mut m = pack_note(
            vector.number("index"),
            vector.number("epoch"),
            vector.number("asset"),
            vector.number("value"),
        )
        .unwrap();
        // This version only writes class 0; byte 15 holds the class.
        m.replace_range(30..32, &format!("{:02x}", vector.number::<u8>("class")));
        assert_eq!(m, vector.text("m"));
    }
    for vector in vectors.objects("notes") {
        assert_eq!(derive_note(note(vector)), Ok(secrets(vector)));
        let (pool, epoch) = (vector.text("pool"), vector.number("epoch"));
        assert_eq!(keys.epoch(pool.clone(), epoch).unwrap().nk, vector.text("nk_e"));
        assert_eq!(note_nullifier(vector.text("nk_e"), vector.text("cm")), Ok(vector.text("nf")));
        let own = keys.address_of(pool, epoch, vector.view(), vector.text("d")).unwrap();
        assert_eq!((own.pk_d, own.tau), (vector.text("pk_d"), vector.text("tau")));
    }
    for vector in vectors.objects("spend_tags") {
        assert_eq!(spend_tag(vector.text("sd"), vector.text("nf_0")), Ok(vector.text("st")));
    }
}

#[test]
fn dummies() {
    let vectors = open("notes");
    let keys = account(&vectors);
    let all = &vectors["dummies"];
    let (epoch, asset, first) = (all.number("epoch"), all.number("main_asset"), all.text("first_nullifier"));
    assert_eq!(keys.parts().dummy_root, all.text("dummy_root"));
    assert_eq!(keys.randomized_key(all.text("alpha")), Ok(all.text("rk")));
    for vector in all.objects("cases") {
        let (alpha, slot) = (all.text("alpha"), vector.number("slot"));
        if vector.number::<u8>("kind") == 0 {
            let expected = DummyInput {
                pk_d_hash: vector.text("pk_d_hash"),
                tau: vector.text("tau"),
                rho: vector.text("rho"),
                rcm: vector.text("rcm"),
                cm: vector.text("cm"),
                nf: vector.text("nf"),
            };
            assert_eq!(keys.dummy_input(all.text("pool"), epoch, asset, alpha, slot), Ok(expected));
        } else {
            assert_eq!(vector.text("rho"), first);
            let expected = DummyOutput {
                tau: vector.text("tau"),
                rcm: vector.text("rcm"),
                epk: vector.text("epk"),
                cm: vector.text("cm"),
            };
            assert_eq!(keys.dummy_output(epoch, asset, alpha, first.clone(), slot), Ok(expected));
        }
    }
}
