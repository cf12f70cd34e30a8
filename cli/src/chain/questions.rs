//! The questions of `louver chain init` on a terminal.

use std::path::PathBuf;

use super::plan::Plan;
use crate::{exit::Failure, prompt};

/// The answer of a person.
pub(super) struct Answers {
    pub(super) plan: Plan,
    pub(super) out: PathBuf,
    pub(super) keys: Option<NewKeys>,
}

/// Keys to be made.
pub(super) struct NewKeys {
    pub(super) folder: PathBuf,
    pub(super) authorities: u8,
    pub(super) guardians: u8,
}

/// Asks for what a plan leaves open.
pub(super) fn ask(mut plan: Plan, out: Option<PathBuf>) -> Result<Answers, Failure> {
    if plan.keys.is_none() && !plan.development {
        plan.development = prompt::agrees("Is the chain for development, with keys that are not safe?")?;
        if !plan.development {
            let folder = prompt::line("The folder with the keys from a ceremony", Some("keys"))?;
            plan.keys = Some(folder.into());
        }
    }
    if plan.name.is_none() {
        let usual = plan.development.then_some("louver development");
        plan.name = Some(prompt::line("The chain's name", usual)?);
    }
    if plan.assets.is_empty() && !plan.development {
        plan.assets
            .push(prompt::line("Its own coin, as SYMBOL:DECIMALS:ISSUER, the issuer as lvrt1...", None)?);
        let symbol = plan.assets[0].split(':').next().unwrap_or_default().to_owned();
        if plan.fees.is_empty() {
            let usual = format!("0.001 {symbol}");
            plan.fees.push(prompt::line("The least fee of a transaction", Some(&usual))?);
        }
    }
    let mut keys = None;
    if plan.authorities.is_empty() && !plan.development {
        let authorities = count("How many authorities seal its blocks", "1", 1)?;
        let guardians = count("How many guardians can stop broken rules", "3", 0)?;
        let folder = prompt::line("The folder for the keys that are made for them", Some("signing-keys"))?;
        keys = Some(NewKeys { folder: folder.into(), authorities, guardians });
    }
    let out = match out {
        Some(out) => out,
        None => prompt::line("The file for the genesis", Some("chain.genesis"))?.into(),
    };
    Ok(Answers { plan, out, keys })
}

fn count(question: &str, usual: &str, least: u8) -> Result<u8, Failure> {
    let text = prompt::line(question, Some(usual))?;
    let number = text.parse().ok().filter(|number| (least..=32).contains(number));
    number.ok_or_else(|| {
        Failure::usage(format!("{text} is not a number from {least} to 32. Nothing was written"))
    })
}
