use super::{Database, Sale};
use crate::{Checkout, Guards, Scenario};

impl Database {
    /// The sale under a key.
    pub fn sale(&self, key: u8) -> Option<&Sale> {
        self.sales.iter().find(|sale| sale.key == key)
    }

    /// `sell`, from `START TRANSACTION` on. `half` of it is what happens to a server that crashes
    /// where it is not one transaction.
    pub fn sell(&mut self, guards: &Guards, checkout: Checkout, half: bool) {
        let Checkout { key, quantity } = checkout;
        let enough = self.stock >= quantity;
        let bounded = guards.conditional_update || guards.second_line.stock_check;
        let made = self.sale(key).is_some();
        if bounded && !enough || guards.unique_purchase_key && made {
            return; // Nothing changed, or rolled back.
        }
        self.stock -= quantity;
        if !half {
            self.sales.push(Sale { key, quantity, stock_after: self.stock });
            self.sales.sort();
        }
    }

    /// What `SaleRow::sold` says: this one sale crossed the reorder point, and nothing came since.
    pub fn crossed(&self, scenario: &Scenario, sale: &Sale) -> bool {
        let point = scenario.reorder_point;
        let was_above = sale.stock_after + sale.quantity > point;
        was_above && sale.stock_after <= point && self.stock <= point
    }
}
