//! The progress of long work.

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
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
}

impl Progress for Line {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        if let Some(line) = &self.0 {
            line.set_length(total.max(1).into());
            line.set_position(done.into());
        }
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
