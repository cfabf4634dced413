//! A change that is refused leaves nothing behind.

use errors::NamedError;
use sqlx::{Executor, Row};
use warehouse::{Change, ProductUpdate};

use super::{adjust, make, new_product};
use testkit::database::{Stocked, sku};

/// A number for each table that an operator can change. It changes with any row.
async fn checksums(stocked: &Stocked) -> Vec<i64> {
    let tables = "CHECKSUM TABLE factory, product, stock_bucket, restock, production_order, \
                  stock_movement, operator_change";
    let rows = sqlx::raw_sql(tables).fetch_all(&mut stocked.admin_connection().await).await;
    rows.expect("checksums").iter().map(|row| row.get_unchecked("Checksum")).collect()
}

/// Five units are left, and the purchase P1 has published the depletion.
async fn depleted() -> Stocked {
    let stocked = Stocked::with(5).await;
    let mut connection = stocked.admin_connection().await;
    connection.execute("UPDATE product SET crossed_by = 'P1'").await.expect("a crossing");
    stocked
}

fn reorder_point(reorder_point: u32) -> Change {
    Change::ChangeProduct(ProductUpdate {
        sku: sku(),
        name: None,
        price: None,
        reorder_point: Some(reorder_point.try_into().expect("a stock")),
        target_stock: None,
        factory: None,
    })
}

#[tokio::test]
async fn a_refused_change_changes_no_row_of_any_table() {
    let stocked = depleted().await;
    let before = checksums(&stocked).await;
    for change in [
        adjust(-6).change,
        adjust(0).change,
        adjust(i32::MAX).change,
        reorder_point(60),
        Change::ReturnProduct { sku: sku() },
        Change::AddProduct(new_product(20, "FF-1")),
        Change::AddProduct(new_product(5, "FF-500293")),
    ] {
        let error = make(&stocked, change.clone()).await.expect_err("a refusal");
        assert_eq!(checksums(&stocked).await, before, "{change:?}: {error}");
    }
}

#[tokio::test]
async fn a_change_of_an_unknown_product_is_not_recorded() {
    let stocked = depleted().await;
    let before = checksums(&stocked).await;
    let sku = || "CP-8".parse().expect("an SKU");
    for change in [
        Change::AdjustStock { sku: sku(), units: 1 },
        Change::SetBuckets { sku: sku(), buckets: 2_u32.try_into().expect("buckets") },
        Change::RetireProduct { sku: sku() },
        Change::ReturnProduct { sku: sku() },
        Change::StopRestock { sku: sku(), execution: "a".to_owned() },
        Change::DeleteLetter { sku: sku(), letter: "a".to_owned() },
        Change::Redrive { sku: sku(), letters: 1 },
    ] {
        let error = make(&stocked, change.clone()).await.expect_err("an unknown product");
        assert_eq!(error.name().as_str(), "Product.Unknown", "{error}");
        assert_eq!(checksums(&stocked).await, before, "{change:?}");
    }
}
