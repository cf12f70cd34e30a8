//! A node is killed over and over at random moments, without warning. After each kill the store holds the whole state
//! after some block: never a state between two blocks, and never one before a block that the node had reported. No height is
//! ever sealed twice.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use louver_chain::{Chain, ChainTransaction, integrity::grow_as, testing::ZeroProofs};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use louver_core::{
    encoding::{Decode, Encode},
    ledger::Finality,
    store::{KeyRange, MemoryStore, Store, Table, redb::RedbStore},
};

use louver_light::Seals;
use louver_node::folder::{Folder, LastSealed};
use louver_tests::crash;
use rand::RngExt;
use redb::{ReadableDatabase, ReadableTable, TableHandle};

const KILLS: u64 = 60;

/// Every record of a store file, by table: read by the database's own library, so that nothing is left out.
type Records = BTreeMap<String, Vec<(Vec<u8>, Vec<u8>)>>;

fn records(file: &Path) -> Records {
    let database = redb::Database::open(file).unwrap();
    let read = database.begin_read().unwrap();
    let names: Vec<String> = read.list_tables().unwrap().map(|table| table.name().to_owned()).collect();
    let ours = names.into_iter().filter(|name| name != "louver.format");
    ours.map(|name| {
        let definition = redb::TableDefinition::<&[u8], &[u8]>::new(&name);
        let table = read.open_table(definition).unwrap();
        let entries = table.iter().unwrap().map(|entry| {
            let (key, value) = entry.unwrap();
            (key.value().to_vec(), value.value().to_vec())
        });
        let entries = entries.collect();
        (name, entries)
    })
    .filter(|(_, entries): &(_, Vec<_>)| !entries.is_empty())
    .collect()
}

/// The same tables of the model. The names come from a file, and are kept to the end of the test.
fn model_records(model: &MemoryStore, like: &Records) -> Records {
    like.keys()
        .map(|name| {
            let table = Table(Box::leak(name.clone().into_boxed_str()));
            (name.clone(), model.scan(table, KeyRange::ALL).unwrap())
        })
        .collect()
}

/// Starts a node, lets it work for a random while, and kills it. Returns the last height that it reported.
fn run_and_kill(folder: &Path, fresh: u64) -> u32 {
    let mut child: Child = Command::new(env!("CARGO_BIN_EXE_doomed-node"))
        .args([folder.as_os_str(), fresh.to_string().as_ref()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = lines.next().unwrap().unwrap();
    thread::sleep(Duration::from_micros(rand::rng().random_range(0..150_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    // Only whole lines count.
    for line in lines.map_while(Result::ok) {
        told = line;
    }
    told.parse().unwrap()
}

/// The seals of each height, as they were first seen.
#[derive(Default)]
struct Sealed {
    seals: BTreeMap<u32, Vec<u8>>,
    /// Kills that came between a block and its seals.
    unsealed: u64,
}

impl Sealed {
    /// Every block but the last is sealed, for good; and the file beside the chain names no other block than the chain has.
    fn look(&mut self, found: &[(Vec<u8>, Vec<u8>)], model: &Chain<MemoryStore>, folder: &Path) {
        let genesis = model.ledger().genesis();
        let Finality::Solo { authorities, .. } = &genesis.terms().finality;
        for (key, seals) in found {
            let height = u32::from_be_bytes(key.as_slice().try_into().unwrap());
            let hash = model.header(height).unwrap().unwrap().hash();
            Seals::from_bytes(seals).unwrap().verify(&genesis.hash(), hash, authorities).unwrap();
            assert_eq!(self.seals.entry(height).or_insert_with(|| seals.clone()), seals, "block {height}");
        }
        let (tip, count) = (model.height(), u32::try_from(self.seals.len()).unwrap());
        assert!(self.seals.keys().copied().eq(1..=count));
        assert!(count + 1 >= tip, "{count} of {tip} blocks are sealed");
        self.unsealed += u64::from(count < tip);
        if let Some(LastSealed::Block { height, hash }) = Folder::open(folder).unwrap().last_sealed().unwrap()
        {
            assert!((count..=tip).contains(&height));
            assert_eq!(model.header(height).unwrap().unwrap().hash(), hash);
        }
    }
}

#[test]
fn a_killed_node_is_at_a_block_never_between() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("ledger.redb");
    let genesis = crash::genesis();
    let verify = ZeroProofs::default();
    let mut model = Chain::open(MemoryStore::default(), genesis.clone()).unwrap();
    let (mut untold, mut sealed) = (0, Sealed::default());
    for kill in 0..KILLS {
        let told = run_and_kill(place.path(), kill << 32);
        let mut found = {
            let chain = Chain::open(RedbStore::open(&file).unwrap(), genesis.clone()).unwrap();
            assert!(chain.height() >= told, "block {told} was told of, and is gone");
            untold += u64::from(chain.height() > told);
            // The model goes on with the blocks that are new, and ends where the store says it is.
            for height in model.height() + 1..=chain.height() {
                let proposal = model.replay(chain.block(height).unwrap().unwrap(), &verify).unwrap();
                model.commit(proposal).unwrap();
            }
            assert_eq!(model.tip_hash(), chain.tip_hash());
            assert_eq!(model.ledger().tip(), chain.ledger().tip());
            grow_as(&chain, &mut model).unwrap();
            drop(chain);
            records(&file)
        };
        sealed.look(&found.remove("chain.seals").unwrap_or_default(), &model, place.path());
        assert_eq!(model_records(model.ledger().store(), &found), found, "after kill {kill}");
    }
    assert!(model.height() > u32::try_from(KILLS).unwrap(), "the node made blocks");
    assert!(model.ledger().tip().size > 0, "the node took shielded transactions");

    let mut straight = Chain::open(MemoryStore::default(), genesis).unwrap();
    let mut counts = (0, 0);
    for height in 1..=model.height() {
        let block = model.block(height).unwrap().unwrap();
        for transaction in block.transactions() {
            match transaction {
                ChainTransaction::Shielded(_) => counts.0 += 1,
                ChainTransaction::Transparent(_) => counts.1 += 1,
                ChainTransaction::Act(_) => {}
            }
        }
        let proposal = straight.replay(block, &verify).unwrap();
        straight.commit(proposal).unwrap();
    }
    grow_as(&model, &mut straight).unwrap();
    assert_eq!(straight.ledger().tip().anchor.to_bytes(), model.ledger().tip().anchor.to_bytes());
    assert!(
        straight.ledger().store() == model.ledger().store(),
        "a replay from genesis gives the same state"
    );
    println!(
        "{KILLS} kills, {} blocks, {} shielded and {} transparent transactions; {untold} kills after a commit and \
         before it was told of, {} between a block and its seals",
        model.height(),
        counts.0,
        counts.1,
        sealed.unsealed
    );
}
