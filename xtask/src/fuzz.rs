//! The fuzz targets in `tests/fuzz`, run by cargo-fuzz.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
};

use crate::{
    native,
    process::{command, root, run as run_command},
    tally::Tally,
    tools,
    transcript::Transcript,
};

/// How much cargo optimises the targets.
const OPTIMISED: &str = "CARGO_PROFILE_RELEASE_OPT_LEVEL";

/// A few seconds each, as the suite does: enough to replay the seeds and to notice a target that no longer builds. The
/// build takes longer than the fuzzing, so it is optimised little.
pub(crate) fn smoke() -> Tally {
    fuzz_all(4, &[], "1")
}

/// Runs the named targets, or all, `seconds` each, one on each core.
pub(crate) fn run(seconds: u32, only: &[String]) -> Tally {
    fuzz_all(seconds, only, "3")
}

fn fuzz_all(seconds: u32, only: &[String], optimised: &str) -> Tally {
    let (program, targets) = match prepare(optimised) {
        Ok(prepared) => prepared,
        Err(complaint) => return Tally::one(Err(complaint)),
    };
    let mut tally = Tally::default();
    for name in only.iter().filter(|name| !targets.contains(name)) {
        tally.add(Err(format!("there is no fuzz target {name}")));
    }
    let chosen = targets.iter().filter(|target| only.is_empty() || only.contains(target));
    let (left, tally) = (Mutex::new(chosen), Mutex::new(tally));
    let next = || left.lock().ok()?.next();
    let transcript = Transcript::here();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(target) = next() {
                    let result = transcript
                        .in_one_piece(|| fuzz(&program, target, seconds, optimised))
                        .map_err(|error| format!("{target}: {error}"));
                    tally.lock().unwrap_or_else(PoisonError::into_inner).add(result);
                }
            });
        }
    });
    tally.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one target.
fn fuzz(program: &Path, target: &str, seconds: u32, optimised: &str) -> Result<(), String> {
    let limit = format!("-max_total_time={seconds}");
    // Only the sanitizers need a nightly compiler; edge coverage does not.
    let mut fuzz = command(program, &["run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    fuzz.args([target, "--", &limit, "-max_len=32768", "-timeout=10", "-print_final_stats=1"]);
    fuzz.env(OPTIMISED, optimised);
    run_command(fuzz)
}

/// Installs cargo-fuzz, writes the seeds, builds and names the targets.
fn prepare(optimised: &str) -> Result<(std::path::PathBuf, Vec<String>), String> {
    let program = tools::CARGO_FUZZ.ensure()?;
    let folder = root().join("tests/fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut targets: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    targets.sort();
    run_command(command(native::build()?.join("examples/seeds"), &["tests/fuzz/corpus"]))?;
    let mut build = command(&program, &["build", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    build.env(OPTIMISED, optimised);
    run_command(build)?;
    Ok((program, targets))
}
