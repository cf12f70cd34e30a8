//! Tables that fit the terminal.

use comfy_table::{Cell, CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, TableStyle};

use super::Stream;

/// Columns under a heading with a rule below it.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().left(' '))
    .header_separator(LineStyle::none().left(' ').fill('-').junction('-'))
    .content_lines(ContentLineStyle::none().left(' '));

/// Rows under a heading. Cells may be painted.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Table {
    pub(crate) fn new<const N: usize>(heading: [&str; N]) -> Self {
        Self { heading: heading.map(str::to_owned).into(), rows: Vec::new(), right: Vec::new() }
    }

    /// Aligns a column, counted from 0, to the right.
    pub(crate) fn right(mut self, column: usize) -> Self {
        self.right.push(column);
        self
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The table as lines. On a terminal, cells are broken into lines so that the table fits.
    pub(crate) fn render(&self, stream: Stream) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(STYLE);
        if let Some(width) = stream.width() {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        let cell = |(column, text): (usize, &String)| {
            let side = if self.right.contains(&column) { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(text).set_alignment(side)
        };
        table.set_header(self.heading.iter().enumerate().map(cell));
        for row in &self.rows {
            table.add_row(row.iter().enumerate().map(cell));
        }
        table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["name", "amount"]).right(1);
        table.row(["alice".into(), "1.50".into()]);
        table.row(["\x1b[32mbo\x1b[0m".into(), "120.00".into()]);
        table.row(["日本".into(), "7".into()]);
        table
    }

    #[test]
    fn columns_line_up_by_what_is_seen() {
        let shown = table().render(Stream::plain(None));
        let expected = "  name    amount\n ----------------\n  alice     1.50\n  \x1b[32mbo\x1b[0m      120.00\n  日本         7\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_narrow_terminal_is_not_overrun() {
        let mut table = table();
        table.row(["somebody with a long name, and a long story to tell".into(), "12".into()]);
        let shown = table.render(Stream::plain(Some(40)));
        assert!(shown.lines().all(|line| console::measure_text_width(line) <= 40), "{shown}");
        assert!(shown.contains("story"), "{shown}");
    }
}
