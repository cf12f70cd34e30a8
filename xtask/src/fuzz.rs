//! The decoders under libFuzzer: `tests/fuzz`, with our own crates instrumented and those of others as they are built
//! for other steps. Edge coverage needs no nightly compiler; only sanitizers do.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use crate::{
    native,
    process::{cargo, command, output, root, run as run_command},
    tally::Tally,
    transcript::Transcript,
};

/// A few seconds each, as the suite does: enough to replay the seeds and to find what is near them.
pub(crate) fn smoke() -> Tally {
    run(3, &[])
}

/// Runs the named decoders, or all, `seconds` each, one on each core.
pub(crate) fn run(seconds: u32, only: &[String]) -> Tally {
    let fuzzer = match Fuzzer::prepare() {
        Ok(fuzzer) => fuzzer,
        Err(complaint) => return Tally::one(Err(complaint)),
    };
    let mut tally = Tally::default();
    for name in only.iter().filter(|name| !fuzzer.decoders.contains(name)) {
        tally.add(Err(format!("there is no decoder {name}")));
    }
    let chosen = fuzzer.decoders.iter().filter(|decoder| only.is_empty() || only.contains(decoder));
    let (left, tally) = (Mutex::new(chosen), Mutex::new(tally));
    let next = || left.lock().ok()?.next();
    let transcript = Transcript::here();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(decoder) = next() {
                    let result = transcript
                        .in_one_piece(|| fuzzer.run(decoder, seconds))
                        .map_err(|error| format!("{decoder}: {error}"));
                    tally.lock().unwrap_or_else(PoisonError::into_inner).add(result);
                }
            });
        }
    });
    tally.into_inner().unwrap_or_else(PoisonError::into_inner)
}

struct Fuzzer {
    program: PathBuf,
    /// Where inputs are kept, and those that fail.
    folder: PathBuf,
    decoders: Vec<String>,
}

impl Fuzzer {
    /// Builds the program and writes the seeds, which names the decoders.
    fn prepare() -> Result<Self, String> {
        let folder = native::target()?.join("fuzz");
        let mut seeds = command(native::build()?.join("examples/seeds"), &[]);
        seeds.arg(folder.join("corpus"));
        let decoders = output(seeds)?.lines().map(str::to_owned).collect();
        let program = instrumented(&root().join("tests/fuzz/instrumented"))?;
        Ok(Self { program, folder, decoders })
    }

    fn run(&self, decoder: &str, seconds: u32) -> Result<(), String> {
        let artifacts = self.folder.join("artifacts").join(decoder);
        std::fs::create_dir_all(&artifacts).map_err(|error| format!("{}: {error}", artifacts.display()))?;
        let mut fuzz = command(&self.program, &["-max_len=32768", "-timeout=10", "-print_final_stats=1"]);
        fuzz.arg(format!("-max_total_time={seconds}"));
        // The slash makes it a folder.
        fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
        fuzz.arg(self.folder.join("corpus").join(decoder)).env("LOUVER_DECODER", decoder);
        run_command(fuzz)
    }
}

/// The program that fuzzes, whose crates of ours `compiler` compiled.
fn instrumented(compiler: &Path) -> Result<PathBuf, String> {
    let chosen = ["--workspace", "--locked", "--example", "decoders", "--features", "louver-fuzz/libfuzzer"];
    let mut build = cargo(&[&["build"], &chosen[..]].concat());
    // These compute, so other builds optimise them, which takes minutes with counters in every edge. Decoders hardly do.
    for ours in ["louver-core", "louver-circuits"] {
        build.arg("--config").arg(format!("profile.dev.package.{ours}.opt-level=1"));
    }
    build.env("RUSTC_WORKSPACE_WRAPPER", compiler);
    run_command(build)?;
    Ok(native::target()?.join("debug/examples/decoders"))
}
