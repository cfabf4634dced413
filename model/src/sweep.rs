//! `sweep`: `FindDepleted`, and what it repairs.
//!
//! It comes every five minutes for ever, which would make the states endless. So the model lets it come
//! where nobody else is going to act: its deadlines are longer than any execution lives. That it comes
//! while others are at it, or lists before its longer deadlines let it credit and close, is a fault
//! (`SweepsEarly`), which is bounded.

use crate::{
    Depletion, Found, OrderId, Reason, Scenario, Step,
    completion::Completion,
    state::{State, put},
};

impl State {
    /// What the sweep would find, were it to come now.
    pub fn found(&self, scenario: &Scenario) -> Vec<Found> {
        let mut found = Vec::new();
        if !scenario.guards.sweep {
            return found;
        }
        let uncredited = |order: &OrderId| {
            self.database.is_uncredited(*order) && !self.is_locked(scenario, *order)
        };
        found.extend((0..self.database.orders.len()).filter(uncredited).map(Found::Forgotten));
        found.extend(self.is_abandoned().then_some(Found::Abandoned));
        found.extend(self.is_forgotten(scenario).then_some(Found::Depleted));
        found
    }

    /// What the sweep finds where nobody else is going to see to it.
    pub fn sweep_steps(&self, scenario: &Scenario) -> Vec<Step> {
        let mut found = self.found(scenario);
        found.retain(|found| !self.is_seen_to(*found));
        // One sweep credits and closes before it lists.
        if found.len() > 1 {
            found.retain(|found| *found != Found::Depleted);
        }
        found.into_iter().map(Step::FindDepleted).collect()
    }

    fn is_seen_to(&self, found: Found) -> bool {
        match found {
            Found::Forgotten(order) => self.is_being_credited(order),
            Found::Abandoned => false,
            Found::Depleted => self.is_restocking() || !self.queue.is_empty(),
        }
    }

    fn is_being_credited(&self, order: OrderId) -> bool {
        let completes = |c: &Completion| c.order == order && c.runs();
        self.completions.iter().any(completes)
            || self.restocks.iter().any(|r| r.runs() && r.order == order)
    }

    /// An open restock whose execution is over: longer open than any execution lives.
    fn is_abandoned(&self) -> bool {
        self.database.open_restocks().any(|open| !self.restocks[open.owner].runs())
    }

    /// A depleted product without an open restock. Where the sweep asks in vain it would go on so; here it
    /// stops, and the product is seen to be forgotten.
    fn is_forgotten(&self, scenario: &Scenario) -> bool {
        self.database.stock <= scenario.reorder_point
            && self.database.open_restocks().next().is_none()
            && self.unheard != Some(self.database.cycle)
    }

    /// Repairs what was found.
    pub fn find_depleted(&mut self, scenario: &Scenario, found: Found) {
        match found {
            Found::Depleted => {
                let (cycle, reason) = (self.database.cycle, Reason::Sweep);
                put(&mut self.queue, Depletion { cycle, reason });
            }
            Found::Abandoned => self.close_abandoned(scenario),
            Found::Forgotten(order) => {
                self.database.credit(&scenario.guards, order, false);
            }
        }
    }
    /// Closes as failed, and leaves a dead letter and a mail.
    fn close_abandoned(&mut self, scenario: &Scenario) {
        let Some(owner) = self.database.open_restocks().next().map(|open| open.owner) else {
            return;
        };
        self.database.close_restock(owner);
        if scenario.guards.abandoned_are_reported {
            self.database.note_report(owner);
            put(&mut self.dead_letters, self.database.cycle);
        }
    }
}
