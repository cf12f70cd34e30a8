//! Ctrl-C while money moves: the message says whether something was sent.

use std::sync::{Mutex, MutexGuard, PoisonError};

use louver_core::transaction::TxId;

use crate::{
    exit::{Failure, Kind},
    output::Output,
};

/// The transactions that this process recorded. Recording one holds the lock, so that Ctrl-C comes before it or after it.
static RECORDED: Mutex<Vec<TxId>> = Mutex::new(Vec::new());

fn recorded() -> MutexGuard<'static, Vec<TxId>> {
    RECORDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on Ctrl-C ends the process with a message about what was sent.
///
/// # Errors
/// [`Kind::Storage`] if the system does not allow listening for Ctrl-C.
pub(crate) fn listen(output: Output) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        let sent = recorded();
        let failure = told(&sent);
        failure.report(output.is_json());
        std::process::exit(failure.kind as i32);
    })
    .map_err(Failure::storage)
}

/// Records a transaction. Ctrl-C waits until this has ended.
pub(crate) fn recording<T, E>(
    txid: impl Fn(&T) -> TxId,
    record: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let mut sent = recorded();
    let done = record()?;
    sent.push(txid(&done));
    Ok(done)
}

fn told(sent: &[TxId]) -> Failure {
    match sent {
        [] => Failure::new(Kind::Interrupted, "interrupted", "stopped by Ctrl-C: nothing was sent"),
        sent => {
            let ids: Vec<String> = sent.iter().map(ToString::to_string).collect();
            let message = format!(
                "stopped by Ctrl-C after {} was sent. Do not pay again: `louver wallet history` shows whether a block has \
                 it, and `louver wallet sync` submits it again if need be, until it expires",
                ids.join(", ")
            );
            Failure::new(Kind::Unconfirmed, "not_yet_mined", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_whether_something_was_sent() {
        assert_eq!(told(&[]).kind, Kind::Interrupted);
        let after = told(&[TxId([7; 32])]);
        assert!(after.kind == Kind::Unconfirmed && after.message.contains(&"07".repeat(32)), "{after:?}");
    }
}
