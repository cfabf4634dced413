//! A database for each test, on one server for all tests of a process.

use std::sync::atomic::{AtomicU32, Ordering};

use database_server::DatabaseServer;
use domain::{ProductionOrder, Purchase, Reason, Sku, Stock};
use local_programs::console::Console;
use sqlx::{Connection, Executor, MySqlConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;
use warehouse::{
    Change, ChangeRequest, CloseRequest, OpenRequest, Opened, SweepRequest, Warehouse,
};

/// The product that the migrations insert: reorder point 10, target stock 50.
pub const SKU: &str = "CP-502101";

/// The database server of this process.
pub async fn server() -> &'static DatabaseServer {
    static SERVER: OnceCell<DatabaseServer> = OnceCell::const_new();
    let start =
        || async { DatabaseServer::start(Console::on_stderr()).await.expect("a database server") };
    SERVER.get_or_init(start).await
}

/// The URL of a new database, with all migrations run.
pub async fn fresh_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let url = server().await.create_database(&name).await.expect("a database");
    warehouse::migrate(&url.parse().expect("a URL")).await.expect("migrations");
    url
}

/// A warehouse in a new database, with stock of the product.
pub struct Stocked {
    pub url: String,
    pub warehouse: Warehouse,
}

impl Stocked {
    pub async fn with(stock: u32) -> Self {
        let url = fresh_database().await;
        let warehouse = open(&url).await;
        warehouse.count_stock(&sku(), Stock::new(stock), "opening").await.expect("stock");
        Self { url, warehouse }
    }

    /// A warehouse whose product holds its stock in so many buckets.
    pub async fn in_buckets(stock: u32, buckets: u32) -> Self {
        let stocked = Self::with(stock).await;
        stocked.warehouse.change(&set_buckets(buckets)).await.expect("buckets");
        stocked
    }

    /// The same warehouse over another connection, as another function has.
    pub async fn another(&self) -> Warehouse {
        open(&self.url).await
    }

    /// A connection that may do what no function may.
    pub async fn admin_connection(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.url).await.expect("a connection")
    }

    /// Opens a restock as an execution does for this attempt.
    pub async fn open_restock(&self, execution: &str, cycle: u32, attempt: u32) -> Opened {
        let request = open_request(execution, cycle, attempt);
        self.warehouse.open_restock(&request).await.expect("an answer")
    }
}

pub async fn open(url: &str) -> Warehouse {
    Warehouse::open(url.parse().expect("a URL")).await
}

pub fn sku() -> Sku {
    SKU.parse().expect("an SKU")
}

pub fn purchase(key: &str, quantity: u32) -> Purchase {
    Purchase {
        purchase_id: key.parse().expect("a key"),
        sku: sku(),
        quantity: quantity.try_into().expect("a quantity"),
    }
}

/// A new request to change the number of buckets.
pub fn set_buckets(buckets: u32) -> ChangeRequest {
    let buckets = buckets.try_into().expect("a number of buckets");
    ChangeRequest {
        id: Uuid::new_v4(),
        by: "kim".parse().expect("a name"),
        reason: "a crowd is expected".parse().expect("a reason"),
        change: Change::SetBuckets { sku: sku(), buckets },
    }
}

pub fn open_request(execution: &str, cycle: u32, attempt: u32) -> OpenRequest {
    OpenRequest {
        sku: sku(),
        restock_cycle: cycle.try_into().expect("a cycle"),
        reason: Reason::SoldOut,
        execution: execution.to_owned(),
        attempt,
        attempts_allowed: 2,
    }
}

/// The order of an opened restock. Panics if there is none.
pub fn ordered(opened: Opened) -> ProductionOrder {
    match opened {
        Opened::Ordered { order, .. } => order,
        other => panic!("no order: {other:?}"),
    }
}

/// A sweep that finds nothing that a test did just now.
pub const AN_HOUR: SweepRequest =
    SweepRequest { arrival_forgotten_after_seconds: 3600, ended: None };

/// Moves everything that happened so far two hours into the past.
pub async fn backdate_two_hours(stocked: &Stocked) {
    let mut connection = stocked.admin_connection().await;
    for statement in [
        "UPDATE restock SET opened_at = opened_at - INTERVAL 2 HOUR, closed_at = closed_at - INTERVAL 2 HOUR",
        "UPDATE stock_movement SET moved_at = moved_at - INTERVAL 2 HOUR",
        "UPDATE production_order SET ordered_at = ordered_at - INTERVAL 2 HOUR,
                                     arrived_at = arrived_at - INTERVAL 2 HOUR",
    ] {
        connection.execute(statement).await.expect(statement);
    }
}

/// The request to close the restock of the first cycle as failed.
pub fn close_request(execution: &str) -> CloseRequest {
    CloseRequest {
        sku: sku(),
        restock_cycle: 1.try_into().expect("a cycle"),
        execution: execution.to_owned(),
        failure: "Restock.Exhausted".to_owned(),
    }
}
