//! How far long work has come, on a terminal.

use std::{io::Write, ops::ControlFlow, time::Instant};

use louver_core::proof::Progress;

use crate::output::Output;

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
