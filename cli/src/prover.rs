//! Provers with the development keys of this machine, and how long work is shown while it goes on.

use std::{io::Write, ops::ControlFlow, time::Instant};

use louver_circuits::{
    disclosure::DisclosureProver,
    parameters::{ParameterError, ParameterStore},
    prover::LocalProver,
};
use louver_core::{proof::Progress, shape::Shape};

use crate::{exit::Failure, output::Output};

/// The store of proving keys, in the cache of this user.
pub(crate) fn keys() -> Result<ParameterStore, Failure> {
    ParameterStore::open_default().map_err(Failure::storage)
}

/// A prover whose key for `shape` is at hand: read from the cache, or made now and kept.
pub(crate) fn transfers(shape: Shape, output: Output) -> Result<LocalProver, Failure> {
    let store = keys()?;
    let made = !store.has_development(shape).map_err(Failure::from)?;
    let prover = LocalProver::new(store);
    prover
        .prepare(shape, &mut Line::new(output, key_label(&format!("the proving key for {shape}"), made)))?;
    Ok(prover)
}

/// A prover for grants and disclosures.
pub(crate) fn disclosures(output: Output) -> Result<DisclosureProver, Failure> {
    let mut line = Line::new(output, key_label("the proving keys for disclosures", false));
    Ok(DisclosureProver::load(&keys()?, &mut line)?)
}

fn key_label(what: &str, made: bool) -> String {
    if made { format!("making {what}, once for this machine") } else { format!("reading {what}") }
}

impl From<ParameterError> for Failure {
    fn from(error: ParameterError) -> Self {
        Self::storage(error)
    }
}

/// A line on the terminal that tells how far long work has come. Where nobody watches it says nothing.
pub(crate) struct Line {
    live: bool,
    what: String,
    begun: Instant,
}

impl Line {
    pub(crate) fn new(output: Output, what: impl Into<String>) -> Self {
        Self { live: output.is_live(), what: what.into(), begun: Instant::now() }
    }

    fn clear(&self) {
        if self.live {
            eprint!("\r\x1b[2K");
        }
    }
}

impl Progress for Line {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        if self.live {
            let percent = u64::from(done) * 100 / u64::from(total.max(1));
            eprint!("\r\x1b[2K{} ... {percent}% ({:.0} s)", self.what, self.begun.elapsed().as_secs_f32());
            // A terminal that is gone is no reason to stop.
            drop(std::io::stderr().flush());
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}
