//! Rows with values that the types do not allow: the sweep skips them, goes on, and reports them.

use sqlx::Executor;
use warehouse::{ReportSubject, SweepResult};

use testkit::{
    database::{AN_HOUR, Stocked, backdate_two_hours, ordered, sku},
    invalid::add_unreadable_product,
};

async fn execute(stocked: &Stocked, statements: &[&'static str]) {
    let mut connection = stocked.admin_connection().await;
    for statement in statements {
        connection.execute(*statement).await.expect(statement);
    }
}

async fn sweep(stocked: &Stocked) -> SweepResult {
    stocked.warehouse.sweep(AN_HOUR).await.expect("the sweep reads all other rows")
}

fn rows(swept: &SweepResult) -> Vec<&str> {
    swept.unreadable.iter().map(|unreadable| unreadable.row.as_str()).collect()
}

/// A second product `cp-9`, written while the constraint was missing.
async fn with_an_unreadable_product() -> Stocked {
    let stocked = Stocked::with(0).await;
    add_unreadable_product(&mut stocked.admin_connection().await, "cp-9").await;
    stocked
}

#[tokio::test]
async fn an_unreadable_product_does_not_stop_the_sweep_and_is_listed() {
    let stocked = with_an_unreadable_product().await;
    let swept = sweep(&stocked).await;
    assert_eq!(swept.depletions.len(), 1, "{swept:?}");
    assert_eq!(swept.depletions[0].sku, sku());
    assert_eq!((rows(&swept), swept.unreadable_rows), (vec!["product cp-9"], 1));
    assert!(swept.unreadable[0].problem.contains("SKU must be"), "{swept:?}");
}

#[tokio::test]
async fn an_unreadable_row_is_reported_once_a_day() {
    let stocked = with_an_unreadable_product().await;
    let told = ReportSubject::Unreadable(vec!["product cp-9".to_owned()]);
    for _ in 0..2 {
        stocked.warehouse.record_report(&told).await.expect("recorded");
        let swept = sweep(&stocked).await;
        assert_eq!((rows(&swept), swept.unreadable_rows), (vec![], 1), "counted all the same");
    }
    execute(&stocked, &["UPDATE unreadable_row SET reported_at = reported_at - INTERVAL 25 HOUR"])
        .await;
    assert_eq!(rows(&sweep(&stocked).await), ["product cp-9"]);
}

#[tokio::test]
async fn unreadable_restocks_and_orders_do_not_stop_the_sweep_and_are_listed() {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let statements = [
        "ALTER TABLE restock DROP CONSTRAINT restock_cycle_in_range",
        "ALTER TABLE production_order DROP CONSTRAINT order_id_form",
        "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
         SELECT 'CP-9', name, price, reorder_point, target_stock, factory FROM product",
        "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-9', 0, 'b')",
        "INSERT INTO production_order (id, sku, cycle, attempt, quantity, arrived_quantity, arrived_at)
         VALUES ('no-uuid', 'CP-502101', 1, 2, 50, 50, NOW())",
    ];
    execute(&stocked, &statements).await;
    backdate_two_hours(&stocked).await;
    let swept = sweep(&stocked).await;
    assert_eq!(rows(&swept), ["production_order no-uuid", "restock CP-9_0"]);
    assert_eq!(swept.unsettled.len(), 1, "{swept:?}");
}
