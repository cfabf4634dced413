//! A database for each test, on one server for all tests of a process.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{Purchase, Reason, Sku};
use restock::{cloud::database_server::DatabaseServer, narrator::Narrator};
use sqlx::{Connection, MySqlConnection};
use tokio::sync::OnceCell;
use warehouse::{OpenRestock, Opened, Warehouse};

/// The product of the migrations: reorder point 10, target stock 50.
pub const SKU: &str = "CP-502101";

/// The server of this process.
pub async fn server() -> &'static DatabaseServer {
    static SERVER: OnceCell<DatabaseServer> = OnceCell::const_new();
    let start =
        || async { DatabaseServer::start(Narrator::on_stderr()).await.expect("a database server") };
    SERVER.get_or_init(start).await
}

/// A new database on it, with the migrations run.
pub async fn fresh_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let url = server().await.create_database(&name).await.expect("a database");
    warehouse::migrate(&url.parse().expect("a URL")).await.expect("migrations");
    url
}

/// A warehouse with so many of the product in stock.
pub struct Stocked {
    pub url: String,
    pub warehouse: Warehouse,
}

impl Stocked {
    pub async fn with(stock: u32) -> Self {
        let url = fresh_database().await;
        let warehouse = open(&url).await;
        warehouse.count_stock(&sku(), stock, "opening").await.expect("stock");
        Self { url, warehouse }
    }

    /// One more function that has its own connection.
    pub async fn another(&self) -> Warehouse {
        open(&self.url).await
    }

    /// A connection that may do what no function does.
    pub async fn by_hand(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.url).await.expect("a connection")
    }

    /// Opens a restock as an execution does, for its given attempt.
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

pub fn open_request(execution: &str, cycle: u32, attempt: u32) -> OpenRestock {
    OpenRestock {
        sku: sku(),
        restock_cycle: cycle.try_into().expect("a cycle"),
        reason: Reason::SoldOut,
        execution: execution.to_owned(),
        attempt,
        attempts_allowed: 2,
    }
}
