//! The events of a product as lines of text.

use warehouse::audit::{Arrived, Event, Happened, Movement, MovementKind};

/// One line for each event. Unless `all` is set, consecutive sales share a line.
pub(super) fn lines(events: &[Event], all: bool) -> Vec<String> {
    let same = |one: &Event, other: &Event| !all && is_sale(one) && is_sale(other);
    events.chunk_by(same).map(line).collect()
}

fn is_sale(event: &Event) -> bool {
    matches!(&event.what, Happened::Moved(Movement { kind: MovementKind::Sale, .. }))
}

fn line(run: &[Event]) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    let what = if run.len() > 1 { sales(run, last) } else { described(&first.what) };
    match &last.what {
        Happened::Moved(movement) => {
            format!("{}  {:>6} in stock  {what}", second(&first.at), movement.stock_after)
        }
        _ => format!("{}  {:15}  {what}", second(&first.at), ""),
    }
}

/// `2026-11-22 10:00:00`
fn second(at: &str) -> &str {
    at.split('.').next().unwrap_or(at)
}

fn sales(run: &[Event], last: &Event) -> String {
    let quantities = run.iter().filter_map(|event| match &event.what {
        Happened::Moved(movement) => Some(i64::from(movement.quantity)),
        _ => None,
    });
    let sold = -quantities.sum::<i64>();
    format!("{} sales, {sold} units in all, the last at {}", run.len(), second(&last.at))
}

fn described(what: &Happened) -> String {
    match what {
        Happened::Moved(movement) => stock_change(movement),
        Happened::Opened { cycle, execution } => format!("restock {cycle} opened by {execution}"),
        Happened::Ordered { cycle, attempt, quantity } => {
            format!("restock {cycle}: production order for {quantity}, attempt {attempt}")
        }
        Happened::Closed { cycle, failure: None } => format!("restock {cycle} completed"),
        Happened::Closed { cycle, failure: Some(failure) } => {
            format!("restock {cycle} FAILED: {failure}")
        }
    }
}

fn stock_change(Movement { kind, quantity, reference, .. }: &Movement) -> String {
    match kind {
        MovementKind::Sale => format!("sold {}, purchase {reference}", -quantity),
        MovementKind::Count => format!("counted by hand: {quantity:+}, {reference}"),
        MovementKind::Arrival(None) => {
            format!("{quantity} arrived for production order {reference}, which does not exist")
        }
        MovementKind::Arrival(Some(arrived)) => arrival(*quantity, arrived),
    }
}

fn arrival(quantity: i32, Arrived { cycle, attempt, ordered, late }: &Arrived) -> String {
    let of_ordered = if quantity == *ordered { String::new() } else { format!(" of {ordered}") };
    let late = if *late { ", late" } else { "" };
    format!("restock {cycle}: {quantity}{of_ordered} arrived for attempt {attempt}{late}")
}
