//! Measurements of what work takes, of the processor and by the clock.

use std::{
    error::Error,
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

/// How many figures were above their limits. The others are printed all the same.
static ABOVE: AtomicUsize = AtomicUsize::new(0);

/// Fails if a figure was above its limit.
pub(crate) fn verdict() -> Result<(), Box<dyn Error>> {
    match ABOVE.load(Ordering::Relaxed) {
        0 => Ok(()),
        count => Err(format!("{count} figures are above their limits").into()),
    }
}

fn hold(figure: f64, limit: f64) {
    if figure > limit {
        ABOVE.fetch_add(1, Ordering::Relaxed);
        println!("    ABOVE its limit of {limit}");
    }
}

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

/// Prints how much more one piece of work takes of the processor than another, as the median of turns that they take,
/// and holds it to a limit.
pub(crate) fn ratio(
    turns: usize,
    limit: f64,
    name: &str,
    beside: impl Fn() -> Result<(), Box<dyn Error>>,
    work: impl Fn() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let spent = |work: &dyn Fn() -> Result<(), Box<dyn Error>>| -> Result<f64, Box<dyn Error>> {
        let before = processor_time().ok_or("the system does not tell processor time")?;
        work()?;
        Ok(processor_time().ok_or("the system does not tell processor time")? - before)
    };
    // The first turn makes keys ready.
    beside()?;
    work()?;
    let mut ratios = (0..turns)
        .map(|_| {
            let beside = spent(&beside)?;
            Ok(spent(&work)? / beside)
        })
        .collect::<Result<Vec<f64>, Box<dyn Error>>>()?;
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(turns / 2).copied().ok_or("no turns")?;
    println!("{name}: {median:.3}, in {turns} turns; at most {limit}");
    hold(median, limit);
    Ok(())
}

/// Prints what work takes, and holds it to a limit in seconds of the processor.
pub(crate) fn within(
    limit: f64,
    name: &str,
    work: impl FnOnce() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    if let Some(spent) = measured(name, work)? {
        hold(spent, limit);
    }
    Ok(())
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
