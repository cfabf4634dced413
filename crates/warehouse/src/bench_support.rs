//! What `restock bench` compares the shop with.
//!
//! The ceiling is the most sales that a database server can make, whatever the shop does. It has tables of its own, with only
//! the keys that a sale needs, and the plainest transaction: the same update and insert as a sale, in one round trip. It checks
//! nothing else, so no shop can use it.

use sqlx::{Executor, MySqlConnection};

use crate::{DatabaseUrl, Result};

/// Tables and a procedure, in the database of the shop, or in one of their own.
const OBJECTS: [&str; 3] = [
    "CREATE TABLE ceiling_row (
         id INT UNSIGNED NOT NULL PRIMARY KEY,
         stock INT NOT NULL
     )",
    "CREATE TABLE ceiling_sale (
         id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
         row_id INT UNSIGNED NOT NULL,
         quantity INT NOT NULL,
         reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
         stock_after INT NOT NULL,
         sold_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
     )",
    "CREATE PROCEDURE ceiling_sell (IN the_row INT UNSIGNED, IN reference VARCHAR(64) CHARACTER SET ascii)
     MODIFIES SQL DATA
     BEGIN
         START TRANSACTION;
         UPDATE ceiling_row SET stock = LAST_INSERT_ID(stock - 1) WHERE id = the_row AND stock >= 1;
         INSERT INTO ceiling_sale (row_id, quantity, reference, stock_after)
             VALUES (the_row, -1, reference, LAST_INSERT_ID());
         COMMIT;
     END",
];

/// The stock of each row at the beginning. A run cannot sell it.
const STOCK: i32 = i32::MAX;

/// A client that sells from rows of its own, with one connection.
#[derive(Debug)]
pub struct CeilingClient(MySqlConnection);

/// Creates the tables of the ceiling with this number of rows.
pub async fn create_ceiling(url: &DatabaseUrl, rows: u32) -> Result<()> {
    let mut connection = url.connect().await?;
    for statement in OBJECTS {
        connection.execute(statement).await?;
    }
    for row in 0..rows {
        let insert = sqlx::query("INSERT INTO ceiling_row (id, stock) VALUES (?, ?)");
        insert.bind(row).bind(STOCK).execute(&mut connection).await?;
    }
    Ok(())
}

impl CeilingClient {
    /// Connects as functions do.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self> {
        Ok(Self(url.connect().await?))
    }

    /// Sells one unit of a row.
    pub async fn sell(&mut self, row: u32, reference: &str) -> Result<()> {
        let sell = sqlx::query("CALL ceiling_sell(?, ?)").bind(row).bind(reference);
        sell.execute(&mut self.0).await?;
        Ok(())
    }
}

/// A procedure with the parameters of `count_refusal`, which counts nothing.
const COUNT_NOTHING: &str = "CREATE PROCEDURE count_refusal (
         IN the_sku VARCHAR(40), IN the_shard TINYINT UNSIGNED, IN more_requests INT UNSIGNED, IN more_units INT UNSIGNED
     )
     BEGIN END";

/// Lets a database forget the refusals that functions count, to measure what counting costs.
pub async fn stop_counting_refusals(url: &DatabaseUrl) -> Result<()> {
    let mut connection = url.connect().await?;
    for statement in ["DROP PROCEDURE count_refusal", COUNT_NOTHING] {
        connection.execute(statement).await?;
    }
    Ok(())
}
