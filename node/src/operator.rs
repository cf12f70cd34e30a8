//! Questions of an operator to a running node: for a backup, and about the clock.
//!
//! They are asked over a socket in the node's folder, which only its owner can open. So none of them can be asked over
//! the network, by a web page or by another user of the machine. Each question and each answer is a line of JSON.

use std::{
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use louver_core::ledger::Genesis;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::watch;

use crate::{backup, engine::Engine, folder::Folder, http::serve::stopped};

/// The most bytes of a question.
const MOST: u64 = 64 * 1024;

/// A question.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(tag = "ask", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Question {
    /// A copy of the chain's data in a new folder.
    Backup {
        /// The folder, from the root.
        out: PathBuf,
    },
    /// The clock is right as it is.
    AcceptTime,
}

/// An answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// The copy is whole, and ends with this block.
    BackedUp {
        /// The block's height.
        height: u32,
    },
    /// Blocks have the clock's time again.
    TimeAccepted {
        /// Seconds since 1970.
        now: u64,
    },
    /// It was not done.
    Refused {
        /// Why not.
        reason: String,
    },
}

/// The reason for no answer.
#[derive(Debug, Error)]
pub enum AskError {
    /// No node runs in the folder.
    #[error("no node of yours runs in {}", .0.display())]
    NotRunning(PathBuf),
    /// The node refused.
    #[error("{0}")]
    Refused(String),
    /// The node's answer is not one.
    #[error("the node gave no answer that can be read")]
    Unreadable,
    /// The connection failed.
    #[error("the node cannot be asked: {0}")]
    Io(#[from] io::Error),
    /// This system has no such sockets.
    #[error("a running node cannot be asked on this system")]
    Unsupported,
}

/// Asks the node that runs in a folder.
///
/// # Errors
/// [`AskError::NotRunning`] if none does; [`AskError::Refused`] with the node's reason.
pub fn ask(data: &Path, question: &Question) -> Result<Answer, AskError> {
    match exchange(data, question)? {
        Answer::Refused { reason } => Err(AskError::Refused(reason)),
        answer => Ok(answer),
    }
}

#[cfg(unix)]
fn exchange(data: &Path, question: &Question) -> Result<Answer, AskError> {
    let socket = Folder::socket_in(data);
    let mut stream = std::os::unix::net::UnixStream::connect(socket).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::PermissionDenied => {
            AskError::NotRunning(data.to_owned())
        }
        _ => error.into(),
    })?;
    let mut line = serde_json::to_vec(question).map_err(io::Error::from)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    serde_json::from_str(&answer).map_err(|_| AskError::Unreadable)
}

#[cfg(not(unix))]
fn exchange(_: &Path, _: &Question) -> Result<Answer, AskError> {
    Err(AskError::Unsupported)
}

/// Answers until the node stops. A socket that cannot be had is logged, and the node runs without.
#[cfg(unix)]
pub(crate) async fn answer(engine: Arc<Engine>, folder: Arc<Folder>, mut stop: watch::Receiver<bool>) {
    use std::os::unix::fs::PermissionsExt;

    let path = folder.socket();
    // The folder is locked: a socket that is there was left by a process that is gone.
    drop(std::fs::remove_file(&path));
    let bound = tokio::net::UnixListener::bind(&path).and_then(|listener| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    });
    let listener = match bound {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "the operator's socket cannot be had: no backup can be asked for");
            return stopped(&mut stop).await;
        }
    };
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                // One after the other: a backup is enough at a time.
                let served = converse(stream, &engine);
                tokio::select! {
                    () = stopped(&mut stop) => break,
                    served = served => if let Err(error) = served {
                        tracing::debug!(%error, "the operator went away");
                    }
                }
            }
        }
    }
    drop(std::fs::remove_file(&path));
}

#[cfg(not(unix))]
pub(crate) async fn answer(_: Arc<Engine>, _: Arc<Folder>, mut stop: watch::Receiver<bool>) {
    stopped(&mut stop).await;
}

#[cfg(unix)]
async fn converse(mut stream: tokio::net::UnixStream, engine: &Arc<Engine>) -> io::Result<()> {
    use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

    let mut line = String::new();
    let (read, mut write) = stream.split();
    tokio::io::BufReader::new(read.take(MOST)).read_line(&mut line).await?;
    let answer = match serde_json::from_str(&line) {
        Ok(question) => engine.blocking(move |engine| carry_out(engine, question)).await,
        Err(error) => Some(Answer::Refused { reason: format!("not a question: {error}") }),
    };
    let answer = answer.unwrap_or_else(|| Answer::Refused { reason: "the node failed".to_owned() });
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    write.write_all(&line).await
}

fn carry_out(engine: &Engine, question: Question) -> Answer {
    match question {
        Question::AcceptTime => match engine.accept_time() {
            Ok(now) => Answer::TimeAccepted { now },
            Err(reason) => Answer::Refused { reason: reason.to_owned() },
        },
        Question::Backup { out } => match back_up(engine, &out) {
            Ok(height) => {
                tracing::info!(height, "a backup was written");
                Answer::BackedUp { height }
            }
            Err(reason) => {
                tracing::error!(reason, "no backup was written");
                Answer::Refused { reason }
            }
        },
    }
}

fn back_up(engine: &Engine, out: &Path) -> Result<u32, String> {
    if !out.is_absolute() {
        return Err("the folder of a backup is named from the root".to_owned());
    }
    let (snapshot, genesis, height): (_, Genesis, _) =
        engine.snapshot().map_err(|error| error.to_string())?;
    backup::write(&snapshot, &genesis, out).map_err(|error| error.to_string())?;
    Ok(height)
}
