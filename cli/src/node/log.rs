//! The log of a node, on standard error: as text for people, or as lines of JSON for machines.

use std::io;

use serde::Deserialize;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// The least severe level that is logged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// Nothing
    Off,
    /// Faults that prevent the node from working
    Error,
    /// Events that an operator should look at
    Warn,
    /// Start, stop, backups, recoveries
    #[default]
    Info,
    /// Each block, and each answer by the pattern of its path
    Debug,
    /// Everything
    Trace,
}

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// Lines for people
    #[default]
    Text,
    /// An object of JSON in each line
    Json,
}

/// The level and the format of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Logging {
    pub(crate) level: Level,
    pub(crate) format: Format,
}

impl Logging {
    /// Begins to log. Calling this again in the same process changes nothing.
    pub(crate) fn begin(self, colour: bool) {
        let level = match self.level {
            Level::Off => LevelFilter::OFF,
            Level::Error => LevelFilter::ERROR,
            Level::Warn => LevelFilter::WARN,
            Level::Info => LevelFilter::INFO,
            Level::Debug => LevelFilter::DEBUG,
            Level::Trace => LevelFilter::TRACE,
        };
        // Only Louver's own messages: libraries would log what clients send, and from where.
        let ours = Targets::new().with_target("louver", level).with_target("louver_node", level);
        let registry = tracing_subscriber::registry().with(ours);
        let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr);
        let begun = match self.format {
            Format::Text => registry.with(layer.with_ansi(colour).with_target(false)).try_init(),
            Format::Json => registry.with(layer.json().flatten_event(true)).try_init(),
        };
        // The log that began first goes on.
        drop(begun);
    }
}
