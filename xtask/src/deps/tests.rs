use serde_json::json;

use super::*;

/// A workspace of `louver-core` and `louver-circuits`, whose crates use what `core` and `circuits` say.
fn workspace(core: &[&str], circuits: &[&str]) -> Value {
    let outside = [("ff", "0.14.1"), ("ff", "0.13.0"), ("bellman", "0.15.0"), ("quiet", "1.0.0")];
    let mut packages: Vec<Value> = outside
        .iter()
        .map(|(name, version)| json!({"id": format!("{name} {version}"), "name": name, "version": version, "dependencies": []}))
        .collect();
    let mut nodes: Vec<Value> = vec![
        json!({"id": "quiet 1.0.0", "deps": [{"pkg": "bellman 0.15.0", "dep_kinds": [{"kind": null}]}]}),
    ];
    for (name, uses) in [("louver-core", core), ("louver-circuits", circuits)] {
        let named = |id: &&str| json!({"name": id.split(' ').next()});
        let dependencies: Vec<Value> = uses.iter().map(named).collect();
        packages.push(json!({"id": name, "name": name, "version": "0.1.0", "dependencies": dependencies}));
        let deps: Vec<Value> =
            uses.iter().map(|id| json!({"pkg": id, "dep_kinds": [{"kind": null}]})).collect();
        nodes.push(json!({"id": name, "deps": deps}));
    }
    json!({
        "workspace_members": ["louver-core", "louver-circuits"],
        "packages": packages,
        "resolve": {"nodes": nodes},
    })
}

#[test]
fn arrows_are_exact() {
    let order: &[arrows::Arrows] = &[("louver-core", &[], &[]), ("louver-circuits", &["louver-core"], &[])];
    let told = |core: &[&str], circuits: &[&str], order| arrows::check(&workspace(core, circuits), order);
    assert_eq!(told(&[], &["louver-core"], order), Ok(()));
    // One that runs back, one that is gone, one of another kind, and a crate that nobody listed.
    assert!(told(&["louver-circuits"], &["louver-core"], order).is_err());
    assert!(told(&[], &[], order).is_err_and(|told| told.contains("no longer uses louver-core")));
    let of_tests: &[arrows::Arrows] =
        &[("louver-core", &[], &[]), ("louver-circuits", &[], &["louver-core"])];
    assert!(told(&[], &["louver-core"], of_tests).is_err());
    assert!(told(&[], &["louver-core"], &order[..1]).is_err());
    let turned: Vec<_> = order.iter().rev().copied().collect();
    assert!(told(&[], &["louver-core"], &turned).is_err_and(|told| told.contains("stands before")));
}

#[test]
fn two_generations_are_found() {
    assert_eq!(generations(&workspace(&["ff 0.14.1"], &["ff 0.14.1"])), Ok(()));
    assert!(generations(&workspace(&["ff 0.14.1"], &["ff 0.13.0"])).is_err());
}

#[test]
fn a_prover_below_the_circuits_is_found() {
    assert_eq!(no_prover(&workspace(&["ff 0.14.1"], &["bellman 0.15.0"]), "louver-core"), Ok(()));
    assert!(no_prover(&workspace(&["bellman 0.15.0"], &[]), "louver-core").is_err());
    assert!(no_prover(&workspace(&["quiet 1.0.0"], &[]), "louver-core").is_err());
    assert!(no_prover(&workspace(&[], &[]), "louver-nowhere").is_err());
}

#[test]
fn generations_are_what_cargo_takes_for_compatible() {
    assert_eq!(generation("0.14.1"), "0.14");
    assert_eq!(generation("2.3.4"), "2");
}
