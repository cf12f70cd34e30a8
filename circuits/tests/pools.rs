//! A prover that tasks of one pool of threads share.

#![cfg(test)]

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use louver_circuits::{cache::Cache, circuit::CircuitId, parameters::ParameterStore, prover::LocalProver};
use louver_core::{proof::Unwatched, shape::Shape};

/// A thread that waits for a part of its work takes up another task of its pool in the meantime. That one may ask for the
/// very key that the first is about to have.
#[test]
fn tasks_of_a_pool_may_ask_for_a_key_at_once() {
    let threads = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    let kept = Cache::open_default().unwrap();
    ParameterStore::new(kept.clone()).development(Shape::TwoByThree, &mut Unwatched).unwrap();
    for delay in (0..50).step_by(3) {
        let prover = Arc::new(LocalProver::new(ParameterStore::new(kept.clone())));
        let (done, is_done) = mpsc::channel();
        let ask = |task: u32| {
            let (prover, done) = (prover.clone(), done.clone());
            threads.spawn(move || {
                prover.prepare(Shape::TwoByThree, &mut Unwatched).unwrap();
                done.send(task).unwrap();
            });
        };
        ask(0);
        std::thread::sleep(Duration::from_millis(delay));
        (1..4).for_each(ask);
        for _ in 0..4 {
            is_done
                .recv_timeout(Duration::from_secs(60))
                .unwrap_or_else(|_| panic!("asked {delay} ms later"));
        }
    }
}

/// The same of a key that has to be made.
#[test]
fn tasks_of_a_pool_may_make_a_key_at_once() {
    let threads = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    for delay in [0, 20, 40, 80, 160] {
        let folder = tempfile::tempdir().unwrap();
        let store = ParameterStore::new(Cache::open(folder.path()).unwrap());
        let (done, is_done) = mpsc::channel();
        let ask = |task: u32| {
            let (store, done) = (store.clone(), done.clone());
            threads.spawn(move || {
                store.development(CircuitId::AccountLink, &mut Unwatched).unwrap();
                done.send(task).unwrap();
            });
        };
        ask(0);
        std::thread::sleep(Duration::from_millis(delay));
        (1..4).for_each(ask);
        for _ in 0..4 {
            is_done
                .recv_timeout(Duration::from_secs(60))
                .unwrap_or_else(|_| panic!("asked {delay} ms later"));
        }
    }
}
