//! A prover that tasks of one pool of threads share.

#![cfg(test)]

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use louver_circuits::{cache::Cache, circuit::CircuitId, keyset::KeySet, parameters::ParameterStore};
use louver_core::{disclosure::Statement, pool::RulesVersion, proof::Unwatched, shape::Shape};

/// A thread that waits for a part of its work takes up another task of its pool in the meantime. That one may ask for the
/// very key that the first is about to have.
#[test]
fn tasks_of_a_pool_may_ask_for_a_key_at_once() {
    let kept = Cache::open_default().unwrap();
    ParameterStore::new(kept.clone()).development(Shape::TwoByThree, &mut Unwatched).unwrap();
    for delay in (0..50).step_by(3) {
        let prover = KeySet::development().unwrap().with_store(ParameterStore::new(kept.clone())).prover();
        all_end(delay, move || {
            drop(prover.prepare(RulesVersion::V1, Shape::TwoByThree, &mut Unwatched).unwrap());
        });
    }
}

/// The same of a key that has to be made.
#[test]
fn tasks_of_a_pool_may_make_a_key_at_once() {
    for delay in [0, 20, 40, 80, 160] {
        let folder = tempfile::tempdir().unwrap();
        let store = ParameterStore::new(Cache::open(folder.path()).unwrap());
        all_end(delay, move || {
            drop(store.development(CircuitId::Disclosure(Statement::NoteOpening), &mut Unwatched).unwrap());
        });
    }
}

/// Has a task run on a pool of two threads, and three more of its kind `delay` milliseconds later; all come to an end.
fn all_end(delay: u64, task: impl Fn() + Send + Sync + 'static) {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let task = Arc::new(task);
    let (done, is_done) = mpsc::channel();
    let start = || {
        let (task, done) = (task.clone(), done.clone());
        threads.spawn(move || {
            task();
            done.send(()).unwrap();
        });
    };
    start();
    std::thread::sleep(Duration::from_millis(delay));
    (1..4).for_each(|_| start());
    for _ in 0..4 {
        is_done.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("started {delay} ms later"));
    }
}
