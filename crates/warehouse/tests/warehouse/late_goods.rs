//! Goods that come between the decision on a purchase and the look at the stock for its answer.

use std::convert::Infallible;

use domain::PurchaseOutcome;
use errors::NamedError;
use futures::future::join_all;
use sqlx::Executor;
use warehouse::{Decision, Error};

use testkit::database::{Stocked, purchase};

/// The units of each purchase.
const QUANTITY: u32 = 50;

async fn execute(stocked: &Stocked, statements: [&'static str; 2]) {
    let mut connection = stocked.admin_connection().await;
    for statement in statements {
        connection.execute(statement).await.expect(statement);
    }
}

/// Refuses the purchase, and then goods come, as they may at any time after the commit.
const GOODS_COME_AFTER_THE_REFUSAL: [&str; 2] = [
    "DROP PROCEDURE sell_from_all_buckets",
    "CREATE PROCEDURE sell_from_all_buckets (IN purchase_id VARCHAR(64), IN the_sku VARCHAR(40), IN the_quantity INT)
    MODIFIES SQL DATA
    UPDATE stock_bucket SET stock = 120 WHERE sku = the_sku",
];

#[tokio::test]
async fn a_purchase_is_sold_if_goods_come_just_after_its_refusal() {
    let stocked = Stocked::with(30).await;
    execute(&stocked, GOODS_COME_AFTER_THE_REFUSAL).await;
    let decision = stocked.warehouse.sell(&purchase("a", QUANTITY)).await.expect("an answer");
    assert_eq!(decision.outcome, PurchaseOutcome::Sold);
    assert_eq!(decision.level.map(|level| level.stock.get()), Some(70));
}

/// Refuses every purchase, and returns a stock of 60.
const ALWAYS_REFUSED: [&str; 2] = [
    "DROP PROCEDURE sell",
    "CREATE PROCEDURE sell (IN purchase_id VARCHAR(64), IN the_sku VARCHAR(40), IN the_quantity INT)
    READS SQL DATA
    SELECT CAST(60 AS SIGNED) AS stock, reorder_point, restock_cycle, NULL AS sold_sku, CAST(NULL AS SIGNED) AS sold_quantity,
           CAST(NULL AS SIGNED) AS stock_after, 0 AS crossed
    FROM product WHERE sku = the_sku",
];

#[tokio::test]
async fn a_purchase_whose_refusals_all_contradict_themselves_can_be_sent_again() {
    let stocked = Stocked::with(30).await;
    execute(&stocked, ALWAYS_REFUSED).await;
    let error = stocked.warehouse.sell(&purchase("a", QUANTITY)).await.expect_err("no answer");
    assert_eq!(error.name().as_str(), "Database.Busy", "{error}");
    assert!(matches!(error, Error::StockChanges), "{error}");
    let refused = stocked.warehouse.sell(&purchase("b", 61)).await.expect("an answer");
    assert_eq!(refused.outcome, PurchaseOutcome::SoldOut, "60 do not suffice for 61");
}

/// Corrects the stock of the first bucket up and down, without an end: in one statement, so that as many corrections as possible
/// come between the commit of a refusal and the look at the stock.
async fn correct(stocked: &Stocked) -> Infallible {
    let mut connection = stocked.admin_connection().await;
    loop {
        let update = "UPDATE stock_bucket SET stock = IF(stock < 60, stock + 60, stock - 60) WHERE bucket = 0";
        connection.execute(update).await.expect("a correction");
    }
}

/// The decisions on so many purchases, one after the other.
async fn buy(stocked: &Stocked, buyer: u32, purchases: u32) -> Vec<Decision> {
    let warehouse = stocked.another().await;
    let mut decisions = Vec::new();
    for number in 0..purchases {
        let purchase = purchase(&format!("{buyer}-{number}"), QUANTITY);
        match warehouse.sell(&purchase).await {
            Ok(decision) => decisions.push(decision),
            // Goods came after each refusal. The state machine sends the purchase again.
            Err(Error::StockChanges) => {}
            Err(error) => panic!("{error}"),
        }
    }
    decisions
}

/// The stocks that the answers with this outcome name.
fn stocks(decisions: &[Decision], outcome: PurchaseOutcome) -> Vec<u32> {
    let decisions = decisions.iter().filter(|decision| decision.outcome == outcome);
    decisions.filter_map(|decision| Some(decision.level.as_ref()?.stock.get())).collect()
}

#[tokio::test]
async fn no_refusal_names_a_stock_that_suffices_while_the_stock_is_corrected() {
    for buckets in [1, 4] {
        let stocked = Stocked::in_buckets(40, buckets).await;
        let buyers = join_all((0..4).map(|buyer| buy(&stocked, buyer, 500)));
        let decisions = tokio::select! {
            decisions = buyers => decisions.concat(),
            never = correct(&stocked) => match never {},
            never = correct(&stocked) => match never {},
        };
        assert_ne!(stocks(&decisions, PurchaseOutcome::Sold), [0_u32; 0], "{buckets} buckets");
        let mut refused = stocks(&decisions, PurchaseOutcome::SoldOut);
        assert_ne!(refused, [0_u32; 0], "{buckets} buckets");
        let all = refused.len();
        refused.retain(|stock| *stock >= QUANTITY);
        assert_eq!(refused, [0_u32; 0], "{buckets} buckets, {all} refusals");
    }
}
