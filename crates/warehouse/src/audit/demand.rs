//! What customers wanted of a product, and how long the factory took: the basis of the advice.

use domain::Sku;
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::Snapshot;
use crate::{Error, ProductError, Result};

/// The longest period. Its minutes fit into the answer of a function.
const MOST_WEEKS: u32 = 12;

/// What is known of a product in the last weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDemand {
    /// The first minute of the period, since 1970.
    pub from_minute: i64,
    /// The minute after the last one.
    pub to_minute: i64,
    pub reorder_point: i64,
    pub target_stock: i64,
    /// Minute since 1970, and the units sold in it.
    pub sales: Vec<(i64, i64)>,
    /// Hour since 1970, and the units refused in it for lack of stock.
    pub refusals: Vec<(i64, i64)>,
    /// Seconds from the need to the goods: for each completed restock, from its opening, or from that of the first of the
    /// failed restocks before it. So lost orders and days on which the factory was down count.
    pub lead_times: Vec<i64>,
}

impl Snapshot {
    /// Returns the demand of a product in the last weeks, at most 12. The period begins with the first movement of the
    /// product, if that is later.
    pub async fn demand(&mut self, sku: &Sku, weeks: u32) -> Result<ProductDemand, ProductError> {
        let connection = &mut self.connection;
        let product = sqlx::query!(
            r#"SELECT CAST(reorder_point AS SIGNED) AS "reorder_point!: i64",
                      CAST(target_stock AS SIGNED) AS "target_stock!: i64",
                      CAST(UNIX_TIMESTAMP() DIV 60 AS SIGNED) AS "now!: i64",
                      (SELECT CAST(UNIX_TIMESTAMP(MIN(moved_at)) DIV 60 AS SIGNED) FROM stock_movement
                       WHERE sku = product.sku) AS "first: i64"
               FROM product WHERE sku = ?"#,
            sku.as_str()
        );
        let product = product.fetch_optional(&mut *connection).await.map_err(Error::from)?;
        let product = product.ok_or_else(|| ProductError::Unknown(sku.clone()))?;
        let earliest = product.now - i64::from(weeks.clamp(1, MOST_WEEKS)) * 7 * 24 * 60;
        let from_minute = earliest.max(product.first.unwrap_or(product.now));
        Ok(ProductDemand {
            from_minute,
            to_minute: product.now + 1,
            reorder_point: product.reorder_point,
            target_stock: product.target_stock,
            sales: sales(connection, sku, from_minute).await?,
            refusals: refusals(connection, sku, from_minute / 60).await?,
            lead_times: lead_times(connection, sku, from_minute).await?,
        })
    }
}

async fn sales(
    connection: &mut MySqlConnection,
    sku: &Sku,
    from_minute: i64,
) -> Result<Vec<(i64, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT CAST(UNIX_TIMESTAMP(moved_at) DIV 60 AS SIGNED) AS "minute!: i64",
                  CAST(-SUM(quantity) AS SIGNED) AS "units!: i64"
           FROM stock_movement
           WHERE sku = ? AND kind = 'sale' AND moved_at >= FROM_UNIXTIME(?)
           GROUP BY 1 ORDER BY 1"#,
        sku.as_str(),
        from_minute * 60
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.minute, row.units)).collect())
}

async fn refusals(
    connection: &mut MySqlConnection,
    sku: &Sku,
    from_hour: i64,
) -> Result<Vec<(i64, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT CAST(hour AS SIGNED) AS "hour!: i64", CAST(SUM(units) AS SIGNED) AS "units!: i64"
           FROM refusal WHERE sku = ? AND hour >= ? GROUP BY hour ORDER BY hour"#,
        sku.as_str(),
        from_hour
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.hour, row.units)).collect())
}

async fn lead_times(
    connection: &mut MySqlConnection,
    sku: &Sku,
    from_minute: i64,
) -> Result<Vec<i64>> {
    let seconds = sqlx::query_scalar!(
        r#"SELECT TIMESTAMPDIFF(SECOND, (
                      SELECT MIN(opened_at) FROM restock AS earlier
                      WHERE earlier.sku = good.sku AND earlier.cycle <= good.cycle
                      AND earlier.cycle > (SELECT COALESCE(MAX(cycle), 0) FROM restock AS before_it
                                           WHERE before_it.sku = good.sku AND before_it.cycle < good.cycle
                                           AND before_it.status = 'completed')
                  ), closed_at) AS "seconds!: i64"
           FROM restock AS good
           WHERE sku = ? AND status = 'completed' AND closed_at >= FROM_UNIXTIME(?)
           ORDER BY cycle"#,
        sku.as_str(),
        from_minute * 60
    );
    Ok(seconds.fetch_all(connection).await?)
}
