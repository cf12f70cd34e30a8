//! The SDKs, tested each in its own language against a node that the tests start themselves.
//!
//! A test may rely on these environment variables: `LOUVER_BIN` is the path of the `louver` program; `LOUVER_LIB` the folder of the native library (Kotlin, Swift); `LOUVER_CACHE` the folder of proving keys, so
//! that they are made once; `LOUVER_BROWSER` the browser (web), unset where there is none.

mod api;
pub(crate) mod kotlin;
pub(crate) mod swift;
pub(crate) mod web;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    native,
    process::{command, root, run},
    tally::Tally,
    tools::generator::UNIFFI_BINDGEN,
};

/// The library behind Kotlin and Swift.
const LIBRARY: &str = "louver_mobile";

/// The folder of proving keys, made if need be; named as `louver_circuits::cache` does.
fn keys() -> Result<PathBuf, String> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("LOUVER_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|caches| caches.join("louver")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/louver")))
        .ok_or("none of LOUVER_CACHE, XDG_CACHE_HOME and HOME is set")?;
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// The program and the library that the native SDKs are tested with.
pub(crate) struct Native {
    louver: PathBuf,
    /// The folder of the library.
    library: PathBuf,
    keys: PathBuf,
    target: PathBuf,
}

impl Native {
    /// Builds the program and the library.
    fn build() -> Result<Self, String> {
        let library = native::build()?;
        Ok(Self { louver: library.join("louver"), library, keys: keys()?, target: native::target()? })
    }

    /// Has `generator` write the bindings for a language into a folder, in place of those that were there.
    fn generate(&self, generator: &Path, language: &str, into: &Path) -> Result<(), String> {
        clear(into)?;
        // From the root of the clone, as the generator asks cargo about the crate.
        let mut generator = command(generator, &["generate", "--library"]);
        generator.arg(self.file()).args(["--language", language, "--no-format", "--out-dir"]).arg(into);
        run(generator)
    }

    /// The file of the native library.
    fn file(&self) -> PathBuf {
        self.library.join(format!("{}{LIBRARY}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX))
    }

    fn variables(&self) -> [(&str, &Path); 3] {
        [("LOUVER_BIN", &self.louver), ("LOUVER_LIB", &self.library), ("LOUVER_CACHE", &self.keys)]
    }
}

/// The languages whose bindings are generated from the native library.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

/// Builds the native library and what is generated from it, where the package of the language has them.
pub(crate) fn bindings(language: Language) -> Result<(), String> {
    let generator = UNIFFI_BINDGEN.ensure()?;
    match language {
        Language::Kotlin => kotlin::prepare(&generator, &root().join(kotlin::PLACE)).map(drop),
        Language::Swift => swift::prepare(&generator, &root().join(swift::PLACE)).map(drop),
    }
}

/// Copies the example of a package's README, its first block in the package's language, into a source file of its tests.
fn copy_example(readme: &Path, language: &str, into: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", readme.display());
    let page = fs::read_to_string(readme).map_err(wrong)?;
    let example = example(&page, language).ok_or(format!("{}: no example", readme.display()))?;
    fs::create_dir_all(into.parent().unwrap_or(into)).map_err(wrong)?;
    fs::write(into, example).map_err(wrong)
}

/// The first block of a page that is in a language.
fn example<'a>(page: &'a str, language: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n```{language}\n"))?;
    rest.split_once("```\n").map(|(example, _)| example)
}

/// An empty folder.
fn clear(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// The tally of a test run that ended so: a run that fails, or that ran nothing, fails though it counted no failure.
fn ended(mut tally: Tally, result: Result<(), String>) -> Tally {
    if let Err(complaint) = result {
        tally.failed = tally.failed.max(1);
        tally.complaints.push(complaint);
    } else if tally.passed + tally.failed == 0 {
        tally.add(Err("no test ran".into()));
    }
    tally
}

/// Tests the SDK in `place` with `tools`. One that is not there fails; tools that cannot be had leave its tests out.
fn step<T>(
    place: &str,
    tools: impl FnOnce() -> Result<T, String>,
    test: impl FnOnce(&T, &Path) -> Result<Tally, String>,
) -> Tally {
    let folder = root().join(place);
    if !folder.is_dir() {
        return Tally::one(Err(format!("{place} is not there")));
    }
    match tools() {
        Ok(tools) => test(&tools, &folder).unwrap_or_else(|complaint| Tally::one(Err(complaint))),
        Err(reason) => Tally::skip(format!("the tests of {place}: {reason}")),
    }
}

/// `command` in another folder.
fn at(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_first_of_its_language() {
        let page = "# A\n```sh\nrun\n```\n\n```kotlin\nfun a() {}\n```\n```kotlin\nfun b() {}\n```\n";
        assert_eq!(example(page, "kotlin"), Some("fun a() {}\n"));
        assert_eq!(example(page, "swift"), None);
    }
}
