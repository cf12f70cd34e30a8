//! The identifiers of the specification: every citation in the code exists in the book, and the other way round.
//!
//! `spec/IDENTIFIERS.json` is an object. Each key is an identifier; its value holds `chapter`, a file below `spec/src`
//! that must contain the identifier in brackets, and may hold `"prose": true` where no code can cite it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{process::root, sources, tally::Tally, transcript::say};

/// Checks book against code and code against book.
pub(crate) fn run() -> Tally {
    let root = root();
    let mut tally = Tally::default();
    match read_list(&root.join("spec/IDENTIFIERS.json")).and_then(|known| Ok((known, cited(&root)?))) {
        Ok((known, cited)) => {
            tally.add(all_known(&known, &cited));
            tally.add(all_cited(&known, &cited));
            tally.add(prose_is_uncited(&known, &cited));
            tally.add(all_in_chapters(&known, &root.join("spec/src")));
            say(&format!("{} identifiers, {} cited from code", known.len(), cited.len()));
        }
        Err(complaint) => tally.add(Err(complaint)),
    }
    tally
}

/// Where an identifier stands.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    chapter: String,
    prose: bool,
}

fn read_list(path: &Path) -> Result<BTreeMap<String, Entry>, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let entries = value.as_object().ok_or_else(|| wrong(&"not an object"))?;
    entries
        .iter()
        .map(|(name, entry)| {
            let chapter =
                entry["chapter"].as_str().ok_or_else(|| wrong(&format!("{name} has no chapter")))?;
            let prose = entry["prose"].as_bool().unwrap_or(false);
            Ok((name.clone(), Entry { chapter: chapter.to_owned(), prose }))
        })
        .collect()
}

/// Every identifier cited in the code, and a place that cites it. These tasks cite none.
fn cited(root: &Path) -> Result<BTreeMap<String, PathBuf>, String> {
    let mut found = BTreeMap::new();
    for path in sources::all(root)? {
        let place = path.strip_prefix(root).unwrap_or(&path);
        if place.starts_with("xtask") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for name in citations(&text) {
            found.entry(name.to_owned()).or_insert_with(|| place.to_owned());
        }
    }
    Ok(found)
}

/// The identifiers that the comments of a source file cite: in brackets inside backticks, such as `[pool-tag]`; the
/// backticks may be missing where the name has a hyphen.
fn citations(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter_map(sources::comment)
        .flat_map(|comment| comment.match_indices('[').map(move |(start, _)| (comment, start)))
        .filter_map(|(comment, start)| {
            let (name, after) = comment[start + 1..].split_once(']')?;
            let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
            let quoted = comment[..start].ends_with('`') && after.starts_with('`');
            let linked = after.starts_with(['(', '[', ':']);
            (plain && (quoted || name.contains('-')) && !linked).then_some(name)
        })
}

fn all_known(known: &BTreeMap<String, Entry>, cited: &BTreeMap<String, PathBuf>) -> Result<(), String> {
    complain(
        "cited, but not in the book",
        cited
            .iter()
            .filter(|(name, _)| !known.contains_key(*name))
            .map(|(name, place)| format!("[{name}] in {}", place.display())),
    )
}

fn all_cited(known: &BTreeMap<String, Entry>, cited: &BTreeMap<String, PathBuf>) -> Result<(), String> {
    complain(
        "in the book, but cited by no code",
        known
            .iter()
            .filter(|(name, entry)| !entry.prose && !cited.contains_key(*name))
            .map(|(name, _)| format!("[{name}]")),
    )
}

fn prose_is_uncited(
    known: &BTreeMap<String, Entry>,
    cited: &BTreeMap<String, PathBuf>,
) -> Result<(), String> {
    complain(
        "marked as prose, but cited",
        known
            .iter()
            .filter(|(_, entry)| entry.prose)
            .filter_map(|(name, _)| Some(format!("[{name}] in {}", cited.get(name)?.display()))),
    )
}

fn all_in_chapters(known: &BTreeMap<String, Entry>, book: &Path) -> Result<(), String> {
    let missing = known.iter().filter(|(name, entry)| {
        let text = fs::read_to_string(book.join(&entry.chapter)).unwrap_or_default();
        !text.contains(&format!("[{name}]"))
    });
    complain(
        "missing from its chapter",
        missing.map(|(name, entry)| format!("[{name}] in {}", entry.chapter)),
    )
}

fn complain(fault: &str, names: impl Iterator<Item = String>) -> Result<(), String> {
    let names: Vec<String> = names.collect();
    if names.is_empty() { Ok(()) } else { Err(format!("{fault}: {}", names.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_stand_in_comments() {
        let source = "/// `[note]`: see [`Note`], [link](x) and [spend-tag].\nlet a = b[c]; // `[tree]`, plain [word]\n";
        assert_eq!(citations(source).collect::<Vec<_>>(), ["note", "spend-tag", "tree"]);
    }

    #[test]
    fn citations_stand_in_blocks_of_other_languages() {
        let source = "/** A payment: [wallet-send].\n * It is kept (`[note]`).\n */\nconst a = b * c[d - e]; /* [pool-tag] */\n";
        assert_eq!(citations(source).collect::<Vec<_>>(), ["wallet-send", "note", "pool-tag"]);
    }

    #[test]
    fn both_sides_are_compared() {
        let entry = |prose| Entry { chapter: "notes.md".into(), prose };
        let known = BTreeMap::from([("note".into(), entry(false)), ("threats".into(), entry(true))]);
        let cites = |names: &[&str]| {
            names.iter().map(|name| ((*name).to_owned(), PathBuf::new())).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(all_known(&known, &cites(&["note"])), Ok(()));
        assert!(all_known(&known, &cites(&["note", "nothing"])).is_err());
        assert_eq!(all_cited(&known, &cites(&["note"])), Ok(()));
        assert!(all_cited(&known, &cites(&["threats"])).is_err());
        assert_eq!(prose_is_uncited(&known, &cites(&["note"])), Ok(()));
        assert!(prose_is_uncited(&known, &cites(&["threats"])).is_err());
    }
}
