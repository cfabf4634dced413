//! Aligned columns.

use std::io::{IsTerminal, stdout};

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, presets};

use crate::tone::{Tone, Toned};

/// The width of a table that nobody reads on a terminal.
const WIDTH: u16 = 80;

/// A table with a heading for each column. Long cells are wrapped, so that the table fits the terminal.
#[derive(Debug)]
pub struct Table {
    table: comfy_table::Table,
    numbers: Vec<usize>,
    whole: Vec<usize>,
}

impl Table {
    /// A table whose columns have these headings.
    pub fn new(headings: &[&str]) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        // A terminal without a size, such as that of `script`, has 0 columns.
        if !stdout().is_terminal() || table.width() == Some(0) {
            table.set_width(WIDTH);
        }
        table.set_header(headings.iter().map(|heading| cell(&Toned::new(heading, Tone::Dim))));
        // The first column names what the row is about.
        Self { table, numbers: Vec::new(), whole: vec![0] }
    }

    /// Aligns a column to the right, for numbers.
    #[must_use]
    pub fn with_numbers(mut self, columns: &[usize]) -> Self {
        self.numbers = columns.to_vec();
        self
    }

    /// Never wraps a column, for what people copy, such as URLs. The first column is never wrapped anyway.
    #[must_use]
    pub fn with_whole(mut self, columns: &[usize]) -> Self {
        self.whole.extend(columns);
        self
    }

    /// Adds a row with one cell for each column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Toned>) {
        self.table.add_row(cells.into_iter().map(|toned| cell(&toned)));
    }

    /// The lines of the table, without spaces at their ends.
    pub fn text(mut self) -> String {
        for column in self.table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for column in &self.numbers {
            if let Some(column) = self.table.column_mut(*column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for column in &self.whole {
            if let Some(column) = self.table.column_mut(*column) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        self.table.trim_fmt() + "\n"
    }
}

fn cell(Toned { text, tone }: &Toned) -> Cell {
    Cell::new(tone.paint(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_80_columns_and_loses_no_word() {
        let mut table = Table::new(&["product", "stock", "restock"]).with_numbers(&[1]);
        let long = "waits for the callback of the factory ".repeat(5);
        table.row([Toned::from("CP-502101"), 7.into(), Toned::new(long, Tone::Bad)]);
        let text = anstream::adapter::strip_str(&table.text()).to_string();
        let widest = text.lines().map(unicode_width::UnicodeWidthStr::width).max();
        assert!(widest <= Some(80), "{text}");
        assert_eq!(text.matches("callback").count(), 5);
    }

    #[test]
    fn an_id_and_a_url_stay_whole_in_a_table_that_is_too_narrow_for_them() {
        let mut table = Table::new(&["factory", "name", "URL"]).with_whole(&[2]);
        let url = format!("https://factory.example/{}", "path-".repeat(20));
        table.row([Toned::from("FF-500293"), "a long name ".repeat(9).into(), url.clone().into()]);
        let text = anstream::adapter::strip_str(&table.text()).to_string();
        assert!(text.contains(&url) && text.contains("FF-500293"), "{text}");
    }

    #[test]
    fn a_name_in_korean_takes_two_columns_for_each_letter() {
        let mut table = Table::new(&["name", "stock"]);
        table.row([Toned::from("부산도너츠"), 1.into()]);
        table.row([Toned::from("donut"), 22.into()]);
        let text = anstream::adapter::strip_str(&table.text()).to_string();
        let ends: Vec<_> = text.lines().map(|line| line.rfind(char::is_whitespace)).collect();
        let width = |line: &str| {
            unicode_width::UnicodeWidthStr::width(line.rsplit_once(' ').map_or("", |l| l.0))
        };
        let lines: Vec<_> = text.lines().skip(1).map(width).collect();
        assert_eq!(lines.first(), lines.last(), "{ends:?}\n{text}");
    }
}
