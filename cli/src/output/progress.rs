//! The progress of long work.

use std::{ops::ControlFlow, sync::Arc};

use indicatif::{ProgressBar, ProgressStyle};
use louver_client::watch::{Stage, Watch};
use louver_core::proof::Progress;

use super::{Output, lines};

/// A line on the terminal that shows the progress of long work, and disappears when the work ends. If nobody watches,
/// nothing is shown.
pub(crate) struct Line(Option<ProgressBar>);

impl Line {
    pub(crate) fn new(output: Output, what: impl Into<String>) -> Self {
        Self(output.is_live().then(|| {
            let style = ProgressStyle::with_template("{msg} ... {percent}% ({elapsed})");
            let line = ProgressBar::new(0).with_message(what.into());
            lines().add(style.map_or_else(|_| line.clone(), |style| line.clone().with_style(style)))
        }))
    }

    /// The same, for work that goes on in other threads.
    pub(crate) fn watch(output: Output, what: &str) -> Option<Arc<dyn Watch>> {
        Some(Arc::new(Self::new(output, what)))
    }
}

impl Watch for Line {
    /// Nobody stops a command but by Ctrl-C, which ends the process.
    fn report(&self, _: Stage, done: u32, total: u32) -> bool {
        if let Some(line) = &self.0 {
            line.set_length(total.max(1).into());
            line.set_position(done.into());
        }
        true
    }
}

impl Progress for Line {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        Watch::report(self, Stage::PreparingKey, done, total);
        ControlFlow::Continue(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.finish_and_clear();
            lines().remove(line);
        }
    }
}
