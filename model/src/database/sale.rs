use super::tables::{Database, SaleMovement};
use crate::{
    guards::Guards,
    scenario::{Checkout, Scenario},
};

impl Database {
    /// The sale of a purchase, if it was made.
    pub fn sale(&self, purchase_id: u8) -> Option<&SaleMovement> {
        self.sales.iter().find(|sale| sale.purchase_id == purchase_id)
    }

    /// The procedure `sell`, from `START TRANSACTION` on. Changes nothing if the stock is too low or the
    /// unique key rejects the movement. With `stock_only`, the server crashes before it writes the
    /// movement, which is possible only without a transaction.
    pub fn sell(&mut self, guards: &Guards, checkout: Checkout, stock_only: bool) {
        let Checkout { purchase_id, quantity } = checkout;
        let bounded = guards.conditional_update || guards.secondary.stock_check;
        let too_low = bounded && self.stock < quantity;
        if too_low || guards.unique_purchase_key && self.sale(purchase_id).is_some() {
            return;
        }
        self.stock -= quantity;
        if !stock_only {
            self.sales.push(SaleMovement { purchase_id, quantity, stock_after: self.stock });
            self.sales.sort();
        }
    }

    /// Whether this sale moved the stock from above the reorder point to at or below it, and the stock has
    /// stayed there since.
    pub fn crossed_reorder_point(&self, scenario: &Scenario, sale: &SaleMovement) -> bool {
        let point = scenario.reorder_point;
        let was_above = sale.stock_after + sale.quantity > point;
        was_above && sale.stock_after <= point && self.stock <= point
    }
}
