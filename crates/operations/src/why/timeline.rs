//! The events of a product as lines of text.

use domain::MovementKind;
use terminal::zone::Zone;

use super::Accounts;
use warehouse::{
    Change, ProductUpdate, StockMovement,
    audit::{ArrivedOrder, EventKind, HistoryEvent},
};

/// One line for each event. Unless `all` is set, consecutive sales share a line. Below a failed restock is a line for
/// each error of its execution.
pub(super) fn lines(
    events: &[HistoryEvent],
    all: bool,
    accounts: &Accounts,
    zone: &Zone,
) -> Vec<String> {
    let same = |one: &HistoryEvent, other: &HistoryEvent| !all && is_sale(one) && is_sale(other);
    let lines = events.chunk_by(same).flat_map(|run| {
        let causes = run.first().map(|event| causes(&event.kind, accounts)).unwrap_or_default();
        std::iter::once(line(run, accounts, zone)).chain(causes)
    });
    lines.collect()
}

fn causes(kind: &EventKind, accounts: &Accounts) -> Vec<String> {
    let EventKind::RestockClosed { cycle, failure: Some(_) } = kind else { return Vec::new() };
    let indented = |line: String| format!("{:36}  {line}", "");
    match accounts.get(cycle) {
        Some(Ok(account)) => account.failures().map(indented).collect(),
        Some(Err(sentence)) => vec![indented(sentence.clone())],
        None => Vec::new(),
    }
}

fn is_sale(event: &HistoryEvent) -> bool {
    matches!(&event.kind, EventKind::Moved { movement, .. } if movement.kind == MovementKind::Sale)
}

fn line(run: &[HistoryEvent], accounts: &Accounts, zone: &Zone) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    let what =
        if run.len() > 1 { sales(run, last, zone) } else { described(&first.kind, accounts) };
    match &last.kind {
        EventKind::Moved { movement, .. } => {
            format!("{}  {:>6} in stock  {what}", zone.of_utc(&first.at), movement.stock_after)
        }
        _ => format!("{}  {:15}  {what}", zone.of_utc(&first.at), ""),
    }
}

fn sales(run: &[HistoryEvent], last: &HistoryEvent, zone: &Zone) -> String {
    let quantities = run.iter().filter_map(|event| match &event.kind {
        EventKind::Moved { movement, .. } => Some(movement.quantity),
        _ => None,
    });
    let sold = -quantities.sum::<i64>();
    format!("{} sales, {sold} units in all, the last at {}", run.len(), zone.of_utc(&last.at))
}

fn described(kind: &EventKind, accounts: &Accounts) -> String {
    match kind {
        EventKind::Moved { movement, order } => stock_change(movement, order.as_ref()),
        EventKind::RestockOpened { cycle, execution } => match accounts.get(cycle) {
            Some(Ok(account)) => {
                format!("restock {cycle} opened by {execution}, requested by {}", account.reason)
            }
            _ => format!("restock {cycle} opened by {execution}"),
        },
        EventKind::Ordered { cycle, attempt, quantity } => {
            format!("restock {cycle}: production order for {quantity}, attempt {attempt}")
        }
        EventKind::Changed { by, reason, content } => {
            format!("{by} {}: {reason}", change(content))
        }
        EventKind::RestockClosed { cycle, failure: None } => format!("restock {cycle} completed"),
        EventKind::RestockClosed { cycle, failure: Some(failure) } => {
            format!("restock {cycle} FAILED: {failure}")
        }
    }
}

/// What an operator has done, after their name.
fn change(content: &str) -> String {
    match serde_json::from_str(content) {
        Ok(Change::AdjustStock { units, .. }) => format!("adjusted the stock by {units:+}"),
        Ok(Change::AddProduct(_)) => "added the product".to_owned(),
        Ok(Change::ChangeProduct(update)) => format!("changed the product: {}", fields(&update)),
        Ok(Change::RetireProduct { .. }) => "retired the product".to_owned(),
        Ok(Change::ReturnProduct { .. }) => "brought the product back".to_owned(),
        Ok(Change::AddFactory(_) | Change::ChangeFactory(_)) => "changed a factory".to_owned(),
        Ok(Change::StopRestock { execution, .. }) => format!("stopped the execution {execution}"),
        Ok(Change::DeleteLetter { letter, .. }) => format!("deleted the dead letter {letter}"),
        Ok(Change::Redrive { letters, .. }) => format!("redrove dead letters: {letters}"),
        // Written by another release.
        Err(_) => content.to_owned(),
    }
}

fn fields(update: &ProductUpdate) -> String {
    let ProductUpdate { name, price, reorder_point, target_stock, factory, .. } = update;
    let all = [
        name.as_ref().map(|name| format!("name {name}")),
        price.map(|price| format!("price {price}")),
        reorder_point.map(|stock| format!("reorder point {stock}")),
        target_stock.map(|units| format!("target stock {units}")),
        factory.as_ref().map(|factory| format!("factory {factory}")),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn stock_change(movement: &StockMovement, order: Option<&ArrivedOrder>) -> String {
    let StockMovement { kind, quantity, reference, .. } = movement;
    match (kind, order) {
        (MovementKind::Sale, _) => format!("sold {}, purchase {reference}", -quantity),
        (MovementKind::Count, _) => format!("counted by hand: {quantity:+}, {reference}"),
        (MovementKind::Arrival, None) => {
            format!("{quantity} arrived for production order {reference}, which does not exist")
        }
        (MovementKind::Arrival, Some(order)) => arrival(*quantity, order),
    }
}

fn arrival(quantity: i64, ArrivedOrder { cycle, attempt, ordered, late }: &ArrivedOrder) -> String {
    let of_ordered =
        if quantity == i64::from(*ordered) { String::new() } else { format!(" of {ordered}") };
    let late = if *late { ", late" } else { "" };
    format!("restock {cycle}: {quantity}{of_ordered} arrived for attempt {attempt}{late}")
}
