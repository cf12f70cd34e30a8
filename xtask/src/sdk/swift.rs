//! The Swift SDK: a package in `bindings/mobile/swift`, tested by `swift test` on this machine, Linux included.
//!
//! Two of its modules are generated, and so not committed: `Sources/louver_mobileFFI`, a system library of a header and
//! a `module.modulemap`, and `Sources/LouverMobile`, the bindings above it. The linker is told where the library is.
//! Tests see the clone, cargo's target folder and the proving keys at their own paths; elsewhere the file system may be
//! another Debian's.

use std::{fs, path::Path};

use super::{MODULE, Native, clear, ended};
use crate::{
    process::{lines, root},
    suite::Tally,
    tools::{generator::UNIFFI_BINDGEN, swift::Swift},
};

/// Builds, generates, tests.
pub(crate) fn step() -> Tally {
    let tools = || Ok((Swift::ensure()?, UNIFFI_BINDGEN.ensure()?));
    super::step("bindings/mobile/swift", tools, |(swift, generator), package| test(swift, generator, package))
}

fn test(swift: &Swift, generator: &Path, package: &Path) -> Result<Tally, String> {
    let native = Native::build()?;
    let generated = native.target.join("uniffi-swift");
    native.generate(generator, "swift", &generated)?;
    let (foreign, module) =
        (package.join("Sources").join(format!("{MODULE}FFI")), package.join("Sources/LouverMobile"));
    clear(&foreign)?;
    clear(&module)?;
    for (from, to) in [
        (format!("{MODULE}FFI.h"), foreign.join(format!("{MODULE}FFI.h"))),
        (format!("{MODULE}FFI.modulemap"), foreign.join("module.modulemap")),
        (format!("{MODULE}.swift"), module.join(format!("{MODULE}.swift"))),
    ] {
        fs::copy(generated.join(&from), to).map_err(|error| format!("{from}: {error}"))?;
    }
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
    Ok(ended(counts.tally(), result))
}

/// What the two test libraries of Swift say at their ends: how many ran, failed and were skipped.
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

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for (library, [ran, failed, skipped]) in [("XCTest", self.xctest), ("Swift Testing", self.testing)] {
            // An assertion that fails is a failure to XCTest, and one test may have several.
            let failed = failed.min(ran - skipped.min(ran));
            tally.passed += ran - (failed + skipped).min(ran);
            tally.failed += failed;
            if skipped > 0 {
                tally.skipped.push(format!("{skipped} of {library}, by their own will"));
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &str) -> (u64, u64, usize) {
        let mut counts = Counts::default();
        lines.lines().for_each(|line| counts.read(line));
        let tally = counts.tally();
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
