//! Folders with lost or damaged parts. A chain that was begun is never begun again in silence.

use std::fs;

use louver_core::{
    ledger::RulesEntry,
    store::{KeyRange, MemoryStore, Store, Table},
};

use super::*;
use crate::opening;

/// The files of a chain of some blocks, with a transaction that waits.
async fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let node = node(folder.path()).await;
    Client::of(&node)
        .ask(|client| {
            endow(client);
            client.produce(3);
            client.submit(&internal(&[5], 1));
        })
        .await;
    node.shutdown().await.unwrap();
    folder
}

/// Starts, is refused, and has changed nothing.
async fn refused(folder: &Path, genesis: &Genesis) -> NodeError {
    // A store that opens notes in its file that it was closed: what counts is what it holds.
    let files = |folder: &Path| {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = paths
            .filter(|path| !path.ends_with("lock"))
            .map(|path| match contents(&path) {
                Some(records) => (path, records),
                None => (path.clone(), vec![(String::new(), vec![(fs::read(path).unwrap(), Vec::new())])]),
            })
            .collect();
        files.sort();
        files
    };
    let before = files(folder);
    let config = NodeConfig { genesis: genesis.clone(), ..config(folder) };
    let Err(error) = start_with(config, Arc::new(ZeroProofs::default())).await else {
        panic!("the node started");
    };
    assert!(files(folder) == before, "files were changed");
    error
}

fn another() -> Genesis {
    let mut terms = genesis().terms().clone();
    terms.chain = "another".to_owned();
    Genesis::new(terms).unwrap()
}

/// A payee gains if a block that is gone paid him, and a chain that begins anew pays him again.
#[tokio::test(flavor = "multi_thread")]
async fn each_lost_part_has_its_error_and_nothing_is_begun() {
    let folder = begun().await;
    let path = |name: &str| folder.path().join(name);
    let (store, named, waiting) = (path("ledger.redb"), path("genesis"), path("mempool"));
    let good = [&store, &named, &waiting].map(|file| fs::read(file).unwrap());
    let mend = || {
        fs::write(&store, &good[0]).unwrap();
        fs::write(&named, &good[1]).unwrap();
        fs::write(&waiting, &good[2]).unwrap();
    };
    let genesis = genesis();
    let folder_error = async |genesis: &Genesis| match refused(folder.path(), genesis).await {
        NodeError::Folder(error) => error,
        other => panic!("{other}"),
    };

    fs::remove_file(&store).unwrap();
    assert!(matches!(folder_error(&genesis).await, FolderError::StoreMissing(_)));
    fs::write(&store, b"").unwrap();
    let empty = folder_error(&genesis).await;
    assert!(matches!(empty, FolderError::StoreEmpty(_)), "{empty}");
    // Another store in its place, of nothing.
    fs::remove_file(&store).unwrap();
    drop(RedbStore::open(&store).unwrap());
    assert!(matches!(folder_error(&genesis).await, FolderError::StoreOfNothing(_)));
    // Not a store, and half a store.
    fs::write(&store, b"a letter to a friend".repeat(1000)).unwrap();
    assert!(matches!(refused(folder.path(), &genesis).await, NodeError::Damaged { .. }));
    fs::write(&store, &good[0][..good[0].len() / 2]).unwrap();
    assert!(matches!(refused(folder.path(), &genesis).await, NodeError::Damaged { .. }));

    // The genesis is lost, or another: the ledger knows its own.
    mend();
    fs::remove_file(&named).unwrap();
    assert!(matches!(folder_error(&another()).await, FolderError::OtherChain { .. }));
    fs::write(&named, &good[1][..10]).unwrap();
    assert!(matches!(folder_error(&genesis).await, FolderError::GenesisDamaged { .. }));
    let older = [&[2], &good[1][1..]].concat();
    fs::write(&named, &older).unwrap();
    let refused = folder_error(&genesis).await;
    assert!(matches!(refused, FolderError::OtherVersion { version: 2, .. }), "{refused}");
    assert_eq!(fs::read(&named).unwrap(), older);
    fs::write(&named, another().to_bytes()).unwrap();
    assert!(matches!(folder_error(&genesis).await, FolderError::OtherChain { .. }));
    assert!(matches!(folder_error(&another()).await, FolderError::OtherChain { .. }));

    // Only what waits is left.
    fs::remove_file(&named).unwrap();
    fs::remove_file(&store).unwrap();
    assert!(matches!(folder_error(&genesis).await, FolderError::OnlyWaiting(_)));

    // The file of waiting transactions is damaged: twice, as the first start keeps it.
    mend();
    fs::write(&waiting, &good[2][..good[2].len() - 1]).unwrap();
    for _ in 0..2 {
        assert!(matches!(folder_error(&genesis).await, FolderError::WaitingDamaged { .. }));
    }

    // A genesis that is lost is found in the ledger, and the chain goes on.
    mend();
    fs::remove_file(&named).unwrap();
    assert_eq!(opening::genesis_in(folder.path()).unwrap(), Some(genesis.clone()));
    let node = node(folder.path()).await;
    assert_eq!(node.height(), 5);
    assert_eq!(node.engine.mempool().len(), 1);
    node.shutdown().await.unwrap();
    assert_eq!(fs::read(&named).unwrap(), good[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_folder_is_found_sound() {
    let folder = begun().await;
    let mut seen = Vec::new();
    let checked = opening::check(folder.path(), verifier, |height| seen.push(height)).unwrap();
    assert!(checked.faults.is_empty(), "{:?}", checked.faults);
    assert_eq!((checked.height, seen), (5, vec![1, 2, 3, 4, 5]));
}

fn verifier(_: &Genesis, _: &[RulesEntry]) -> Result<Box<dyn louver_core::proof::Verify>, NodeError> {
    Ok(Box::new(ZeroProofs::default()))
}

/// The entries of a table, by key.
type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// Everything that a store holds, as it is served.
fn contents(path: &Path) -> Option<Vec<(String, Entries)>> {
    // Opening makes a store of an empty file.
    let is_store = path.ends_with("ledger.redb") && fs::metadata(path).ok()?.len() > 0;
    let store = is_store.then(|| RedbStore::open(path))?.ok()?;
    louver_chain::integrity::compared()
        .map(|table| Some((table.0.to_owned(), store.scan(table, KeyRange::ALL).ok()?)))
        .collect()
}

/// A guest on a node's machine gains by changing a byte on its disk, so that it serves another chain than was agreed on.
#[tokio::test(flavor = "multi_thread")]
async fn no_flipped_byte_is_served_after_a_check() {
    let folder = begun().await;
    let store = folder.path().join("ledger.redb");
    let good = fs::read(&store).unwrap();
    let right = contents(&store).unwrap();
    fs::write(&store, &good).unwrap();
    // Bytes that stand in pages that are used: of records, spread over the file.
    let used: Vec<usize> = (0..good.len()).filter(|at| good[*at] != 0).collect();
    let (mut found, mut harmless) = (0, 0);
    for at in used.iter().step_by(used.len() / 120) {
        let mut bytes = good.clone();
        bytes[*at] ^= 0x10;
        fs::write(&store, &bytes).unwrap();
        let checked = std::panic::catch_unwind(|| opening::check(folder.path(), verifier, |_| {}));
        match checked {
            Ok(Ok(checked)) if checked.faults.is_empty() => {
                // Bytes that nobody reads may differ: of a free page, of a spare copy of a root.
                assert_eq!(contents(&store).as_ref(), Some(&right), "byte {at}");
                harmless += 1;
            }
            _ => found += 1,
        }
    }
    assert!(found > 0, "{found} found, {harmless} harmless");
}

/// Attacker: as above, where the record is well formed and its page's checksum right, as after a write of the attacker's.
#[tokio::test(flavor = "multi_thread")]
async fn an_altered_record_is_found_at_the_start_and_by_the_check() {
    for (table, at_start) in [
        ("ledger.bodies", true),
        ("chain.compact", true),
        ("chain.authorities", false),
        ("ledger.frontiers", true),
        ("ledger.blocks", true),
        ("chain.balances", false),
        ("ledger.nullifiers", false),
        ("ledger.supply", false),
        ("ledger.leaves", false),
        ("ledger.transactions", false),
        ("chain.operations", false),
        ("ledger.undo", false),
        ("chain.sections", true),
        ("chain.nullifier-digest", true),
        ("chain.history", false),
        ("chain.asset-list", false),
        ("chain.asset-places", false),
        ("chain.supply-map", false),
        ("chain.account-map", false),
        ("ledger.nullifier-order", false),
        ("snapshot.leaves", false),
        ("snapshot.by-value", false),
        ("snapshot.nodes", false),
        ("snapshot.counts", false),
    ] {
        let folder = begun().await;
        let mut store = RedbStore::open(&folder.path().join("ledger.redb")).unwrap();
        let (key, mut value) = store.scan(Table(table), KeyRange::ALL).unwrap().pop().unwrap();
        let last = value.len() - 1;
        value[last] ^= 1;
        let mut batch = louver_core::store::Batch::default();
        batch.put(Table(table), &key, &value);
        store.write(&batch).unwrap();
        drop(store);
        let checked = opening::check(folder.path(), verifier, |_| {});
        assert!(!matches!(&checked, Ok(checked) if checked.faults.is_empty()), "{table}");
        if at_start {
            let error = refused(folder.path(), &genesis()).await;
            assert!(matches!(error, NodeError::Damaged { .. }), "{table}: {error}");
        }
    }
}

/// The check knows every table that a chain writes.
#[test]
fn every_table_is_compared() {
    let chain = louver_chain::Chain::open(MemoryStore::default(), genesis()).unwrap();
    let block = chain.propose(1, BlockLimits::default(), &[]).unwrap();
    let mut chain = chain;
    chain.commit(block).unwrap();
    let known: Vec<&str> = louver_chain::integrity::compared().map(|table| table.0).collect();
    for (name, _) in chain.ledger().store().to_batch().tables() {
        assert!(known.contains(&name), "{name}");
    }
}

/// A node that keeps few bodies serves all else of the blocks, says what it does not have, and its folder is sound.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_not_kept_are_said_to_be_gone() {
    let folder = begun().await;
    let config = NodeConfig { keep_bodies: Some(3), ..config(folder.path()) };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await.unwrap();
    let pruned = async {
        while node.engine.chain().oldest_body().unwrap() < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), pruned).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("backup");
    Client::of(&node)
        .ask(|client| {
            for height in 1..=2 {
                let (status, answer) = client.get(&format!("/v1/blocks/{height}"));
                assert_eq!((status, &answer["error"]["code"]), (410, &json!("block_pruned")));
                assert_eq!(client.get(&format!("/v1/tree/{height}")).0, 200);
            }
            assert_eq!(client.get("/v1/blocks/6").1["error"]["code"], "height_unknown");
            assert_eq!(client.get("/v1/blocks/0").1["error"]["code"], "height_unknown");
            Block::from_bytes(&client.bytes("/v1/blocks/3")).unwrap();
            assert!(!client.bytes("/v1/compact-blocks?from=1&head=5").is_empty());
            let id = client.submit(&internal(&[6], 1));
            client.produce(1);
            assert_eq!(client.state(&id)["state"], "included");
        })
        .await;
    let (snapshot, genesis, _) = node.engine.snapshot().unwrap();
    crate::backup::write(&snapshot, &genesis, &out).unwrap();
    drop(snapshot);
    node.shutdown().await.unwrap();
    let checked = opening::check(folder.path(), verifier, |_| {}).unwrap();
    assert!(checked.faults.is_empty(), "{:?}", checked.faults);
    assert_eq!((checked.height, checked.oldest_body > 1), (6, true));
    let again = place.path().join("again");
    assert_eq!(crate::backup::restore(&out, &again, crate::backup::Since::Nothing).unwrap(), 6);
    let node = super::node(&again).await;
    Client::of(&node).ask(|client| client.produce(1)).await;
    node.shutdown().await.unwrap();
    // An altered record of a block without a body is found all the same.
    let mut store = RedbStore::open(&folder.path().join("ledger.redb")).unwrap();
    let key = 1u32.to_be_bytes();
    let mut value = store.get(Table("chain.compact"), &key).unwrap().unwrap();
    value[20] ^= 1;
    let mut batch = louver_core::store::Batch::default();
    batch.put(Table("chain.compact"), &key, &value);
    store.write(&batch).unwrap();
    drop(store);
    let checked = opening::check(folder.path(), verifier, |_| {}).unwrap();
    assert!(!checked.faults.is_empty());
}

/// A command that only reads leaves nothing in a folder that holds no chain.
#[test]
fn a_folder_without_a_chain_is_not_written_to() {
    let place = tempfile::tempdir().unwrap();
    for path in [place.path().to_owned(), place.path().join("nowhere")] {
        let refused = opening::check(&path, verifier, |_| {}).map(drop).unwrap_err();
        assert!(refused.to_string().contains("holds no chain"), "{refused}");
        assert!(opening::genesis_in(&path).unwrap().is_none());
    }
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
}
