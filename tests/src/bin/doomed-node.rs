//! Runs a node in a folder, keeps it busy over its own API, and says each height when its block is on disk.
//!
//! Usage: `doomed-node FOLDER FRESH`, where notes are numbered from FRESH on. It goes on until it is killed.

use std::{error::Error, io::Write, sync::Arc, time::Duration};

use louver_chain::{
    Account, development,
    testing::{ZeroProofs, person},
};
use louver_core::encoding::Encode;
use louver_node::{NodeConfig, http::serve::Limits, peers::PeerLimits, start_with};
use louver_tests::crash;
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("a folder is missing")?;
    let fresh = arguments.next().ok_or("a number is missing")?.parse()?;
    // It refuses many on purpose.
    let peer = PeerLimits { refusals: u32::MAX, refusals_per_second: u32::MAX, ..PeerLimits::default() };
    let config = NodeConfig {
        limits: Limits { peer, ..Limits::default() },
        inclusion_delay: Some(Duration::from_millis(1)),
        ..NodeConfig::new(folder, crash::genesis())
    };
    let node = start_with(config, Arc::new(ZeroProofs::default())).await?;
    let url = node.url();
    let busy = tokio::task::spawn_blocking(move || keep_busy(&url, fresh));
    let heights = tokio::task::spawn_blocking({
        let url = node.url();
        move || say_heights(&url)
    });
    tokio::select! {
        ended = busy => ended?,
        ended = heights => ended?,
    }
}

/// Submits rounds of transactions, each when the one before is likely to be in a block.
fn keep_busy(url: &str, mut fresh: u64) -> Outcome<()> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let next = |account: Account| -> Outcome<u64> {
        let answer = agent.get(format!("{url}/v1/accounts/{account}")).call()?.body_mut().read_to_string()?;
        let answer: Value = serde_json::from_str(&answer)?;
        Ok(answer["nonce"].as_str().ok_or("no nonce")?.parse()?)
    };
    let genesis = crash::genesis();
    loop {
        let faucet = next(Account::of(&development::faucet_key()))?;
        let alice = next(Account::of(&person(1)))?;
        for transaction in crash::round(&genesis, faucet, alice, fresh) {
            // Some come too early or too late, and are refused: the others keep the chain busy.
            drop(agent.post(format!("{url}/v1/transactions")).send(transaction.to_bytes())?);
        }
        fresh += 3;
    }
}

fn say_heights(url: &str) -> Outcome<()> {
    let agent = ureq::agent();
    let mut said = None;
    loop {
        let answer = agent.get(format!("{url}/v1/status")).call()?.body_mut().read_to_string()?;
        let height = serde_json::from_str::<Value>(&answer)?["height"].as_u64();
        if height != said {
            said = height;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{}", height.ok_or("no height")?)?;
            out.flush()?;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
