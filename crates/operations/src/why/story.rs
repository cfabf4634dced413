//! Events as lines.

use warehouse::audit::{Arrived, Event, Happened, Movement, MovementKind};

/// One line for each event; runs of sales in one, unless all are to be seen.
pub(super) fn lines(events: &[Event], all: bool) -> Vec<String> {
    let same = |one: &Event, other: &Event| !all && is_sale(one) && is_sale(other);
    events.chunk_by(same).map(line).collect()
}

fn is_sale(event: &Event) -> bool {
    matches!(&event.what, Happened::Moved(Movement { kind: MovementKind::Sale, .. }))
}

fn line(run: &[Event]) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    let what = if run.len() > 1 { sales(run, last) } else { happened(&first.what) };
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
    format!("{} sales of {sold}, the last at {}", run.len(), second(&last.at))
}

fn happened(what: &Happened) -> String {
    match what {
        Happened::Moved(movement) => moved(movement),
        Happened::Opened { cycle, execution } => format!("restock {cycle} opened by {execution}"),
        Happened::Ordered { cycle, attempt, quantity } => {
            format!("restock {cycle}: order {attempt} to the factory, for {quantity}")
        }
        Happened::Closed { cycle, failure: None } => format!("restock {cycle} completed"),
        Happened::Closed { cycle, failure: Some(failure) } => {
            format!("restock {cycle} FAILED: {failure}")
        }
    }
}

fn moved(Movement { kind, quantity, reference, .. }: &Movement) -> String {
    match kind {
        MovementKind::Sale => format!("sold {}, purchase {reference}", -quantity),
        MovementKind::Count => format!("counted by hand: {quantity:+}, {reference}"),
        MovementKind::Arrival(None) => {
            format!("{quantity} arrived for order {reference}, which is not known")
        }
        MovementKind::Arrival(Some(arrived)) => arrival(*quantity, arrived),
    }
}

fn arrival(quantity: i32, Arrived { cycle, attempt, ordered, late }: &Arrived) -> String {
    let delivered = if quantity == *ordered {
        String::new()
    } else {
        format!(" of {ordered} that were ordered")
    };
    let late = if *late { ", late" } else { "" };
    format!("restock {cycle}: {quantity}{delivered} arrived for order {attempt}{late}")
}
