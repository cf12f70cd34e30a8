//! The cost of a snapshot of nullifiers: the first build, and the nullifiers of one month more.

use std::error::Error;

use louver_core::{
    note::Nullifier,
    nullifier_tree::NullifierTree,
    spec::Fr,
    store::{MemoryStore, Store},
};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::measure::within;

/// Two cores share the work, so 60 seconds of the processor are 30 by the clock.
const FIRST: usize = 1_000_000;
const MORE: usize = 10_000;

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut store = MemoryStore::default();
    for (count, limit) in [(FIRST, 60.0), (MORE, 4.0)] {
        let nullifiers: Vec<Nullifier> = (0..count).filter_map(|_| random(&mut rng)).collect();
        let mut batch = None;
        within(limit, &format!("a snapshot of {count} nullifiers more"), || {
            batch = Some(NullifierTree::new(&store).grow(&nullifiers)?.batch);
            Ok(())
        })?;
        store.write(&batch.ok_or("nothing has grown")?)?;
    }
    let count = NullifierTree::new(&store).open()?.count();
    if count == (FIRST + MORE) as u64 { Ok(()) } else { Err(format!("it holds {count}").into()) }
}

fn random(rng: &mut ChaCha20Rng) -> Option<Nullifier> {
    let mut bytes = [0; 64];
    rng.fill_bytes(&mut bytes);
    Nullifier::from_scalar(Fr::from_bytes_wide(&bytes))
}
