//! Dependencies that nobody names: each is named by the code of its kind, or stands in a list with its reason.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{complain, list, text};

/// Crates that are depended on though no code names them, and who does: for a feature that another crate asks of them, or
/// because generated code names them.
const UNNAMED: [(&str, &str); 6] = [
    ("louver-core", "getrandom"),
    ("louver-core", "reddsa"),
    ("louver-viewkeys", "getrandom-of-age"),
    ("louver-wallet", "getrandom-of-age"),
    ("louver-sdk", "serde_bytes"),
    ("louver-sdk", "wasm-bindgen"),
];

/// Whether a piece of code is part of the crate, or of its tests, examples and benchmarks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Crate,
    Tests,
}

/// Checks every dependency of every crate of the workspace.
pub(super) fn check(metadata: &Value) -> Result<(), String> {
    let mut wrong = Vec::new();
    let mut listed = UNNAMED.to_vec();
    for package in super::ours(metadata) {
        let name = text(&package["name"]);
        let manifest = Path::new(text(&package["manifest_path"]));
        let folder = manifest.parent().unwrap_or(manifest);
        let (code, tests) = sources(folder)?;
        let (script, _) = sources(&folder.join("build.rs"))?;
        for dependency in list(&package["dependencies"]) {
            let known = dependency["rename"].as_str().unwrap_or(text(&dependency["name"]));
            let (kind, place) = match dependency["kind"].as_str() {
                Some("dev") => ("tests of ", &tests),
                Some("build") => ("build script of ", &script),
                _ => ("", &code),
            };
            let is_named = names(place, &known.replace('-', "_"));
            let is_listed = listed.iter().position(|entry| *entry == (name, known));
            match (is_named, is_listed) {
                (false, None) => wrong.push(format!("{kind}{name}: nothing names {known}")),
                (true, Some(_)) => {
                    wrong.push(format!("{kind}{name}: {known} is listed as unnamed, but is named"));
                }
                (false, Some(place)) => drop(listed.remove(place)),
                (true, None) => {}
            }
        }
    }
    wrong.extend(
        listed.iter().map(|(name, of)| format!("{name} does not depend on {of}, which is listed as unnamed")),
    );
    complain(&wrong)
}

/// The code below a folder: what is of the crate, and all of it, which tests see.
fn sources(folder: &Path) -> Result<(String, String), String> {
    let (mut code, mut all) = (String::new(), String::new());
    for path in files(folder, folder)? {
        let source = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if part(path.strip_prefix(folder).unwrap_or(&path)) == Part::Crate {
            code += &without_tests(&source);
        }
        all += &source;
    }
    Ok((code, all))
}

/// The Rust files below a folder of a package, without what is another package, or was built.
fn files(folder: &Path, package: &Path) -> Result<Vec<PathBuf>, String> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    if !folder.is_dir() || (folder != package && folder.join("Cargo.toml").exists()) {
        return Ok(Vec::new());
    }
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != "node_modules" {
            found.extend(files(&path, package)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

/// The part that a file belongs to, by its place in the package.
fn part(place: &Path) -> Part {
    let of_tests = |name: &std::ffi::OsStr| {
        ["tests", "benches", "examples", "tests.rs"].iter().any(|known| name == *known)
    };
    if place.iter().any(of_tests) { Part::Tests } else { Part::Crate }
}

/// A source without its comments and without the module of tests that it ends on.
fn without_tests(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().flat_map(|line| [line.split("//").next().unwrap_or_default(), "\n"]).collect()
}

/// Whether code names a crate: in a path, or where it brings it in.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + name.len()..]);
        !before.ends_with(is_part)
            && (after.starts_with("::") || (before.ends_with("use ") && !after.starts_with(is_part)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_named_in_paths() {
        for code in ["use rand::Rng;", "let x = rand::random();", "use rand;", "#[rand::test]"] {
            assert!(names(code, "rand"), "{code}");
        }
        for code in ["use rand_core::Rng;", "let rand = 5;", "strand::x()", "use random::x"] {
            assert!(!names(code, "rand"), "{code}");
        }
    }

    #[test]
    fn tests_and_comments_are_no_part_of_a_crate() {
        let source = "use a::B; // use c::D\n#[cfg(test)]\nmod tests {\n use e::F;\n}\n";
        let code = without_tests(source);
        assert!(names(&code, "a") && !names(&code, "c") && !names(&code, "e"));
        assert!(part(Path::new("src/node/tests.rs")) == Part::Tests);
        assert!(part(Path::new("src/node.rs")) == Part::Crate);
    }
}
