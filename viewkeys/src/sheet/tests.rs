//! Statements, and people who would have them say or do something else.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::{
    audit::tests::full_report,
    report::{Assurance, ChainChoice, Finding, Moment, Place, Report, Units, Written},
};

fn source(name: &str, report: Report) -> Source {
    Source { name: name.to_owned(), origin: Origin::Stored, report }
}

fn statement(report: Report) -> Statement {
    Statement::new(&[source("report.json", report)], None, &Labels::default()).unwrap()
}

fn place(finding: &mut Finding) -> &mut Place {
    match finding {
        Finding::Received { place, .. }
        | Finding::Change { place, .. }
        | Finding::Spent { place, .. }
        | Finding::Authorised { place, .. }
        | Finding::Paid { place, .. } => place,
    }
}

/// A report whose memos all say this.
fn with_memo(memo: &str) -> Report {
    let mut report = full_report();
    for found in &mut report.findings {
        if let Finding::Received { written, .. } | Finding::Paid { written, .. } = &mut found.finding {
            *written = Written { memo: Some(memo.to_owned()), memo_hex: None };
        }
    }
    report
}

/// A report whose transactions happened at these times, one after the other.
fn at_times(times: &[u64]) -> Report {
    let mut report = full_report();
    let mut heights: Vec<u32> = report.movements.iter().map(|movement| movement.place.height).collect();
    heights.dedup();
    let time = |height: u32| {
        let at = heights.iter().position(|known| *known == height).unwrap_or_default();
        Moment::new(times[at.min(times.len() - 1)])
    };
    for found in &mut report.findings {
        let place = place(&mut found.finding);
        place.time = time(place.height);
    }
    for movement in &mut report.movements {
        movement.place.time = time(movement.place.height);
    }
    report
}

fn cells(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

const FORMS: [CsvForm; 3] = [CsvForm::Louver, CsvForm::Koinly, CsvForm::CoinTracker];

#[test]
fn a_statement_has_one_line_for_each_transaction_and_a_balance_after_each() {
    let statement = statement(full_report());
    let asset = &statement.accounts[0].assets[0];
    let lines: Vec<_> = asset
        .lines
        .iter()
        .map(|line| (line.incoming.0, line.outgoing.0, line.balance.unwrap().0, line.assurance))
        .collect();
    let came = |came, left| (came, 0, left, Assurance::Guaranteed);
    // To whom it went, nothing shows.
    let went = |went, left| (0, went, left, Assurance::Unverified);
    assert_eq!(lines, [came(100, 100), went(30, 70), went(20, 50), came(5, 55)]);
    assert_eq!((asset.opening.value, asset.closing.value), (Some(Balance(0)), Some(Balance(55))));
    assert_eq!(asset.counterparties.len(), 4);
}

#[test]
fn each_form_has_its_columns() {
    let mut statement = statement(at_times(&[1_796_083_199, 1_796_083_200, 1_796_083_201, 1_796_083_202]));
    let rows = cells(&statement.csv(CsvForm::Koinly));
    let columns = "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth \
                   Amount,Net Worth Currency,Label,Description,TxHash";
    assert_eq!(rows[0].join(","), columns);
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1][..5], ["2026-11-30 23:59:59 UTC", "", "", "1.00", "LVR#1"]);
    assert_eq!(rows[2][..3], ["2026-12-01 00:00:00 UTC", "0.30", "LVR#1"]);
    assert!(rows[2][10].starts_with("Paid, UNVERIFIED; memo: rent; account lvraid1"), "{}", rows[2][10]);
    let rows = cells(&statement.csv(CsvForm::CoinTracker));
    let columns =
        "Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Fee Amount,Fee Currency,Tag";
    assert_eq!(rows[0].join(","), columns);
    assert_eq!(rows[1], ["11/30/2026 23:59:59", "1.00", "LVR#1", "", "", "", "", ""]);
    assert_eq!(rows[2], ["12/01/2026 00:00:00", "", "", "0.30", "LVR#1", "", "", ""]);
    let rows = cells(&statement.csv(CsvForm::Louver));
    assert_eq!(rows[0][..8], ["account", "date_utc", "kind", "flow", "amount", "asset", "units", "balance"]);
    let kinds: Vec<_> = rows[1..].iter().map(|row| row[2].as_str()).collect();
    assert_eq!(kinds, ["opening_balance", "deposit", "paid", "paid", "received", "closing_balance"]);
    assert_eq!(rows[6][7], "0.55");
    let due =
        |kind: &str| if ["paid", "closing_balance"].contains(&kind) { "UNVERIFIED" } else { "GUARANTEED" };
    assert!(rows[1..].iter().all(|row| row[14] == due(&row[2]) && !row[15].is_empty()));
    // The fee stands beside the payment that it was paid for, and only once; without a payment it is money that went.
    let asset = &mut statement.accounts[0].assets[0];
    let mut fee = asset.lines[1].entries[0].clone();
    fee.entry.kind = crate::report::EntryKind::Fee;
    fee.entry.amount.value.0 = 2;
    let again = asset.lines[1].entries[0].clone();
    asset.lines[1].entries.extend([again, fee.clone()]);
    asset.lines[2].entries = vec![LineEntry {
        entry: crate::report::Entry { place: asset.lines[2].place.clone(), ..fee.entry },
        value: None,
    }];
    let rows = cells(&statement.csv(CsvForm::CoinTracker));
    assert_eq!(rows[2][3..7], ["0.30", "LVR#1", "0.02", "LVR#1"]);
    assert_eq!(rows[3][3..7], ["0.30", "LVR#1", "", ""]);
    assert_eq!(rows[4][3..7], ["0.02", "LVR#1", "", ""]);
}

/// Attacker: a payer whose memo is a formula, so that the accountant's table program runs it or sends data away.
#[test]
fn no_text_is_a_formula() {
    let bad = [
        "=HYPERLINK(\"https://evil\",\"pay here\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u{feff}=1+1",
        "\u{ff1d}1+1",
        "x;=1+1",
        "x\";=1+1",
        "\"=1+1",
    ];
    for memo in bad {
        let mut labels = [format!("of,label\n{},\"{}\"\n", full_report().account, memo.replace('"', "\"\""))];
        let report = with_memo(memo);
        let txid = &report.findings[0].finding.place().txid;
        labels[0].push_str(&format!("{txid},\"l{}\"\n", memo.replace('"', "\"\"")));
        let labels = Labels::read("labels.csv", labels[0].as_bytes()).unwrap();
        let statement = Statement::new(&[source(memo, report)], None, &labels).unwrap();
        for form in FORMS {
            let csv = statement.csv(form);
            let is_number = |cell: &str| cell.parse::<f64>().is_ok() && cell.starts_with('-');
            for cell in cells(&csv).iter().flatten() {
                // A program for which a semicolon ends a column sees these parts.
                for part in cell.split(';') {
                    let begins =
                        part.trim_start_matches(|c: char| c.is_whitespace() || c == '"').chars().next();
                    let is_formula = matches!(begins, Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\t' | '\r'));
                    assert!(!is_formula || is_number(cell), "{memo:?} as {form:?}: {cell:?}");
                }
                assert!(!cell.contains(['\t', '\r', '\n', '\u{feff}']), "{cell:?}");
            }
        }
    }
}

/// Attacker: a payer whose memo, an owner whose label, or a stored report whose names are markup.
#[test]
fn no_text_is_markup() {
    let bad = "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>\"'&<style>*{display:none}</style>";
    let mut report = with_memo(bad);
    report.epochs.all.name = bad.to_owned();
    report.account = bad.to_owned();
    report.chain.genesis_hash = bad.to_owned();
    for found in &mut report.findings {
        let place = place(&mut found.finding);
        place.declared.period = bad.to_owned();
        if let Finding::Paid { recipient, .. } = &mut found.finding {
            *recipient = bad.to_owned();
        }
    }
    let label = bad.replace('"', "\"\"");
    let txid = report.findings[0].finding.place().txid.clone();
    let file = format!("of,label\n\"{label}\",\"{label}\"\n{txid},\"{label}\"\n");
    let labels = Labels::read(bad, file.as_bytes()).unwrap();
    let prices = Prices::read(bad, b"date,asset,currency,price\n2026-11-30,#9,EUR,1\n").unwrap();
    let statement = Statement::new(&[source(bad, report)], Some(&prices), &labels).unwrap();
    let page = statement.html(1_800_000_000);
    assert!(page.contains("&lt;script&gt;alert(1)"));
    for markup in ["<script", "<img", "onerror=alert(1)>", "<style>*"] {
        assert!(!page.to_lowercase().contains(markup), "{markup}");
    }
    assert_eq!(page.matches("<style>").count(), 1);
    assert_eq!(page.matches("<table>").count(), page.matches("</table>").count());
}

/// Attacker: a payer who turns the direction of writing, so that another amount is read, or writes what nobody sees.
#[test]
fn hidden_characters_are_seen() {
    let statement = statement(with_memo("paid \u{202e}0001\u{200b}\u{2066} back"));
    let page = statement.html(1_800_000_000);
    for text in [page].into_iter().chain(FORMS.map(|form| statement.csv(form))) {
        assert!(!text.contains(|c: char| louver_core::text::is_hidden(c) && c != '\n'));
    }
    assert!(statement.csv(CsvForm::Louver).contains("\\u{202e}0001\\u{200b}\\u{2066}"));
}

#[test]
fn the_page_stands_by_itself() {
    let hash = BASE64_STANDARD.encode(Sha256::digest(html::STYLE.as_bytes()));
    assert_eq!(html::STYLE_HASH, format!("sha256-{hash}"), "page.css is another one: write its hash");
    let page = statement(full_report()).html(1_800_000_000);
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for outside in ["http://", "https://", "src=", "href=", "url(", "@import", "<script", "style=\""] {
        assert_eq!(page.find(outside), None, "{outside}");
    }
    // Every figure says how far it goes, and why.
    assert!(page.contains("The period begins with the ledger itself"));
    assert!(page.matches("badge good").count() > 10);
    assert_eq!(page.matches("badge bad").count(), 1, "only in the key");
}

#[test]
fn months_are_those_of_the_calendar_in_utc() {
    // The last second of November, the first of December, and the last and first of a leap February.
    let statement = statement(at_times(&[1_796_083_199, 1_796_083_200, 1_835_481_599, 1_835_481_600]));
    let asset = &statement.accounts[0].assets[0];
    let months: Vec<_> =
        asset.months.iter().map(|sum| (sum.month.as_str(), sum.incoming.0, sum.outgoing.0)).collect();
    assert_eq!(months, [("2026-11", 100, 0), ("2026-12", 0, 30), ("2028-02", 0, 20), ("2028-03", 5, 0)]);
    let chart = chart::months(asset);
    // Months in which nothing happened have their place on the axis.
    assert_eq!(chart.matches("y=\"112\"").count(), 17);
    assert_eq!(chart.matches("<rect").count(), 8);
    assert_eq!(chart.matches(">2027<").count(), 1);
}

/// Attacker: a stored report of times that are centuries apart, for a page of a million months.
#[test]
fn a_chart_has_an_end() {
    let statement = statement(at_times(&[0, 1, 2, 253_402_200_000]));
    let asset = &statement.accounts[0].assets[0];
    assert_eq!(asset.months.len(), 2);
    assert_eq!(chart::months(asset), "");
    assert!(statement.html(0).contains("9999-12-30 20:00:00"));
}

fn prices(rows: &str) -> Result<Prices, SheetError> {
    Prices::read("prices.csv", format!("date,asset,currency,price\n{rows}").as_bytes())
}

fn with_prices(rows: &str) -> Result<Statement, SheetError> {
    let report = at_times(&[1_796_083_199, 1_796_083_200, 1_796_083_201, 1_796_083_202]);
    Statement::new(&[source("report.json", report)], Some(&prices(rows)?), &Labels::default())
}

#[test]
fn values_are_of_the_day_and_missing_prices_are_named() {
    let statement = with_prices("2026-11-30,LVR#1,EUR,12.345\n2026-12-02,LVR#1,EUR,99\n").unwrap();
    let values: Vec<_> = statement.accounts[0].assets[0]
        .lines
        .iter()
        .map(|line| line.entries[0].value.map(|value| value.0))
        .collect();
    // 1.00 at 12.345, rounded to the nearest hundredth.
    assert_eq!(values, [Some(1235), None, None, None]);
    let missing = MissingPrice { date: "2026-12-01".to_owned(), asset: "LVR#1".to_owned() };
    assert_eq!(statement.missing_prices, [missing]);
    let page = statement.html(0);
    assert!(page.contains("LVR#1 on 2026-12-01") && page.contains("no price") && page.contains("prices.csv"));
    let rows = cells(&statement.csv(CsvForm::Koinly));
    assert_eq!((rows[1][7].as_str(), rows[1][8].as_str()), ("12.35", "EUR"));
    assert_eq!((rows[2][7].as_str(), rows[2][8].as_str()), ("", ""));
    assert_eq!(
        with_prices("2026-11-30,#1,EUR,0.000000000001\n").unwrap().accounts[0].assets[0].lines[0].entries[0]
            .value,
        Some(Money(0))
    );
}

/// Attacker: whoever gives an accountant a price file that no program should take.
#[test]
fn prices_that_are_not_prices_are_refused() {
    for price in [
        "-1",
        "+1",
        "1e9",
        "1,5",
        "NaN",
        "inf",
        "",
        " ",
        ".5",
        "5.",
        "1.2.3",
        "0x10",
        "1 000",
        "1000000000000000",
        "0.0000000000001",
        "\u{ff11}",
        "99999999999999999999999999999999999999999",
    ] {
        let error = prices(&format!("2026-11-30,LVR#1,EUR,\"{price}\"\n")).unwrap_err();
        assert!(matches!(error, SheetError::Row { line: 2, .. }), "{price}: {error}");
    }
    for date in ["2026-11-31", "2026-02-29", "30.11.2026", "2026-11-30T00:00", "2026-1-1", "", "20261130"] {
        assert!(
            matches!(prices(&format!("{date},LVR#1,EUR,1\n")), Err(SheetError::Row { line: 2, .. })),
            "{date}"
        );
    }
    for rows in [
        "2026-11-30,LVR#1,eur,1\n",
        "2026-11-30,LVR#1,EUR,1\n2026-11-30,LVR#1,USD,1\n",
        "2026-11-30,LVR#1,EUR,1\n2026-11-30,LVR#1,EUR,2\n",
        "2026-11-30,LVR#1,EUR\n",
        "",
    ] {
        assert!(matches!(prices(rows), Err(SheetError::Row { .. })), "{rows}");
    }
    assert!(matches!(Prices::read("p", b"price,date\n"), Err(SheetError::Columns { .. })));
    assert!(matches!(Prices::read("p", b"\xff\xfe"), Err(SheetError::Columns { .. })));
    // The largest price is a price, and its value is exact or refused.
    let mut report = full_report();
    report.totals[0].of.decimals = Some(2);
    assert!(with_prices("2026-11-30,LVR#1,EUR,999999999999.999999999999\n").is_ok());
    let highest = prices("2026-11-30,LVR#1,EUR,999999999999\n").unwrap();
    let of = &report.totals[0].of;
    assert!(matches!(
        highest.value(of, "2026-11-30", u64::MAX.into()),
        Err(SheetError::ValueTooLarge { .. })
    ));
}

/// Attacker: an issuer whose asset has the symbol of a dear one, so that a price file makes it dear as well.
#[test]
fn a_symbol_has_no_price() {
    let refused = with_prices("2026-11-30,LVR,EUR,5\n").unwrap_err();
    assert!(refused.to_string().contains("LVR#1"), "{refused}");
    assert!(matches!(with_prices("2026-11-30,BTC#1,EUR,5\n"), Err(SheetError::Row { line: 2, .. })));
    // Prices of assets that the statement does not have are left aside.
    assert_eq!(with_prices("2026-11-30,BTC,EUR,5\n").unwrap().missing_prices.len(), 2);
}

/// Attacker: an owner who shows one salary by two grants, or money of another chain.
#[test]
fn nothing_counts_twice() {
    let (one, mut other) = (full_report(), full_report());
    let make = |other: &Report| {
        Statement::new(&[source("a", one.clone()), source("b", other.clone())], None, &Labels::default())
    };
    assert!(matches!(make(&other), Err(SheetError::Overlap { .. })));
    other.chain.genesis_hash = "02".repeat(32);
    assert!(matches!(make(&other), Err(SheetError::OtherChain { .. })));
    other.chain = one.chain.clone();
    other.account = "lvraid1other".to_owned();
    let both = make(&other).unwrap();
    assert_eq!((both.accounts.len(), both.shared.len()), (2, 4));
    assert!(both.html(0).contains("4 transactions stand in more than one of these accounts"));
    other.totals[0].of.decimals = Some(6);
    assert!(matches!(make(&other), Err(SheetError::AssetDiffers { asset: 1, .. })));
    assert_eq!(Statement::new(&[], None, &Labels::default()), Err(SheetError::NoReport));
    let mut hidden = full_report();
    hidden.totals[0].received.as_mut().unwrap().value = Units(6);
    assert!(matches!(
        Statement::new(&[source("a", hidden)], None, &Labels::default()),
        Err(SheetError::Sums { .. })
    ));
}

/// Attacker: an owner who gives a payment a label that passes for a fact.
#[test]
fn labels_stand_apart_and_change_no_figure() {
    let report = full_report();
    let txid = report.findings[0].finding.place().txid.clone();
    let labels = Labels::read("l.csv", format!("of,label\n{txid},GUARANTEED salary\n").as_bytes()).unwrap();
    let labelled = Statement::new(&[source("r", report.clone())], None, &labels).unwrap();
    let plain = Statement::new(&[source("r", report)], None, &Labels::default()).unwrap();
    let mut without = labelled.clone();
    without.accounts[0].assets[0].lines[0].label = None;
    assert_eq!(without, plain);
    assert!(labelled.html(0).contains("Label, not checked: <q><bdi>GUARANTEED salary</bdi></q>"));
    let long = "x".repeat(201);
    for rows in ["a,\n", ",b\n", "a,b\na,c\n", &format!("a,{long}\n"), "a\n"] {
        let refused = Labels::read("l.csv", format!("of,label\n{rows}").as_bytes());
        assert!(matches!(refused, Err(SheetError::Row { .. })), "{rows}");
    }
}

/// Attacker: whoever runs the node of a chain that the reader did not choose.
#[test]
fn nothing_is_guaranteed_on_a_chain_that_nobody_chose() {
    let mut report = full_report();
    report.chain.chosen = ChainChoice::Nothing;
    for found in &mut report.findings {
        found.assurance = Assurance::ChainNotChosen;
    }
    for totals in &mut report.totals {
        for sum in [
            &mut totals.received,
            &mut totals.deposits,
            &mut totals.paid,
            &mut totals.withdrawn,
            &mut totals.fees,
            &mut totals.unspent,
        ]
        .into_iter()
        .flatten()
        {
            sum.assurance = Assurance::ChainNotChosen;
        }
    }
    let statement = statement(report);
    let rows = cells(&statement.csv(CsvForm::Louver));
    let due = |row: &&Vec<String>| !["paid", "closing_balance"].contains(&row[2].as_str());
    assert!(rows[1..].iter().filter(due).all(|row| row[14] == "CHAIN NOT CHOSEN"));
    assert!(rows[1..].iter().all(|row| row[14] != "GUARANTEED"));
    let page = statement.html(0);
    assert_eq!(
        page.matches("badge good").count(),
        1 + statement.accounts[0].sayings.len(),
        "only in the key and the words"
    );
    assert!(page.contains("nothing here is guaranteed"));
}
