//! The Kotlin SDK: a Maven project in `bindings/mobile/kotlin`, whose tests run on a Java machine.
//!
//! The bindings are generated into its `target/generated-sources/uniffi`, and the example of its README copied into
//! `target/generated-test-sources/readme`, which its `pom.xml` names as source folders; the tests find the library in
//! `LOUVER_LIB`, applications in the jar. Counts come from the reports in its `target/surefire-reports`.

use std::{env, ffi::OsStr, fs, path::Path};

use super::{Native, api, at, clear, copy_example, ended};
use crate::{
    process::{command, run},
    suite::Tally,
    tools::{generator::UNIFFI_BINDGEN, jvm},
};

/// Where the project is.
pub(crate) const PLACE: &str = "bindings/mobile/kotlin";

/// Builds, generates, tests.
pub(crate) fn step() -> Tally {
    let tools = || Ok((jvm::maven()?, UNIFFI_BINDGEN.ensure()?));
    super::step(PLACE, tools, |(maven, generator), project| test(maven, generator, project))
}

fn test(maven: &Path, generator: &Path, project: &Path) -> Result<Tally, String> {
    let (native, generated) = prepare(generator, project)?;
    let mut tally = Tally::default();
    tally.add(api::check(api::Language::Kotlin, &generated));
    let reports = project.join("target/surefire-reports");
    clear(&reports)?;
    let mut tests = at(command(maven, &["-q", "-B", "-Dstyle.color=never"]), project);
    // The compiler's daemon would outlive this run.
    tests.args(["-Dkotlin.compiler.daemon=false", "test"]).envs(native.variables());
    let result = run(tests);
    read(&mut tally, &reports)?;
    Ok(ended(tally, result))
}

/// Builds the library and makes what is generated; returns the latter as well.
pub(crate) fn prepare(generator: &Path, project: &Path) -> Result<(Native, String), String> {
    let native = Native::build()?;
    let sources = project.join("target/generated-sources/uniffi");
    native.generate(generator, "kotlin", &sources)?;
    let source = sources.join("org/louver/sdk/louver.kt");
    let wrong = |error: std::io::Error| format!("{}: {error}", source.display());
    let generated = guarded(&fs::read_to_string(&source).map_err(wrong)?)?;
    fs::write(&source, &generated).map_err(wrong)?;
    let example = project.join("target/generated-test-sources/readme/Readme.kt");
    copy_example(&project.join("README.md"), "kotlin", &example)?;
    let resources = project.join("target/native").join(platform());
    clear(&resources)?;
    let library = native.file();
    fs::copy(&library, resources.join(library.file_name().unwrap_or_default())).map_err(wrong)?;
    Ok((native, generated))
}

/// The generated source with objects guarded where they are arguments. As generated, an object that was closed throws
/// when it is called, but as an argument it is a dangling pointer to the library; so it is given as it is called.
fn guarded(source: &str) -> Result<String, String> {
    const BARE: &str = "return value.uniffiCloneHandle()";
    match source.contains(BARE) {
        true => Ok(source.replace(BARE, "return value.callWithHandle { it }")),
        false => {
            Err("objects are no longer given to the library as they were: see whether they are guarded"
                .into())
        }
    }
}

/// The folder in which JNA looks for this machine's library.
fn platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        system => system,
    };
    format!("{system}-{}", env::consts::ARCH.replace("x86_64", "x86-64"))
}

/// Sums up the reports in a folder.
fn read(tally: &mut Tally, folder: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension() == Some(OsStr::new("xml")) {
            count(tally, &fs::read_to_string(&path).map_err(wrong)?);
        }
    }
    Ok(())
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
    fn arguments_are_guarded() {
        let source =
            "        return value.uniffiCloneHandle()\n            return block(this.uniffiCloneHandle())\n";
        let guarded = guarded(source).unwrap();
        assert_eq!(guarded.lines().next(), Some("        return value.callWithHandle { it }"));
        assert_eq!(guarded.lines().nth(1), source.lines().nth(1));
        assert!(super::guarded("return block(this.uniffiCloneHandle())").is_err());
    }

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
