//! The Kotlin SDK: a Maven project in `bindings/mobile/kotlin`, whose tests run on a Java machine.
//!
//! The bindings are generated into its `target/generated-sources/uniffi`, and the example of its README copied into
//! `target/generated-test-sources/readme`, which its `pom.xml` names as source folders; the tests find the library in
//! `LOUVER_LIB`, applications in the jar. Counts come from the reports in its `target/surefire-reports`.

use std::{env, ffi::OsStr, fs, path::Path};

use super::{Native, api, at, clear, copy_example, ended};
use crate::{
    process::{command, run},
    tally::Tally,
    tools::{generator::UNIFFI_BINDGEN, jvm},
    transcript::say,
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

/// The generated source with what it leaves unguarded:
///
/// * An object that was closed throws when it is called, but as an argument it is a dangling pointer to the library. It is
///   given as it is called.
/// * A call that throws because of such an argument would keep what was counted for it already, for ever: it throws first.
/// * An error that is not an exception, thrown by an object that the application implements, would end the library's call
///   without a word.
fn guarded(source: &str) -> Result<String, String> {
    const GIVEN: &str = "return value.uniffiCloneHandle()";
    const CAUGHT: &str = "catch(e: kotlin.Exception)";
    if !source.contains(GIVEN) || !source.contains(CAUGHT) || !source.contains(CALL) {
        return Err(
            "what is generated is no longer what it was: see whether it guards objects by itself".into()
        );
    }
    let objects: Vec<&str> = source
        .split("public object FfiConverterType")
        .skip(1)
        .filter_map(|converter| {
            let (name, converter) = converter.split_once(':')?;
            let (_, lower) = converter.split_once("override fun lower(value: ")?;
            let (_, body) = lower.split_once("{")?;
            body.trim_start().starts_with(GIVEN).then_some(name)
        })
        .collect();
    let mut functions = source.split("suspend fun ");
    let mut out = functions.next().unwrap_or_default().to_owned();
    for function in functions {
        out += "suspend fun ";
        out += &checked(function, &objects);
    }
    Ok(out.replace(GIVEN, "return value.callWithHandle { it }").replace(CAUGHT, "catch(e: Throwable)"))
}

/// How the body of a function that waits begins.
const CALL: &str = "        return uniffiRustCallAsync(";

/// A function that waits, which looks first whether its arguments among `objects` are open.
fn checked(function: &str, objects: &[&str]) -> String {
    let Some((head, call)) = function.split_once(CALL) else { return function.to_owned() };
    // The rest is another function, or nothing.
    let call_to_library = call.split("{ future").next().unwrap_or_default();
    let mut checks = String::new();
    for argument in call_to_library.split("FfiConverterType").skip(1) {
        let Some((object, rest)) = argument.split_once(".lower(") else { continue };
        let Some((name, _)) = rest.split_once(')') else { continue };
        if objects.contains(&object) {
            checks += &format!(
                "        if ({name}.uniffiIsDestroyed) throw IllegalStateException(\"{object} object has already been destroyed\")\n"
            );
        }
    }
    format!("{head}{checks}{CALL}{call}")
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
    say(&format!("{class}: {passed} passed, {failed} failed, {skipped} skipped"));
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

    /// As it is generated.
    const SOURCE: &str = "
    override suspend fun `send`(`plan`: Plan, `to`: kotlin.String, `watch`: Watch?) : Sent {
        return uniffiRustCallAsync(
        callWithHandle { uniffiHandle ->
            UniffiLib.send(
                uniffiHandle,
                FfiConverterTypePlan.lower(`plan`),FfiConverterString.lower(`to`),FfiConverterOptionalTypeWatch.lower(`watch`),
            )
        },
        { future, callback, continuation -> UniffiLib.poll(future, callback, continuation) },
    }
    fun `other`(`plan`: Plan) = UniffiLib.other(FfiConverterTypePlan.lower(`plan`))
public object FfiConverterTypePlan: FfiConverter<Plan, Long> {
    override fun lower(value: Plan): Long {
        return value.uniffiCloneHandle()
    }
public object FfiConverterTypeWatch: FfiConverter<Watch, Long> {
    override fun lower(value: Watch): Long {
        if (value is WatchImpl) {
            return value.uniffiCloneHandle()
        }
    }
        } catch(e: kotlin.Exception) {
            return block(this.uniffiCloneHandle())
";

    #[test]
    fn arguments_are_guarded() {
        let guarded = guarded(SOURCE).unwrap();
        let check = "        if (`plan`.uniffiIsDestroyed) throw IllegalStateException(\"Plan object has already been destroyed\")";
        assert_eq!(guarded.lines().nth(2), Some(check));
        assert_eq!(guarded.matches("uniffiIsDestroyed").count(), 1);
        assert_eq!(guarded.matches("return value.callWithHandle { it }").count(), 2);
        assert_eq!(guarded.matches("catch(e: Throwable)").count(), 1);
        assert_eq!(guarded.matches("uniffiCloneHandle").count(), 1);
        for wanted in ["return value.uniffiCloneHandle()", "catch(e: kotlin.Exception)", CALL] {
            assert!(super::guarded(&SOURCE.replace(wanted, "")).is_err());
        }
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
