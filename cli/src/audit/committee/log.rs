//! Checking a member's log.

use std::path::PathBuf;

use louver_viewkeys::committee::Log;

use super::{read, told};
use crate::{exit::Failure, inspect::Facts, output::Output, wallet::bytes32};

#[derive(Debug, clap::Args)]
pub(super) struct Checking {
    /// The log, as its member shows it
    log: PathBuf,
    /// An earlier state of the same log: it has to be the beginning of this one
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// A hash that the member announced on the chain (`louver wallet announcements`). Repeat the option for more
    #[arg(long = "announced", value_name = "HEX")]
    announced: Vec<String>,
}

impl Checking {
    pub(super) fn run(self, output: Output) -> Result<(), Failure> {
        let log: Log = read(&self.log, "a log of openings")?;
        log.verify()?;
        if let Some(path) = &self.before {
            let before: Log = read(path, "a log of openings")?;
            before.verify()?;
            log.goes_on_from(before.head())?;
        }
        let announced = self.announced.iter().map(|text| bytes32("announced hash", text));
        let announced = announced.collect::<Result<Vec<_>, _>>()?;
        log.has_announced(&announced)?;
        let mandates: Vec<String> = log.records().iter().map(|record| hex::encode(record.mandate)).collect();
        let facts = Facts::of("log of openings")
            .with("member", hex::encode(log.head().member().as_bytes()))
            .with("openings", log.head().length())
            .with("mandates", mandates)
            .with("head", hex::encode(log.head().hash()))
            .with("announced", announced.len())
            .with("goes_on_from_before", self.before.map(|_| true));
        told(&facts, output);
        Ok(())
    }
}
