//! Running other programs from the root of the workspace.

use std::{
    io::{self, BufRead, BufReader, IsTerminal, Read},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use wait4::Wait4;

use crate::{failures::Failures, transcript::Transcript};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// A command that runs in the root of the workspace, with no standard input.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments);
    // Cargo writes to us, and we to the terminal.
    if std::env::var_os("CARGO_TERM_COLOR").is_none() && std::io::stdout().is_terminal() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    cargo
}

/// The command as a person would type it; a script among its arguments is shown as `'...'`.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| match argument.to_string_lossy() {
        script if script.contains('\n') => "'...'".into(),
        argument => argument,
    });
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end, and tells if it failed.
pub(crate) fn run(command: Command) -> Result<(), String> {
    lines(command, |_| {})
}

/// Runs a command to its end and returns what it printed; its errors go to the transcript.
pub(crate) fn output(command: Command) -> Result<String, String> {
    let mut printed = String::new();
    follow(command, |line| {
        printed += line;
        printed.push('\n');
    })?;
    Ok(printed)
}

/// Runs a command to its end, passing on each line that it prints and showing it to `read` as well. Its standard error
/// is only passed on.
pub(crate) fn lines(command: Command, mut read: impl FnMut(&str)) -> Result<(), String> {
    let transcript = Transcript::here();
    transcript.line(&format!("$ {}", shown(&command)));
    follow(command, |line| {
        transcript.line(line);
        read(line);
    })
}

/// Every command of ours is over long before: one that is not hangs, and is ended.
const LIMIT: Duration = Duration::from_secs(45 * 60);

/// For how long lines are awaited when a command is over: another program may have its output open, and outlive it.
const GRACE: Duration = Duration::from_secs(5);

/// How often to look whether a command that prints nothing is over.
const TICK: Duration = Duration::from_millis(20);

/// Runs a command to its end, and hands over each line that it prints. Its errors go to the transcript, and so does the
/// processor time of it and of all that it waited for.
fn follow(mut command: Command, mut take: impl FnMut(&str)) -> Result<(), String> {
    let (shown, transcript, begun) = (shown(&command), Transcript::here(), Instant::now());
    let wrong = |error: io::Error| format!("{shown}: {error}");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(wrong)?;
    let (sender, printed) = mpsc::channel();
    let errors = sender.clone();
    if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
        thread::spawn(move || each_line(stdout, |line| sender.send((Stream::Output, line)).is_ok()));
        thread::spawn(move || each_line(stderr, |line| errors.send((Stream::Errors, line)).is_ok()));
    }
    let mut failures = Failures::default();
    let mut over: Option<(Instant, ExitStatus)> = None;
    loop {
        let is_all = match printed.recv_timeout(TICK) {
            Ok((Stream::Output, line)) => {
                failures.read(&line);
                take(&line);
                false
            }
            Ok((Stream::Errors, line)) => {
                failures.read(&line);
                transcript.line(&line);
                false
            }
            Err(error) => error == RecvTimeoutError::Disconnected,
        };
        match over {
            Some((when, status)) if is_all || when.elapsed() > GRACE => {
                if status.success() {
                    return Ok(());
                }
                transcript.failed(&format!("$ {shown}"), failures.lines());
                return Err(format!("`{shown}` failed: {status}"));
            }
            Some(_) => {}
            None => {
                if let Some(ended) = child.try_wait4().map_err(wrong)? {
                    transcript.used(ended.rusage.utime + ended.rusage.stime);
                    over = Some((Instant::now(), ended.status));
                } else if begun.elapsed() > LIMIT {
                    transcript.line(&format!(
                        "`{shown}` hangs: it is ended after {} minutes",
                        LIMIT.as_secs() / 60
                    ));
                    child.kill().map_err(wrong)?;
                }
                if is_all {
                    thread::sleep(TICK);
                }
            }
        }
    }
}

/// Which stream of a command a line comes from.
enum Stream {
    Output,
    Errors,
}

/// Hands over the lines of a stream, whatever its bytes are, for as long as they are taken.
fn each_line(stream: impl Read, take: impl Fn(String) -> bool) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        if !take(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned()) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_processor_time_and_failures_are_told() {
        let step = Transcript::kept();
        let script = "echo one; echo two >&2; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; exit 3";
        let mut seen = Vec::new();
        let result = step.during(|| lines(command("sh", &["-c", script]), |line| seen.push(line.to_owned())));
        assert_eq!(seen, ["one"]);
        assert!(result.is_err_and(|told| told.contains("exit status: 3")));
        assert!(step.processor() > Duration::ZERO);
        assert_eq!(step.failures().lines().skip(1).collect::<Vec<_>>().len(), 2, "{}", step.failures());
    }

    #[test]
    fn a_program_that_outlives_a_command_is_not_waited_for() {
        let begun = Instant::now();
        assert_eq!(output(command("sh", &["-c", "echo here; sleep 60 & exit 0"])), Ok("here\n".into()));
        assert!(begun.elapsed() < 6 * GRACE);
    }

    #[test]
    fn output_is_what_a_command_prints() {
        assert_eq!(output(command("echo", &["a", "b"])), Ok("a b\n".into()));
        assert!(output(command("false", &[])).is_err());
    }
}
