//! The public list of products, page by page.

use domain::{PageLimit, Sku};
use serde::Serialize;

use crate::{
    Product, Result, Warehouse,
    product::{OrderColumns, product},
};

/// A page of products, by SKU. This is the answer of `GET /products`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductList {
    pub products: Vec<Product>,
    /// The SKU after which the next page begins. `None` if this is the last page.
    pub next: Option<Sku>,
}

impl Warehouse {
    /// Lists the first products after a SKU. `None` begins with the first product. A product that cannot be read is left
    /// out, because it must not hide all others: the audit finds it.
    pub async fn list_products(
        &self,
        after: Option<&Sku>,
        limit: PageLimit,
    ) -> Result<ProductList> {
        let after = after.map_or("", Sku::as_str);
        // One more row shows whether there is another page.
        let rows = limit.get() + 1;
        let mut found =
            self.run(async |connection| rows_after(connection, after, rows).await).await?;
        let is_last = found.len() <= usize::try_from(limit.get()).unwrap_or(usize::MAX);
        if !is_last {
            found.pop();
        }
        let products: Vec<Product> = found.into_iter().filter_map(Result::ok).collect();
        let last = products.last().map(|product| product.sku.clone());
        Ok(ProductList { products, next: last.filter(|_| !is_last) })
    }
}

async fn rows_after(
    connection: &mut sqlx::MySqlConnection,
    after: &str,
    limit: u32,
) -> Result<Vec<Result<Product>>> {
    let rows = sqlx::query!(
        r#"SELECT product.sku, product.name, product.price,
                          (SELECT CAST(COALESCE(SUM(stock), 0) AS SIGNED) FROM stock_bucket
                           WHERE stock_bucket.sku = product.sku) AS "stock!: i64",
                  ordered.cycle AS "cycle?", ordered.attempt AS "attempt?", ordered.quantity AS "quantity?",
                  DATE_FORMAT(ordered.ordered_at, '%Y-%m-%dT%H:%i:%sZ') AS "ordered_at?: String"
           FROM product
           LEFT JOIN restock ON restock.open_sku = product.sku
           LEFT JOIN production_order AS ordered
               ON ordered.sku = restock.sku AND ordered.cycle = restock.cycle
               AND NOT EXISTS (SELECT 1 FROM production_order AS later
                               WHERE later.sku = ordered.sku AND later.cycle = ordered.cycle
                               AND later.attempt > ordered.attempt)
           WHERE product.sku > ? AND product.retired_at IS NULL ORDER BY product.sku LIMIT ?"#,
        after,
        limit
    );
    let read = rows.fetch_all(connection).await?.into_iter().map(|row| {
        let (cycle, attempt) = (row.cycle, row.attempt);
        let (quantity, ordered_at) = (row.quantity, row.ordered_at);
        let order = OrderColumns { cycle, attempt, quantity, ordered_at };
        product(row.sku.parse()?, row.name, row.price, row.stock, order)
    });
    Ok(read.collect())
}
