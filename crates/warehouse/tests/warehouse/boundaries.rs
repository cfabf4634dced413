//! The tables allow exactly what the types allow: each value at each boundary is accepted by both or by neither. A value
//! that only the table accepts stops a function that reads it.

use domain::{
    CallbackCount, FactoryId, FactoryNetwork, FactoryUrl, LeadTime, MovementKind,
    ProductionOrderId, PurchaseId, Quantity, RestockCycle, RestockStatus, SecretName, Sku, Stock,
    Units,
};
use sqlx::{Connection, MySqlConnection, mysql::MySqlArguments, query::Query};

use testkit::database::{Stocked, ordered};

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

/// Each ASCII character alone, at the start, in the middle and at the end of a text, and texts of each length.
fn labels() -> Vec<Value> {
    let characters = (0..128_u8).map(char::from).chain(['é', '부']);
    let placed = characters
        .flat_map(|c| [format!("{c}"), format!("{c}A"), format!("A{c}B"), format!("A{c}")]);
    let lengths = [0, 1, 2, 39, 40, 41, 63, 64, 65].map(|length| "A".repeat(length));
    texts(placed.chain(lengths))
}

/// Without white space at the end of a valid id: a column of type CHAR cuts it, and what is stored is valid.
fn orders() -> Vec<Value> {
    let valid = "01234567-89ab-cdef-0123-456789abcdef";
    let mut orders = vec![valid.to_owned(), valid.to_uppercase(), valid.replace('-', "")];
    orders.extend([&valid[1..], &format!("{valid}0"), ""].map(str::to_owned));
    for place in [0, 8, 13, 23, 35] {
        for character in ['g', '-', '0', 'f', ' ', '\n'] {
            let mut changed = valid.to_owned();
            changed.replace_range(place..=place, &character.to_string());
            orders.push(changed);
        }
    }
    texts(orders)
}

/// Each ASCII character in a host, a port and a path, and texts of each length. Not a port or an address that can be
/// written in another way: the table allows it and the type does not.
fn urls() -> Vec<Value> {
    let characters = (0..128_u8).map(char::from).chain(['é', '부']);
    let with = |c| {
        [
            format!("https://a{c}b.example/c"),
            format!("https://a.example{c}/c"),
            format!("https://{c}.example"),
            format!("https://a.example/b{c}"),
            format!("https://a.example:8443{c}"),
        ]
    };
    let lengths = [150, 171, 172, 173].map(|length| {
        format!("https://a.example:8443/{}{}", "ab/c".repeat(10), "b".repeat(length - 40))
    });
    let others = [
        "http://a",
        "ftp://a",
        "a",
        "https://",
        "https:///a",
        "https://a.example//b",
        "https://a..example",
        "https://a:",
        "https://a:0",
        "https://A.example",
    ];
    texts(characters.flat_map(with).chain(lengths).chain(others.map(str::to_owned)))
}

fn with_white_space(mut orders: Vec<Value>) -> Vec<Value> {
    orders
        .extend(texts([" ", "\n"].map(|end| format!("01234567-89ab-cdef-0123-456789abcdef{end}"))));
    orders
}

fn numbers() -> Vec<Value> {
    let limits = [0, 1, 50, 100, 1_000_000, i64::from(i32::MAX), i64::from(u32::MAX)];
    let around = limits.into_iter().flat_map(|limit| [limit - 1, limit, limit + 1]);
    around.chain([i64::from(i32::MIN), i64::MAX]).map(Value::Number).collect()
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
            "product.stock",
            "UPDATE product SET stock = ?",
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
            texts(["arrival", "count", "", "found"]),
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
