//! The thread that polls, and what is not done on it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread::ThreadId,
};

use louver_core::store::{Batch, Entry, KeyRange, MemoryStore, Store, StoreError, Table};
use louver_sdk::{Birthday, Protection, RecoveryPhrase, Wallet};
use pollster::block_on;

use crate::{alice_and_bob, world::World};

/// A store that counts how often it is used, and how often on the thread that polls.
struct Elsewhere {
    store: MemoryStore,
    polls: ThreadId,
    used: Arc<AtomicU32>,
    polling: Arc<AtomicU32>,
}

impl Elsewhere {
    fn note(&self) {
        self.used.fetch_add(1, Ordering::Relaxed);
        let here = std::thread::current().id() == self.polls;
        self.polling.fetch_add(here.into(), Ordering::Relaxed);
    }
}

impl Store for Elsewhere {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.note();
        self.store.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.note();
        self.store.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.note();
        self.store.write(batch)
    }
}

/// Otherwise the window of an application stands still.
#[test]
fn wallets_work_on_other_threads_than_the_one_that_polls() {
    let world = World::new(64);
    let (alice, _) = alice_and_bob(&world);
    let (used, polling) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let store = Elsewhere {
        store: MemoryStore::default(),
        polls: std::thread::current().id(),
        used: used.clone(),
        polling: polling.clone(),
    };
    let (phrase, protection) = (RecoveryPhrase::generate(), Protection::unsealed());
    let made = Wallet::create_in(
        store,
        None,
        world.node.clone(),
        phrase,
        protection.clone(),
        Some(Birthday::Block { height: 0 }),
    );
    let wallet = block_on(made).unwrap();
    let to = block_on(wallet.receive(0, None)).unwrap().address;
    world.send(&alice, world.pay("25 LVR", &to, "Rent"));
    world.blocks(1);
    block_on(wallet.sync(None)).unwrap();
    block_on(wallet.rescan(None, None)).unwrap();
    block_on(wallet.balances(0)).unwrap();
    block_on(wallet.history(0)).unwrap();
    block_on(wallet.change_protection(protection.clone(), protection)).unwrap();
    assert!(used.load(Ordering::Relaxed) > 100);
    assert_eq!(polling.load(Ordering::Relaxed), 0);
}
