use core::str::FromStr;

use age::x25519::Identity;
use louver_chain::{Block, ChainTransaction};
use louver_circuits::{disclosure::DisclosureVerifier, keyset::KeySet};
use louver_core::{
    asset::KnownAssets,
    encoding::{Decode, Encode},
    epoch::Epoch,
    keys::{AccountSpendingKey, Direction, FullViewingKey},
    pool::PoolId,
    proof::Proof,
    secret::ExposeBytes,
    transaction::TxId,
};
use louver_viewkeys::{
    auditor,
    challenge::Challenge,
    grant::{Grant, GrantError},
    package::{Item, OnLedger, Package},
    receipt::{Conclusion, Receipt},
    report::{ChainChoice, Declared, Ground, HeadRead, Moment, Names},
    signed::{Asked, EnvelopeError, Reading},
};
use louver_wallet::phrase::RecoveryPhrase;
use serde_json::Value as Json;

use crate::{
    both_ways, chain,
    file::{Field, open},
};

fn verifier() -> DisclosureVerifier {
    KeySet::of(&chain::genesis()).unwrap().disclosure_verifier().unwrap()
}

/// The account of a vector.
fn account(vector: &Json) -> FullViewingKey {
    let number = vector.small("account");
    let seed = RecoveryPhrase::parse(vector.text("phrase")).unwrap().seed().unwrap();
    AccountSpendingKey::from_seed(seed.expose(), number).unwrap().full_viewing_key()
}

#[test]
fn a_reader_has_a_key_in_its_text_forms() {
    let vectors = open("grants");
    let reader = &vectors["recipient"];
    for file in reader.list("files") {
        let key = auditor::read(file.as_str().unwrap()).unwrap();
        assert_eq!(key.to_public().to_string(), reader.text("recipient"));
        // The file that is written is such a file too.
        let again = auditor::read(&auditor::write(&key)).unwrap();
        assert_eq!(again.to_public().to_string(), reader.text("recipient"));
        assert!(auditor::write(&key).contains(reader.text("key")));
    }
    for text in reader.list("refused") {
        assert!(auditor::read(text.as_str().unwrap()).is_err(), "{text}");
    }
    assert!(Identity::from_str(reader.text("key")).is_ok());
}

#[test]
fn grants_are_proven_signed_and_hold_the_keys_of_their_scope() {
    let (vectors, verifier, genesis) = (open("grants"), verifier(), chain::genesis());
    let pool = PoolId(vectors.small("pool_id"));
    for vector in vectors.list("grants") {
        let bytes = vector.bytes("bytes");
        let grant = Grant::from_bytes(&bytes).unwrap();
        assert_eq!(*grant.expose_bytes(), bytes);
        let reading = Reading {
            genesis: genesis.hash(),
            chain: ground(),
            pool,
            account: Some(grant.account()),
            reader: Some(vector.text("reader").to_owned()),
            asked: asked(vector),
            keys: None,
            now: vector.number("issued"),
        };
        assert_eq!(grant.verify(&reading, &verifier).map(drop), Ok(()));
        assert_eq!(grant.hash(), vector.array("hash"));
        assert_eq!((grant.issued(), grant.expires()), (vector.number("issued"), vector.number("expires")));
        assert_eq!(grant.account().to_scalar(), vector.fr("aid"));
        assert_eq!(grant.purpose(), vector.text("purpose"));
        assert_eq!(grant.reader().recipient.as_deref(), Some(vectors["recipient"].text("recipient")));
        scope(&grant, vector);
        // One bit elsewhere, and nobody signed it, or nothing proves it.
        for at in [50, 80, bytes.len() - 100, bytes.len() - 1] {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            let refused = Grant::from_bytes(&altered);
            assert!(refused.is_err() || refused.unwrap().verify(&reading, &verifier).is_err(), "{at}");
        }
        let elsewhere = Reading { pool: PoolId(pool.0 + 1), ..reading };
        assert_eq!(grant.verify(&elsewhere, &verifier), Err(GrantError::Envelope(EnvelopeError::OtherPool)));
    }
}

/// The keys that a grant has are the account's own, and no others are there.
fn scope(grant: &Grant, vector: &Json) {
    let full = account(vector);
    let (first, last): (u16, u16) = (vector.small("first"), vector.small("last"));
    let granted = |name: &str| vector.list("directions").iter().any(|direction| direction == name);
    for keys in vector.list("keys") {
        let epoch: Epoch = keys.epoch();
        let own = full.epoch_keys(grant.pool(), epoch);
        let expected = |name: &str| keys[name].as_str().map(|_| keys.fr(name));
        assert_eq!(grant.nullifier_key(epoch).map(|key| *key.to_scalar().expose()), expected("spends"));
        assert_eq!(grant.detection_key(epoch).map(|key| *key.to_scalar().expose()), expected("detection"));
        for (name, key, direction) in [
            ("incoming", grant.incoming(epoch), Direction::External),
            ("change", grant.change(epoch), Direction::Internal),
        ] {
            let own = full.incoming(grant.pool(), direction, epoch).expose_bytes();
            let own = granted(name).then_some(own);
            assert_eq!(key.map(|key| key.expose_bytes().to_vec()), own.map(|key| key.to_vec()));
        }
        if granted("spends") {
            assert_eq!(*own.nullifier.to_scalar().expose(), keys.fr("spends"));
        }
        let outgoing = grant.outgoing(epoch).map(|key| *key.ovk().expose());
        let own = granted("outgoing").then(|| *full.outgoing(grant.pool(), epoch).ovk().expose());
        assert_eq!(outgoing, own);
    }
    for outside in [first.checked_sub(1), last.checked_add(1)].into_iter().flatten().map(Epoch) {
        assert!(grant.incoming(outside).is_none() && grant.change(outside).is_none());
        assert!(grant.outgoing(outside).is_none() && grant.nullifier_key(outside).is_none());
        assert!(grant.detection_key(outside).is_none());
    }
}

/// The vectors' chain, as a reader who chose its genesis has read it to the end.
fn ground() -> Ground {
    let vectors = open("chain");
    let last = vectors.list("blocks").last().unwrap();
    let (height, time) = (last["header"].small("height"), Moment::new(last["header"].number("time")));
    let head = HeadRead { height, hash: last.text("hash").to_owned(), time, is_old: false };
    let genesis_hash = vectors.text("genesis_hash").to_owned();
    Ground {
        genesis_hash,
        chosen: ChainChoice::Genesis,
        head,
        offline: false,
        development: false,
        own_node: false,
        paused: None,
    }
}

/// The question that a file answers: zeros are none.
fn asked(vector: &Json) -> Asked {
    match vector.array("nonce") {
        none if none == [0; 32] => Asked::Nothing,
        nonce => Asked::Nonce(nonce),
    }
}

/// The transaction that a reader finds in his own copy of the chain.
fn find(height: u32, txid: &TxId) -> Option<OnLedger> {
    let vectors = open("chain");
    let block =
        vectors.list("blocks").iter().find(|block| block["header"].small::<u32>("height") == height)?;
    let found: Block = both_ways(&block.bytes("block"));
    let time = found.header().time;
    let at =
        block.list("transactions").iter().position(|x| x["txid"].as_str() == Some(&hex::encode(txid.0)))?;
    match &found.transactions()[at] {
        ChainTransaction::Shielded(transaction) => {
            let (schedule, epoch) = (chain::genesis().terms().schedule, transaction.effects().epoch());
            let declared = Declared::new(&schedule, epoch, time);
            Some(OnLedger { height, time, txid: *txid, declared, transaction: (**transaction).clone() })
        }
        _ => None,
    }
}

#[test]
fn packages_are_proven_and_signed_and_say_what_their_items_say() {
    let (vectors, verifier, genesis) = (open("packages"), verifier(), chain::genesis());
    for vector in vectors.list("packages") {
        let package: Package = both_ways(&vector.bytes("bytes"));
        let reading = Reading {
            genesis: genesis.hash(),
            chain: ground(),
            pool: PoolId(vectors.small("pool_id")),
            account: Some(package.account()),
            reader: Some(vector.text("reader").to_owned()),
            asked: asked(vector),
            keys: None,
            now: vector.number("issued"),
        };
        let assets = KnownAssets::new(&[]);
        let names = Names { assets: &assets, account: &|account| hex::encode(account.0) };
        let verdict = package.verify(&reading, &names, &verifier, find).unwrap();
        assert_eq!(package.account().to_scalar(), vector.fr("aid"));
        assert_eq!(package.account(), account(vector).account_id(package.pool()));
        assert_eq!(
            (package.issued(), package.expires()),
            (vector.number("issued"), vector.number("expires"))
        );
        assert_eq!(
            (package.reader().name.as_str(), package.purpose()),
            (vector.text("reader"), vector.text("purpose"))
        );
        assert_eq!(package.reader().recipient.as_deref(), vector["recipient"].as_str());
        assert_eq!(package.hash(), vector.array("hash"));
        assert_eq!(verdict.payments.len(), vector.list("items").len());
        for (item, fields) in package.items().iter().zip(vector.list("items")) {
            assert_eq!(*item, both_ways::<Item>(&fields.bytes("bytes")));
            assert_eq!((item.height, item.output), (fields.small("height"), fields.small("output")));
            assert_eq!(item.txid.0, fields.array("txid"));
            assert_eq!(item.to_bytes()[..2], [fields.small::<u8>("part"), fields.small("detail")]);
        }
        let expires = vector.number("expires");
        let late = Reading { now: expires + 1, ..reading.clone() };
        let error = package.verify(&late, &names, &verifier, find).unwrap_err();
        assert_eq!(error, EnvelopeError::Expired(expires).into());
        for at in 0..package.items().len() {
            let refused = with_other_proof(vector, &package, at);
            let error = refused.verify(&reading, &names, &verifier, find).unwrap_err();
            assert_eq!(error, EnvelopeError::Signature.into());
        }
    }
}

#[test]
fn a_reader_asks_and_keeps_receipts_under_one_key() {
    let vectors = open("challenges");
    let key = auditor::read(vectors.text("secret")).unwrap();
    let (genesis, pool) = (chain::genesis().hash(), PoolId(vectors.small("pool_id")));
    for vector in vectors.list("challenges") {
        let challenge: Challenge = both_ways(&vector.bytes("bytes"));
        assert_eq!(challenge.verify(&genesis, pool), Ok(()));
        assert_eq!(challenge.hash(), vector.array("hash"));
        assert_eq!(challenge.key().to_bytes(), vectors.array("key"));
        assert_eq!(challenge.key(), &auditor::signing_key(&key).verifying_key());
        assert_eq!(challenge.reader().name, vector.text("reader"));
        assert_eq!(challenge.reader().recipient, Some(key.to_public().to_string()));
        assert_eq!(
            (challenge.made(), challenge.demand().to_bytes()),
            (vector.number("made"), vector.bytes("demand"))
        );
    }
    let vector = &vectors["receipt"];
    let receipt: Receipt = both_ways(&vector.bytes("bytes"));
    assert_eq!(receipt.verify(None), Ok(()));
    let package: Package = both_ways(&vector.bytes("envelope"));
    assert_eq!(receipt.is_about(&package), Ok(()));
    assert_eq!((receipt.head().height, receipt.made()), (vector.small("height"), vector.number("made")));
    assert_eq!(receipt.conclusion(), Conclusion::Guaranteed);
    let sentences: Vec<_> = receipt.sentences().iter().map(|sentence| sentence.text.as_str()).collect();
    assert_eq!(serde_json::json!(sentences), vector["sentences"]);
}

/// The package with the proof of an item in the place of another: the account signed neither.
fn with_other_proof(vector: &Json, package: &Package, at: usize) -> Package {
    let (own, bytes) = (package.items()[at].proof, vector.bytes("bytes"));
    let mut other = *own.as_bytes();
    other[0] ^= 0x20;
    let place = bytes.windows(192).position(|window| window == own.as_bytes()).unwrap();
    let altered = [&bytes[..place], Proof::from_array(other).as_bytes(), &bytes[place + 192..]].concat();
    Package::from_bytes(&altered).unwrap()
}
