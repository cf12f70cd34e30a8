//! The lines that a step prints, and the processor time that its commands take.
//!
//! Steps run side by side, but are read one after the other: a step's lines go to the terminal as they come once the
//! steps before it are over, and are kept until then.

use std::{
    cell::RefCell,
    io::{self, Write as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The lines of one step, and what it took of the processor.
#[derive(Default)]
pub(crate) struct Transcript {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Lines go to the terminal at once.
    is_open: bool,
    kept: String,
    processor: Duration,
    /// The lines of failed commands that are repeated at the end.
    failures: String,
}

thread_local! {
    static HERE: RefCell<Option<Arc<Transcript>>> = const { RefCell::new(None) };
}

impl Transcript {
    /// One whose lines are kept until [`open`](Self::open).
    pub(crate) fn kept() -> Arc<Self> {
        Arc::default()
    }

    /// The transcript that this thread writes to: that of its step, or else the terminal.
    pub(crate) fn here() -> Arc<Self> {
        HERE.with_borrow(Clone::clone).unwrap_or_else(|| {
            let terminal = Self::kept();
            terminal.open();
            terminal
        })
    }

    /// Runs `work` with this as the thread's transcript.
    pub(crate) fn during<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        let before = HERE.replace(Some(self.clone()));
        let result = work();
        HERE.set(before);
        result
    }

    /// Runs `work`, several of which may run at once, and writes everything that it prints in one piece when it is
    /// over.
    pub(crate) fn in_one_piece<T>(&self, work: impl FnOnce() -> T) -> T {
        let piece = Self::kept();
        let result = piece.during(work);
        let State { kept, processor, failures, .. } = std::mem::take(&mut *piece.state());
        self.write(&kept);
        self.used(processor);
        self.state().failures += &failures;
        result
    }

    /// Writes one line.
    pub(crate) fn line(&self, line: &str) {
        self.write(&format!("{line}\n"));
    }

    fn write(&self, text: &str) {
        let mut state = self.state();
        if state.is_open {
            show(text);
        } else {
            state.kept += text;
        }
    }

    /// Prints what was kept, and from now on each line as it comes.
    pub(crate) fn open(&self) {
        let mut state = self.state();
        state.is_open = true;
        show(&std::mem::take(&mut state.kept));
    }

    /// Keeps the lines of a failed command that say why.
    pub(crate) fn failed(&self, shown: &str, lines: Vec<String>) {
        let mut state = self.state();
        for line in std::iter::once(shown.to_owned()).chain(lines) {
            state.failures += &line;
            state.failures.push('\n');
        }
    }

    /// The lines of all failed commands.
    pub(crate) fn failures(&self) -> String {
        self.state().failures.clone()
    }

    /// Counts the processor time of a command that has ended.
    pub(crate) fn used(&self, processor: Duration) {
        self.state().processor += processor;
    }

    /// The processor time of all commands that have ended.
    pub(crate) fn processor(&self) -> Duration {
        self.state().processor
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Prints, for as long as somebody reads it: steps go on without.
fn show(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Writes one line to the transcript of this thread.
pub(crate) fn say(line: &str) {
    Transcript::here().line(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_until_it_is_open() {
        let step = Transcript::kept();
        step.during(|| {
            say("first");
            Transcript::here().in_one_piece(|| {
                say("second");
                Transcript::here().used(Duration::from_secs(2));
                Transcript::here().failed("command", vec!["why".into()]);
            });
        });
        assert_eq!(step.state().kept, "first\nsecond\n");
        assert_eq!(step.processor(), Duration::from_secs(2));
        assert_eq!(step.failures(), "command\nwhy\n");
        step.open();
        assert_eq!(step.state().kept, "");
    }
}
