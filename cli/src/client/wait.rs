//! Waiting for a block.

use std::time::{Duration, Instant};

use louver_client::api::view::TransactionState;

use super::Client;
use crate::{exit::Failure, output::Output};

/// How often the node is asked.
const PAUSE: Duration = Duration::from_millis(200);

/// How long to wait for a block
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Waiting {
    /// For how many seconds to wait until a block has it; 0 does not wait
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,
}

impl Waiting {
    /// Waits until a block has the transaction, or the time is over.
    pub(crate) fn wait(self, client: &Client, id: &str, output: Output) -> Result<TransactionState, Failure> {
        let until = Instant::now() + Duration::from_secs(self.wait);
        loop {
            let state = client.transaction(id)?;
            if state.state != "pending" || Instant::now() >= until {
                if state.state == "pending" && self.wait > 0 {
                    output.note("no block has it yet; it waits");
                }
                return Ok(state);
            }
            std::thread::sleep(PAUSE);
        }
    }
}
