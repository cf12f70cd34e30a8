//! The web package: the crate `louver-web` and the npm package, both in `bindings/web`.
//!
//! [`build`] writes two variants of the module, as wasm-pack does for `--target web`: `dist/single`, and
//! `dist/threads` with the crate's feature `threads`, for pages isolated from other origins. Then `npm run build` makes
//! the package and the pages from them. `npm test` and `npm run test:pages` close on the line `N passed, M failed`, after which `, K skipped`
//! may stand; without `LOUVER_BROWSER` it leaves the tests out that need one. Pictures of all screens stay in `artifacts`.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use super::{at, clear, ended, keys};
use crate::{
    native,
    process::{command, lines, root, run},
    tally::Tally,
    tools::{
        program::{BROWSER, NODE, NPM},
        wasm::{Module, Threads, Wasm},
    },
    transcript::Transcript,
};

const MODULE: &str = "louver_web";
const PLACE: &str = "bindings/web";

/// The tools without which nothing can be built.
struct Tools {
    wasm: Wasm,
    npm: PathBuf,
}

impl Tools {
    fn ensure() -> Result<Self, String> {
        NODE.ensure()?;
        Ok(Self { npm: NPM.ensure()?, wasm: Wasm::ensure()? })
    }
}

/// Builds the package and its pages.
pub(crate) fn build() -> Result<(), String> {
    built(&Tools::ensure()?)
}

/// Builds.
pub(crate) fn package() -> Tally {
    super::step(PLACE, Tools::ensure, |tools, _| Ok(Tally::one(built(tools))))
}

/// Compiles the modules.
pub(crate) fn modules() -> Tally {
    super::step(PLACE, Tools::ensure, |tools, _| Ok(Tally::one(compiled(tools))))
}

/// Builds, once in each run.
fn built(tools: &Tools) -> Result<(), String> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    BUILT.get_or_init(|| compiled(tools).and_then(|()| build_with(tools))).clone()
}

/// Compiles both variants of the module, once in each run.
fn compiled(tools: &Tools) -> Result<(), String> {
    static COMPILED: OnceLock<Result<(), String>> = OnceLock::new();
    COMPILED.get_or_init(|| VARIANTS.iter().try_for_each(|variant| variant.compile(&tools.wasm))).clone()
}

/// A variant of the module.
struct Variant {
    threads: Threads,
    name: &'static str,
    options: &'static [&'static str],
    /// Its folder in that of cargo's builds: the threaded one has another compiler and other flags, and so a folder of its own.
    folder: &'static str,
}

const VARIANTS: [Variant; 2] = [
    Variant { threads: Threads::One, name: "single", options: &[], folder: "" },
    Variant {
        threads: Threads::Many,
        name: "threads",
        options: &["--features", "threads"],
        folder: "threads",
    },
];

impl Variant {
    fn compile(&self, wasm: &Wasm) -> Result<(), String> {
        self.with(|module| {
            clear(module.into)?;
            wasm.pack(module, self.threads)
        })
    }

    fn shrink(&self, wasm: &Wasm) -> Result<(), String> {
        self.with(|module| wasm.shrink(module, self.threads))
    }

    fn with(&self, work: impl FnOnce(&Module<'_>) -> Result<(), String>) -> Result<(), String> {
        let (package, target) = (root().join(PLACE), native::target()?.join(self.folder));
        let into = package.join("dist").join(self.name);
        work(&Module { source: &package, name: MODULE, options: self.options, target: &target, into: &into })
    }
}

/// Builds, tests.
pub(crate) fn step() -> Tally {
    super::step(PLACE, Tools::ensure, test)
}

fn build_with(tools: &Tools) -> Result<(), String> {
    let package = root().join(PLACE);
    run(at(command(&tools.npm, &["ci", "--no-audit", "--no-fund"]), &package))?;
    let transcript = Transcript::here();
    thread::scope(|scope| {
        let shrunk = VARIANTS.map(|variant| {
            let transcript = &transcript;
            scope.spawn(move || transcript.in_one_piece(|| variant.shrink(&tools.wasm)))
        });
        let ended = |work: thread::ScopedJoinHandle<'_, _>| work.join().unwrap_or(Err("it panicked".into()));
        shrunk.into_iter().try_for_each(ended)
    })?;
    run(at(command(&tools.npm, &["run", "build"]), &package))
}

fn test(tools: &Tools, package: &Path) -> Result<Tally, String> {
    built(tools)?;
    let (louver, keys) = (native::build()?.join("louver"), keys()?);
    let browser = BROWSER.ensure();
    let mut all = Tally::default();
    for arguments in [&["test"][..], &["run", "test:pages"]] {
        // Pages are nothing without a browser.
        if browser.is_err() && arguments != ["test"] {
            continue;
        }
        let mut tests = at(command(&tools.npm, arguments), package);
        tests.env("LOUVER_BIN", &louver).env("LOUVER_CACHE", &keys).env("LOUVER_PICTURES", "1");
        match &browser {
            Ok(path) => tests.env("LOUVER_BROWSER", path),
            Err(_) => tests.env_remove("LOUVER_BROWSER"),
        };
        let mut tally = Tally::default();
        let result = lines(tests, |line| {
            if let Some(told) = closing(line) {
                tally = told;
            }
        });
        all.join(ended(tally, result));
    }
    if let Err(reason) = browser {
        all.skipped.push(format!("the tests in a browser: {reason}"));
    }
    Ok(all)
}

/// The counts in the line `N passed, M failed`, or `N passed, M failed, K skipped`.
fn closing(line: &str) -> Option<Tally> {
    let mut counts = line.trim().split(", ");
    let mut count = |what: &str| counts.next()?.strip_suffix(what)?.parse::<u64>().ok();
    let mut tally = Tally { passed: count(" passed")?, failed: count(" failed")?, ..Tally::default() };
    if let Some(skipped @ 1..) = count(" skipped") {
        tally.skipped.push(format!("{skipped} of the web package, by their own will"));
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_last_line() {
        let counts = |line| closing(line).map(|tally| (tally.passed, tally.failed, tally.skipped.len()));
        assert_eq!(counts("12 passed, 1 failed"), Some((12, 1, 0)));
        assert_eq!(counts("12 passed, 0 failed, 2 skipped"), Some((12, 0, 1)));
        assert_eq!(counts("all 12 passed, 0 failed"), None);
        assert_eq!(counts("12 passed"), None);
    }
}
