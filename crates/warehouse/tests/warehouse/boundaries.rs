//! The tables allow exactly what the types allow: each value at each boundary is accepted by both or by neither. A value
//! that only the table accepts stops a function that reads it.

mod values;

use domain::{
    Buckets, CallbackCount, FactoryId, FactoryNetwork, FactoryUrl, LeadTime, MovementKind,
    ProductionOrderId, PurchaseId, Quantity, RestockCycle, RestockStatus, SecretName, Sku, Stock,
    Units,
};
use sqlx::{Connection, MySqlConnection, mysql::MySqlArguments, query::Query};

use testkit::database::{Stocked, ordered};
use values::{labels, numbers, orders, urls, with_white_space};

/// The values to try: text or a number.
#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(i64),
}

/// A column, the statement that writes a value into it, and what its type says to the value.
struct Column {
    name: &'static str,
    write: &'static str,
    is_valid: fn(&Value) -> bool,
    values: Vec<Value>,
}

impl Value {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(_) => panic!("a text"),
        }
    }

    fn number(&self) -> i64 {
        match self {
            Self::Number(number) => *number,
            Self::Text(_) => panic!("a number"),
        }
    }

    fn as_type<T: TryFrom<u32>>(&self) -> Option<T> {
        u32::try_from(self.number()).ok().and_then(|number| T::try_from(number).ok())
    }

    fn bind_to<'q>(
        &'q self,
        query: Query<'q, sqlx::MySql, MySqlArguments>,
    ) -> Query<'q, sqlx::MySql, MySqlArguments> {
        match self {
            Self::Text(text) => query.bind(text),
            Self::Number(number) => query.bind(number),
        }
    }
}

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<Value> {
    texts.into_iter().map(|text| Value::Text(text.into())).collect()
}

const NEW_PRODUCT: &str =
    "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
    SELECT ?, name, price, reorder_point, target_stock, factory FROM product WHERE sku = 'CP-502101'";

fn of_factory_and_product() -> Vec<Column> {
    let column = |name, write, is_valid, values| Column { name, write, is_valid, values };
    vec![
        column(
            "factory.id",
            "INSERT INTO factory (id, name, url) VALUES (?, 'x', 'https://factory.example')",
            |v| v.text().parse::<FactoryId>().is_ok(),
            labels(),
        ),
        column(
            "factory.url",
            "UPDATE factory SET url = ?",
            |v| v.text().parse::<FactoryUrl>().is_ok(),
            urls(),
        ),
        column(
            "factory.network",
            "UPDATE factory SET network = ?",
            |v| v.text().parse::<FactoryNetwork>().is_ok(),
            texts(["public", "private", "", "other"]),
        ),
        column(
            "factory.lead_time_seconds",
            "UPDATE factory SET lead_time_seconds = ?",
            |v| v.as_type::<LeadTime>().is_some(),
            [numbers(), [2_591_999, 2_592_000, 2_592_001].map(Value::Number).to_vec()].concat(),
        ),
        column(
            "factory.secret",
            "UPDATE factory SET secret = ?",
            |v| v.text().parse::<SecretName>().is_ok(),
            [labels(), texts([127, 128, 129].map(|length| "a".repeat(length)))].concat(),
        ),
        column("product.sku", NEW_PRODUCT, |v| v.text().parse::<Sku>().is_ok(), labels()),
        column(
            "product.price",
            "UPDATE product SET price = ?",
            |v| v.as_type::<u32>().is_some(),
            numbers(),
        ),
        column(
            "product.buckets",
            "UPDATE product SET buckets = ?",
            |v| v.as_type::<Buckets>().is_some(),
            [numbers(), [2, 63, 64, 65].map(Value::Number).to_vec()].concat(),
        ),
        column(
            "stock_bucket.stock",
            "UPDATE stock_bucket SET stock = ?",
            |v| v.as_type::<Stock>().is_some(),
            numbers(),
        ),
        // Its upper limit is the target stock.
        column(
            "product.reorder_point",
            "UPDATE product SET reorder_point = ?, target_stock = 1000000",
            |v| v.as_type::<Stock>().is_some() && v.number() < 1_000_000,
            numbers(),
        ),
        column(
            "product.target_stock",
            "UPDATE product SET target_stock = ?, reorder_point = 0",
            |v| v.as_type::<Units>().is_some(),
            numbers(),
        ),
        column(
            "product.restock_cycle",
            "UPDATE product SET restock_cycle = ?",
            |v| v.as_type::<RestockCycle>().is_some(),
            numbers(),
        ),
    ]
}

fn of_restock_and_order() -> Vec<Column> {
    let column = |name, write, is_valid, values| Column { name, write, is_valid, values };
    vec![
        column(
            "restock.cycle",
            "INSERT INTO restock (sku, cycle, execution) VALUES ('CP-9', ?, 'x')",
            |v| v.as_type::<RestockCycle>().is_some(),
            numbers(),
        ),
        column(
            "restock.status",
            "UPDATE restock SET status = ?, closed_at = NULL",
            |v| v.text().parse::<RestockStatus>().is_ok() && v.text() == "open",
            texts(["open", "", "closed", "opened"]),
        ),
        column(
            "production_order.id",
            "INSERT INTO production_order (id, sku, cycle, attempt, quantity) VALUES (?, 'CP-502101', 1, 3, 50)",
            |v| v.text().parse::<ProductionOrderId>().is_ok(),
            orders(),
        ),
        column(
            "production_order.attempt",
            "UPDATE production_order SET attempt = ?",
            |v| v.as_type::<u32>().is_some_and(|attempt| attempt >= 1),
            numbers(),
        ),
        column(
            "production_order.quantity",
            "UPDATE production_order SET quantity = ?",
            |v| v.as_type::<Units>().is_some(),
            numbers(),
        ),
        column(
            "production_order.arrived_quantity",
            "UPDATE production_order SET arrived_quantity = ?, arrived_at = NOW()",
            |v| {
                v.as_type::<u32>().is_some_and(|count| {
                    CallbackCount::Number(count).within(50.try_into().expect("units")).is_ok()
                })
            },
            numbers(),
        ),
    ]
}

fn of_movement() -> Vec<Column> {
    let column = |name, write, is_valid, values| Column { name, write, is_valid, values };
    vec![
        column(
            "stock_movement.quantity of a sale",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', 'sale', -?, 'x', 1)",
            |v| v.as_type::<Quantity>().is_some(),
            numbers(),
        ),
        column(
            "stock_movement.quantity of an arrival",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', 'arrival', ?, UUID(), 1)",
            |v| v.as_type::<Units>().is_some(),
            numbers(),
        ),
        column(
            "stock_movement.stock_after",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', 'count', 1, 'x', ?)",
            |v| v.as_type::<Stock>().is_some(),
            numbers(),
        ),
        column(
            "stock_movement.reference of a sale",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', 'sale', -1, ?, 1)",
            |v| v.text().parse::<PurchaseId>().is_ok(),
            labels(),
        ),
        column(
            "stock_movement.reference of an arrival",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', 'arrival', 1, ?, 1)",
            |v| v.text().parse::<ProductionOrderId>().is_ok(),
            with_white_space(orders()),
        ),
        column(
            "stock_movement.kind",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after) VALUES ('CP-502101', ?, 1, UUID(), 1)",
            |v| v.text().parse::<MovementKind>().is_ok(),
            texts(["arrival", "count", "move", "", "found"]),
        ),
    ]
}

/// Whether the table accepts the value. Changes nothing.
async fn is_accepted(connection: &mut MySqlConnection, column: &Column, value: &Value) -> bool {
    let mut transaction = connection.begin().await.expect("a transaction");
    let written = value.bind_to(sqlx::query(column.write)).execute(&mut *transaction).await;
    transaction.rollback().await.expect("a rollback");
    if let Err(error) = &written {
        let is_rejection = error.as_database_error().is_some();
        assert!(is_rejection, "{}: {value:?}: {error}", column.name);
    }
    written.is_ok()
}

async fn assert_same(columns: Vec<Column>) {
    let stocked = Stocked::with(0).await;
    ordered(stocked.open_restock("a", 1, 1).await);
    let mut connection = stocked.admin_connection().await;
    sqlx::query(NEW_PRODUCT).bind("CP-9").execute(&mut connection).await.expect("a second product");
    for column in columns {
        let (mut accepted, mut differ) = (0, Vec::new());
        for value in &column.values {
            let by_table = is_accepted(&mut connection, &column, value).await;
            accepted += usize::from(by_table);
            if by_table != (column.is_valid)(value) {
                differ.push((value.clone(), by_table));
            }
        }
        assert!(differ.is_empty(), "{}: (value, accepted by the table): {differ:?}", column.name);
        let some = accepted > 0 && accepted < column.values.len();
        assert!(some, "{}: {accepted} of {} accepted", column.name, column.values.len());
    }
}

#[tokio::test]
async fn the_tables_factory_and_product_allow_exactly_what_the_types_allow() {
    assert_same(of_factory_and_product()).await;
}

#[tokio::test]
async fn the_tables_restock_and_production_order_allow_exactly_what_the_types_allow() {
    assert_same(of_restock_and_order()).await;
}

#[tokio::test]
async fn the_ledger_allows_exactly_what_the_types_allow() {
    assert_same(of_movement()).await;
}
