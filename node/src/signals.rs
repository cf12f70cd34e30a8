//! The signals by which an operator stops a node: SIGTERM and SIGINT (Ctrl-C).

use std::io;

/// The signals, heard from [`StopSignals::listen`] on: the process does not end by itself any more.
///
/// Listen before anybody is told that the node runs. A signal that comes before would end the process, and the node would
/// not shut down.
#[derive(Debug)]
pub struct StopSignals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl StopSignals {
    /// Begins to listen.
    ///
    /// # Errors
    /// The system does not let this process handle its signals.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// The system does not let this process handle its signals.
    #[cfg(windows)]
    pub fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Ends with the first signal.
    pub(crate) async fn heard(mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(windows)]
        self.interrupt.recv().await;
    }
}
