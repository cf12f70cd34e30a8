//! Failures, and the exit codes that tell scripts the kind of failure.

use core::fmt::Display;
use std::process::ExitCode;

use schemars::JsonSchema;
use serde::Serialize;

use louver_core::{amount::AmountError, asset::AssetNameError, keys::TypedError, text::visible};

use crate::{json, output::to_stderr};

/// The kind of a failure: the exit code of the process. 0 is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that should hold does not: a verification, or an expectation of the demo.
    Expectation = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file, string, key or amount was refused.
    Input = 3,
    /// The node cannot be reached, or refused.
    Node = 4,
    /// A file or database cannot be read or written.
    Storage = 5,
    /// The wallet cannot do it: too little money, a wrong passphrase, an expired address.
    Wallet = 6,
    /// The data of a node is damaged, or a part is lost.
    Damaged = 7,
    /// A transaction was signed, and was not yet seen in a block; a node's word that none will take it is not enough. Do not
    /// send it anew: both could be mined.
    Unconfirmed = 8,
    /// Somebody pressed Ctrl-C before anything was sent or written.
    Interrupted = 130,
}

/// The exit codes as `--help` shows them.
pub(crate) const HELP: &str = "Exit codes:
  0  done
  1  a verification failed, or the demo met something that it did not expect
  2  the command line is wrong, or a question could not be asked
  3  a file, string, key or amount was refused
  4  the node cannot be reached, or refused
  5  a file or database cannot be read or written, or the result not printed
  6  the wallet cannot do it (funds, passphrase, expired address)
  7  the data of a node is damaged, or a part of it is lost; nothing was changed
  8  sent, not yet seen in a block, and not sure to fail: do not pay again
  130  stopped by Ctrl-C: nothing was sent, nothing was written";

/// Why a command failed: one line for people, a stable code for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(kind: Kind, code: &str, message: impl Display) -> Self {
        Self { kind, code: code.to_owned(), message: message.to_string() }
    }

    pub(crate) fn expectation(message: impl Display) -> Self {
        Self::new(Kind::Expectation, "expectation_failed", message)
    }

    pub(crate) fn usage(message: impl Display) -> Self {
        Self::new(Kind::Usage, "usage", message)
    }

    pub(crate) fn input(message: impl Display) -> Self {
        Self::new(Kind::Input, "input_refused", message)
    }

    pub(crate) fn node(message: impl Display) -> Self {
        Self::new(Kind::Node, "node", message)
    }

    pub(crate) fn storage(message: impl Display) -> Self {
        Self::new(Kind::Storage, "storage", message)
    }

    pub(crate) fn wallet(code: &str, message: impl Display) -> Self {
        Self::new(Kind::Wallet, code, message)
    }

    /// An amount, or the name of an asset, that was refused.
    fn amount(error: impl Display) -> Self {
        Self::new(Kind::Input, "amount", error)
    }

    /// The same failure, with a note on the step in which it happened.
    pub(crate) fn during(mut self, what: impl Display) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// A transaction that was sent, and has not been seen in a block yet.
    pub(crate) fn unconfirmed(message: impl Display) -> Self {
        Self::new(Kind::Unconfirmed, "not_yet_mined", message)
    }

    /// Writes the failure to standard error, as a line or as JSON, and returns the exit code.
    pub(crate) fn report(&self, as_json: bool) -> ExitCode {
        if as_json {
            let error = ErrorDetail { code: self.code.clone(), message: self.message.clone() };
            to_stderr(json::line(&ErrorMessage { error }));
        } else {
            to_stderr(format!("louver: {}", visible(&self.message)));
        }
        ExitCode::from(self.kind as u8)
    }
}

/// Why a command failed. It is printed on standard error.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ErrorMessage {
    /// The error.
    error: ErrorDetail,
}

/// An error.
#[derive(Serialize, JsonSchema)]
struct ErrorDetail {
    /// The fault, for programs.
    code: String,
    /// The fault in a sentence: what happened, what it means, and what to do.
    message: String,
}

impl From<AmountError> for Failure {
    fn from(error: AmountError) -> Self {
        Self::amount(error)
    }
}

impl From<AssetNameError> for Failure {
    fn from(error: AssetNameError) -> Self {
        Self::amount(error)
    }
}

impl From<TypedError> for Failure {
    fn from(error: TypedError) -> Self {
        let code = if matches!(error, TypedError::Secret { .. }) { "secret_misplaced" } else { "address" };
        Self::new(Kind::Input, code, error)
    }
}
