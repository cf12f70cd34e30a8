//! Plain English in comments and messages: subject, verb, object.
//!
//! The patterns are those that a program can find. `xtask/prose.txt` says how many lines of each file still have one.
//! Lines may move to other files, but their number only falls: `cargo xtask prose --write` brings the list up to date.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{process::root, sources, tally::Tally, transcript::say};

/// How many lines of each file are known to have a pattern.
const LIST: &str = "xtask/prose.txt";

/// Words that a sentence of a comment does not begin with: they make a clause its subject.
const BEGINNINGS: [&str; 8] =
    ["What", "Who", "Whoever", "Whose", "So many", "As many", "That who", "Those who"];

/// Words that are put plainer: "is not a", "one of them alone", "which".
const PHRASES: [&str; 14] = [
    "is no",
    "are no",
    "was no",
    "were no",
    "be no",
    "has none of",
    "have none of",
    "otherwise than",
    "hands in",
    "that alone of",
    "none of Louver",
    "none of ours",
    "of which the",
    "as who",
];

/// What may follow a phrase that is plain with it, and what may stand before it.
const PLAIN_AFTER: [&str; 3] = ["longer", "more than", "one "];
const PLAIN_BEFORE: [&str; 5] = ["there", "there will", "there can", "there may", "there must"];

/// Checks every file against the list.
pub(crate) fn run() -> Tally {
    match (found(), listed()) {
        (Ok(found), Ok(listed)) => compare(&found, &listed),
        (Err(complaint), _) | (_, Err(complaint)) => Tally::one(Err(complaint)),
    }
}

/// Brings the list up to date, unless there are more lines than it has, then checks.
pub(crate) fn write() -> Tally {
    let written = found().and_then(|found| {
        if listed()?.values().sum::<usize>() < count(&found) {
            return Ok(());
        }
        let entries = found.iter().map(|(path, lines)| format!("{} {}\n", lines.len(), path.display()));
        fs::write(root().join(LIST), entries.collect::<String>()).map_err(|error| format!("{LIST}: {error}"))
    });
    match written {
        Ok(()) => run(),
        Err(complaint) => Tally::one(Err(complaint)),
    }
}

/// The lines of each file that have a pattern.
type Found = BTreeMap<PathBuf, Vec<String>>;

fn count(found: &Found) -> usize {
    found.values().map(Vec::len).sum()
}

/// Complains of each file that has more lines than it had, if all files together have more.
fn compare(found: &Found, listed: &BTreeMap<PathBuf, usize>) -> Tally {
    let (now, known) = (count(found), listed.values().sum::<usize>());
    say(&format!("{now} lines to put plainer; {known} are known"));
    if now <= known {
        return Tally::one(Ok(()));
    }
    let mut tally = Tally::default();
    for (path, lines) in found {
        let known = listed.get(path).copied().unwrap_or_default();
        if lines.len() > known {
            let told = format!("{}: {known} lines were known, and now it has", path.display());
            tally.add(Err(format!("{told}\n{}", lines.join("\n"))));
        }
    }
    tally
}

fn listed() -> Result<BTreeMap<PathBuf, usize>, String> {
    let text = fs::read_to_string(root().join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let entry = |line: &str| {
        let (count, path) = line.split_once(' ')?;
        Some((PathBuf::from(path), count.parse().ok()?))
    };
    text.lines().map(|line| entry(line).ok_or_else(|| format!("{LIST}: `{line}`"))).collect()
}

fn found() -> Result<Found, String> {
    let root = root();
    let mut found = Found::new();
    for path in sources::all(&root)? {
        let place = path.strip_prefix(&root).unwrap_or(&path).to_owned();
        if place == Path::new("xtask/src/prose.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines: Vec<String> = source
            .lines()
            .enumerate()
            .filter(|(_, line)| is_contorted(line))
            .map(|(number, line)| format!("{}:{}: {}", place.display(), number + 1, line.trim()))
            .collect();
        if !lines.is_empty() {
            found.insert(place, lines);
        }
    }
    Ok(found)
}

/// Whether a line of code has one of the patterns, in its comment or in what it prints.
fn is_contorted(line: &str) -> bool {
    let begins = sources::comment(line).is_some_and(|comment| {
        let text = comment.trim_start_matches(['/', '*', '!', ' ']);
        sentences(text).any(|sentence| BEGINNINGS.iter().any(|words| begins_with(sentence, words)))
    });
    begins || PHRASES.iter().any(|phrase| has(line, phrase))
}

/// The sentences of a line, and its clauses after a colon or a semicolon.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', ':', ';']).map(str::trim_start)
}

/// Whether a text begins with whole words. `Attacker: a node that ...` heads a test of an attack.
fn begins_with(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| {
        rest.starts_with([' ', ',']) && !rest.starts_with(" gains") && !rest.starts_with(" loses")
    })
}

/// Whether a line has a phrase, as whole words, where it is not plain.
fn has(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + phrase.len()..]);
        let is_whole = !before.ends_with(char::is_alphanumeric) && after.starts_with(' ');
        let before = before.trim_end().to_lowercase();
        let is_plain = PLAIN_BEFORE.iter().any(|words| before.ends_with(words))
            || PLAIN_AFTER.iter().any(|words| after.trim_start().starts_with(words));
        is_whole && !is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contorted_lines_are_found() {
        for line in [
            "/// Who has it can spend.",
            " * What it costs",
            "    //! So many notes",
            "/// An amount. What it is of is said elsewhere.",
            "/// It can be used: Those who hold it can spend.",
            "#[error(\"the text is no address\")]",
            "/// It is no secret.",
        ] {
            assert!(is_contorted(line), "{line}");
        }
        for line in [
            "/// The owner can spend it.",
            "/// There is no limit.",
            "/// It is no longer there.",
            "/// Attacker: nobody.",
            "/// Whole notes",
            "/// It tells who gains: what they gain is another matter.",
            "/// They hand it on; `Whose` is a name.",
            "let this = Who::new();",
            "/// It isn't a secret; this node's own.",
        ] {
            assert!(!is_contorted(line), "{line}");
        }
    }

    #[test]
    fn there_may_be_fewer_and_not_more() {
        let found = |count| Found::from([(PathBuf::from("b.rs"), vec![String::new(); count])]);
        let listed = BTreeMap::from([(PathBuf::from("a.rs"), 2)]);
        assert_eq!(compare(&found(3), &listed).failed, 1);
        assert_eq!(compare(&found(2), &listed), Tally::one(Ok(())));
        assert_eq!(compare(&Found::new(), &listed), Tally::one(Ok(())));
    }
}
