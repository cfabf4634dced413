//! `purchase`: `CheckStock`, `DecrementStock`, `PublishDepletion`.
//!
//! The row that `sell` answers is read with its commit: it is advice for the message.

use crate::{
    Checkout, Cycle, Depletion, Reason, Scenario, Step,
    state::{Answer, State, put},
};

/// An execution of `purchase`, by the state it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purchase {
    /// Sent, and not looked at yet.
    CheckStock,
    /// About to look for a sale under its key.
    DecrementStock,
    /// It found none and is about to sell: the rest of `sell`.
    Selling,
    /// About to tell of a depletion.
    PublishDepletion(Cycle, Told),
    /// Over.
    Ended(Told),
}

/// What the customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Told {
    Sold,
    SoldOut,
    NotKnown,
}

impl Purchase {
    /// Whether it is over.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Ended(_))
    }
}

impl State {
    /// The next step of each purchase.
    pub fn purchase_steps(&self, steps: &mut Vec<Step>) {
        for (number, purchase) in self.purchases.iter().enumerate() {
            steps.extend(match purchase {
                Purchase::CheckStock => Some(Step::CheckStock(number)),
                Purchase::DecrementStock | Purchase::Selling => Some(Step::DecrementStock(number)),
                Purchase::PublishDepletion(..) => Some(Step::PublishDepletion(number)),
                Purchase::Ended(_) => None,
            });
        }
    }

    /// Looks: a sale under the key may be there, or enough goods.
    pub fn check_stock(&mut self, scenario: &Scenario, number: usize) {
        let Checkout { key, quantity } = scenario.purchases[number];
        let decides = self.database.stock >= quantity || self.database.sale(key).is_some();
        self.purchases[number] =
            if decides { Purchase::DecrementStock } else { self.sold_out(scenario) };
    }

    /// Looks for a sale under the key; then, in a transaction, sells.
    pub fn decrement_stock(&mut self, scenario: &Scenario, number: usize, answer: Answer) {
        let checkout = scenario.purchases[number];
        if self.purchases[number] == Purchase::DecrementStock
            && self.database.sale(checkout.key).is_none()
        {
            self.purchases[number] = Purchase::Selling;
            return;
        }
        if self.purchases[number] == Purchase::Selling {
            let half = answer == Answer::Lost && !scenario.guards.one_transaction;
            self.database.sell(&scenario.guards, checkout, half);
        }
        self.purchases[number] = match answer {
            Answer::Heard => self.decided(scenario, checkout),
            Answer::Lost => Purchase::DecrementStock,
        };
    }

    fn decided(&self, scenario: &Scenario, checkout: Checkout) -> Purchase {
        let Some(sale) = self.database.sale(checkout.key) else { return self.sold_out(scenario) };
        if self.database.crossed(scenario, sale) {
            Purchase::PublishDepletion(self.database.cycle, Told::Sold)
        } else {
            Purchase::Ended(Told::Sold)
        }
    }

    fn sold_out(&self, scenario: &Scenario) -> Purchase {
        if self.database.stock <= scenario.reorder_point {
            Purchase::PublishDepletion(self.database.cycle, Told::SoldOut)
        } else {
            Purchase::Ended(Told::SoldOut)
        }
    }

    /// Publishes, if it gets through, and answers the customer in any case.
    pub fn publish_depletion(&mut self, number: usize, gets_through: bool) {
        if let Purchase::PublishDepletion(cycle, told) = self.purchases[number] {
            if gets_through {
                put(&mut self.queue, Depletion { cycle, reason: Reason::Purchase });
            }
            self.purchases[number] = Purchase::Ended(told);
        }
    }
}
