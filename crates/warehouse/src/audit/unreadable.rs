//! Values that the tables allow and the types of the shop do not. A step that reads such a row fails.

use domain::{
    FactoryId, FactoryNetwork, FactoryUrl, LeadTime, ProductionOrderId, RestockCycle,
    RestockStatus, SecretName, Sku, Units,
};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;

use super::Discrepancy;
use crate::Result;

/// A value that no step can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableValue {
    pub table: String,
    pub column: String,
    pub value: String,
    /// The row: a product, a restock such as `CP-502101_3`, or a production order.
    pub row: String,
    /// The product of the row.
    pub sku: String,
    /// What is allowed.
    pub problem: String,
}

pub(super) async fn values(connection: &mut MySqlConnection) -> Result<Vec<Discrepancy>> {
    let mut found = factories(connection).await?;
    found.extend(products(connection).await?);
    found.extend(restocks(connection).await?);
    found.extend(orders(connection).await?);
    Ok(found.into_iter().map(Discrepancy::UnreadableValue).collect())
}

/// Checks the values of one row.
struct Reader<'a> {
    table: &'static str,
    row: String,
    sku: &'a str,
    found: &'a mut Vec<UnreadableValue>,
}

impl Reader<'_> {
    fn check<T>(
        &mut self,
        column: &'static str,
        value: &impl ToString,
        parsed: Result<T, domain::Error>,
    ) {
        let Err(error) = parsed else { return };
        self.found.push(UnreadableValue {
            table: self.table.to_owned(),
            column: column.to_owned(),
            value: value.to_string(),
            row: self.row.clone(),
            sku: self.sku.to_owned(),
            problem: error.to_string(),
        });
    }
}

fn units(number: i32) -> Result<Units, domain::Error> {
    u32::try_from(number).map_err(|_| domain::Error::Units)?.try_into()
}

async fn factories(connection: &mut MySqlConnection) -> Result<Vec<UnreadableValue>> {
    let rows = sqlx::query!(
        r#"SELECT id, url, network AS "network: String", lead_time_seconds, secret FROM factory ORDER BY id"#
    );
    let mut found = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let (id, seconds) = (&row.id, row.lead_time_seconds);
        let mut reader = Reader { table: "factory", row: id.clone(), sku: "", found: &mut found };
        reader.check("id", id, id.parse::<FactoryId>());
        reader.check("url", &row.url, row.url.parse::<FactoryUrl>());
        reader.check("network", &row.network, row.network.parse::<FactoryNetwork>());
        reader.check("lead_time_seconds", &seconds, LeadTime::try_from(seconds));
        let secret = row.secret.unwrap_or_else(|| "none".to_owned());
        reader.check("secret", &secret, secret.parse::<SecretName>());
    }
    Ok(found)
}

/// A restock may have to order up to the target stock.
async fn products(connection: &mut MySqlConnection) -> Result<Vec<UnreadableValue>> {
    let rows = sqlx::query!("SELECT sku, restock_cycle, target_stock FROM product ORDER BY sku");
    let mut found = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let (sku, cycle, target) = (&row.sku, row.restock_cycle, row.target_stock);
        let mut reader = Reader { table: "product", row: sku.clone(), sku, found: &mut found };
        reader.check("sku", sku, sku.parse::<Sku>());
        reader.check("restock_cycle", &cycle, RestockCycle::try_from(cycle));
        reader.check("target_stock", &target, units(target));
    }
    Ok(found)
}

async fn restocks(connection: &mut MySqlConnection) -> Result<Vec<UnreadableValue>> {
    let rows = sqlx::query!(
        r#"SELECT sku, cycle, status AS "status: String" FROM restock
           WHERE cycle NOT BETWEEN 1 AND 1000000000 OR status NOT IN ('open', 'completed', 'failed') ORDER BY sku, cycle"#
    );
    let mut found = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let restock = format!("{}_{}", row.sku, row.cycle);
        let mut reader =
            Reader { table: "restock", row: restock, sku: &row.sku, found: &mut found };
        reader.check("cycle", &row.cycle, RestockCycle::try_from(row.cycle));
        reader.check("status", &row.status, row.status.parse::<RestockStatus>());
    }
    Ok(found)
}

async fn orders(connection: &mut MySqlConnection) -> Result<Vec<UnreadableValue>> {
    let rows = sqlx::query!(
        "SELECT id, sku, quantity, arrived_quantity FROM production_order ORDER BY id"
    );
    let mut found = Vec::new();
    for row in rows.fetch_all(connection).await? {
        let (id, quantity) = (&row.id, row.quantity);
        let mut reader =
            Reader { table: "production_order", row: id.clone(), sku: &row.sku, found: &mut found };
        reader.check("id", id, id.parse::<ProductionOrderId>());
        reader.check("quantity", &quantity, units(quantity));
    }
    Ok(found)
}
