//! Statements for accountants, out of stored reports and without a node.

use std::{fs, path::Path};

use crate::process::{Run, louver, louver_in};

/// A report that explains everything, and one of another account that does not.
const CLOSED: &str = include_str!("sheets/closed.json");
const OPEN: &str = include_str!("sheets/open.json");

/// A folder with both reports, and prices.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("closed.json", CLOSED);
    write("open.json", OPEN);
    write("prices.csv", "date,asset,currency,price\n2026-11-30,LVR#1,EUR,12.345\n");
    write(
        "labels.csv",
        "of,label\nf890d76c83f551aa5efef99199fcda6de83e3af9377663f9c381b978593570e7,Office\n",
    );
    folder
}

fn export(folder: &Path, arguments: &[&str]) -> Run {
    louver_in(folder, &[&["audit", "export"], arguments].concat())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_stored_report_becomes_a_statement() {
    let desk = desk();
    let told = export(
        desk.path(),
        &["closed.json", "open.json", "--prices", "prices.csv", "--labels", "labels.csv"],
    );
    assert_eq!(told.code, 0, "{}", told.err);
    for said in [
        "opening balance",
        "closing balance 0.55: UNVERIFIED. The sums meet by the account's own record, which is not proven.",
        "Nobody signs a report",
        "label: \"Office\"",
        "came from money that is not shown",
        "UNEXPLAINED",
        "No sum runs over two accounts",
        "prices.csv, which the reader brought",
    ] {
        assert!(told.out.contains(said), "{said}\n{}", told.out);
    }
    assert!(told.err.contains("no price of LVR#1 for 2026-12-02"), "{}", told.err);
    let statement = export(desk.path(), &["closed.json", "--json"]).json();
    assert_eq!(statement["schema"], "louver.statement/1");
    assert_eq!(statement["accounts"][0]["assets"][0]["closing"]["value"], "55");
}

#[test]
fn files_are_written_once_and_for_their_reader() {
    let desk = desk();
    let sheets = ["closed.json", "open.json", "--csv", "k.csv", "--format", "koinly", "--html", "s.html"];
    let written = export(desk.path(), &sheets);
    assert_eq!(written.code, 0, "{}", written.err);
    assert!(written.err.contains("4 transactions in k.csv are not guaranteed"), "{}", written.err);
    assert!(read(desk.path(), "k.csv").starts_with("Date,Sent Amount,Sent Currency,Received Amount"));
    assert!(read(desk.path(), "s.html").contains("default-src 'none'"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(desk.path().join("s.html")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read the account's payments");
    }
    let before = read(desk.path(), "k.csv");
    assert_eq!(export(desk.path(), &["closed.json", "--csv", "k.csv"]).code, 5);
    assert_eq!(read(desk.path(), "k.csv"), before);
    assert_eq!(export(desk.path(), &["closed.json", "--csv", "x", "--html", "x"]).code, 2);
    assert!(!desk.path().join("x").exists());
}

/// Attacker: an owner who alters the report on her accountant's disk, or names one account's report twice.
#[test]
fn reports_and_prices_that_cannot_be_right_are_refused() {
    let desk = desk();
    let write = |name: &str, text: &str| fs::write(desk.path().join(name), text).unwrap();
    write("altered.json", &CLOSED.replacen("\"20\"", "\"2\"", 1));
    write("empty.json", "");
    write("negative.csv", "date,asset,currency,price\n2026-11-30,LVR#1,EUR,-5\n");
    write("symbol.csv", "date,asset,currency,price\n2026-11-30,LVR,EUR,5\n");
    for (arguments, says) in [
        (&["altered.json"][..], "rely on nothing in it"),
        (&["empty.json"], "not the report of an audit"),
        (&["prices.csv"], "not the report of an audit"),
        (&["closed.json", "closed.json"], "count twice"),
        (&["closed.json", "--prices", "negative.csv"], "negative.csv, line 2"),
        (&["closed.json", "--prices", "symbol.csv"], "LVR#1"),
        (&["closed.json", "--prices", "labels.csv"], "date,asset,currency,price"),
        (&["closed.json", "--labels", "prices.csv"], "of,label"),
    ] {
        let refused = export(desk.path(), &[arguments, &["--csv", "never.csv", "--json"]].concat());
        assert_eq!(
            (refused.code, refused.error()["code"].as_str()),
            (3, Some("input_refused")),
            "{arguments:?}"
        );
        let message = refused.error()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(says), "{message}");
        assert!(!desk.path().join("never.csv").exists(), "{arguments:?}");
    }
    assert_eq!(louver(&["audit", "export", "no.such.report"]).code, 5);
}
