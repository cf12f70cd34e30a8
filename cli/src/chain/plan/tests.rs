use louver_chain::development::{FreeOfCharge, check_fees, faucet_key};
use louver_circuits::keyset::development_rules;
use louver_core::ledger::Genesis;

use super::*;

/// The plan in a file of terms.
fn written(text: &str) -> Plan {
    toml::from_str(text).unwrap()
}

fn refusal(text: &str) -> String {
    let plan = written(text);
    let rules = development_rules().unwrap();
    plan.terms_under(rules).map(drop).unwrap_err().message
}

fn someone() -> String {
    Account::of(&faucet_key()).to_string()
}

/// Attacker: whoever writes a file of terms, whose numbers no option's range holds, so that the command breaks or a chain is
/// made that nobody can use.
#[test]
fn numbers_of_a_file_are_held_to_the_ranges_of_the_options() {
    for (text, word) in [
        ("trusting-days = 100000", "1 to 3650"),
        ("trusting-days = 4294967295", "1 to 3650"),
        ("trusting-days = 0", "1 to 3650"),
        ("grace-days = 4294967295", "0 to 27"),
        ("grace-days = 28", "0 to 27"),
        ("block-interval = 0", "1 to 86400"),
        ("block-interval = 4294967295", "1 to 86400"),
        ("guardians-delay = 0", "1 to 1051200"),
        ("guardians-delay = 4294967295", "1 to 1051200"),
        ("epoch-seconds = 1", "at least 4"),
        ("first-month = \"9998-01\"", "still to come"),
    ] {
        let said = refusal(&format!("development = true\n{text}"));
        assert!(said.contains(word), "{text}: {said}");
    }
    let real = format!(
        "name = \"mine\"\nassets = [\"LVR:6:{}\"]\nfees = [\"1 LVR\"]\nepoch-seconds = 60",
        someone()
    );
    assert!(refusal(&real).contains("at least 3600"), "{}", refusal(&real));
    let written = |text: &str| written(text).terms_under(development_rules().unwrap());
    assert!(written("development = true\ntrusting-days = 3650\nepoch-seconds = 4").is_ok());
    assert!(written("development = true\nepoch-seconds = 0").unwrap().schedule.is_endless());
}

#[test]
fn what_would_count_for_nothing_is_refused() {
    for (text, word) in [
        ("authorities-needed = 2", "authorities-needed has no meaning"),
        ("guardians-needed = 3", "guardians-needed has no meaning"),
        ("epoch-seconds = 60\ngrace-days = 3", "grace-days has no meaning"),
        ("epoch-seconds = 60\nfirst-month = \"2026-01\"", "first-month has no meaning"),
    ] {
        let said = refusal(&format!("development = true\n{text}"));
        assert!(said.contains(word), "{text}: {said}");
    }
    let said = refusal("name = \"mine\"\nguardians-delay = 5");
    assert!(said.contains("guardians-delay has no meaning"), "{said}");
}

#[test]
fn a_fault_is_told_in_the_words_of_the_option() {
    let someone = someone();
    let plan = |more: &str| refusal(&format!("development = true\n{more}"));
    for (text, word) in [
        (format!("assets = [\"LVR:19:{someone}\"]"), "0 to 18 decimals"),
        (format!("assets = [\"lvr:6:{someone}\"]"), "letters A to Z"),
        ("authorities = [\"nonsense\"]".to_owned(), "lvrt1"),
        ("fee-account = \"nonsense\"".to_owned(), "lvrt1"),
        (format!("authorities = [\"{someone}\", \"{someone}\"]"), "is named twice"),
        (
            "fees = [\"1 LVR\", \"2 LVR\"]\n".to_owned() + &format!("assets = [\"LVR:6:{someone}\"]"),
            "one for each",
        ),
    ] {
        let said = plan(&text);
        assert!(said.contains(word), "{text}: {said}");
    }
}

/// The file of terms in the help of `chain init` makes a chain for real use as it stands, but for its accounts.
#[test]
fn the_example_for_real_use_is_whole() {
    let command = <super::super::init::Init as clap::Args>::augment_args(clap::Command::new("init"));
    let help = command.get_after_help().unwrap().to_string();
    let terms: Vec<&str> =
        help.lines().filter(|line| line.starts_with("  ") && line.contains(" = ")).collect();
    assert!(terms.len() >= 4, "{help}");
    assert!(help.contains("chain init --from chain.toml --keys keys"), "{help}");
    let plan = written(&terms.join("\n").replace("lvrt1...", &someone()));
    let genesis = Genesis::new(plan.clone().terms_under(development_rules().unwrap()).unwrap()).unwrap();
    assert_eq!(check_fees(&genesis), Ok(()));
    let free = Plan { fees: Vec::new(), ..plan };
    let genesis = Genesis::new(free.terms_under(development_rules().unwrap()).unwrap()).unwrap();
    assert_eq!(check_fees(&genesis), Err(FreeOfCharge("a transaction")));
}
