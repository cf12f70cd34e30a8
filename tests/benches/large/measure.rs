//! Measurements of what work takes, of the processor and by the clock.

use std::{error::Error, fs, time::Instant};

/// The seconds of the processor that reading a row of empty blocks may take.
pub(crate) const LIMIT: f64 = 2.0;

/// Prints what work takes, of the processor and by the clock. Gives the seconds of the processor, where the system tells.
pub(crate) fn measured(
    name: &str,
    work: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<Option<f64>, Box<dyn Error>> {
    let (clock, before) = (Instant::now(), processor_time());
    work()?;
    let spent = processor_time().zip(before).map(|(now, before)| now - before);
    let of_processor = spent.map_or("-".to_owned(), |spent| format!("{spent:.2}"));
    println!(
        "{name}: {of_processor} s of the processor, {:.2} s by the clock",
        clock.elapsed().as_secs_f64()
    );
    Ok(spent)
}

/// The same, for work that may not take more seconds of the processor than `limit`.
pub(crate) fn within(
    limit: f64,
    name: &str,
    work: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    match measured(name, work)? {
        Some(spent) if spent > limit => Err(format!("{name}: more than {limit} s of the processor").into()),
        _ => Ok(()),
    }
}

/// Seconds that all threads of this process have had, where the system tells.
fn processor_time() -> Option<f64> {
    let mut nanoseconds = 0u64;
    for task in fs::read_dir("/proc/self/task").ok()? {
        let told = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += told.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    #[allow(clippy::cast_precision_loss, reason = "seconds are shown with two decimals")]
    Some(nanoseconds as f64 / 1e9)
}
