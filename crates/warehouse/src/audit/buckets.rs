//! Discrepancies between the buckets of a product, and between the parts of one purchase, arrival, count or move.

use sqlx::MySqlConnection;

use super::Discrepancy;
use crate::Result;

pub(super) async fn discrepancies(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let mut found = missing_buckets(connection).await?;
    found.extend(unused_buckets(connection).await?);
    found.extend(unbalanced_moves(connection).await?);
    found.extend(missing_parts(connection).await?);
    Ok(found)
}

async fn missing_buckets(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT product.sku, product.buckets AS "buckets!: u8", COUNT(stock_bucket.sku) AS "found!: i64"
           FROM product
           LEFT JOIN stock_bucket
               ON stock_bucket.sku = product.sku AND stock_bucket.bucket < product.buckets
           GROUP BY product.sku, product.buckets HAVING COUNT(stock_bucket.sku) < product.buckets
           ORDER BY product.sku"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::MissingBuckets {
        sku: row.sku,
        buckets: row.buckets,
        found: row.found,
    });
    Ok(found.collect())
}

async fn unused_buckets(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku, bucket AS "bucket!: u8", CAST(stock AS SIGNED) AS "stock!: i64",
                  product.buckets AS "buckets!: u8"
           FROM stock_bucket JOIN product USING (sku)
           WHERE bucket >= product.buckets AND stock <> 0 ORDER BY sku, bucket"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::UnusedBucket {
        sku: row.sku,
        bucket: row.bucket,
        stock: row.stock,
        buckets: row.buckets,
    });
    Ok(found.collect())
}

async fn unbalanced_moves(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku, reference, CAST(SUM(quantity) AS SIGNED) AS "sum!: i64"
           FROM stock_movement WHERE kind = 'move'
           GROUP BY sku, reference HAVING SUM(quantity) <> 0 ORDER BY sku, reference"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::UnbalancedMove {
        sku: row.sku,
        reference: row.reference,
        sum: row.sum,
    });
    Ok(found.collect())
}

async fn missing_parts(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let rows = sqlx::query!(
        r#"SELECT sku, kind AS "kind!: String", reference, id
           FROM stock_movement AS movement
           WHERE part > 0
           AND NOT EXISTS (SELECT 1 FROM stock_movement AS earlier
                           WHERE earlier.kind = movement.kind AND earlier.reference = movement.reference
                           AND earlier.part < movement.part)
           ORDER BY id"#
    );
    let rows = rows.fetch_all(connection).await?.into_iter();
    let found = rows.map(|row| Discrepancy::MissingPart {
        sku: row.sku,
        kind: row.kind,
        reference: row.reference,
        movement: row.id,
    });
    Ok(found.collect())
}
