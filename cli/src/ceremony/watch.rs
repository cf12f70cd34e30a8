//! Long work that can be watched, and stopped by Ctrl-C.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use louver_circuits::ceremony::{
    Cancelled, ContributeError, ContributionsError, InitialError, PowersError, ReadError,
    phase1::Phase1Error,
    phase2::{BeginError, Phase2Error},
    source::SourceError,
};
use louver_core::proof::Progress;

use crate::{
    exit::{Failure, Kind},
    output::{Output, progress::Line},
};

/// Listens for Ctrl-C.
#[derive(Debug)]
pub(super) struct Watch {
    output: Output,
    stopped: Arc<AtomicBool>,
}

impl Watch {
    /// From now on Ctrl-C asks to stop, and a second one stops at once.
    pub(super) fn begin(output: Output) -> Result<Self, Failure> {
        let stopped = Arc::new(AtomicBool::new(false));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let runtime = runtime.map_err(Failure::storage)?;
        let heard = Arc::clone(&stopped);
        std::thread::spawn(move || {
            runtime.block_on(async {
                while tokio::signal::ctrl_c().await.is_ok() {
                    if heard.swap(true, Ordering::Relaxed) {
                        std::process::exit(Kind::Interrupted as i32);
                    }
                }
            });
        });
        Ok(Self { output, stopped })
    }

    /// A line that shows the progress, and passes Ctrl-C on.
    pub(super) fn line(&self, what: &str) -> Watched {
        Watched { line: Line::new(self.output, what), stopped: Arc::clone(&self.stopped) }
    }
}

/// See [`Watch::line`].
pub(super) struct Watched {
    line: Line,
    stopped: Arc<AtomicBool>,
}

impl Progress for Watched {
    fn report(&mut self, done: u32, total: u32) -> ControlFlow<()> {
        if self.stopped.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        self.line.report(done, total)
    }
}

/// A fault of the ceremony as a failure of the command.
pub(super) fn failed(fault: impl Fault) -> Failure {
    if fault.is_cancelled() {
        return Failure::new(Kind::Interrupted, "interrupted", "stopped: nothing was written");
    }
    let (kind, code) = fault.kind();
    Failure::new(kind, code, fault)
}

const NOT_VERIFIED: (Kind, &str) = (Kind::Expectation, "not_verified");
const REFUSED: (Kind, &str) = (Kind::Input, "input_refused");
const STORAGE: (Kind, &str) = (Kind::Storage, "storage");

/// A fault in a ceremony.
pub(super) trait Fault: core::fmt::Display {
    fn is_cancelled(&self) -> bool;
    fn kind(&self) -> (Kind, &'static str);
}

impl Fault for ReadError {
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_))
    }

    fn kind(&self) -> (Kind, &'static str) {
        REFUSED
    }
}

impl Fault for ContributionsError {
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_))
    }

    fn kind(&self) -> (Kind, &'static str) {
        NOT_VERIFIED
    }
}

impl Fault for PowersError {
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_))
    }

    fn kind(&self) -> (Kind, &'static str) {
        NOT_VERIFIED
    }
}

impl Fault for ContributeError {
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(Cancelled))
    }

    fn kind(&self) -> (Kind, &'static str) {
        REFUSED
    }
}

impl Fault for Phase1Error {
    fn is_cancelled(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_cancelled(),
            Self::Powers(error) => error.is_cancelled(),
            Self::Last(_) | Self::Open => false,
        }
    }

    fn kind(&self) -> (Kind, &'static str) {
        NOT_VERIFIED
    }
}

impl Fault for BeginError {
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_) | Self::Initial(InitialError::Cancelled(_)))
    }

    fn kind(&self) -> (Kind, &'static str) {
        REFUSED
    }
}

impl Fault for Phase2Error {
    fn is_cancelled(&self) -> bool {
        match self {
            Self::Chain(error) => error.is_cancelled(),
            Self::Begin(error) => error.is_cancelled(),
            Self::Cancelled(_) => true,
            _ => false,
        }
    }

    fn kind(&self) -> (Kind, &'static str) {
        NOT_VERIFIED
    }
}

impl Fault for SourceError {
    fn is_cancelled(&self) -> bool {
        match self {
            Self::Read(error) => error.is_cancelled(),
            Self::Phase1(error) => error.is_cancelled(),
            Self::Powers(error) => error.is_cancelled(),
            Self::Cancelled(_) => true,
            _ => false,
        }
    }

    fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Phase1(_) | Self::Powers(_) => NOT_VERIFIED,
            Self::Io(_) => STORAGE,
            _ => REFUSED,
        }
    }
}
