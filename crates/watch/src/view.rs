//! Draws the screen.

use operations::status::{Status, failures_in_a_row};
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Modifier, Style, Stylize},
    text::{Line, Span, Text},
    widgets::{Block, Cell, Paragraph, Row, Table, TableState, Wrap},
};
use terminal::tone::{Tone, Toned};

use crate::screen::{Mode, Screen};

const KEYS: &str = "q quit  ↑↓ select  / filter  a only what needs attention  r redrive";

/// Below this width, the screen has fewer columns and shorter names of keys.
const WIDE: u16 = 70;

const SHORT_KEYS: &str = "r redrive q quit / filter a attention ↑↓";

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame, screen: &Screen) {
    let failures = screen.latest.status.as_ref().map_or(0, |status| status.failures.len());
    let failures = u16::try_from(failures.min(5)).unwrap_or(5);
    let heights = [
        Constraint::Min(5),
        Constraint::Length(5),
        Constraint::Length(failures + 2),
        Constraint::Length(if is_wide(frame.area()) { 2 } else { 3 }),
    ];
    let [products, selected, failed, bottom] = Layout::vertical(heights).areas(frame.area());
    draw_products(frame, screen, products);
    draw_selected(frame, screen, selected);
    draw_failures(frame, screen, failed);
    let footer = Paragraph::new(footer(screen, bottom)).wrap(Wrap { trim: true });
    frame.render_widget(footer, bottom);
}

fn draw_products(frame: &mut Frame, screen: &Screen, area: Rect) {
    let skus = screen.products().into_iter().map(|product| product.sku.len());
    let sku = u16::try_from(skus.max().unwrap_or_default()).unwrap_or(area.width).max(7);
    let wide = is_wide(area);
    let numbers: &[(&str, u16)] =
        if wide { &[("stock", 6), ("reorder", 8), ("target", 7)] } else { &[("stock", 6)] };
    let mut widths = vec![Constraint::Length(sku)];
    widths.extend(numbers.iter().map(|(_, width)| Constraint::Length(*width)));
    // What is left. A restock is cut sooner than the name of its product.
    widths.push(Constraint::Fill(1));
    let rows = screen.products().into_iter().map(|product| {
        let [sku, _, stock, reorder, target, restock] = product.cells();
        let shown = if wide {
            vec![sku, stock, reorder, target, restock]
        } else {
            vec![sku, stock, restock]
        };
        Row::new(shown.iter().map(cell))
    });
    let numbers = numbers.iter().map(|(name, _)| *name);
    let header = Row::new(["product"].into_iter().chain(numbers).chain(["restock"])).dim();
    let table = Table::new(rows, widths).header(header).block(Block::new().title(title(screen)));
    let table = table.row_highlight_style(Modifier::REVERSED);
    let mut state = TableState::new().with_selected(screen.selected());
    frame.render_stateful_widget(table, area, &mut state);
}

fn is_wide(area: Rect) -> bool {
    area.width >= WIDE
}

fn title(screen: &Screen) -> Line<'static> {
    let mut parts = vec!["Restock".bold()];
    if !screen.filter.is_empty() || screen.mode == Mode::Filter {
        parts.push(format!("  filter: {}", screen.filter).into());
    }
    if screen.only_attention {
        parts.push("  only what needs attention".into());
    }
    Line::from(parts)
}

/// The selected product: its name and factory, and where to see its execution.
fn draw_selected(frame: &mut Frame, screen: &Screen, area: Rect) {
    let mut lines = Vec::new();
    if let Some(product) = screen.product() {
        let name = format!("{} ({}), factory {}", product.sku, product.name, product.factory);
        lines.push(Line::from(name).bold());
        lines.extend(product.restock.iter().map(|restock| Line::from(restock.link.clone())));
    }
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), area);
}

fn draw_failures(frame: &mut Frame, screen: &Screen, area: Rect) {
    let Some(status) = &screen.latest.status else { return };
    let mut lines = vec![letters(status, screen)];
    for failure in status.failures.iter().take(5) {
        let at = screen.zone.of_utc(&failure.closed_at);
        let line =
            format!("{at}  {}_{}  {}", failure.sku, failure.cycle, failures_in_a_row(failure));
        lines.push(if failure.is_over {
            Line::from(line).dim()
        } else {
            Line::from(line).red().bold()
        });
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn letters(status: &Status, screen: &Screen) -> Line<'static> {
    let line = plain(&status.dead_letters.line(&screen.zone));
    if status.dead_letters.visible > 0 { Line::from(line).red().bold() } else { Line::from(line) }
}

fn footer(screen: &Screen, area: Rect) -> Text<'static> {
    let latest = &screen.latest;
    let said = match (&screen.mode, &latest.error, &latest.redriven) {
        (Mode::Confirm(sku), _, _) => {
            Line::from(format!("y/n: redrive the dead letters of {sku}?")).bold()
        }
        _ if screen.notice.is_some() => Line::from(screen.notice.clone().unwrap_or_default()),
        (_, Some(error), _) => Line::from(format!("cannot be read: {error}")).red().bold(),
        (_, None, Some(redriven)) => Line::from(redriven.clone()),
        (_, None, None) if latest.status.is_none() => Line::from("reading the deployment"),
        _ => Line::from(format!("times in {}", screen.zone.name())).dim(),
    };
    let keys = if is_wide(area) { KEYS } else { SHORT_KEYS };
    Text::from(vec![said, Line::from(Span::from(keys).dim())])
}

fn cell(Toned { text, tone }: &Toned) -> Cell<'static> {
    Cell::from(text.clone()).style(style(*tone))
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Title => Style::new().bold(),
        Tone::Dim => Style::new().dim(),
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Warning => Style::new().fg(Color::Yellow),
        Tone::Bad => Style::new().fg(Color::Red).bold(),
    }
}

/// Without colour codes: ratatui has its own.
fn plain(text: &str) -> String {
    terminal::tone::without_colours(text)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by ending")]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::screen::tests::screen;

    fn drawn(screen: &Screen, width: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, 24)).expect("a terminal");
        terminal.draw(|frame| draw(frame, screen)).expect("a screen");
        terminal.backend().to_string()
    }

    #[test]
    fn products_keys_and_letters_fit_80_columns() {
        let text = drawn(&screen(), 80);
        for part in ["CP-1", "CP-3", "dead letters: 0", "r redrive"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn at_40_columns_products_can_be_told_apart_and_the_keys_can_be_read() {
        let mut screen = screen();
        let mut status =
            operations::status::Status::clone(screen.latest.status.as_ref().expect("a status"));
        for (product, number) in status.products.iter_mut().zip(["1", "2", "3"]) {
            product.sku = format!("CP-50210{number}-LIMITED");
        }
        screen.latest.status = Some(std::sync::Arc::new(status));
        let text = drawn(&screen, 40);
        for part in ["CP-502101-LIMITED", "CP-502102-LIMITED", "r redrive", "q quit", "stock"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn a_deployment_that_cannot_be_read_says_so_and_keeps_what_was_read() {
        let mut screen = screen();
        screen.latest.error = Some("nothing answers".to_owned());
        let text = drawn(&screen, 80);
        assert!(
            text.contains("cannot be read: nothing answers") && text.contains("CP-2"),
            "{text}"
        );
    }
}
