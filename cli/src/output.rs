//! Everything that commands print: results on standard output, the rest on standard error.

use core::fmt::Display;
use std::{
    io::{self, IsTerminal, Write},
    sync::OnceLock,
};

use indicatif::MultiProgress;
use serde::Serialize;

use crate::{
    exit::Failure,
    json::{self, Message},
};

pub(crate) mod progress;
pub(crate) mod table;

pub(crate) use table::Table;

/// The destination of a command's results, and their format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    results: Stream,
    notes: Stream,
    live: bool,
}

/// One of the two streams that the command writes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    colour: bool,
    width: Option<u16>,
}

/// A colour of the terminal, by its meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Title,
    Good,
    Bad,
    Warning,
    Dim,
}

/// The fate of standard output. It is only reported when the command ends: a recorded payment has to be submitted,
/// whether or not its id could be printed.
static LOST: OnceLock<Lost> = OnceLock::new();

/// Why standard output takes nothing more.
#[derive(Debug)]
enum Lost {
    /// The reader has gone, as `head` does. It has read what it wanted.
    ReaderGone,
    /// The result could not be written.
    Failed(String),
}

/// The progress lines on the terminal now. Everything else is written above them.
fn lines() -> &'static MultiProgress {
    static LINES: OnceLock<MultiProgress> = OnceLock::new();
    LINES.get_or_init(MultiProgress::new)
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let coloured = !json && !dumb && set("NO_COLOR").is_none();
        let (out, err) = (console::Term::stdout(), console::Term::stderr());
        let stream = |is_terminal: bool, term: &console::Term| Stream {
            colour: coloured && is_terminal,
            width: term.size_checked().map(|(_, columns)| columns).filter(|_| is_terminal),
        };
        Self {
            json,
            results: stream(io::stdout().is_terminal(), &out),
            notes: stream(io::stderr().is_terminal(), &err),
            live: !json && !dumb && io::stderr().is_terminal(),
        }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether somebody watches a terminal that can show the progress of long work.
    pub(crate) fn is_live(self) -> bool {
        self.live
    }

    /// Standard output, for the layout of a result.
    pub(crate) fn results(self) -> Stream {
        self.results
    }

    /// Standard error, for the layout of a note.
    pub(crate) fn notes(self) -> Stream {
        self.notes
    }

    /// Prints a result: `message` as one line of JSON, or the text of `human`.
    pub(crate) fn result(self, message: &impl Message, human: impl FnOnce() -> String) {
        match self.json {
            true => self.line(json::line(message)),
            false => self.line(human().trim_end()),
        }
    }

    /// Prints a result that names its own schema, as reports of audits do.
    pub(crate) fn document(self, value: &impl Serialize, human: impl FnOnce() -> String) {
        match self.json {
            true => self.line(serde_json::to_string(value).unwrap_or_else(|error| error.to_string())),
            false => self.line(human().trim_end()),
        }
    }

    /// A line of standard output.
    pub(crate) fn line(self, text: impl Display) {
        self.bytes(format!("{text}\n").as_bytes());
    }

    /// Bytes for standard output. [`Output::finish`] tells whether all of them were written.
    pub(crate) fn bytes(self, bytes: &[u8]) {
        if LOST.get().is_some() {
            return;
        }
        let written = lines().suspend(|| {
            let mut out = io::stdout().lock();
            out.write_all(bytes).and_then(|()| out.flush())
        });
        if let Err(error) = written {
            let lost = match error.kind() {
                io::ErrorKind::BrokenPipe => Lost::ReaderGone,
                _ => Lost::Failed(error.to_string()),
            };
            LOST.get_or_init(|| lost);
        }
    }

    /// An error if a result could not be written. It is not an error if the reader has gone.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match LOST.get() {
            Some(Lost::Failed(error)) => Err(Failure::storage(format!(
                "the result could not be written to standard output: {error}. The command has done its work: do not repeat it for its output"
            ))),
            Some(Lost::ReaderGone) | None => Ok(()),
        }
    }

    /// A line for people only, on standard error so that results can be piped.
    pub(crate) fn note(self, text: impl Display) {
        if !self.json {
            to_stderr(text);
        }
    }

    /// Text in a colour, if standard output has colours.
    pub(crate) fn paint(self, style: Style, text: impl Display) -> String {
        self.results.paint(style, text)
    }
}

/// A line of standard error, above the progress lines. If it cannot be written, there is nowhere left to say so.
pub(crate) fn to_stderr(text: impl Display) {
    let line = format!("{text}\n");
    drop(lines().suspend(|| io::stderr().write_all(line.as_bytes())));
}

impl Stream {
    /// Text in a colour, if the stream has colours.
    pub(crate) fn paint(self, style: Style, text: impl Display) -> String {
        if !self.colour {
            return text.to_string();
        }
        let code = match style {
            Style::Title => "1",
            Style::Good => "32",
            Style::Bad => "31;1",
            Style::Warning => "33",
            Style::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// The terminal's width in columns; `None` if it is not a terminal.
    pub(crate) fn width(self) -> Option<u16> {
        self.width
    }

    /// A stream that is not a terminal, for tests.
    #[cfg(test)]
    pub(crate) fn plain(width: Option<u16>) -> Self {
        Self { colour: false, width }
    }
}
