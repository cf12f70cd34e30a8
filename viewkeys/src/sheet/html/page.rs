//! Elements, text and tables of a page.

use core::fmt::Display;

use louver_core::text::visible;

use crate::report::{Assurance, words as labels};

/// A page that is being written.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    /// The page's text.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    /// Markup of ours.
    pub(super) fn raw(&mut self, markup: impl Display) -> &mut Self {
        self.0.push_str(&markup.to_string());
        self
    }

    /// Text of anybody, which can neither be markup nor hide a character.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escaped(text));
        self
    }

    /// An element that holds text.
    pub(super) fn of(&mut self, tag: &str, text: &str) -> &mut Self {
        let name = tag.split(' ').next().unwrap_or(tag);
        self.raw(format_args!("<{tag}>")).text(text).raw(format_args!("</{name}>"))
    }

    /// Text of people, in a direction of its own.
    pub(super) fn said(&mut self, whose: &str, text: &str) -> &mut Self {
        self.raw("<p class=\"said\">").text(whose).raw(": <q><bdi>").text(text).raw("</bdi></q></p>")
    }

    /// A label.
    pub(super) fn badge(&mut self, assurance: Assurance) -> &mut Self {
        self.raw(format_args!("<span class=\"badge {}\">", class(assurance)));
        self.text(labels::label(assurance)).raw("</span>")
    }
}

/// Text that a browser shows as text.
pub(in crate::sheet) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn class(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Guaranteed => "good",
        Assurance::ChainNotChosen | Assurance::Unverified => "warn",
        Assurance::Unexplained => "bad",
    }
}

/// The beginning of a table. The names of columns of numbers begin with `#`.
pub(super) fn table(page: &mut Page, caption: &str, columns: &[&str]) {
    page.raw("<div class=\"scroll\"><table>").of("caption", caption).raw("<thead><tr>");
    for column in columns {
        match column.strip_prefix('#') {
            Some(column) => page.of("th scope=\"col\" class=\"n\"", column),
            None => page.of("th scope=\"col\"", column),
        };
    }
    page.raw("</tr></thead><tbody>\n");
}

/// A cell, with the name of its column for narrow screens.
pub(super) fn cell(page: &mut Page, column: &str, content: impl FnOnce(&mut Page)) {
    page.raw(format_args!("<td data-l=\"{}\"><div>", escaped(column)));
    content(page);
    page.raw("</div></td>");
}

/// A cell with a number.
pub(super) fn number(page: &mut Page, column: &str, number: &str) {
    let empty = if number.is_empty() { " empty" } else { "" };
    page.raw(format_args!("<td class=\"n{empty}\" data-l=\"{}\">", escaped(column)))
        .text(number)
        .raw("</td>");
}
