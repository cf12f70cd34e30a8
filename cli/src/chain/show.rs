//! The terms of a genesis for people: times as dates, amounts in the asset's unit.

use louver_chain::{Account, development};
use louver_circuits::keyset::NamedKeys;
use louver_core::{
    asset::KnownAssets,
    calendar::moment,
    epoch::EpochSchedule,
    ledger::{Finality, Genesis, GenesisTerms, Quorum, RulesTerms},
    pool::PoolKind,
};

use super::fingerprint;
use crate::output::{Output, Style, Table};

/// The terms, the tables last.
pub(super) fn text(genesis: &Genesis, output: Output) -> String {
    let terms = genesis.terms();
    let mut lines = vec![output.paint(Style::Title, format!("Genesis of {}", terms.chain))];
    for (name, value) in summary(genesis, terms) {
        lines.push(format!("  {name:<12}  {value}"));
    }
    let stream = output.results();
    let assets = KnownAssets::new(&terms.assets);
    for (is_empty, table) in [
        (terms.assets.is_empty(), registered(terms)),
        (terms.balances.is_empty(), balances(terms, &assets)),
        (terms.fees.is_empty(), fees(terms, &assets)),
        (terms.rules.is_empty(), circuits(terms)),
    ] {
        if !is_empty {
            lines.push(format!("\n{}", table.render(stream).trim_end_matches('\n')));
        }
    }
    lines.join("\n")
}

/// The terms that take one line each.
fn pool(genesis: &Genesis) -> String {
    let number = genesis.terms().pool.0;
    match genesis.pool_kind() {
        PoolKind::Plain => number.to_string(),
        PoolKind::Audited => format!("{number}, whose transactions a committee of auditors can open"),
    }
}

fn summary(genesis: &Genesis, terms: &GenesisTerms) -> Vec<(&'static str, String)> {
    let kind = match terms.development {
        true => "development: anybody can forge its proofs, so nothing on it has worth",
        false => "for real use: its proving keys come from a ceremony",
    };
    let free = match development::free(genesis).as_slice() {
        [] => "nothing".to_owned(),
        free => format!("{}: anybody can fill blocks with these for nothing", free.join(", ")),
    };
    let Finality::Solo { authorities, trusting_period } = &terms.finality;
    let mut lines = vec![
        ("hash", hex::encode(genesis.hash().0)),
        ("fingerprint", fingerprint(genesis)),
        ("kind", kind.to_owned()),
        ("begins", moment(terms.time)),
        ("blocks", format!("at least one every {}", span(terms.block_interval.into()))),
        ("periods", periods(&terms.schedule)),
        ("anchors", format!("a root of notes serves for {} blocks", terms.anchor_window)),
        ("pool", pool(genesis)),
        ("pool tag", hex::encode(genesis.pool_tag().to_le_bytes())),
        ("free", free),
        ("fees go to", Account::from(terms.fee_account).to_string()),
    ];
    lines.extend(quorum("authorities", "seal each block", authorities));
    lines.push(("", format!("a reader may trust these keys for {}", span((*trusting_period).into()))));
    match &terms.guardians.quorum {
        Some(guardians) => {
            lines.extend(quorum("guardians", "sign an act", guardians));
            lines.push((
                "",
                format!("a rules version that they add counts after {} blocks", terms.guardians.delay),
            ));
        }
        None => lines.push(("guardians", "none: nobody can switch off broken rules".to_owned())),
    }
    lines
}

fn quorum(name: &'static str, what: &str, quorum: &Quorum) -> Vec<(&'static str, String)> {
    let keys = quorum.keys().iter().map(|key| ("", Account(key.to_bytes()).to_string()));
    let first = (name, format!("{} of these {} {what}:", quorum.needed(), quorum.keys().len()));
    core::iter::once(first).chain(keys).collect()
}

fn periods(schedule: &EpochSchedule) -> String {
    let grace = span(schedule.grace().into());
    match (schedule.first_month(), schedule.length()) {
        (Some(first), _) => format!("calendar months in UTC, from {}, with {grace} of grace", first.to_iso()),
        (None, Some(length)) => {
            let length = span(length.into());
            let last = schedule
                .withdrawals_only_from()
                .map(|from| format!("; from {} on withdrawals only", moment(from)));
            let last = last.unwrap_or_default();
            format!("{length} each, from {}, with {grace} of grace{last}", moment(schedule.origin()))
        }
        (None, None) => "one that never ends: addresses never expire".to_owned(),
    }
}

/// A length of time in the largest unit that divides it.
fn span(seconds: u64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (length, unit) =
        units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length)).unwrap_or((1, "second"));
    match seconds / length {
        1 => format!("1 {unit}"),
        0 => "0 seconds".to_owned(),
        count => format!("{count} {unit}s"),
    }
}

fn registered(terms: &GenesisTerms) -> Table {
    let mut table = Table::new(["asset", "id", "decimals", "issuer"]).right(1).right(2);
    for asset in &terms.assets {
        let issuer = Account(*asset.issuer()).to_string();
        table.row([asset.symbol().to_owned(), asset.id().to_string(), asset.decimals().to_string(), issuer]);
    }
    table
}

fn balances(terms: &GenesisTerms, assets: &KnownAssets) -> Table {
    let mut table = Table::new(["balance at the start", "account"]).right(0);
    for held in &terms.balances {
        table.row([assets.format_amount(held.asset, held.amount.0), Account::from(held.account).to_string()]);
    }
    table
}

fn fees(terms: &GenesisTerms, assets: &KnownAssets) -> Table {
    let mut table = Table::new(["least fee", "for"]).right(0);
    for fee in &terms.fees {
        let mut row = |value, what: String| table.row([assets.format_amount(fee.asset, value), what]);
        let kind = terms.rules.first().map_or(PoolKind::Plain, RulesTerms::pool_kind);
        for shape in kind.shapes() {
            row(fee.minimum(*shape).0, format!("a transaction of shape {shape}"));
        }
        row(fee.operations.any.0, "an operation on transparent accounts".to_owned());
        row(fee.operations.registration.0, "registering an asset".to_owned());
        row(fee.operations.announcement.0, "an announcement".to_owned());
    }
    table
}

fn circuits(terms: &GenesisTerms) -> Table {
    let mut table =
        Table::new(["rules", "from block", "circuit", "hash of the verifying key"]).right(0).right(1);
    for rules in &terms.rules {
        for key in NamedKeys::of_rules(rules) {
            table.row([
                rules.version.0.to_string(),
                rules.from.to_string(),
                key.circuit.name().to_owned(),
                hex::encode(key.hashes.verifying),
            ]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_short_periods_says_when_its_last_one_begins() {
        let schedule = EpochSchedule::seconds(1_767_225_600, 120, 30).unwrap();
        let told = periods(&schedule);
        assert!(told.ends_with("; from 2026-04-02 00:30 UTC on withdrawals only"), "{told}");
    }

    #[test]
    fn spans_are_told_in_the_largest_unit_that_divides_them() {
        let told = [0, 1, 59, 60, 90, 3600, 7200, 86_400, 604_800, 86_401].map(span);
        let expected = [
            "0 seconds",
            "1 second",
            "59 seconds",
            "1 minute",
            "90 seconds",
            "1 hour",
            "2 hours",
            "1 day",
            "7 days",
            "86401 seconds",
        ];
        assert_eq!(told, expected.map(str::to_owned));
    }
}
