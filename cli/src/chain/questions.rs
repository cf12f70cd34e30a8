//! The questions of `louver chain init` on a terminal. Each answer is checked before the next question.

use std::path::PathBuf;

use louver_core::{asset::KnownAssets, calendar::Month, ledger::Genesis};

use super::plan::{self, Plan};
use crate::{clock, exit::Failure, file, output::Output, prompt};

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
            let kind = plan.pool_kind();
            plan.keys =
                Some(prompt::until("The folder with the keys from a ceremony", Some("keys"), |text| {
                    plan::rules(text.as_ref(), kind).map(|_| PathBuf::from(text))
                })?);
        }
    }
    if plan.name.is_none() {
        let usual = plan.development.then_some("louver development");
        plan.name =
            Some(prompt::until("The chain's name", usual, |text| match Genesis::is_chain_name(text) {
                true => Ok(text.to_owned()),
                false => Err(Failure::usage("a chain's name has 1 to 32 printable ASCII characters")),
            })?);
    }
    if !plan.development {
        ask_for_money(&mut plan)?;
    }
    let keys = match plan.authorities.is_empty() && !plan.development {
        true => Some(ask_for_keys(&mut plan)?),
        false => None,
    };
    if !plan.development {
        ask_for_time(&mut plan)?;
    }
    let out = match out {
        Some(out) => out,
        None => prompt::until("The file for the genesis", Some("chain.genesis"), |text| {
            file::is_free(text.as_ref()).map(|()| text.into())
        })?,
    };
    Ok(Answers { plan, out, keys })
}

/// The chain's own coin, the least fee in it, and the balances at the start.
fn ask_for_money(plan: &mut Plan) -> Result<(), Failure> {
    if !plan.assets.is_empty() {
        return Ok(());
    }
    let question = "Its own coin, as SYMBOL:DECIMALS:ISSUER, the issuer as lvrt1... (`louver node keygen` makes a key and says it)";
    let (coin, text) =
        prompt::until(question, None, |text| plan::asset(1, text).map(|coin| (coin, text.to_owned())))?;
    let usual = format!("0.001 {}", coin.symbol());
    let known = KnownAssets::new(&[coin]);
    plan.assets.push(text);
    if plan.fees.is_empty() {
        plan.fees.push(prompt::until("The least fee of a transaction", Some(&usual), |text| {
            match known.parse_amount(text)? {
                (_, louver_core::value::Value::ZERO) => {
                    Err(Failure::usage("a chain for real use takes a fee above zero"))
                }
                _ => Ok(text.to_owned()),
            }
        })?);
    }
    while plan.balances.is_empty() || prompt::agrees("Does another account hold something from the start?")? {
        let question = "An amount that an account holds from the start, as ACCOUNT=AMOUNT";
        let held = prompt::until(question, Some("none"), |text| match text {
            "none" => Ok(None),
            text => plan::balance(&known, text).map(|_| Some(text.to_owned())),
        })?;
        match held {
            Some(held) => plan.balances.push(held),
            None => break,
        }
    }
    Ok(())
}

/// The keys that are to be made, and how many of them have to agree.
fn ask_for_keys(plan: &mut Plan) -> Result<NewKeys, Failure> {
    let authorities = number("How many authorities seal its blocks", 1, 1, 32)?;
    if authorities > 1 {
        let needed = number("How many of them have to seal a block", authorities / 2 + 1, 1, authorities)?;
        plan.authorities_needed.get_or_insert(needed);
    }
    let guardians = number("How many guardians can stop broken rules", 3, 0, 32)?;
    if guardians > 1 {
        let needed = number("How many of them have to agree", guardians / 2 + 1, 1, guardians)?;
        plan.guardians_needed.get_or_insert(needed);
    }
    let folder =
        prompt::until("The folder for the keys that are made for them", Some("signing-keys"), |text| {
            let folder = PathBuf::from(text);
            file::is_free(&folder.join("authority-1.key"))?;
            file::is_free(&folder.join("guardian-1.key")).map(|()| folder)
        })?;
    Ok(NewKeys { folder, authorities, guardians })
}

/// How time is cut, and how long a chain without transactions waits for a block.
fn ask_for_time(plan: &mut Plan) -> Result<(), Failure> {
    if plan.first_month.is_none() && plan.epoch_seconds.is_none() {
        let now = Month::of(clock::now()).map(Month::to_iso);
        plan.first_month = Some(prompt::until("Its first month, in UTC", now.as_deref(), |text| {
            plan::first_month(text, clock::now()).map(|_| text.to_owned())
        })?);
    }
    if plan.block_interval.is_none() {
        let question = "The longest time without a block, in seconds";
        plan.block_interval = Some(prompt::until(question, Some("60"), |text| {
            let seconds = text.parse().ok().filter(|seconds| plan::INTERVAL_RANGE.contains(seconds));
            seconds
                .ok_or_else(|| Failure::usage(format!("{text} is not a number of seconds from 1 to 86400")))
        })?);
    }
    Ok(())
}

fn number(question: &str, usual: u8, least: u8, most: u8) -> Result<u8, Failure> {
    prompt::until(question, Some(&usual.to_string()), |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| Failure::usage(format!("{text} is not a number from {least} to {most}")))
    })
}

/// Shows what was put together, and asks whether it is to be written.
pub(super) fn confirm(genesis: &Genesis, output: Output) -> Result<(), Failure> {
    output.note(super::show::text(genesis, output));
    prompt::agreed(
        false,
        "A genesis cannot be changed later. Write it?",
        "Nothing was written",
        "Give the terms by options",
    )
}
