//! Running other programs from the root of the workspace.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

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
    command(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments)
}

/// The command as a person would type it; of a script among its arguments, that there is one.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| match argument.to_string_lossy() {
        script if script.contains('\n') => "'...'".into(),
        argument => argument,
    });
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end, and tells if it failed.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let shown = shown(&command);
    println!("$ {shown}");
    let status = command.status().map_err(|error| format!("{shown}: {error}"))?;
    succeeded(&shown, status)
}

/// Runs a command to its end and shows what it printed once it has ended, in one piece.
pub(crate) fn run_quietly(mut command: Command) -> Result<(), String> {
    let shown = shown(&command);
    let output = command.output().map_err(|error| format!("{shown}: {error}"))?;
    let [told, errors] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    println!("$ {shown}\n{told}{errors}");
    succeeded(&shown, output.status)
}

/// Runs a command to its end and returns what it printed; its errors go where ours do.
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let shown = shown(&command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("{shown}: {error}"))?;
    succeeded(&shown, output.status)?;
    String::from_utf8(output.stdout).map_err(|error| format!("{shown}: {error}"))
}

/// Runs a command to its end, passing on each line that it prints and showing it to `read` as well.
pub(crate) fn lines(mut command: Command, mut read: impl FnMut(&str)) -> Result<(), String> {
    let shown = shown(&command);
    println!("$ {shown}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{shown}: {error}"))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|error| format!("{shown}: {error}"))?;
            println!("{line}");
            read(&line);
        }
    }
    let status = child.wait().map_err(|error| format!("{shown}: {error}"))?;
    succeeded(&shown, status)
}

fn succeeded(shown: &str, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed: {status}")) }
}
