//! `purchase`: `CheckStock`, `DecrementStock`, `PublishSoldOut`, `PublishReorderPoint`.
//!
//! The procedure `sell` returns the product as it is after its commit, without a lock. The message uses these
//! values, so they can be outdated.

use crate::{
    executions::{PurchaseExecution, PurchaseOutcome},
    ids::{Depletion, Reason},
    scenario::{Checkout, Scenario},
    state::{State, insert_sorted},
    step::{Response, Step},
};

impl State {
    pub(super) fn purchase_steps(&self, steps: &mut Vec<Step>) {
        use PurchaseExecution::{CheckStock, DecrementStock, Ended, PublishDepletion, Selling};
        for (number, purchase) in self.purchases.iter().enumerate() {
            steps.extend(match purchase {
                CheckStock => Some(Step::CheckStock(number)),
                DecrementStock | Selling => Some(Step::DecrementStock(number)),
                PublishDepletion(..) => Some(Step::PublishDepletion(number)),
                Ended(_) => None,
            });
        }
    }

    /// `CheckStock`: continues if the purchase is sold already or the stock suffices.
    pub(super) fn check_stock(&mut self, scenario: &Scenario, number: usize) {
        let Checkout { purchase_id, quantity } = scenario.purchases[number];
        let is_sold = self.database.sale(purchase_id).is_some();
        self.purchases[number] = match is_sold || self.database.stock >= quantity {
            true => PurchaseExecution::DecrementStock,
            false => self.sold_out(scenario),
        };
    }

    /// `DecrementStock`: the first half looks for an earlier sale, the second half sells.
    pub(super) fn decrement_stock(
        &mut self,
        scenario: &Scenario,
        number: usize,
        response: Response,
    ) {
        let checkout = scenario.purchases[number];
        let purchase = self.purchases[number];
        let is_sold = self.database.sale(checkout.purchase_id).is_some();
        if purchase == PurchaseExecution::DecrementStock && !is_sold {
            self.purchases[number] = PurchaseExecution::Selling;
            return;
        }
        if purchase == PurchaseExecution::Selling {
            let stock_only = response == Response::Lost && !scenario.guards.one_transaction;
            self.database.sell(&scenario.guards, checkout, stock_only);
        }
        self.purchases[number] = match response {
            Response::Received => self.decided(scenario, checkout),
            Response::Lost => PurchaseExecution::DecrementStock,
        };
    }

    /// The Choice state `Decided`.
    fn decided(&self, scenario: &Scenario, checkout: Checkout) -> PurchaseExecution {
        let Some(sale) = self.database.sale(checkout.purchase_id) else {
            return self.sold_out(scenario);
        };
        if self.database.crossed_reorder_point(scenario, sale) {
            PurchaseExecution::PublishDepletion(self.database.cycle, PurchaseOutcome::Sold)
        } else {
            PurchaseExecution::Ended(PurchaseOutcome::Sold)
        }
    }

    fn sold_out(&self, scenario: &Scenario) -> PurchaseExecution {
        if self.database.stock <= scenario.reorder_point {
            PurchaseExecution::PublishDepletion(self.database.cycle, PurchaseOutcome::SoldOut)
        } else {
            PurchaseExecution::Ended(PurchaseOutcome::SoldOut)
        }
    }

    /// `PublishSoldOut` or `PublishReorderPoint`. The customer gets the same response if publishing fails.
    pub(super) fn publish_depletion(&mut self, number: usize, is_published: bool) {
        if let PurchaseExecution::PublishDepletion(cycle, outcome) = self.purchases[number] {
            if is_published {
                insert_sorted(&mut self.queue, Depletion { cycle, reason: Reason::Purchase });
            }
            self.purchases[number] = PurchaseExecution::Ended(outcome);
        }
    }
}
