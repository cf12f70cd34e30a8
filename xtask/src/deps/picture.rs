//! The picture of the order of crates in the README, made from it.

use std::{collections::BTreeSet, fmt::Write as _, fs};

use super::arrows::{ARROWS, Arrows};
use crate::process::root;

/// The marks before and after the picture on the page.
const MARKS: [&str; 2] = ["<!-- made by `cargo xtask deps --write` -->\n", "<!-- end -->\n"];

const PAGE: &str = "README.md";

/// Checks that the page has the picture as it is.
pub(super) fn check() -> Result<(), String> {
    let page = read()?;
    if with_picture(&page)? == page {
        Ok(())
    } else {
        Err(format!("the picture of the crates in {PAGE} is old: `cargo xtask deps --write` draws it anew"))
    }
}

/// Draws the picture on the page.
pub(super) fn write() -> Result<(), String> {
    let page = with_picture(&read()?)?;
    fs::write(root().join(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))
}

fn read() -> Result<String, String> {
    fs::read_to_string(root().join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))
}

fn with_picture(page: &str) -> Result<String, String> {
    let parts =
        page.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?.1)));
    let (before, after) = parts.ok_or(format!("{PAGE} has no place for the picture of the crates"))?;
    Ok(format!("{before}{}{}{}{after}", MARKS[0], picture(ARROWS), MARKS[1]))
}

/// A graph for Mermaid. An arrow that follows from others is left out, and so is what has no arrow.
fn picture(order: &[Arrows]) -> String {
    let mut graph = String::from("```mermaid\ngraph BT\n");
    for (name, uses, _) in order {
        for to in uses.iter().filter(|to| !uses.iter().any(|other| reaches(order, other, to))) {
            let _ = writeln!(graph, "    {} --> {}", short(name), short(to));
        }
    }
    graph + "```\n"
}

/// Whether a crate uses another, by others in between or not.
fn reaches(order: &[Arrows], from: &str, to: &str) -> bool {
    let (mut waiting, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = waiting.pop() {
        let uses = order.iter().find(|(known, ..)| *known == name).map_or(&[][..], |(_, uses, _)| uses);
        if uses.contains(&to) {
            return true;
        }
        waiting.extend(uses.iter().filter(|name| seen.insert(**name)));
    }
    false
}

/// The name of a crate without that of the project; the command has no other.
fn short(name: &str) -> &str {
    name.strip_prefix("louver-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_that_follow_from_others_are_not_drawn() {
        let order: &[Arrows] = &[
            ("louver-core", &[], &[]),
            ("louver-node", &["louver-core"], &[]),
            ("louver", &["louver-core", "louver-node"], &["louver-other"]),
            ("alone", &[], &[]),
        ];
        let drawn = "```mermaid\ngraph BT\n    node --> core\n    louver --> node\n```\n";
        assert_eq!(picture(order), drawn);
    }
}
