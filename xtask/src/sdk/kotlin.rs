//! The Kotlin SDK: a Maven project in `bindings/mobile/kotlin`, whose tests run on a Java machine.
//!
//! The bindings are generated into its `target/generated-sources/uniffi`, which its `pom.xml` names as a source folder;
//! the tests find the library in `LOUVER_LIB`. Counts come from the reports in its `target/surefire-reports`.

use std::{ffi::OsStr, fs, path::Path};

use super::{Native, at, clear, ended};
use crate::{
    process::{command, run},
    suite::Tally,
    tools::{generator::UNIFFI_BINDGEN, jvm},
};

/// Builds, generates, tests.
pub(crate) fn step() -> Tally {
    let tools = || Ok((jvm::maven()?, UNIFFI_BINDGEN.ensure()?));
    super::step("bindings/mobile/kotlin", tools, |(maven, generator), project| {
        test(maven, generator, project)
    })
}

fn test(maven: &Path, generator: &Path, project: &Path) -> Result<Tally, String> {
    let native = Native::build()?;
    native.generate(generator, "kotlin", &project.join("target/generated-sources/uniffi"))?;
    let reports = project.join("target/surefire-reports");
    clear(&reports)?;
    let mut tests = at(command(maven, &["-q", "-B", "-Dstyle.color=never"]), project);
    // The compiler's daemon would outlive this run.
    tests.args(["-Dkotlin.compiler.daemon=false", "test"]).envs(native.variables());
    let result = run(tests);
    Ok(ended(read(&reports)?, result))
}

/// Sums up the reports in a folder.
fn read(folder: &Path) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension() == Some(OsStr::new("xml")) {
            count(&mut tally, &fs::read_to_string(&path).map_err(wrong)?);
        }
    }
    Ok(tally)
}

/// Adds what a report says in its element `<testsuite ... tests="4" errors="0" skipped="1" failures="0">`.
fn count(tally: &mut Tally, report: &str) {
    let Some(suite) = report.split_once("<testsuite ").and_then(|(_, rest)| rest.split('>').next()) else {
        return;
    };
    let attribute = |name: &str| {
        let value = suite.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next());
        value.unwrap_or_default()
    };
    let number = |name: &str| attribute(name).parse::<u64>().unwrap_or(0);
    let (failed, skipped) = (number("errors") + number("failures"), number("skipped"));
    let (class, passed) = (attribute("name"), number("tests").saturating_sub(failed + skipped));
    println!("{class}: {passed} passed, {failed} failed, {skipped} skipped");
    tally.passed += passed;
    tally.failed += failed;
    if failed > 0 {
        tally.complaints.push(format!("{failed} of {class}"));
    }
    if skipped > 0 {
        tally.skipped.push(format!("{skipped} of {class}, by their own will"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_reports() {
        let mut tally = Tally::default();
        count(
            &mut tally,
            "<?xml version=\"1.0\"?>\n<testsuite xmlns:xsi=\"x\" version=\"3.0.2\" name=\"a.PayTest\" time=\"0.7\" tests=\"7\" errors=\"1\" skipped=\"2\" failures=\"1\" flakes=\"0\">\n<testcase tests=\"9\"/></testsuite>",
        );
        assert_eq!((tally.passed, tally.failed, tally.skipped.len()), (3, 2, 1));
    }
}
