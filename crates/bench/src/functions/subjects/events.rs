//! The events of the measured functions. A step that changes the state of a restock gets the same event again and again: it
//! does what it does after a retry, which is as much work on the database, apart from the first write.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use domain::{
    Arrival, ProductionOrder, Reason, Sku, Stock,
    callback::{Claim, Keys},
};
use serde_json::{Value, json};
use uuid::Uuid;
use warehouse::{OpenRequest, Warehouse};

use crate::{functions::answers::CALLBACK_KEY, products};

/// A product with plenty of stock, one whose goods are awaited, and one whose goods have arrived.
const PRODUCTS: u32 = 3;

/// What the events refer to.
pub(super) struct Events {
    in_stock: Sku,
    awaited: ProductionOrder,
    arrived: ProductionOrder,
    factory_url: String,
}

type Event = Box<dyn Fn() -> Result<Value>>;

impl Events {
    /// Adds products and restocks to the database.
    pub async fn prepare(database_url: &str, factory_url: &str) -> Result<Self> {
        let warehouse = Warehouse::open(database_url.parse()?).await;
        let [in_stock, awaited, arrived] =
            <[Sku; PRODUCTS as usize]>::try_from(products::skus(PRODUCTS)?)
                .map_err(|_| anyhow::anyhow!("another number of products"))?;
        products::add(&warehouse, &in_stock, products::PLENTY).await?;
        let awaited = order(&warehouse, awaited).await?;
        let arrived = order(&warehouse, arrived).await?;
        let (production_order, quantity) = (arrived.production_order, arrived.quantity);
        warehouse.record_arrival(&Arrival { production_order, quantity }).await?;
        Ok(Self { in_stock, awaited, arrived, factory_url: factory_url.to_owned() })
    }

    /// The events of a function.
    pub fn of(&self, name: &str) -> Result<Event> {
        let sku = self.in_stock.clone();
        Ok(match name {
            "sales-api" => Box::new(move || Ok(checkout(&sku))),
            "check-stock" | "decrement-stock" => Box::new(move || Ok(purchase(&sku))),
            "open-restock" => always(json!(open_request(sku)?)),
            "publish-depletion" => always(depletion(&sku)),
            "start-restock" => always(batch(&depletion(&sku).to_string(), json!({}))),
            "place-order" => always(self.placing()),
            "await-completion" | "complete-task" => always(self.waiting_task()),
            "receive-completion" => always(self.callback()?),
            "record-arrival" => always(self.arrival()),
            "increment-stock" => always(json!({"production_order": self.arrived.production_order})),
            other => bail!("there is no event for {other}"),
        })
    }

    fn placing(&self) -> Value {
        json!({
            "order": self.awaited,
            "factory": {"url": self.factory_url, "network": "public", "secret": null, "contact": null},
        })
    }

    fn waiting_task(&self) -> Value {
        json!({"production_order": self.awaited.production_order, "task_token": "token"})
    }

    fn arrival(&self) -> Value {
        let ProductionOrder { production_order, quantity, .. } = &self.arrived;
        json!({"production_order": production_order, "quantity": quantity})
    }

    fn callback(&self) -> Result<Value> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock")?.as_secs();
        let ProductionOrder { production_order, quantity, .. } = self.awaited;
        let claim = Claim { production_order, ordered: quantity, expires: now + 3600 };
        let text = |value: String| json!({"stringValue": value, "dataType": "String"});
        let attributes = json!({
            "production_order": text(production_order.to_string()),
            "quantity": text(quantity.to_string()),
            "expires": text(claim.expires.to_string()),
            "signature": text(CALLBACK_KEY.parse::<Keys>()?.sign(&claim)?),
        });
        let body = json!({"MessageAttributeProductCnt": quantity}).to_string();
        Ok(batch(&body, attributes))
    }
}

fn always(event: Value) -> Event {
    Box::new(move || Ok(event.clone()))
}

async fn order(warehouse: &Warehouse, sku: Sku) -> Result<ProductionOrder> {
    products::add(warehouse, &sku, Stock::new(1)).await?;
    let opened = warehouse.open_restock(&open_request(sku)?).await?;
    opened.order().cloned().context("no restock was opened")
}

fn open_request(sku: Sku) -> Result<OpenRequest> {
    Ok(OpenRequest {
        execution: format!("{sku}_1"),
        sku,
        restock_cycle: 1.try_into()?,
        reason: Reason::Sweep,
        attempt: 1,
        attempts_allowed: 2,
    })
}

fn purchase(sku: &Sku) -> Value {
    json!({"purchase_id": Uuid::new_v4(), "sku": sku, "quantity": 1})
}

fn checkout(sku: &Sku) -> Value {
    let body = json!({"sku": sku, "quantity": 1}).to_string();
    let key = Uuid::new_v4();
    let headers = json!({"idempotency-key": key, "content-type": "application/json"});
    json!({"version": "2.0", "headers": headers, "body": body, "isBase64Encoded": false})
}

fn depletion(sku: &Sku) -> Value {
    json!({"sku": sku, "restock_cycle": 1, "stock": 0, "reason": "reorder_point"})
}

/// An event with one message of a queue.
fn batch(body: &str, attributes: Value) -> Value {
    let sent = json!({"SentTimestamp": "1700000000000"});
    let message = json!({
        "messageId": Uuid::new_v4(), "body": body, "attributes": sent, "messageAttributes": attributes,
    });
    json!({"Records": [message]})
}
