//! Pictures of the figures, as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::{coord::Shift, prelude::*};

use crate::report::{Conditions, Report, RowSales};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A figure of a row.
type Figure = fn(&RowSales) -> f64;

const SIZE: (u32, u32) = (800, 400);
const COLOURS: [RGBColor; 2] = [RGBColor(0, 90, 160), RGBColor(200, 80, 0)];

impl Report {
    /// Draws the parts that were measured into files of this folder.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn draw(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        rows(&folder.join("hot-row.svg"), "Sales of one product", &self.hot_row)?;
        rows(&folder.join("many-rows.svg"), "Sales of 100 products", &self.many_rows)?;
        let buckets = self.buckets.iter().map(|one| {
            let name =
                format!("buckets: {}, flush: {} ms", one.buckets, one.sales.conditions.flush_ms);
            (name, one.sales.sales_per_s)
        });
        let buckets: Vec<_> = buckets.collect();
        bars(&folder.join("buckets.svg"), "Sales a second of one product", &buckets)?;
        let starts = self.functions.iter().map(|one| (one.name.to_owned(), one.cold_ms));
        let starts: Vec<_> = starts.collect();
        bars(&folder.join("starts.svg"), "Start of a function, ms to the first poll", &starts)?;
        let rates =
            self.purchases.iter().map(|one| (format!("clients: {}", one.clients), one.per_s));
        let rates: Vec<_> = rates.collect();
        bars(&folder.join("purchases.svg"), "Whole purchases a second, local cloud", &rates)
    }
}

/// The sales and the ceiling for each number of environments, one chart for each network and disk.
fn rows(file: &Path, title: &str, rows: &[RowSales]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let area = area(file)?;
    let area = area.titled(title, ("sans-serif", 20)).map_err(failed)?;
    let charts = area.split_evenly((1, rows.chunk_by(same_conditions).count()));
    for (area, rows) in charts.iter().zip(rows.chunk_by(same_conditions)) {
        chart(area, rows)?;
    }
    area.present().map_err(failed)
}

fn same_conditions(one: &RowSales, other: &RowSales) -> bool {
    one.conditions == other.conditions
}

fn chart(area: &Area<'_>, rows: &[RowSales]) -> Result<()> {
    let most = rows.iter().map(|row| row.ceiling_per_s.max(row.sales_per_s)).fold(1.0, f64::max);
    let Some(RowSales { conditions, .. }) = rows.first() else { return Ok(()) };
    let Conditions { round_trip_ms, flush_ms } = conditions;
    let caption = format!("network {round_trip_ms} ms, flush {flush_ms} ms");
    let mut chart = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 13))
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(44)
        // Above the lines is room for their names.
        .build_cartesian_2d(0.0..34.0, 0.0..most * 1.4)
        .map_err(failed)?;
    let mut mesh = chart.configure_mesh();
    mesh.x_desc("environments").x_labels(4).disable_x_mesh().light_line_style(TRANSPARENT);
    mesh.x_label_formatter(&whole).y_label_formatter(&whole).draw().map_err(failed)?;
    let lines: [(&str, Figure); 2] =
        [("sales/s", |row| row.sales_per_s), ("ceiling/s", |row| row.ceiling_per_s)];
    for ((name, figure), colour) in lines.into_iter().zip(COLOURS) {
        let points = rows.iter().map(|row| (f64::from(row.environments), figure(row)));
        let line = LineSeries::new(points, colour.stroke_width(2)).point_size(3);
        let drawn = chart.draw_series(line).map_err(failed)?;
        drawn.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 12, y)], colour));
    }
    let mut labels = chart.configure_series_labels();
    labels
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .draw()
        .map_err(failed)
}

/// One bar for each name.
fn bars(file: &Path, title: &str, figures: &[(String, f64)]) -> Result<()> {
    if figures.is_empty() {
        return Ok(());
    }
    let most = figures.iter().map(|(_, figure)| *figure).fold(0.0, f64::max);
    let area = area(file)?;
    let numbers = 0..u32::try_from(figures.len() - 1)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(8)
        .x_label_area_size(30)
        .y_label_area_size(150)
        .build_cartesian_2d(0.0..most * 1.1, numbers.into_segmented())
        .map_err(failed)?;
    let name = |segment: &SegmentValue<u32>| name(figures, segment);
    let mut mesh = chart.configure_mesh();
    mesh.disable_y_mesh().y_labels(figures.len()).y_label_formatter(&name);
    mesh.light_line_style(TRANSPARENT).x_label_formatter(&whole).draw().map_err(failed)?;
    let bars = (0..).zip(figures).map(|(number, (_, figure))| {
        let (from, to) = (SegmentValue::Exact(number), SegmentValue::Exact(number + 1));
        let mut bar = Rectangle::new([(0.0, from), (*figure, to)], COLOURS[0].filled());
        bar.set_margin(3, 3, 0, 0);
        bar
    });
    chart.draw_series(bars).map_err(failed)?;
    area.present().map_err(failed)
}

/// The label of a number on an axis.
fn whole(number: &f64) -> String {
    format!("{number:.0}")
}

/// The name of the bar in a segment of the axis.
fn name(figures: &[(String, f64)], segment: &SegmentValue<u32>) -> String {
    let (SegmentValue::CenterOf(number) | SegmentValue::Exact(number)) = segment else {
        return String::new();
    };
    let figure = usize::try_from(*number).ok().and_then(|number| figures.get(number));
    figure.map_or_else(String::new, |(name, _)| name.clone())
}

fn area(file: &Path) -> Result<Area<'_>> {
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    Ok(area)
}

/// The errors of the library are not all `Sync`.
fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("a plot cannot be drawn: {error}")
}
