//! The choice of a chain, what is shown at the first contact with one, and evidence against its authorities.

use std::path::PathBuf;

use louver_client::{
    light::{Choice, Evidence},
    trust::{Trust, TrustTextError, TrustedHead},
};
use louver_core::{calendar::moment, encoding::Encode, spec::b32};
use louver_viewkeys::report::{ChainChoice, words};

use crate::{
    client::Client,
    exit::{Failure, Kind},
    file,
    output::Output,
};

/// The chain that the reader means, chosen before a node is asked
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ChainArgs {
    /// The hash of the chain's genesis, from somebody you trust. Without it the node's chain is taken as it is, and nothing on
    /// it is guaranteed
    #[arg(long, value_name = "HEX", global = true, env = "LOUVER_GENESIS_HASH")]
    genesis_hash: Option<String>,
    /// A block of that chain that you trust, as HEIGHT:HASH; the chain has to stand on it
    #[arg(long, value_name = "HEIGHT:HASH", global = true, env = "LOUVER_PIN")]
    pin: Option<String>,
}

impl ChainArgs {
    /// The choice.
    pub(crate) fn trust(&self) -> Result<Trust, Failure> {
        Ok(Trust::read(self.genesis_hash.as_deref(), self.pin.as_deref())?)
    }
}

impl From<TrustTextError> for Failure {
    fn from(error: TrustTextError) -> Self {
        Self::new(Kind::Usage, "trust_invalid", error)
    }
}

/// The choice of a chain, for people.
pub(crate) fn choice(chosen: ChainChoice) -> &'static str {
    match chosen {
        ChainChoice::Genesis => "by its genesis hash",
        ChainChoice::Block => "by one of its blocks",
        ChainChoice::Nothing => "not: it is the chain that the first node showed",
    }
}

/// Shows the fingerprint of a chain that nobody chose, once: when a wallet is made on it.
pub(crate) fn introduce(client: &Client, output: Output) {
    if client.connection().head().choice != Choice::Nothing {
        return;
    }
    let shown = client.connection().fingerprint();
    let authorities =
        shown.authorities.iter().map(|key| format!("\n              {key}")).collect::<String>();
    output.note(format!(
        "this is the first contact with a chain that you have not chosen. Compare it with what its operator publishes:\n  \
         genesis     {}\n  authorities {} of {} seal each block:{authorities}\nIf it is another, delete this wallet: whoever \
         runs the node may have made the chain up. The wallet stays on this chain, whatever node it asks",
        shown.genesis,
        shown.needed,
        shown.authorities.len(),
    ));
}

/// Says that newer blocks are missing, if the newest one is old.
pub(crate) fn warn_of_age(head: &TrustedHead, output: Output) {
    if head.is_old {
        output.note(format!(
            "the newest block is {}: the chain stands still, or the node withholds blocks. What was paid or spent since is \
             not seen here. Ask another node to be sure",
            age(head)
        ));
    }
}

/// `[payments-paused]`: says that payments stand still, what it means and what to expect, if they do.
pub(crate) fn warn_of_pause(client: &Client, output: Output) {
    if let Some(pause) = client.connection().pause() {
        output.note(pause);
    }
}

/// The height, time and age of a head.
pub(crate) fn age(head: &TrustedHead) -> String {
    let hours = head.age / 3600;
    let passed = match hours {
        0 => format!("{} minutes", head.age / 60),
        1..=47 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    };
    match (head.height, head.is_old) {
        (0, false) => "none yet".to_owned(),
        (0, true) => format!("genesis of {}, {passed} old", moment(head.time)),
        (height, _) => format!("block {height} of {}, {passed} old", moment(head.time)),
    }
}

/// The lines that a verdict begins with.
pub(crate) fn heading(ground: &louver_viewkeys::report::Ground) -> String {
    words::ground(ground).iter().map(|line| format!("\n  {line}")).collect()
}

/// Writes evidence to a file of its own in the working folder, for everybody to check.
pub(crate) fn convicted(evidence: &Evidence, message: impl core::fmt::Display) -> Failure {
    let bytes = evidence.to_bytes();
    let name = hex::encode(&b32(b"LouverEvidName", &[&bytes])[..8]);
    let path = PathBuf::from(format!("louver-{name}.evidence"));
    let is_kept = file::read(&path).is_ok_and(|kept| **kept == *bytes);
    let written = if is_kept { Ok(()) } else { file::write_new(&path, &bytes, file::Readers::Others) };
    let kept = match written {
        Ok(()) => format!("The evidence is in {}, and anybody can check it", path.display()),
        Err(failure) => format!("The evidence could not be written: {}", failure.message),
    };
    Failure::new(Kind::Node, "authorities_convicted", format!("{message}. {kept}"))
}
