//! What commands print: tables and lines for people, JSON for programs.

use core::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

/// Where a command's result goes, and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    colour: bool,
    live: bool,
}

/// A colour of the terminal, by what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Title,
    Good,
    Bad,
    Warning,
    Dim,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json,
            colour: !json && !plain && io::stdout().is_terminal(),
            live: !json && io::stderr().is_terminal(),
        }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether somebody watches: then long work may show how it goes on.
    pub(crate) fn is_live(self) -> bool {
        self.live
    }

    /// Prints a result: `value` as one line of JSON, or what `human` makes of it.
    pub(crate) fn result(self, value: &impl Serialize, human: impl FnOnce() -> String) {
        if self.json {
            self.line(serde_json::to_string(value).unwrap_or_else(|error| error.to_string()));
        } else {
            self.line(human().trim_end());
        }
    }

    /// A line of standard output.
    pub(crate) fn line(self, text: impl Display) {
        if writeln!(io::stdout(), "{text}").is_err() {
            // The reader has gone, as `head` does: there is nobody left to tell.
            std::process::exit(0);
        }
    }

    /// A line for people only, on standard error so that results can be piped.
    pub(crate) fn note(self, text: impl Display) {
        if !self.json {
            eprintln!("{text}");
        }
    }

    /// Text in a colour, where there are colours.
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
}

/// Rows under a heading, in columns as wide as they need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Table {
    pub(crate) fn new<const N: usize>(heading: [&str; N]) -> Self {
        Self { rows: vec![heading.map(str::to_owned).to_vec()], right: Vec::new() }
    }

    /// Aligns a column, counted from 0, to the right.
    pub(crate) fn right(mut self, column: usize) -> Self {
        self.right.push(column);
        self
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The table as lines.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            let mut line = String::from(" ");
            for (column, cell) in row.iter().enumerate() {
                let pad = " ".repeat(widths[column] - visible(cell));
                let cell = if self.right.contains(&column) { pad + cell } else { cell.clone() + &pad };
                line.push(' ');
                line.push_str(&cell);
                line.push(' ');
            }
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", line.trim_end());
            if number == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                let _ = writeln!(out, "  {}", rule.join("  "));
            }
        }
        out
    }
}

/// How many characters of a cell are seen: colours are not.
fn visible(cell: &str) -> usize {
    let mut hidden = false;
    cell.chars()
        .filter(|c| match (*c, hidden) {
            ('\x1b', _) => {
                hidden = true;
                false
            }
            ('m', true) => {
                hidden = false;
                false
            }
            (_, hidden) => !hidden,
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(["name", "amount"]).right(1);
        table.row(["alice".into(), "1.50".into()]);
        table.row(["\x1b[32mbo\x1b[0m".into(), "120.00".into()]);
        let expected = "  name   amount\n  -----  ------\n  alice    1.50\n  \x1b[32mbo\x1b[0m     120.00\n";
        assert_eq!(table.render(), expected);
    }
}
