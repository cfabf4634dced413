//! The history of a product.

use domain::MovementKind;
use testkit::database::{Stocked, close_request, ordered, purchase, sku};
use warehouse::audit::{EventKind, Snapshot};

use crate::harness::arrive;

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
