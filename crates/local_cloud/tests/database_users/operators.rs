//! The functions for operators.

use std::time::Duration;

use domain::{FactoryNetwork, Sku, Stock};
use errors::ErrorName;
use warehouse::{
    Change, ChangeRequest, Factory, FactoryChange, NewProduct, ProductUpdate, SentOrder,
    SentOrders,
    audit::{Limits, Snapshot},
};

use testkit::database::open;

use crate::{Failed, FunctionLogin, purchase_of};

impl FunctionLogin {
    /// Asks every question. What an audit could not examine, it was not allowed to read.
    pub(super) async fn inspect(&self, sku: &Sku) -> Result<(), Failed> {
        let mut snapshot = Snapshot::take(&self.url.parse().expect("a URL")).await?;
        let limits = Limits {
            arrival_forgotten_seconds: 1,
            depletion_forgotten_seconds: 1,
            closed_lately_seconds: 1,
        };
        let audited = snapshot.audit(limits).await?;
        snapshot.overview().await?;
        snapshot.history(sku).await?;
        match audited.not_examined.as_slice() {
            [] => Ok(()),
            [first, ..] => {
                let hidden = first.contains("this database user may not");
                let name = if hidden { ErrorName::DatabaseBusy } else { ErrorName::DatabaseFailed };
                Err(Failed { name, message: first.clone() })
            }
        }
    }

    /// Counts in many new environments, because each writes its first count at once, to a shard of its own choice: some
    /// of them meet in one row.
    pub(super) async fn count_refusals(&self, sku: &Sku) -> Result<(), Failed> {
        for _ in 0..40 {
            let environment = open(&self.url).await;
            environment.count_refusal(&purchase_of(sku));
            environment.write_refusals(Duration::ZERO).await?;
        }
        Ok(())
    }

    /// Makes every change.
    pub(super) async fn change_all(&self, sku: &Sku) -> Result<(), Failed> {
        let new = NewProduct {
            sku: format!("{sku}-NEW").parse().expect("an SKU"),
            name: "New".parse().expect("a name"),
            price: 1,
            reorder_point: Stock::new(1),
            target_stock: 2.try_into().expect("units"),
            factory: "FF-500293".parse().expect("a factory"),
        };
        let update = ProductUpdate {
            sku: sku.clone(),
            name: Some("Other".parse().expect("a name")),
            price: Some(2),
            reorder_point: Some(Stock::new(3)),
            target_stock: Some(4.try_into().expect("units")),
            factory: Some("FF-500293".parse().expect("a factory")),
        };
        let factory = Factory {
            id: format!("FF-{sku}").parse().expect("a factory"),
            name: "Ninth".parse().expect("a name"),
            url: "https://ninth.example".parse().expect("a URL"),
            network: FactoryNetwork::Public,
            lead_time_seconds: 40.try_into().expect("a lead time"),
            contact: Some("kim".parse().expect("a contact")),
            secret: Some("factories/ninth".parse().expect("a name")),
        };
        let other = FactoryChange {
            name: Some("Other".parse().expect("a name")),
            ..FactoryChange::of(factory.id.clone())
        };
        for change in [
            Change::AddFactory(factory),
            Change::ChangeFactory(other),
            Change::AddProduct(new),
            Change::ChangeProduct(update),
            Change::AdjustStock { sku: sku.clone(), units: 5 },
            Change::SetBuckets { sku: sku.clone(), buckets: 4.try_into().expect("a number") },
            Change::RetireProduct { sku: sku.clone() },
            Change::ReturnProduct { sku: sku.clone() },
            Change::RecordSentOrders(SentOrders {
                sku: sku.clone(),
                execution: "lost".to_owned(),
                has_ended: true,
                orders: vec![SentOrder {
                    production_order: uuid::Uuid::new_v4().to_string().parse().expect("an id"),
                    attempt: 1,
                    quantity: 1.try_into().expect("units"),
                }],
            }),
        ] {
            let by = "kim".parse().expect("a name");
            let reason = "a test".parse().expect("a reason");
            let id = uuid::Uuid::new_v4();
            self.step.change(&ChangeRequest { id, by, reason, change }).await?;
        }
        Ok(())
    }
}
