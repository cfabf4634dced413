//! The events of a product as lines of text.

use domain::MovementKind;
use terminal::zone::Zone;

use super::Accounts;
use warehouse::{
    Change, ProductUpdate, StockMovement,
    audit::{ArrivedOrder, EventKind, HistoryEvent},
};

/// One line for each event; a movement of several buckets is one event. Unless `all` is set, consecutive sales share a line.
/// Below a failed restock is a line for each error of its execution.
pub(super) fn lines(
    events: &[HistoryEvent],
    all: bool,
    accounts: &Accounts,
    zone: &Zone,
) -> Vec<String> {
    let same = |one: &HistoryEvent, other: &HistoryEvent| match (moved(one), moved(other)) {
        (Some(one), Some(other)) => {
            one.kind == other.kind
                && (one.reference == other.reference || !all && one.kind == MovementKind::Sale)
        }
        _ => false,
    };
    let lines = events.chunk_by(same).flat_map(|run| {
        let causes = run.first().map(|event| causes(&event.kind, accounts)).unwrap_or_default();
        std::iter::once(line(run, accounts, zone)).chain(causes)
    });
    lines.collect()
}

/// The movement of an event, if it is one.
fn moved(event: &HistoryEvent) -> Option<&StockMovement> {
    match &event.kind {
        EventKind::Moved { movement, .. } => Some(movement),
        _ => None,
    }
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

fn line(run: &[HistoryEvent], accounts: &Accounts, zone: &Zone) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    let at = zone.of_utc(&first.at);
    let EventKind::Moved { stock, order, .. } = &last.kind else {
        return format!("{at}  {:15}  {}", "", described(&first.kind, accounts));
    };
    let movements: Vec<&StockMovement> = run.iter().filter_map(moved).collect();
    let several = movements.iter().any(|other| other.reference != movements[0].reference);
    let what = if several {
        sales(&movements, &zone.of_utc(&last.at))
    } else {
        stock_change(&movements, order.as_ref())
    };
    format!("{at}  {stock:>6} in stock  {what}")
}

fn sales(movements: &[&StockMovement], last: &str) -> String {
    let number = movements.iter().filter(|movement| movement.part == 0).count();
    format!("{number} sales, {} units in all, the last at {last}", -units(movements))
}

fn units(movements: &[&StockMovement]) -> i64 {
    movements.iter().map(|movement| movement.quantity).sum()
}

fn described(kind: &EventKind, accounts: &Accounts) -> String {
    match kind {
        EventKind::Moved { movement, order, .. } => stock_change(&[movement], order.as_ref()),
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
        Ok(Change::SetBuckets { buckets, .. }) => format!("set the number of buckets to {buckets}"),
        Ok(Change::AddProduct(_)) => "added the product".to_owned(),
        Ok(Change::ChangeProduct(update)) => format!("changed the product: {}", fields(&update)),
        Ok(Change::RetireProduct { .. }) => "retired the product".to_owned(),
        Ok(Change::ReturnProduct { .. }) => "brought the product back".to_owned(),
        Ok(Change::AddFactory(_) | Change::ChangeFactory(_)) => "changed a factory".to_owned(),
        Ok(Change::RecordSentOrders(sent)) => {
            format!("recorded the lost orders of the execution {}", sent.execution)
        }
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

/// The parts of one purchase, arrival, count or move.
fn stock_change(parts: &[&StockMovement], order: Option<&ArrivedOrder>) -> String {
    let Some(StockMovement { kind, reference, .. }) = parts.first() else { return String::new() };
    let quantity = units(parts);
    let what = match (kind, order) {
        (MovementKind::Sale, _) => format!("sold {}, purchase {reference}", -quantity),
        (MovementKind::Count, _) => format!("counted by hand: {quantity:+}, {reference}"),
        (MovementKind::Move, _) => return between_buckets(parts),
        (MovementKind::Arrival, None) => {
            format!("{quantity} arrived for production order {reference}, which does not exist")
        }
        (MovementKind::Arrival, Some(order)) => arrival(quantity, order),
    };
    what + &buckets(parts)
}

/// Goods that changed their bucket. The number of rows says nothing: it counts the buckets that lost goods, too.
fn between_buckets(parts: &[&StockMovement]) -> String {
    let moved: i64 = parts.iter().map(|part| part.quantity.max(0)).sum();
    let filled = parts.iter().filter(|part| part.quantity > 0).count();
    format!("moved {moved} units between buckets, into {filled}")
}

/// The buckets of a movement. Nothing for bucket 0 alone, which a product with one bucket has.
fn buckets(parts: &[&StockMovement]) -> String {
    match parts {
        [StockMovement { bucket: 0, .. }] => String::new(),
        [StockMovement { bucket, .. }] => format!(", bucket {bucket}"),
        parts => format!(", {} buckets", parts.len()),
    }
}

fn arrival(quantity: i64, ArrivedOrder { cycle, attempt, ordered, late }: &ArrivedOrder) -> String {
    let of_ordered =
        if quantity == i64::from(*ordered) { String::new() } else { format!(" of {ordered}") };
    let late = if *late { ", late" } else { "" };
    format!("restock {cycle}: {quantity}{of_ordered} arrived for attempt {attempt}{late}")
}

#[cfg(test)]
mod tests {
    use super::{MovementKind, StockMovement, stock_change};

    #[test]
    #[allow(clippy::expect_used, reason = "a failed test panics")]
    fn a_move_names_its_units_and_only_the_buckets_that_were_filled() {
        let row = |(bucket, quantity): (u8, i64)| StockMovement {
            sku: "CP-502101".parse().expect("an SKU"),
            bucket,
            kind: MovementKind::Move,
            part: bucket,
            quantity,
            reference: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff".to_owned(),
            stock_after: 0,
        };
        let rows: Vec<_> = [(0, 5), (1, 5), (2, -4), (3, -3), (4, -3)].map(row).into();
        let sentence = stock_change(&rows.iter().collect::<Vec<_>>(), None);
        assert_eq!(sentence, "moved 10 units between buckets, into 2");
    }
}
