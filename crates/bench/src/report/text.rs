//! The figures as tables for people.

use std::fmt;

use terminal::{
    table::Table,
    tone::{Tone, Toned},
};

use super::{BucketSales, FunctionFigures, Purchases, Refusals, Report, Restocks, RowSales};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        functions(f, &self.functions)?;
        rows(f, "Hot row: sales of one product", &self.hot_row)?;
        rows(f, "Many rows: sales of 100 products", &self.many_rows)?;
        buckets(f, &self.buckets)?;
        refused(f, &self.refused)?;
        purchases(f, &self.purchases)?;
        restocks(f, &self.restocks)
    }
}

fn functions(f: &mut fmt::Formatter<'_>, functions: &[FunctionFigures]) -> fmt::Result {
    let headings = [
        "function", "cold ms", "with TLS", "first ms", "p50 ms", "p99 ms", "CPU s", "MB", "zip MB",
    ];
    let figures = functions.iter().map(|one| {
        let milliseconds = |number: f64| format!("{number:.2}");
        let cold_tls = one.cold_tls_ms.map_or_else(String::new, milliseconds);
        let latencies = [one.first_ms, one.p50_ms, one.p99_ms].map(milliseconds);
        let rest = [format!("{:.3}", one.cpu_s_per_1000), short(one.memory_mb), short(one.zip_mb)];
        let starts = [one.name.to_owned(), milliseconds(one.cold_ms), cold_tls].into_iter();
        starts.chain(latencies).chain(rest).collect()
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
            row.conditions.round_trip_ms.to_string(),
            row.conditions.flush_ms.to_string(),
            format!("{:.0}", row.sales_per_s),
            format!("{:.0}", row.ceiling_per_s),
            format!("{:.2}", row.ratio),
            format!("±{:.0} %", spread * 100.0),
        ]
    });
    section(f, title, &headings, figures.collect())
}

fn buckets(f: &mut fmt::Formatter<'_>, sales: &[BucketSales]) -> fmt::Result {
    let headings = ["buckets", "environments", "flush ms", "sales/s", "ceiling/s", "ratio"];
    let figures = sales.iter().map(|BucketSales { buckets, sales }| {
        vec![
            buckets.to_string(),
            sales.environments.to_string(),
            sales.conditions.flush_ms.to_string(),
            format!("{:.0}", sales.sales_per_s),
            format!("{:.0}", sales.ceiling_per_s),
            format!("{:.2}", sales.ratio),
        ]
    });
    let title = "Buckets: sales of one product whose stock is in several rows";
    section(f, title, &headings, figures.collect())
}

fn refused(f: &mut fmt::Formatter<'_>, refusals: &[Refusals]) -> fmt::Result {
    let headings = ["environments", "counted/s", "not counted/s", "ratio"];
    let figures = refusals.iter().map(|row| {
        let rates = [row.counted_per_s, row.uncounted_per_s].map(|rate| format!("{rate:.0}"));
        let [counted, uncounted] = rates;
        vec![row.environments.to_string(), counted, uncounted, format!("{:.2}", row.ratio)]
    });
    section(f, "Refusals of a product that is sold out", &headings, figures.collect())
}

fn purchases(f: &mut fmt::Formatter<'_>, purchases: &[Purchases]) -> fmt::Result {
    let headings = ["clients", "purchases/s", "p50 ms", "p99 ms", "errors", "oversold"];
    let figures = purchases.iter().map(|row| {
        let [per_s, p50, p99] = [row.per_s, row.p50_ms, row.p99_ms].map(short);
        let counts = [row.errors, row.oversold].map(|count| count.to_string());
        [vec![row.clients.to_string(), per_s, p50, p99], counts.to_vec()].concat()
    });
    section(f, "Whole purchases through the local cloud", &headings, figures.collect())
}

fn restocks(f: &mut fmt::Formatter<'_>, restocks: &[Restocks]) -> fmt::Result {
    let headings = ["refusal to order ms", "callback to sale ms", "refusals", "production orders"];
    let figures = restocks.iter().map(|row| {
        let times = [row.refusal_to_order_ms, row.callback_to_sale_ms].map(short);
        let counts = [row.refusals.to_string(), row.production_orders.to_string()];
        [times, counts].concat()
    });
    section(f, "Restocks through the local cloud", &headings, figures.collect())
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
    let mut table = Table::new(headings).with_numbers(&numbers).with_whole(&numbers);
    for row in rows {
        table.row(row.iter().map(|cell| Toned::new(cell, Tone::Plain)));
    }
    writeln!(f, "\n{title}\n\n{}", table.text().trim_end())
}
