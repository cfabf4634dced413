//! The figures as tables for people.

use std::fmt;

use terminal::{
    table::Table,
    tone::{Tone, Toned},
};

use super::{FunctionFigures, Report, RowSales};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        functions(f, &self.functions)?;
        rows(f, "Hot row: sales of one product", &self.hot_row)?;
        rows(f, "Many rows: sales of 100 products", &self.many_rows)
    }
}

fn functions(f: &mut fmt::Formatter<'_>, functions: &[FunctionFigures]) -> fmt::Result {
    let headings =
        ["function", "cold ms", "first ms", "p50 ms", "p99 ms", "CPU s/1000", "MB", "zip MB"];
    let figures = functions.iter().map(|one| {
        let milliseconds = [one.cold_ms, one.first_ms, one.p50_ms, one.p99_ms];
        let milliseconds = milliseconds.map(|number| format!("{number:.2}"));
        let rest = [format!("{:.3}", one.cpu_s_per_1000), short(one.memory_mb), short(one.zip_mb)];
        let name = [one.name.to_owned()].into_iter();
        name.chain(milliseconds).chain(rest).collect()
    });
    section(f, "Functions", &headings, figures.collect())
}

fn rows(f: &mut fmt::Formatter<'_>, title: &str, rows: &[RowSales]) -> fmt::Result {
    let headings =
        ["environments", "round trip ms", "flush ms", "sales/s", "ceiling/s", "ratio", "spread"];
    let figures = rows.iter().map(|row| {
        let spread = row.spread.get("ratio").copied().unwrap_or_default();
        vec![
            row.environments.to_string(),
            row.round_trip_ms.to_string(),
            row.flush_ms.to_string(),
            format!("{:.0}", row.sales_per_s),
            format!("{:.0}", row.ceiling_per_s),
            format!("{:.2}", row.ratio),
            format!("±{:.0} %", spread * 100.0),
        ]
    });
    section(f, title, &headings, figures.collect())
}

fn short(number: f64) -> String {
    format!("{number:.1}")
}

/// A title and a table. Nothing if the part was not measured.
fn section(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    headings: &[&str],
    rows: Vec<Vec<String>>,
) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let numbers: Vec<usize> = (1..headings.len()).collect();
    let mut table = Table::new(headings).with_numbers(&numbers);
    for row in rows {
        table.row(row.iter().map(|cell| Toned::new(cell, Tone::Plain)));
    }
    writeln!(f, "\n{title}\n\n{}", table.text().trim_end())
}
