//! `purchase`: `CheckStock`, `DecrementStock`, `PublishSoldOut`, `PublishReorderPoint`.
//!
//! The procedure `sell` is several transactions: attempts to sell, each with other buckets, and the claim of a
//! crossing. Other transactions can run between them. The message of a purchase uses the cycle that was read then, so it
//! can be outdated.

use crate::{
    database::Attempt,
    executions::{
        PurchaseExecution::{
            self, CheckStock, Claiming, DecrementStock, Ended, PublishDepletion, Selling, Sold,
        },
        PurchaseOutcome,
    },
    ids::{Cycle, Depletion, Reason},
    scenario::{Checkout, Scenario},
    state::{State, insert_sorted},
    step::{Response, Step},
};

impl State {
    pub(super) fn purchase_steps(&self, steps: &mut Vec<Step>) {
        for (number, purchase) in self.purchases.iter().enumerate() {
            steps.extend(match purchase {
                CheckStock => Some(Step::CheckStock(number)),
                DecrementStock | Selling { .. } | Sold | Claiming(_) => {
                    Some(Step::DecrementStock(number))
                }
                PublishDepletion(..) => Some(Step::PublishDepletion(number)),
                Ended(_) => None,
            });
        }
    }

    /// `CheckStock`: continues if the purchase is sold already or the stock suffices.
    pub(super) fn check_stock(&mut self, scenario: &Scenario, number: usize) {
        let Checkout { purchase_id, quantity } = scenario.purchases[number];
        let is_sold = self.database.is_sold(purchase_id);
        self.purchases[number] = match is_sold || self.database.stock() >= quantity {
            true => DecrementStock,
            false => self.sold_out(scenario),
        };
    }

    /// `DecrementStock`: the next transaction of `sell`.
    pub(super) fn decrement_stock(
        &mut self,
        scenario: &Scenario,
        number: usize,
        response: Response,
    ) {
        let next = self.continue_to_sell(scenario, number, response);
        self.purchases[number] = match response {
            Response::Received => next,
            Response::Lost => DecrementStock,
        };
    }

    fn continue_to_sell(
        &mut self,
        scenario: &Scenario,
        number: usize,
        response: Response,
    ) -> PurchaseExecution {
        let checkout = scenario.purchases[number];
        let stock_only = response == Response::Lost && !scenario.guards.one_transaction;
        match self.purchases[number] {
            DecrementStock if scenario.has_one_bucket() => {
                self.attempt(scenario, checkout, (Attempt::All, false), stock_only)
            }
            DecrementStock => {
                let attempt = self.database.first_attempt(checkout.purchase_id);
                Selling { attempt, was_too_low: false }
            }
            Selling { attempt, was_too_low } => {
                self.attempt(scenario, checkout, (attempt, was_too_low), stock_only)
            }
            Sold => self.read_after_sale(scenario, checkout.purchase_id),
            Claiming(cycle) => self.claim(checkout.purchase_id, cycle),
            other => other,
        }
    }

    /// Runs one transaction of `sell`. The stock was too low at one moment before, or not.
    fn attempt(
        &mut self,
        scenario: &Scenario,
        checkout: Checkout,
        (attempt, was_too_low): (Attempt, bool),
        stock_only: bool,
    ) -> PurchaseExecution {
        let guards = &scenario.guards;
        let Checkout { purchase_id, quantity } = checkout;
        if self.database.sell(guards, checkout, attempt, stock_only) {
            return Sold;
        }
        match self.database.next_attempt(guards, quantity, attempt) {
            Some(attempt) => Selling { attempt, was_too_low },
            // A repeated purchase: its sale may have taken the last goods.
            None if self.database.is_sold(purchase_id) => Sold,
            None => {
                let is_too_low = was_too_low || self.database.stock() < quantity;
                self.wrongly_sold_out |= !is_too_low;
                self.sold_out(scenario)
            }
        }
    }

    /// Reads the product after the sale, and claims the crossing if nobody has. The claim reads again, with the lock of
    /// the product, so what was read before makes no difference: one step.
    fn read_after_sale(&mut self, scenario: &Scenario, purchase_id: u8) -> PurchaseExecution {
        let cycle = self.database.cycle;
        match self.database.has_unclaimed_crossing(scenario) {
            true if scenario.guards.buckets.claim_reads_again => self.claim(purchase_id, cycle),
            true => Claiming(cycle),
            false => self.decided(purchase_id, cycle),
        }
    }

    fn claim(&mut self, purchase_id: u8, cycle: Cycle) -> PurchaseExecution {
        self.database.crossed_by = Some(purchase_id);
        self.decided(purchase_id, cycle)
    }

    /// The Choice state `Decided`, after a sale.
    fn decided(&self, purchase_id: u8, cycle: Cycle) -> PurchaseExecution {
        match self.database.crossed_by == Some(purchase_id) {
            true => PublishDepletion(cycle, PurchaseOutcome::Sold),
            false => Ended(PurchaseOutcome::Sold),
        }
    }

    fn sold_out(&self, scenario: &Scenario) -> PurchaseExecution {
        if self.database.stock() <= scenario.reorder_point {
            PublishDepletion(self.database.cycle, PurchaseOutcome::SoldOut)
        } else {
            Ended(PurchaseOutcome::SoldOut)
        }
    }

    /// `PublishSoldOut` or `PublishReorderPoint`. The customer gets the same response if publishing fails.
    pub(super) fn publish_depletion(&mut self, number: usize, is_published: bool) {
        if let PublishDepletion(cycle, outcome) = self.purchases[number] {
            if is_published {
                insert_sorted(&mut self.queue, Depletion { cycle, reason: Reason::Purchase });
            }
            self.purchases[number] = Ended(outcome);
        }
    }

    /// Notes for each purchase that is being decided whether the stock is too low for it now.
    pub fn note_low_stock(&mut self, scenario: &Scenario) {
        let stock = self.database.stock();
        for (purchase, checkout) in self.purchases.iter_mut().zip(&scenario.purchases) {
            if let Selling { was_too_low, .. } = purchase {
                *was_too_low |= stock < checkout.quantity;
            }
        }
    }
}
