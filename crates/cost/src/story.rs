//! What happens in the shop, and what of it AWS charges.

use anyhow::{Context, Result};

use super::{
    prices::{Item, Prices, Usage},
    walk::{Passed, Turn, walk},
};
use system::System;

/// Something that happens, from its first request to its last step.
pub struct Story {
    /// Functions that are invoked by the API or by a queue.
    pub invoked: &'static [&'static str],
    /// How many of these were requests to the API.
    pub requests: f64,
    /// The ways through state machines.
    pub ways: &'static [(&'static str, &'static [Turn])],
    /// Messages that go through the topic and the queue.
    pub messages: f64,
}

/// A purchase that is sold.
pub const SOLD: Story = Story {
    invoked: &["sales-api"],
    requests: 1.0,
    ways: &[("purchase", &[("IsAvailable", "DecrementStock")])],
    messages: 0.0,
};

/// A purchase that finds nothing left. Each tells the restock workflow, at most in a message of its own to a
/// `start-restock` of its own.
pub const REFUSED: Story = Story {
    invoked: &["sales-api", "start-restock"],
    ways: &[("purchase", &[("Decided", "PublishSoldOut")])],
    messages: 1.0,
    ..SOLD
};

/// A look at a product.
pub const LOOK: Story =
    Story { invoked: &["show-product"], requests: 1.0, ways: &[], messages: 0.0 };

/// A restock, from the message to the goods in stock; the factory's callback included. That the sale before it has
/// published is one function more there.
pub const RESTOCK: Story = Story {
    invoked: &["publish-depletion", "start-restock", "receive-completion"],
    requests: 1.0,
    ways: &[
        ("restock", &[("WhatToDo", "PlaceOrder")]),
        ("completion", &[("WhatIsIt", "CompleteTask")]),
    ],
    messages: 1.0,
};

/// A sweep that finds nothing.
pub const SWEEP: Story =
    Story { invoked: &[], requests: 0.0, ways: &[("sweep", &[])], messages: 0.0 };

/// Reckons with the definitions and the figures.
pub struct Reckoning {
    /// What is deployed.
    pub system: System,
    /// What AWS charges.
    pub prices: Prices,
}

impl Reckoning {
    /// That of this checkout.
    pub fn read() -> Result<Self> {
        Ok(Self { system: System::read()?, prices: Prices::read()? })
    }

    /// What is charged for a story, told once.
    pub fn usage(&self, story: &Story) -> Result<Usage> {
        let figures = &self.prices.figures;
        let mut usage = Usage::of(Item::ApiRequest, story.requests);
        usage += self.log(figures.log_bytes_per_request.is * story.requests);
        usage += Usage::of(Item::Trace, figures.traced_share.is);
        usage += Usage::of(Item::SnsRequest, story.messages);
        // Sent, received, deleted.
        usage += Usage::of(Item::SqsRequest, 3.0 * story.messages);
        let mut waited_ms = 0.0;
        for (machine, turns) in story.ways {
            let passed = walk(&self.system, machine, turns)?;
            waited_ms += self.execution(machine, &passed, &mut usage)?;
        }
        for function in story.invoked {
            // No other waits for its execution.
            let waits = if *function == "sales-api" { waited_ms } else { 0.0 };
            usage += self.invocation(function, waits)?;
        }
        Ok(usage)
    }

    /// Adds what an execution is charged, and answers how long somebody waits for it.
    fn execution(&self, machine: &str, passed: &Passed, usage: &mut Usage) -> Result<f64> {
        for function in &passed.functions {
            *usage += self.invocation(function, 0.0)?;
        }
        let kind = self.system.state_machines.get(machine);
        if kind.with_context(|| format!("there is no machine {machine}"))? == "STANDARD" {
            // The way from the start into the first state counts as well.
            *usage += Usage::of(Item::Transition, count(passed.states)? + 1.0);
            return Ok(0.0);
        }
        let figures = &self.prices.figures;
        let mut ms = figures.express_ms_per_state.is * count(passed.states)?;
        for function in &passed.functions {
            ms += self.duration_ms(function)?;
        }
        *usage += Usage::of(Item::ExpressRequest, 1.0);
        let gb = figures.express_memory_mb.is / 1024.0;
        *usage += Usage::of(Item::ExpressGbSecond, gb * billed_ms(ms) / 1000.0);
        *usage += self.log(figures.log_bytes_per_event.is * count(passed.events)?);
        Ok(ms)
    }

    /// An invocation that waits for something besides what its kind always waits for.
    fn invocation(&self, function: &str, waits_ms: f64) -> Result<Usage> {
        let seconds = (self.duration_ms(function)? + waits_ms).ceil() / 1000.0;
        let mut usage = Usage::of(Item::LambdaRequest, 1.0);
        usage += Usage::of(Item::LambdaGbSecond, seconds * self.memory_mb(function)? / 1024.0);
        usage += self.log(self.prices.figures.log_bytes_per_invocation.is);
        Ok(usage)
    }

    /// A function gets a share of a processor with its memory.
    fn duration_ms(&self, function: &str) -> Result<f64> {
        let placement = self.system.functions.get(function).map(|function| function.placement);
        let takes = placement.and_then(|placement| self.prices.functions.get(&placement));
        let takes = takes.with_context(|| format!("how long does {function} take?"))?;
        let share = self.memory_mb(function)? / self.prices.figures.whole_processor_mb.is;
        Ok(takes.cpu_ms / share.min(1.0) + takes.wait_ms)
    }

    fn memory_mb(&self, function: &str) -> Result<f64> {
        let function = self.system.functions.get(function);
        Ok(f64::from(function.context("there is no such function")?.memory_mb))
    }

    /// A log is paid for when it is taken in, and for as long as it is kept.
    fn log(&self, bytes: f64) -> Usage {
        let gb = bytes / 1e9;
        let months = self.prices.deployed.log_retention_days / 30.0;
        let mut usage = Usage::of(Item::LogGb, gb);
        usage += Usage::of(Item::LogGbMonth, gb * months);
        usage
    }
}

/// The time of an EXPRESS execution is billed in tenths of a second.
fn billed_ms(ms: f64) -> f64 {
    (ms / 100.0).ceil() * 100.0
}

fn count(number: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(number)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_standard_executions_are_charged_by_transitions() -> Result<()> {
        let reckoning = Reckoning::read()?;
        let sold = reckoning.usage(&SOLD)?;
        assert_eq!((sold.amount(Item::Transition), sold.amount(Item::ExpressRequest)), (0.0, 1.0));
        let sweep = reckoning.usage(&SWEEP)?;
        assert_eq!(
            (sweep.amount(Item::Transition), sweep.amount(Item::ExpressRequest)),
            (6.0, 0.0)
        );
        Ok(())
    }

    #[test]
    fn each_function_on_the_way_is_an_invocation() -> Result<()> {
        let usage = Reckoning::read()?.usage(&RESTOCK)?;
        // Three by themselves, four in restock, two in completion.
        assert_eq!(usage.amount(Item::LambdaRequest), 9.0);
        Ok(())
    }

    #[test]
    fn a_tenth_of_a_second_that_was_begun_is_billed_whole() {
        assert_eq!((billed_ms(1.0), billed_ms(100.0), billed_ms(100.5)), (100.0, 100.0, 200.0));
    }
}
