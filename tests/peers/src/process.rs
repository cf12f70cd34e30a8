//! Processes: their clocks, their memory, and children with a number of threads.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};
use serde::de::DeserializeOwned;

use crate::measure::Failure;

/// Variables from which the thread pools of Louver and its peers take their size.
const POOLS: [&str; 3] = ["RAYON_NUM_THREADS", "BELLMAN_NUM_CPUS", "EC_GPU_NUM_THREADS"];

/// The time that the whole process has used, on all processors.
pub(crate) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The most memory that the process has held at once, in MiB.
pub(crate) fn peak_memory() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or("the system does not tell the peak of memory")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}

/// How many threads this machine runs at once.
pub(crate) fn all_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs this program anew with these arguments and thread pools of this size, and reads what it answers.
pub(crate) fn child<T: DeserializeOwned>(arguments: &[&str], threads: usize) -> Result<T, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    command.envs(POOLS.map(|variable| (variable, threads.to_string())));
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("`{}` failed: {}", arguments.join(" "), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Answers the parent.
pub(crate) fn answer(value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let before = cpu_time();
        let sum = (0..20_000_000u64).fold(0, |sum, number| std::hint::black_box(sum ^ number));
        assert!(cpu_time() > before, "{sum}");
    }
}
