//! The order of our crates: which uses which. It is exact, so that a page that is made from it tells what is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{complain, list, text};

/// A crate, those of ours that it uses, and those that its tests use beyond them. It stands after all that it uses.
pub(super) type Arrows = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Every crate of ours.
pub(super) const ARROWS: &[Arrows] = &[
    ("louver-core", &[], &[]),
    ("louver-frost", &["louver-core"], &[]),
    ("louver-chain", &["louver-core", "louver-frost"], &[]),
    ("louver-light", &["louver-core", "louver-chain"], &[]),
    ("louver-circuits", &["louver-core"], &[]),
    ("louver-viewkeys", &["louver-core", "louver-chain", "louver-circuits", "louver-frost"], &[]),
    ("louver-wallet", &["louver-core", "louver-chain"], &[]),
    (
        "louver-client",
        &[
            "louver-core",
            "louver-chain",
            "louver-light",
            "louver-circuits",
            "louver-viewkeys",
            "louver-wallet",
        ],
        &[],
    ),
    (
        "louver-node",
        &["louver-core", "louver-chain", "louver-light", "louver-circuits", "louver-client"],
        &[],
    ),
    (
        "louver-sdk",
        &[
            "louver-core",
            "louver-chain",
            "louver-circuits",
            "louver-viewkeys",
            "louver-wallet",
            "louver-client",
        ],
        &["louver-node"],
    ),
    ("louver-mobile", &["louver-sdk"], &[]),
    ("louver-web", &["louver-sdk", "louver-core", "louver-wallet"], &[]),
    (
        "louver",
        &[
            "louver-core",
            "louver-chain",
            "louver-circuits",
            "louver-frost",
            "louver-viewkeys",
            "louver-wallet",
            "louver-client",
            "louver-node",
        ],
        &[],
    ),
    (
        "louver-tests",
        &[
            "louver-core",
            "louver-chain",
            "louver-light",
            "louver-circuits",
            "louver-viewkeys",
            "louver-wallet",
            "louver-node",
        ],
        &["louver-client", "louver-sdk"],
    ),
    ("louver-fuzz", &["louver-tests"], &[]),
    ("xtask", &[], &[]),
];

/// Checks that the arrows between the crates of the workspace are exactly those of `order`.
///
/// # Errors
///
/// Every arrow that is missing on one side, and every crate that comes before one that it uses.
pub(super) fn check(metadata: &Value, order: &[Arrows]) -> Result<(), String> {
    let real = real(metadata);
    let mut wrong = Vec::new();
    for name in real.keys() {
        if order.iter().all(|(known, ..)| known != name) {
            wrong.push(format!("{name} is not in the order of crates"));
        }
    }
    for (place, (name, uses, tests)) in order.iter().enumerate() {
        let Some((real_uses, real_tests)) = real.get(name) else {
            wrong.push(format!("{name} is in the order of crates, but not in the workspace"));
            continue;
        };
        for (kind, listed, real) in [("uses", uses, real_uses), ("uses in its tests", tests, real_tests)] {
            let listed: BTreeSet<&str> = listed.iter().copied().collect();
            wrong.extend(
                real.difference(&listed)
                    .map(|to| format!("{name} {kind} {to}, which the order does not list")),
            );
            wrong.extend(listed.difference(real).map(|to| format!("{name} no longer {kind} {to}")));
        }
        let before = |to: &&str| order[..place].iter().any(|(known, ..)| known == to);
        wrong.extend(
            uses.iter()
                .filter(|to| !before(to))
                .map(|to| format!("{name} stands before {to}, which it uses")),
        );
    }
    complain(&wrong)
}

/// Each crate of the workspace, with the crates of the workspace that it uses, and those that only its tests use.
/// Crates that a build script uses count as used.
fn real(metadata: &Value) -> BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> {
    let names: BTreeSet<&str> = super::ours(metadata).map(|package| text(&package["name"])).collect();
    super::ours(metadata)
        .map(|package| {
            let (tests, uses): (Vec<&Value>, Vec<&Value>) =
                list(&package["dependencies"]).partition(|dependency| dependency["kind"] == "dev");
            let [tests, uses] = [tests, uses].map(|dependencies| {
                let to = dependencies.into_iter().map(|dependency| text(&dependency["name"]));
                to.filter(|to| names.contains(to)).collect::<BTreeSet<&str>>()
            });
            let tests = tests.difference(&uses).copied().collect();
            (text(&package["name"]), (uses, tests))
        })
        .collect()
}
