//! Grants and packages, laid out by hand: nothing in them is proven or signed, and decoders do not ask.

use louver_core::{
    asset::AssetId,
    disclosure::EPOCHS_PER_PROOF,
    encoding::{Decode, Encode, point_bytes},
    epoch::{Epoch, EpochRange},
    keys::{AddressIndex, Direction, View},
    secret::ExposeBytes,
    spec::Fr,
    transaction::TxId,
    value::Value,
};
use louver_viewkeys::{
    auditor,
    book::Openings,
    challenge::Demand,
    grant::{Grant, ScopeKeys},
    package::{Items, Package, Side},
    receipt::{Conclusion, Receipt, Sentence},
    report::{Assurance, ChainChoice, Ground, HeadRead, Moment},
    reserves::Liabilities,
    scope::Directions,
    signed::Body,
    statement::{Assertion, Says, StatedSum},
};

use super::{EPOCH, GENESIS, pool, viewing_key};

fn seven() -> AssetId {
    AssetId::new(7).expect("an id")
}

fn text(text: &str) -> Vec<u8> {
    let mut out = (text.len() as u64).to_le_bytes()[..2].to_vec();
    out.extend_from_slice(text.as_bytes());
    out
}

/// Everything before the body.
fn about(magic: &[u8; 8], recipient: &str) -> Vec<u8> {
    let account = viewing_key();
    let mut out = magic.to_vec();
    out.extend_from_slice(&GENESIS.0);
    out.extend_from_slice(&0u32.to_le_bytes());
    account.account_id(pool()).encode(&mut out);
    out.extend_from_slice(&point_bytes(account.ak()));
    out.extend(text("Auditors & Co."));
    out.extend(text(recipient));
    out.extend_from_slice(&[8; 32]);
    out.extend(text("annual audit, 2026"));
    out.extend_from_slice(&1_800_000_000u64.to_le_bytes());
    out.extend_from_slice(&1_900_000_000u64.to_le_bytes());
    out
}

pub(in crate::decoders) fn grant() -> Vec<Vec<u8>> {
    grants_for(&super::super::reader().to_public().to_string())
}

/// The same grants, sealed to the reader of the fuzz target.
pub(in crate::decoders) fn sealed_grant() -> Vec<Vec<u8>> {
    let reader = super::super::reader().to_public().to_string();
    grants_for(&reader)
        .iter()
        .map(|bytes| Grant::from_bytes(bytes).expect("a grant").seal().expect("a recipient"))
        .collect()
}

fn grants_for(recipient: &str) -> Vec<Vec<u8>> {
    let spends = Directions { spends: true, ..Directions::default() };
    let outgoing = Directions { outgoing: true, detection: true, ..Directions::default() };
    [(Directions::ALL, 3, 9), (Directions::INCOMING, 3, 3), (spends, 0, 4), (outgoing, 7, 8)]
        .into_iter()
        .filter_map(|(directions, first, last)| {
            let account = viewing_key();
            let range = EpochRange::new(Epoch(first), Epoch(last))?;
            let mut out = about(ScopeKeys::MAGIC, recipient);
            range.first().encode(&mut out);
            range.last().encode(&mut out);
            directions.encode(&mut out);
            let views = [
                (directions.incoming, View::External),
                (directions.change, View::Internal),
                (directions.outgoing, View::Outgoing),
            ];
            for (_, view) in views.into_iter().filter(|(shown, _)| *shown) {
                out.extend_from_slice(&account.cover(view, pool(), range).expose_bytes());
            }
            for epoch in range.iter() {
                let keys = account.epoch_keys(pool(), epoch);
                let scalars = [
                    (directions.incoming, keys.external_tag.to_scalar()),
                    (directions.change, keys.internal_tag.to_scalar()),
                    (directions.spends, keys.nullifier.to_scalar()),
                    (directions.detection, keys.detection.to_scalar()),
                ];
                for (_, scalar) in scalars.into_iter().filter(|(shown, _)| *shown) {
                    out.extend_from_slice(&scalar.expose().to_bytes());
                }
            }
            let proofs = range.iter().count().div_ceil(EPOCHS_PER_PROOF);
            out.extend(vec![4; 192 * proofs + 64]);
            Some(out)
        })
        .collect()
}

pub(in crate::decoders) fn package() -> Vec<Vec<u8>> {
    let account = viewing_key();
    let field = Fr::from(77).to_bytes();
    let amount = [&[1, 0, 0, 0, 0, 0, 0][..], &250u64.to_le_bytes()].concat();
    let address = account.address(pool(), EPOCH, Direction::External, AddressIndex(0));
    let pk_d = address.pk_d().to_array();
    let full = [&amount[..], &[5; 16], &pk_d, &field, &[6; 32]].concat();
    // Paid, received from another and from itself; in full, by amount, at least; and a deposit or withdrawal.
    let items = [
        (1, 1, full.clone()),
        (1, 2, amount.clone()),
        (2, 1, full),
        (2, 3, amount.clone()),
        (3, 2, amount),
        (1, 4, Vec::new()),
    ];
    [1, items.len()]
        .map(|count| {
            let mut out = about(Items::MAGIC, "");
            out.extend_from_slice(&(count as u64).to_le_bytes()[..4]);
            for (output, (part, detail, shown)) in (2u8..).zip(&items[..count]) {
                out.extend_from_slice(&[*part, *detail]);
                out.extend_from_slice(&u32::from(EPOCH.0).to_le_bytes());
                out.extend_from_slice(&[4; 32]);
                out.push(output);
                out.extend_from_slice(shown);
                out.extend_from_slice(&[4; 192]);
            }
            out.extend_from_slice(&[7; 64]);
            out
        })
        .to_vec()
}

pub(in crate::decoders) fn statement() -> Vec<Vec<u8>> {
    let address = viewing_key().address(pool(), EPOCH, Direction::External, AddressIndex(0));
    let sum = StatedSum::Exactly(Value(250));
    let epochs = EpochRange::ALL;
    // The words, and how many steps a run has.
    let all = [
        (Says::Address(address), None),
        (Says::Unspent { height: 7, txid: TxId([4; 32]), output: 2, snapshot: 1 }, None),
        (Says::Holdings { asset: seven(), at_least: Value(250), snapshot: 1 }, Some(1u32)),
        (Says::Total { asset: seven(), sum, epochs, height: 7 }, Some(2)),
    ];
    all.into_iter()
        .map(|(says, steps)| {
            let mut out = about(Assertion::MAGIC, "");
            says.encode(&mut out);
            match steps {
                None => out.extend_from_slice(&[4; 192]),
                Some(steps) => {
                    steps.encode(&mut out);
                    for _ in 0..steps {
                        out.extend_from_slice(&Fr::from(77).to_bytes());
                        out.extend_from_slice(&[4; 192]);
                    }
                }
            }
            out.extend_from_slice(&[7; 64]);
            out
        })
        .collect()
}

/// An empty book, and one with a transaction of every kind of output, a receipt and opening notes.
pub(in crate::decoders) fn book() -> Vec<Vec<u8>> {
    let account = viewing_key();
    let field = Fr::from(77).to_bytes();
    let amount = [&[1, 0, 0, 0, 0, 0, 0][..], &250u64.to_le_bytes()].concat();
    let address = account.address(pool(), EPOCH, Direction::External, AddressIndex(0));
    let opening = [&EPOCH.0.to_le_bytes()[..], &[0], &field, &field, &amount, &field].concat();
    let proof = [4; 192];
    let pk_d = address.pk_d().to_array();
    let outputs = [
        [&[0][..], &field, &amount[..7], &field].concat(),
        [&[1][..], &amount, &proof].concat(),
        [&[2][..], &amount, &proof].concat(),
        [&[3][..], &amount, &[5; 16], &pk_d, &field, &[6; 32]].concat(),
    ];
    let transaction = [&[4; 32][..], &[2], &opening, &opening, &[4], &outputs.concat(), &proof].concat();
    let receipt = [&[4; 32][..], &[1], &amount, &proof].concat();
    let held = [&opening[..], &[0], &opening, &[1], &proof].concat();
    let one = 1u32.to_le_bytes();
    let full = [&one[..], &transaction, &one, &receipt, &2u32.to_le_bytes(), &held].concat();
    [vec![0; 12], full]
        .map(|entries| {
            let mut out = about(Openings::MAGIC, &super::super::reader().to_public().to_string());
            let range = EpochRange::new(EPOCH, EPOCH).expect("one epoch");
            EPOCH.encode(&mut out);
            EPOCH.encode(&mut out);
            Directions { detection: true, ..Directions::default() }.encode(&mut out);
            for epoch in range.iter() {
                let keys = account.epoch_keys(pool(), epoch);
                out.extend_from_slice(&keys.detection.to_scalar().expose().to_bytes());
            }
            out.extend_from_slice(&proof);
            out.extend(entries);
            out.extend_from_slice(&[7; 64]);
            out
        })
        .to_vec()
}

/// The debts to three customers, and the files of two.
pub(in crate::decoders) fn reserves() -> Vec<Vec<u8>> {
    let subject =
        [&GENESIS.0[..], &viewing_key().account_id(pool()).to_bytes(), &[1, 0, 0, 0, 0, 0, 0], &[3, 0, 0, 0]]
            .concat();
    let leaf =
        |name: &str, salt: u8, amount: u64| [&text(name)[..], &[salt; 32], &amount.to_le_bytes()].concat();
    let leaves = [leaf("7001", 1, 250), leaf("7002", 2, 9), leaf("", 3, 0), leaf("7001", 4, 1)].concat();
    let owner = [&b"LVRDEBT\x01"[..], &subject, &4u32.to_le_bytes(), &leaves].concat();
    let made = Liabilities::from_bytes(&owner).expect("what is owed");
    let customers = ["7001", "7002"].map(|name| made.inclusion(name).expect("a customer").to_bytes());
    [vec![owner], customers.to_vec()].concat()
}

/// The requests of the fuzz target's reader.
pub(in crate::decoders) fn challenge() -> Vec<Vec<u8>> {
    let asset = AssetId::new(7);
    let epochs = EpochRange::new(Epoch(3), Epoch(9));
    let demands = [
        Demand::Grant { directions: Directions::ALL, epochs: EpochRange::ALL },
        Demand::Payments { epochs: None, side: None, asset: None, at_least: None },
        Demand::Payments { epochs, side: Some(Side::Received), asset, at_least: Some(Value(250)) },
        Demand::Payments { epochs, side: Some(Side::Sent), asset, at_least: None },
        Demand::Address(viewing_key().address(pool(), EPOCH, Direction::External, AddressIndex(0))),
        Demand::Unspent { txid: TxId([4; 32]), output: 2, since: 0 },
        Demand::Holdings { asset: seven(), at_least: Value(250), since: 1_800_000_000 },
        Demand::Total { asset: seven(), at_least: Value(250), epochs: EpochRange::ALL },
        Demand::Book { epochs: EpochRange::ALL },
    ];
    let reader = super::super::reader();
    let key = auditor::signing_key(&reader).verifying_key();
    demands
        .into_iter()
        .map(|demand| {
            let mut out = b"LVASKED\x01".to_vec();
            out.extend_from_slice(&GENESIS.0);
            out.extend_from_slice(&0u32.to_le_bytes());
            out.extend(text("Auditors & Co."));
            out.extend(text(&reader.to_public().to_string()));
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(&[8; 32]);
            out.extend_from_slice(&1_800_000_000u64.to_le_bytes());
            demand.encode(&mut out);
            out.extend_from_slice(&[7; 64]);
            out
        })
        .collect()
}

/// His receipts for the packages.
pub(in crate::decoders) fn receipt() -> Vec<Vec<u8>> {
    let head = HeadRead { height: 9, hash: "05".repeat(32), time: Moment::new(100), is_old: false };
    let genesis_hash = "07".repeat(32);
    let chain = Ground {
        genesis_hash,
        chosen: ChainChoice::Genesis,
        head,
        offline: false,
        development: false,
        own_node: false,
        paused: None,
    };
    let sentences = [None, Some(Assurance::Guaranteed), Some(Assurance::Unverified)];
    let sentences: Vec<_> = sentences
        .into_iter()
        .map(|label| Sentence { label, text: "paid 250, for \u{20ac}uros".to_owned() })
        .collect();
    package()
        .iter()
        .map(|bytes| {
            let package = Package::from_bytes(bytes).expect("a package");
            let key = super::super::reader();
            let made = 1_800_000_001;
            Receipt::new(&package, &key, &chain, Conclusion::Guaranteed, sentences.clone(), made)
                .expect("a head")
                .to_bytes()
        })
        .collect()
}
