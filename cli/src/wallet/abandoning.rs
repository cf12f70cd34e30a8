//! Giving up a transaction that waits for a block, and submitting it again.

use louver_client::session::{RetryError, Sent};
use louver_core::transaction::TxId;
use pollster::block_on;

use super::{Place, bytes32, sending::taken};
use crate::{
    exit::Failure,
    json::transaction::{Abandoned, State, Submission},
    output::{Output, progress::Line},
    prompt,
};

/// Gives up a transaction that waits for a block, so that its money can be spent again
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A submitted transaction cannot be called back: until it expires, a node that has it may still have it mined. \
The wallet does not submit it again. If you pay the same amounts again, at most one of the two can be mined. Deposits \
are different: both can be mined.

Example:
  louver wallet abandon TXID"
)]
pub(super) struct Abandon {
    /// The transaction's id, as `wallet history --json` shows it
    txid: String,
    /// Gives up without asking
    #[arg(long, short = 'y')]
    yes: bool,
}

/// Submits a transaction that waits for a block once more
#[derive(Debug, clap::Args)]
#[command(after_help = "It does no harm: a transaction is mined once at most.

Example:
  louver wallet retry TXID")]
pub(super) struct Retry {
    /// The transaction's id, as `wallet history --json` shows it
    txid: String,
}

fn txid(text: &str) -> Result<TxId, Failure> {
    Ok(TxId(bytes32("transaction's id", text)?))
}

impl Abandon {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let txid = txid(&self.txid)?;
        let session = place.open_synced(output)?;
        prompt::agreed(
            self.yes,
            "A block may still take it until it expires. Give it up?",
            "it was not given up",
            "Add --yes to give it up without being asked",
        )?;
        let waiting = session.wallet().waiting()?;
        let given_up =
            session.wallet().abandon(txid).map_err(|error| Failure::wallet("not_abandoned", error))?;
        let of_these = waiting.iter().filter(|outgoing| given_up.contains(&outgoing.txid));
        let told = Abandoned {
            txids: given_up.iter().map(ToString::to_string).collect(),
            // Only a transaction that waits can be given up.
            expiry_height: of_these.map(|outgoing| outgoing.expiry).max().unwrap_or(u32::MAX),
        };
        output.result(&told, || {
            format!(
                "given up: {}. A block up to {} may still take it: look at `louver wallet history` before you pay again",
                told.txids.join(", "),
                told.expiry_height
            )
        });
        Ok(())
    }
}

impl Retry {
    pub(super) fn run(self, place: &Place, output: Output) -> Result<(), Failure> {
        let txid = txid(&self.txid)?;
        let session = place.open()?;
        let again = block_on(session.retry(txid, Line::watch(output, "reading blocks")));
        let Sent { outgoing, not_taken } = again.map_err(|error| match error {
            RetryError::Session(error) => error.into(),
            _ => Failure::wallet(
                "not_waiting",
                format!("{txid} does not wait for a block: `louver wallet history` says why"),
            ),
        })?;
        taken(&outgoing, not_taken)?;
        let told = Submission {
            txid: txid.to_string(),
            state: State::Pending,
            height: None,
            time: None,
            expiry_height: outgoing.expiry,
            number: 1,
            of: 1,
        };
        output.result(&told, || {
            format!("{txid} was submitted again; it can be mined up to block {}", outgoing.expiry)
        });
        Ok(())
    }
}
