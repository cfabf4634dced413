//! More than one factory: the second one, which requires a header, and what a test changes about a factory.

use factory_simulator::Factory;
use local_cloud::assortment::SECOND_FACTORY;
use warehouse::{FIRST_FACTORY, FactoryChange, ProductTotals};

use crate::System;

impl System {
    /// The second factory simulator. For a system that was started with it.
    pub fn second_factory(&self) -> &Factory {
        let second = self.cloud.backing_services.second_factory.as_ref();
        second.expect("the second simulator was started")
    }

    /// Changes the first factory.
    pub async fn change_factory(&self, change: impl FnOnce(FactoryChange) -> FactoryChange) {
        self.change(FIRST_FACTORY, change).await;
    }

    /// Changes the second factory.
    pub async fn change_second_factory(&self, change: impl FnOnce(FactoryChange) -> FactoryChange) {
        self.change(SECOND_FACTORY, change).await;
    }

    async fn change(&self, id: &str, change: impl FnOnce(FactoryChange) -> FactoryChange) {
        let change = change(FactoryChange::of(id.parse().expect("an id")));
        self.cloud.warehouse.change_factory(&change).await.expect("the factory is changed");
    }

    /// The stock of a product, the sum of its ledger, and the numbers of its restocks and orders.
    pub async fn totals_of(&self, sku: &str) -> ProductTotals {
        let sku = sku.parse().expect("an SKU");
        self.cloud.warehouse.totals(&sku).await.expect("the product's totals")
    }
}
