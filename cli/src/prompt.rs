//! Questions on the terminal. Without a terminal, commands name the option that answers them.

use std::io::{IsTerminal, Write};

use zeroize::Zeroizing;

use crate::exit::Failure;

/// Whether somebody can be asked: standard error and standard input are both terminals.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

fn failed(error: impl core::fmt::Display) -> Failure {
    Failure::storage(format!("the terminal: {error}"))
}

/// Asks for a passphrase, which is not shown while it is typed.
pub(crate) fn passphrase(question: &str) -> Result<Zeroizing<String>, Failure> {
    let _silent = Silent::begin();
    rpassword::prompt_password(format!("{question}: ")).map(Zeroizing::new).map_err(failed)
}

/// Asks for a new passphrase, twice.
pub(crate) fn new_passphrase(question: &str) -> Result<Zeroizing<String>, Failure> {
    let _silent = Silent::begin();
    let first = passphrase(question)?;
    if first.is_empty() {
        return Err(Failure::usage("the passphrase is empty. Nothing was changed"));
    }
    match passphrase("The same again")? == first {
        true => Ok(first),
        false => Err(Failure::usage("the two passphrases differ. Nothing was changed")),
    }
}

/// A terminal that does not show what is typed, until this is dropped.
///
/// `rpassword` writes its question first and silences the terminal afterwards. A person who types early, or a program
/// that answers at once, would have the passphrase shown between the two.
struct Silent {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Silent {
    #[cfg(unix)]
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let terminal = std::io::stdin();
        let before = tcgetattr(&terminal).ok();
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            // A terminal that refuses this is silenced by `rpassword`, which reports its errors.
            let _ = tcsetattr(&terminal, OptionalActions::Now, &silent);
        }
        Self { before }
    }

    #[cfg(not(unix))]
    fn begin() -> Self {
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Silent {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Asks a question. Only a clear yes counts as agreement.
pub(crate) fn agrees(question: &str) -> Result<bool, Failure> {
    let mut err = std::io::stderr();
    write!(err, "{question} [y/N] ").and_then(|()| err.flush()).map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Whether something may be done, according to an option or to an answer on the terminal. `undone` says what has not
/// happened otherwise, and `hint` how to do it without a terminal.
pub(crate) fn agreed(yes: bool, question: &str, undone: &str, hint: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !can_ask() {
        return Err(Failure::usage(format!("{undone}: there is no terminal to ask on. {hint}")));
    }
    match agrees(question)? {
        true => Ok(()),
        false => Err(Failure::wallet("declined", undone)),
    }
}

/// Asks for a line of text until `check` takes it, and says each time why it does not.
pub(crate) fn until<T>(
    question: &str,
    usual: Option<&str>,
    mut check: impl FnMut(&str) -> Result<T, Failure>,
) -> Result<T, Failure> {
    loop {
        match check(&line(question, usual)?) {
            Ok(answer) => return Ok(answer),
            Err(failure) => writeln!(std::io::stderr(), "  {}", failure.message).map_err(failed)?,
        }
    }
}

/// Asks for a line of text. An empty answer means the usual one, if there is one.
fn line(question: &str, usual: Option<&str>) -> Result<String, Failure> {
    let mut err = std::io::stderr();
    let asked = match usual {
        Some(usual) => write!(err, "{question} [{usual}]: "),
        None => write!(err, "{question}: "),
    };
    asked.and_then(|()| err.flush()).map_err(failed)?;
    let mut answer = String::new();
    if std::io::stdin().read_line(&mut answer).map_err(failed)? == 0 {
        return Err(Failure::usage("the terminal was closed. Nothing was written"));
    }
    match (answer.trim(), usual) {
        ("", Some(usual)) => Ok(usual.to_owned()),
        ("", None) => Err(Failure::usage("the answer is empty. Nothing was written")),
        (answer, _) => Ok(answer.to_owned()),
    }
}
