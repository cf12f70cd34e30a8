//! The Swift SDK: a package in `bindings/mobile/swift`, tested by `swift test` on this machine, Linux included.
//!
//! Some of its sources are generated, and so not committed: for a module `Louver` that calls a module `LouverFFI`, the
//! bindings in `Sources/Louver/Generated`, and in `Sources/LouverFFI` a header with its `module.modulemap`, a system
//! library to the package. The linker is told where the native library is. Tests see the clone, cargo's target folder
//! and the proving keys at their own paths; the rest of the file system may be another Debian's.

use std::{ffi::OsStr, fs, path::Path};

use super::{Native, api, copy_example, ended};
use crate::{
    process::{lines, root},
    tally::Tally,
    tools::{generator::UNIFFI_BINDGEN, swift::Swift},
};

/// Where the package is.
pub(crate) const PLACE: &str = "bindings/mobile/swift";

/// Builds, generates, tests.
pub(crate) fn step() -> Tally {
    let tools = || Ok((Swift::ensure()?, UNIFFI_BINDGEN.ensure()?));
    super::step(PLACE, tools, |(swift, generator), package| test(swift, generator, package))
}

fn test(swift: &Swift, generator: &Path, package: &Path) -> Result<Tally, String> {
    let (native, generated) = prepare(generator, package)?;
    let mut tally = Tally::default();
    tally.add(api::check(api::Language::Swift, &generated));
    let (package, build) = (package.to_string_lossy(), native.target.join("swift"));
    let (build, library) = (build.to_string_lossy(), native.library.to_string_lossy());
    let place = format!("-L{library}");
    let mut arguments = vec!["test", "--package-path", &package, "--scratch-path", &build];
    for word in [&place, "-rpath", &*library] {
        arguments.extend(["-Xlinker", word]);
    }
    let tests = swift.command(&arguments, &[&root(), &native.target, &native.keys], &native.variables());
    let mut counts = Counts::default();
    let result = lines(tests, |line| counts.read(line));
    counts.tell(&mut tally);
    Ok(ended(tally, result))
}

/// Builds the library and makes what is generated; returns the bindings as well.
pub(crate) fn prepare(generator: &Path, package: &Path) -> Result<(Native, String), String> {
    let native = Native::build()?;
    let generated = native.target.join("uniffi-swift");
    native.generate(generator, "swift", &generated)?;
    distribute(&generated, &package.join("Sources"))?;
    let example = package.join("Tests/LouverTests/Generated/Readme.swift");
    copy_example(&package.join("README.md"), "swift", &example)?;
    let bindings = generated.join("Louver.swift");
    let read = fs::read_to_string(&bindings).map_err(|error| format!("{}: {error}", bindings.display()))?;
    Ok((native, read))
}

/// Copies what was generated to where the package has it.
fn distribute(generated: &Path, sources: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", generated.display());
    for entry in fs::read_dir(generated).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (module, file) = (sources.join(part(path.file_stem())), part(path.file_name()));
        let to = match part(path.extension()).as_str() {
            "swift" => module.join("Generated").join(file),
            "h" => module.join(file),
            "modulemap" => module.join("module.modulemap"),
            _ => continue,
        };
        fs::create_dir_all(to.parent().unwrap_or(&module)).map_err(wrong)?;
        fs::copy(&path, &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// The counts that the two test libraries of Swift end on: tests that ran, failed and were skipped.
#[derive(Default)]
struct Counts {
    xctest: [u64; 3],
    testing: [u64; 3],
}

impl Counts {
    /// XCTest closes every suite, and at last all of them, with `Executed 4 tests, with 1 test skipped and 0 failures
    /// (0 unexpected) in ...`; Swift Testing ends on `Test run with 2 tests passed after ...` or `... failed after ...
    /// with 3 issues.` and tells of each test that fails or is skipped.
    fn read(&mut self, line: &str) {
        let number_before = |what: &str| {
            let before = line.split(what).next().filter(|before| before.len() < line.len())?;
            before.split_whitespace().next_back()?.parse::<u64>().ok()
        };
        if line.trim_start().starts_with("Executed ") {
            let wanted = [" test", " failure", " test skipped"];
            let skipped = number_before(" tests skipped").or(number_before(wanted[2])).unwrap_or(0);
            let [ran, failed] = [wanted[0], wanted[1]].map(|what| number_before(what).unwrap_or(0));
            self.xctest = [ran, failed, skipped];
        } else if line.contains("Test run with ") {
            self.testing[0] = number_before(" test ").or(number_before(" tests ")).unwrap_or(0);
        } else if let Some(told) = line.split_once(" Test ").map(|(_, told)| told) {
            self.testing[1] += u64::from(told.contains(" failed after "));
            self.testing[2] += u64::from(told.contains(" skipped"));
        }
    }

    fn tell(&self, tally: &mut Tally) {
        for (library, [ran, failed, skipped]) in [("XCTest", self.xctest), ("Swift Testing", self.testing)] {
            // An assertion that fails is a failure to XCTest, and one test may have several.
            let failed = failed.min(ran - skipped.min(ran));
            tally.passed += ran - (failed + skipped).min(ran);
            tally.failed += failed;
            if skipped > 0 {
                tally.skipped.push(format!("{skipped} of {library}, by their own will"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &str) -> (u64, u64, usize) {
        let mut counts = Counts::default();
        lines.lines().for_each(|line| counts.read(line));
        let mut tally = Tally::default();
        counts.tell(&mut tally);
        (tally.passed, tally.failed, tally.skipped.len())
    }

    #[test]
    fn counts_are_read_from_xctest() {
        let one = "\t Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds\n";
        let all =
            "\t Executed 5 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.1 (0.1) seconds\n";
        assert_eq!(counted(one), (1, 0, 0));
        assert_eq!(counted(&[one, all].concat()), (2, 2, 1));
    }

    #[test]
    fn counts_are_read_from_swift_testing() {
        let run = "✔ Test a() passed after 0.001 seconds.\n✘ Test b() failed after 0.001 seconds with 2 issues.\n\
            ✘ Test run with 2 tests failed after 0.001 seconds with 2 issues.\n";
        assert_eq!(counted(run), (1, 1, 0));
        assert_eq!(counted("✔ Test run with 0 tests passed after 0.001 seconds.\n"), (0, 0, 0));
    }
}
