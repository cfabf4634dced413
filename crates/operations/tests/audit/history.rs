//! The history of a product.

use domain::MovementKind;
use testkit::database::{Stocked, close_request, ordered, purchase, sku};
use warehouse::audit::{EventKind, Snapshot};

use crate::harness::{arrive, tamper};

/// 5,000 sales of one unit each, of 5,999 units.
const SALES: [&str; 2] = [
    "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
     WITH ten AS (SELECT 0 AS digit UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                  UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9),
          number AS (SELECT a.digit * 1000 + b.digit * 100 + c.digit * 10 + d.digit AS n
                     FROM ten AS a, ten AS b, ten AS c, ten AS d)
     SELECT 'CP-502101', 'sale', -1, CONCAT('P-', n), 5998 - n FROM number WHERE n < 5000 ORDER BY n",
    "UPDATE stock_bucket SET stock = 999",
];

#[tokio::test]
async fn a_history_tells_all_that_moved_the_stock_and_the_restocks_in_between() {
    let stocked = Stocked::with(12).await;
    stocked.warehouse.sell(&purchase("some", 5)).await.expect("sold");
    let failed = ordered(stocked.open_restock("a", 1, 1).await);
    stocked.warehouse.close_restock(&close_request("a")).await.expect("closed");
    arrive(&stocked, failed.production_order, 40).await;
    let url = stocked.url.parse().expect("a URL");
    let history =
        Snapshot::take(&url).await.expect("a look").history(&sku()).await.expect("history");
    assert_eq!((history.stock, history.ledger, history.open), (47, 47, None));
    let kinds: Vec<EventKind> = history.events.into_iter().map(|event| event.kind).collect();
    let [
        EventKind::Moved { movement: opening, order: None, .. },
        EventKind::Moved { movement: sale, order: None, stock: 7 },
        opened,
        placed,
        closed,
        EventKind::Moved { movement: late, order: Some(order), stock: 47 },
    ] = kinds.as_slice()
    else {
        panic!("{kinds:#?}")
    };
    assert_eq!((opening.kind, opening.quantity), (MovementKind::Count, 12));
    assert_eq!((sale.kind, sale.quantity, sale.stock_after), (MovementKind::Sale, -5, 7));
    assert_eq!(*opened, EventKind::RestockOpened { cycle: 1, execution: "a".to_owned() });
    assert_eq!(*placed, EventKind::Ordered { cycle: 1, attempt: 1, quantity: 43 });
    let failure = Some("Restock.Exhausted".to_owned());
    assert_eq!(*closed, EventKind::RestockClosed { cycle: 1, failure });
    assert_eq!(late.kind, MovementKind::Arrival);
    assert_eq!((order.ordered, late.quantity, order.late), (43, 40, true));
}

/// The answer goes through a Lambda function, which may return 6 MB.
#[tokio::test]
async fn a_long_history_begins_with_the_stock_after_the_movements_that_are_left_out() {
    let stocked = Stocked::with(6_000).await;
    stocked.warehouse.sell(&purchase("first", 1)).await.expect("sold");
    stocked.open_restock("too old to be shown", 1, 1).await;
    stocked.warehouse.close_restock(&close_request("too old to be shown")).await.expect("closed");
    tamper(&stocked, &SALES).await;
    let url = stocked.url.parse().expect("a URL");
    let history =
        Snapshot::take(&url).await.expect("a look").history(&sku()).await.expect("history");
    assert_eq!((history.stock, history.ledger, history.left_out), (999, 999, 2));
    let stocks = history.events.iter().map(|event| match event.kind {
        EventKind::Moved { stock, .. } => stock,
        _ => panic!("{event:?}"),
    });
    assert_eq!(stocks.collect::<Vec<_>>(), (999..5_999).rev().collect::<Vec<_>>());
}
