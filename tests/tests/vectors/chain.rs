use ed25519_dalek::SigningKey;
use louver_chain::{
    Act, Action, Block, BlockHash, Chain, ChainTransaction, Header, Operation, SignedAct, UnsignedOperation,
    account::Account,
    announcement::AnnouncementKind,
    commitment::Path,
    compact::CompactBlock,
    history::verify_ancestor,
    inclusion::{Leaf, transactions_root},
    state::opening::{Fact, Opening, Question},
};
use louver_circuits::keyset::KeySet;
use louver_core::{
    asset::AssetId,
    compact::CompactTransaction,
    encoding::{Decode, Encode},
    ledger::Genesis,
    store::MemoryStore,
    transaction::Fee,
    tree::Anchor,
    value::Value,
};
use louver_light::{ChainProof, Evidence, SealedHeader, chain_proof::Shown};
use serde_json::Value as Json;

use crate::{
    both_ways,
    file::{Field, open},
    genesis::quorum,
};

/// The chain of the vectors.
pub(crate) fn genesis() -> Genesis {
    let vectors = open("chain");
    let genesis: Genesis = both_ways(&vectors.bytes("genesis"));
    assert_eq!(genesis.hash().0, vectors.array("genesis_hash"));
    assert_eq!(genesis.pool_tag(), vectors.pool());
    genesis
}

fn key(seed: &str) -> SigningKey {
    SigningKey::from_bytes(&hex::decode(seed).unwrap().try_into().unwrap())
}

fn header(vector: &Json) -> Header {
    Header {
        height: vector.small("height"),
        previous: BlockHash(vector.array("previous")),
        time: vector.number("time"),
        anchor: Anchor::from_bytes(&vector.bytes("anchor")).unwrap(),
        tree_size: vector.number("tree_size"),
        transactions_root: vector.array("transactions_root"),
        state_root: vector.array("state_root"),
        history_root: vector.array("history_root"),
    }
}

#[test]
fn headers() {
    for vector in open("chain").list("blocks") {
        let header = header(&vector["header"]);
        assert_eq!(hex::encode(header.to_bytes()), vector.text("header_bytes"));
        assert_eq!(both_ways::<Header>(&vector.bytes("header_bytes")), header);
        assert_eq!(header.hash().0, vector.array("hash"));
    }
}

/// The whole of the book's rules for blocks at once: a node that replays the blocks checks signatures, proofs, fees,
/// balances, the tree and the state, makes every header anew, and compares.
#[test]
fn a_node_that_replays_the_blocks_makes_the_same_ones() {
    let (genesis, vectors) = (genesis(), open("chain"));
    let verifier = KeySet::of(&genesis).unwrap().verifier().unwrap();
    let mut chain = Chain::open(MemoryStore::default(), genesis).unwrap();
    for vector in vectors.list("blocks") {
        let block: Block = both_ways(&vector.bytes("block"));
        let made = chain.replay(block.clone(), &verifier).unwrap();
        assert_eq!(made.block(), &block);
        chain.commit(made).unwrap();
        // A snapshot needs the tree of nullifiers, which grows beside the path of blocks.
        while chain.grow_nullifier_tree(100).unwrap() {}
        assert_eq!(chain.tip_hash().0, vector.array("hash"));
        let compact: CompactBlock = both_ways(&vector.bytes("compact_block"));
        assert_eq!(chain.compact_block(chain.height()).unwrap(), Some(compact));
        for opening in vector.list("openings") {
            let expected: Opening = both_ways(&opening.bytes("bytes"));
            // An asset that is not registered has a supply of 0 all the same.
            assert_eq!(chain.open_state(question(expected.fact())).unwrap(), Some(expected), "{opening}");
        }
    }
}

fn question(fact: &Fact) -> Question {
    match fact {
        Fact::Asset(descriptor) => Question::Asset(descriptor.id()),
        Fact::Supply { asset, .. } => Question::Supply(*asset),
        Fact::Balance { account, asset, .. } => Question::Balance(*account, *asset),
        Fact::Operations { account, .. } => Question::Operations(*account),
        Fact::Rules(_) => Question::Rules,
        Fact::Authorities { .. } => Question::Authorities,
        Fact::Guardians { .. } => Question::Guardians,
        Fact::Auditors(_) => Question::Auditors,
        Fact::Snapshot { index, .. } => Question::Snapshot(*index),
        Fact::Announced { topic, .. } => Question::Announced(*topic),
    }
}

#[test]
fn openings_hold_under_the_state_root_and_no_other() {
    let vectors = open("chain");
    for vector in vectors.list("blocks") {
        let root = vector["header"].array("state_root");
        for opening in vector.list("openings") {
            let shown: Opening = both_ways(&opening.bytes("bytes"));
            assert!(shown.verify(&root).is_ok(), "{opening}");
            for at in [0, 16, 31] {
                let mut other = root;
                other[at] ^= 1;
                assert!(shown.verify(&other).is_err());
            }
        }
    }
}

#[test]
fn transactions_stand_under_their_root() {
    for vector in open("chain").list("blocks") {
        let block: Block = both_ways(&vector.bytes("block"));
        assert_eq!(transactions_root(&block.leaves()), vector["header"].array("transactions_root"));
        assert_eq!(block.leaves().len(), vector.list("transactions").len());
        for (leaf, transaction) in block.leaves().iter().zip(vector.list("transactions")) {
            assert_eq!(leaf.compact, transaction.array("compact_hash"));
            assert_eq!(leaf.full, transaction.array("full_hash"));
            assert_eq!(leaf.hash(), transaction.array("leaf"));
            let path: Path = both_ways(&transaction.bytes("path"));
            assert_eq!(Leaf::verify(leaf, &path, &block.header().transactions_root), Ok(()));
        }
        let compact: CompactBlock = both_ways(&vector.bytes("compact_block"));
        let (forms, pool): (Vec<_>, Vec<_>) = (
            compact.transactions().map(|(_, form)| form.to_bytes()).collect(),
            vector.list("transactions").iter().filter(|x| x.number("kind_of_transaction") == 1).collect(),
        );
        assert_eq!(forms, pool.iter().map(|x| x.bytes("compact")).collect::<Vec<_>>());
        for (transaction, form) in pool.iter().zip(&forms) {
            let form: CompactTransaction = both_ways(form);
            assert_eq!(form.txid.0, transaction.array("txid"));
        }
    }
}

/// The operation of a vector's fields.
fn operation(vector: &Json) -> UnsignedOperation {
    let to = |name: &str| Account(vector.array(name));
    let asset = || AssetId::new(vector.number("asset")).unwrap();
    let amount = || Value(vector.number("amount"));
    let action = match vector.text("kind") {
        "transfer" => Action::Transfer { asset: asset(), amount: amount(), to: to("recipient") },
        "mint" => Action::Mint { asset: asset(), amount: amount(), to: to("recipient") },
        "announce" => Action::Announce {
            kind: AnnouncementKind::from_bytes(&[vector.small("announced")]).unwrap(),
            subject: vector.array("subject"),
            hash: vector.array("hash"),
        },
        "register" => Action::RegisterAsset {
            symbol: vector.text("symbol").to_owned(),
            decimals: vector.small("decimals"),
            reference: vector.bytes("reference"),
        },
        other => panic!("{other}"),
    };
    let fee =
        Fee::new(AssetId::new(vector.number("fee_asset")).unwrap(), Value(vector.number("fee"))).unwrap();
    UnsignedOperation { sender: to("sender"), nonce: vector.number("nonce"), fee, action }
}

#[test]
fn operations_and_acts_have_one_encoding_one_id_and_one_signature() {
    let (genesis, vectors) = (genesis().hash(), open("chain"));
    let mut kinds = Vec::new();
    for vector in vectors.list("blocks").iter().flat_map(|block| block.list("transactions")) {
        match both_ways::<ChainTransaction>(
            &[&[vector.small("kind_of_transaction")], &vector.bytes("bytes")[..]].concat(),
        ) {
            ChainTransaction::Transparent(found) => {
                let signed = operation(vector).sign(&genesis, &key(vector.text("signer_seed")));
                assert_eq!(found, signed);
                assert_eq!(signed.id(&genesis).0, vector.array("id"));
                assert_eq!(both_ways::<Operation>(&vector.bytes("bytes")), signed);
            }
            ChainTransaction::Act(found) => {
                let act = both_ways::<Act>(&found.act().to_bytes());
                let keys = vector.list("signer_seeds").iter().map(|seed| key(seed.as_str().unwrap()));
                let signed = SignedAct::new(act.clone(), keys.map(|key| act.sign(&genesis, &key)).collect());
                assert_eq!(*found, signed);
                assert_eq!(act.id(&genesis).0, vector.array("id"));
                assert_eq!(both_ways::<SignedAct>(&vector.bytes("bytes")), signed);
            }
            ChainTransaction::Shielded(found) => {
                assert_eq!(found.to_bytes(), vector.bytes("bytes"));
                continue;
            }
        }
        kinds.push(vector.text("kind"));
    }
    kinds.sort_unstable();
    kinds.dedup();
    let every = [
        "add_rules",
        "announce",
        "authorities",
        "enter_auditor",
        "guardians",
        "mint",
        "register",
        "switch_off",
        "transfer",
    ];
    assert_eq!(kinds, every);
}

#[test]
fn histories_lead_from_a_head_to_every_block_before_it() {
    let vectors = open("chain");
    let genesis = [BlockHash(vectors.array("genesis_hash"))];
    let blocks = vectors.list("blocks").iter().map(|block| BlockHash(block.array("hash")));
    let hashes: Vec<_> = genesis.into_iter().chain(blocks).collect();
    for vector in vectors.list("blocks") {
        let head: Header = both_ways(&vector.bytes("header_bytes"));
        let paths = vector.list("history");
        assert_eq!(paths.len() as u64, u64::from(head.height));
        for (height, path) in (0..).zip(paths) {
            let path: Path = both_ways(&hex::decode(path.as_str().unwrap()).unwrap());
            let of = |hash| verify_ancestor(&path, height, hash, &head);
            assert_eq!(of(hashes[height as usize]), Ok(()));
            assert!(of(head.hash()).is_err());
        }
    }
}

#[test]
fn seals_are_those_of_the_authorities_in_office() {
    let (genesis, vectors) = (genesis().hash(), open("chain"));
    let (first, next) =
        (quorum(&vectors["authorities"]).unwrap(), quorum(&vectors["next_authorities"]).unwrap());
    for vector in vectors.list("blocks") {
        let header: Header = both_ways(&vector.bytes("header_bytes"));
        for (place, sealed) in vector.list("sealed").iter().enumerate() {
            let sealed: SealedHeader = both_ways(&hex::decode(sealed.as_str().unwrap()).unwrap());
            assert_eq!(sealed.header, header);
            let (office, other) = match (header.height, place) {
                (3, 1) | (4.., _) => (&next, &first),
                _ => (&first, &next),
            };
            assert_eq!(sealed.verify(&genesis, office), Ok(()));
            assert!(sealed.verify(&genesis, other).is_err());
        }
    }
}

#[test]
fn host_signatures_are_verified_strictly() {
    for vector in open("sighash").list("host_signatures") {
        let (key, message) = (Account(vector.array("key")), vector.bytes("message"));
        let valid = key.verifies(&message, &vector.array("signature"));
        assert_eq!(Some(valid), vector["valid"].as_bool(), "{}", vector.text("name"));
    }
}

#[test]
fn chain_proofs_hold_under_their_head_and_show_their_transaction() {
    let (genesis, vectors) = (genesis().hash(), open("chain"));
    let authorities = quorum(&vectors["authorities"]).unwrap();
    for vector in vectors.list("proofs") {
        let proof: ChainProof = both_ways(&vector.bytes("bytes"));
        let included = proof.verify_by_keys(&genesis, &authorities).unwrap();
        assert_eq!((included.place, included.block.height), (vector.number("place"), vector.small("height")));
        assert_eq!(included.head.height, vector.small::<u32>("head"));
        assert_eq!(included.kind.to_bytes(), [vector.small::<u8>("kind_of_transaction")]);
        assert_eq!(Some(matches!(included.shown, Shown::Whole { .. })), vector["whole"].as_bool());
        assert!(proof.verify_by_pin(included.head.hash()).is_ok());
        assert!(proof.verify_by_pin(BlockHash([0; 32])).is_err());
    }
}

#[test]
fn evidence_of_every_kind_convicts() {
    let (genesis, vectors) = (genesis().hash(), open("chain"));
    let authorities = quorum(&vectors["authorities"]).unwrap();
    let others = quorum(&vectors["next_authorities"]).unwrap();
    for vector in vectors.list("evidence") {
        let evidence: Evidence = both_ways(&vector.bytes("bytes"));
        assert_eq!(evidence.verify(&genesis, &authorities), Ok(()), "{}", vector.text("name"));
        // Later authorities are accused where the file hands over to them.
        assert_eq!(evidence.handovers.len(), vector.small::<usize>("handovers"), "{}", vector.text("name"));
        let accuses_others = !evidence.handovers.is_empty();
        assert_eq!(evidence.verify(&genesis, &others).is_ok(), accuses_others, "{}", vector.text("name"));
    }
}
