//! The web package: the crate `louver-web` and the npm package, both in `bindings/web`.
//!
//! [`build`] writes two variants of the module, as wasm-bindgen does for `--target web`: `dist/single`, and
//! `dist/threads` with the crate's feature `threads`, for pages isolated from other origins. Then `npm run build` makes
//! the package and the pages from them. `npm test` and `npm run test:pages` close on the line `N passed, M failed`, after which `, K skipped`
//! may stand; without `LOUVER_BROWSER` it leaves the tests out that need one. Pictures of all screens stay in `artifacts`.

use std::path::{Path, PathBuf};

use super::{at, clear, ended, keys, program, target};
use crate::{
    process::{command, lines, root, run},
    tally::Tally,
    tools::{
        program::{BROWSER, NODE, NPM},
        wasm::{Threads, Wasm},
    },
};

const CRATE: &str = "louver-web";
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
    build_with(&Tools::ensure()?, &root().join(PLACE))
}

/// Builds, tests.
pub(crate) fn step() -> Tally {
    super::step(PLACE, Tools::ensure, test)
}

fn build_with(tools: &Tools, package: &Path) -> Result<(), String> {
    let target = target()?;
    run(at(command(&tools.npm, &["ci", "--no-audit", "--no-fund"]), package))?;
    // The threaded build has another compiler and other flags, and so a folder of its own.
    let (shared, own) = (target.clone(), target.join("threads"));
    for (threads, name, features, folder) in [
        (Threads::One, "single", &[][..], shared),
        (Threads::Many, "threads", &["--features", "threads"], own),
    ] {
        let module = tools.wasm.build(CRATE, features, threads, &folder)?;
        let into = package.join("dist").join(name);
        clear(&into)?;
        tools.wasm.bind(&module, threads, &into)?;
    }
    run(at(command(&tools.npm, &["run", "build"]), package))
}

fn test(tools: &Tools, package: &Path) -> Result<Tally, String> {
    build_with(tools, package)?;
    let (louver, keys) = (program()?, keys()?);
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
