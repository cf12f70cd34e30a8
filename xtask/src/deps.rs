//! The dependency graph: which crate uses which, and the README's picture of it. It also finds dependencies that nobody
//! names, and checks that no two generations of a cryptographic crate meet in our types.

mod arrows;
mod picture;
mod used;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    process::{cargo, output},
    tally::Tally,
};

/// Crates whose types cross our crates' borders: one generation of each among our direct dependencies.
const ONE_GENERATION: [&str; 6] = ["ff", "group", "pairing", "bls12_381", "jubjub", "rand_core"];

/// A crate that uses another generation of a crate beside ours, and which: in one file, to speak with a crate that has the older one.
const OTHER_GENERATION: [(&str, &str, &str); 1] = [("louver-frost", "rand_core", "0.6")];

/// Proving systems, which nothing below `louver-circuits` may reach.
const PROVERS: [&str; 3] = ["bellman", "groth16", "blst"];

/// Reads the graph from Cargo's metadata and checks it.
pub(crate) fn run() -> Tally {
    let metadata = output(cargo(&["metadata", "--format-version", "1", "--locked", "--all-features"]))
        .and_then(|text| serde_json::from_str::<Value>(&text).map_err(|error| error.to_string()));
    let mut tally = Tally::default();
    match metadata {
        Ok(metadata) => {
            tally.add(arrows::check(&metadata, arrows::ARROWS));
            tally.add(picture::check());
            tally.add(used::check(&metadata));
            tally.add(generations(&metadata));
            tally.add(no_prover(&metadata, "louver-core"));
        }
        Err(complaint) => tally.add(Err(complaint)),
    }
    tally
}

/// Draws the README's picture anew, then checks everything.
pub(crate) fn write() -> Tally {
    match picture::write() {
        Ok(()) => run(),
        Err(complaint) => Tally::one(Err(complaint)),
    }
}

/// The crates of the workspace.
fn ours(metadata: &Value) -> impl Iterator<Item = &Value> {
    let ids: BTreeSet<&str> = list(&metadata["workspace_members"]).map(text).collect();
    list(&metadata["packages"]).filter(move |package| ids.contains(text(&package["id"])))
}

fn complain(wrong: &[String]) -> Result<(), String> {
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether our direct dependencies hold one generation of each crate of [`ONE_GENERATION`].
fn generations(metadata: &Value) -> Result<(), String> {
    let packages = by_id(metadata);
    let mut found: BTreeMap<&str, BTreeMap<String, &str>> = BTreeMap::new();
    for node in members(metadata) {
        let user = packages.get(text(&node["id"])).map_or("", |package| text(&package["name"]));
        for dependency in list(&node["deps"]) {
            let Some(package) = packages.get(text(&dependency["pkg"])) else { continue };
            let (name, generation) = (text(&package["name"]), generation(text(&package["version"])));
            let is_excepted = OTHER_GENERATION.contains(&(user, name, &generation));
            if ONE_GENERATION.contains(&name) && !is_excepted {
                found.entry(name).or_default().insert(generation, user);
            }
        }
    }
    let twice: Vec<String> = found
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| format!("{name} in several generations: {versions:?}"))
        .collect();
    complain(&twice)
}

/// The part of a version within which Cargo takes releases for compatible: the major one, or the minor one below 1.
fn generation(version: &str) -> String {
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some("0"), Some(minor)) => format!("0.{minor}"),
        (Some(major), _) => major.to_owned(),
        _ => version.to_owned(),
    }
}

/// Whether `name` reaches no proving system, by dependencies that are built with it.
fn no_prover(metadata: &Value, name: &str) -> Result<(), String> {
    let packages = by_id(metadata);
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let start = members(metadata)
        .map(|node| text(&node["id"]))
        .find(|id| packages.get(id).is_some_and(|package| text(&package["name"]) == name));
    let mut waiting: Vec<&str> = start.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let reached = packages.get(id).map_or("", |package| text(&package["name"]));
        if PROVERS.contains(&reached) {
            return Err(format!("{name} reaches the proving system {reached}"));
        }
        for dependency in nodes.get(id).into_iter().flat_map(|node| list(&node["deps"])) {
            if list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null()) {
                waiting.push(text(&dependency["pkg"]));
            }
        }
    }
    if seen.is_empty() { Err(format!("there is no crate {name}")) } else { Ok(()) }
}

fn by_id(metadata: &Value) -> BTreeMap<&str, &Value> {
    list(&metadata["packages"]).map(|package| (text(&package["id"]), package)).collect()
}

fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let ids: BTreeSet<&str> = list(&metadata["workspace_members"]).map(text).collect();
    list(&metadata["resolve"]["nodes"]).filter(move |node| ids.contains(text(&node["id"])))
}

#[cfg(test)]
mod tests;
