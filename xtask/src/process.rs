//! Running other programs from the root of the workspace.

use std::{
    io::{BufRead, BufReader, IsTerminal, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
};

use wait4::Wait4;

use crate::transcript::Transcript;

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
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let shown = shown(&command);
    let wrong = |error: std::io::Error| format!("{shown}: {error}");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(wrong)?;
    let (transcript, errors, stdout) = (Transcript::here(), child.stderr.take(), child.stdout.take());
    let mut printed = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| errors.map(|errors| each_line(errors, |line| transcript.line(line))));
        stdout.map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut printed))
    })
    .map_err(wrong)?;
    succeeded(&shown, ended(child).map_err(wrong)?)?;
    String::from_utf8(printed).map_err(|error| format!("{shown}: {error}"))
}

/// Runs a command to its end, passing on each line that it prints and showing it to `read` as well. What it writes to
/// its standard error is passed on alone.
pub(crate) fn lines(mut command: Command, mut read: impl FnMut(&str)) -> Result<(), String> {
    let shown = shown(&command);
    let wrong = |error: std::io::Error| format!("{shown}: {error}");
    let transcript = Transcript::here();
    transcript.line(&format!("$ {shown}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(wrong)?;
    let (errors, stdout) = (child.stderr.take(), child.stdout.take());
    thread::scope(|scope| {
        scope.spawn(|| errors.map(|errors| each_line(errors, |line| transcript.line(line))));
        stdout.map_or(Ok(()), |stdout| {
            each_line(stdout, |line| {
                transcript.line(line);
                read(line);
            })
        })
    })
    .map_err(wrong)?;
    succeeded(&shown, ended(child).map_err(wrong)?)
}

/// Hands over the lines of a stream, whatever its bytes are.
fn each_line(stream: impl Read, mut take: impl FnMut(&str)) -> std::io::Result<()> {
    for line in BufReader::new(stream).split(b'\n') {
        take(String::from_utf8_lossy(&line?).trim_end_matches('\r'));
    }
    Ok(())
}

/// Waits for the end of a command, and counts the processor time of it and of all that it waited for.
fn ended(child: Child) -> std::io::Result<ExitStatus> {
    let ended = child.wait4()?;
    Transcript::here().used(ended.rusage.utime + ended.rusage.stime);
    Ok(ended.status)
}

fn succeeded(shown: &str, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed: {status}")) }
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
        assert!(step.processor() > std::time::Duration::ZERO);
    }

    #[test]
    fn output_is_what_a_command_prints() {
        assert_eq!(output(command("echo", &["a", "b"])), Ok("a b\n".into()));
        assert!(output(command("false", &[])).is_err());
    }
}
