//! What AWS charges for the scenarios of the shop.

use anyhow::{Context, Result};

use super::{
    path::{Choice, Path},
    prices::{Item, Prices, Usage},
};
use system::System;

/// A scenario, from its first request to its last step.
pub struct Scenario {
    /// The name of its figure in `log_bytes`.
    pub name: &'static str,
    /// The functions that the API or a queue invokes.
    pub invoked: &'static [&'static str],
    /// The number of requests to the API among them.
    pub requests: f64,
    /// The executions: the state machine and the choices that differ from `Default`.
    pub executions: &'static [(&'static str, &'static [Choice])],
    /// The number of messages through the topic and its queue.
    pub messages: f64,
    /// The number of callbacks that the API puts into a queue.
    pub callbacks: f64,
}

/// A purchase that is sold.
pub const SOLD: Scenario = Scenario {
    name: "sold",
    invoked: &["sales-api"],
    requests: 1.0,
    executions: &[("purchase", &[("IsAvailable", "DecrementStock")])],
    messages: 0.0,
    callbacks: 0.0,
};

/// A purchase that is refused because the product is sold out. Publishes a depletion, which in the worst case has an
/// invocation of `start-restock` of its own.
pub const REFUSED: Scenario = Scenario {
    name: "sold_out",
    invoked: &["sales-api", "start-restock"],
    executions: &[("purchase", &[("Decided", "PublishSoldOut")])],
    messages: 1.0,
    ..SOLD
};

/// A request for a product.
pub const PRODUCT_REQUEST: Scenario =
    Scenario { name: "product_request", invoked: &["show-product"], executions: &[], ..SOLD };

/// A restock, from the depletion to the credited arrival, including the callback and the publication of the depletion by
/// the sale before it.
pub const RESTOCK: Scenario = Scenario {
    name: "restock",
    invoked: &["publish-depletion", "start-restock", "receive-completion"],
    requests: 1.0,
    executions: &[
        ("restock", &[("WhatToDo", "PlaceOrder")]),
        ("completion", &[("WhatIsIt", "CompleteTask")]),
    ],
    messages: 1.0,
    callbacks: 1.0,
};

/// A sweep that finds nothing to do.
pub const SWEEP: Scenario =
    Scenario { name: "sweep", invoked: &[], requests: 0.0, executions: &[("sweep", &[])], ..SOLD };

/// Computes usage from the definitions and the figures.
pub struct Calculator {
    /// The definitions.
    pub system: System,
    /// The prices and figures.
    pub prices: Prices,
}

impl Calculator {
    /// A calculator with the definitions and prices of this checkout.
    pub fn read() -> Result<Self> {
        Ok(Self { system: System::read()?, prices: Prices::read()? })
    }

    /// What AWS charges for one run of a scenario.
    pub fn usage(&self, scenario: &Scenario) -> Result<Usage> {
        let figures = &self.prices.figures;
        let mut usage = Usage::of(Item::ApiRequest, scenario.requests);
        usage += self.log(figures.log_bytes_per_request.is * scenario.requests);
        usage += self.log(self.prices.log_bytes(scenario.name)?);
        usage += Usage::of(Item::SnsRequest, scenario.messages);
        // Send, receive, delete.
        usage += Usage::of(Item::SqsRequest, 3.0 * (scenario.messages + scenario.callbacks));
        let mut waited_ms = 0.0;
        for (machine, choices) in scenario.executions {
            usage += Usage::of(Item::Trace, self.traced_share(machine));
            let path = Path::through(&self.system, machine, choices)?;
            waited_ms += self.execution(machine, &path, &mut usage)?;
        }
        for function in scenario.invoked {
            // The only function that waits for an execution.
            let waits = if *function == "sales-api" { waited_ms } else { 0.0 };
            usage += self.invocation(function, waits)?;
        }
        Ok(usage)
    }

    /// What the settings that log and trace everything add to a purchase that is sold.
    pub fn settings(&self) -> Result<[(&'static str, Usage); 3]> {
        let figures = &self.prices.figures;
        let (mut events, mut invocations) = (0, SOLD.invoked.len());
        for (machine, choices) in SOLD.executions {
            let path = Path::through(&self.system, machine, choices)?;
            events += path.events;
            invocations += path.functions.len();
        }
        let untraced = 1.0 - figures.purchase_traced_share.is;
        Ok([
            (
                r#"purchase_log = { level = "ALL" }"#,
                self.log(figures.log_bytes_per_event.is * count(events)?),
            ),
            (
                r#"platform_log_level = "INFO""#,
                self.log(figures.platform_log_bytes.is * count(invocations)?),
            ),
            ("purchase_traced_share = 1", Usage::of(Item::Trace, untraced)),
        ])
    }

    /// The scenarios of a shop, and how often each happens for one purchase that is sold.
    pub fn scenarios(&self) -> [(&'static str, &'static Scenario, f64); 4] {
        let figures = &self.prices.figures;
        [
            ("purchases, sold", &SOLD, 1.0),
            ("purchases, refused because sold out", &REFUSED, figures.refused_per_sold.is),
            ("requests for a product", &PRODUCT_REQUEST, figures.product_requests_per_sold.is),
            ("restocks", &RESTOCK, 1.0 / figures.sold_per_restock()),
        ]
    }

    /// What AWS charges for one purchase that is sold, with all that it causes in the shop.
    pub fn mix(&self) -> Result<Usage> {
        let mut all = Usage::default();
        for (_, scenario, per_sold) in self.scenarios() {
            all += self.usage(scenario)? * per_sold;
        }
        Ok(all)
    }

    /// A state machine decides whether an execution is traced, and its functions follow.
    fn traced_share(&self, machine: &str) -> f64 {
        let figures = &self.prices.figures;
        if machine == "purchase" {
            figures.purchase_traced_share.is
        } else {
            figures.traced_share.is
        }
    }

    /// Adds the usage of an execution. Returns for how many milliseconds its caller waits.
    fn execution(&self, machine: &str, path: &Path, usage: &mut Usage) -> Result<f64> {
        for function in &path.functions {
            *usage += self.invocation(function, 0.0)?;
        }
        let kind = self.system.state_machines.get(machine);
        if kind.with_context(|| format!("system.json has no state machine {machine}"))?
            == "STANDARD"
        {
            // The transition from the start to the first state counts as well.
            *usage += Usage::of(Item::Transition, count(path.states)? + 1.0);
            return Ok(0.0);
        }
        let ms = self.express_ms(path)?;
        let gb = self.prices.figures.express_memory_mb.is / 1024.0;
        *usage += Usage::of(Item::ExpressRequest, 1.0);
        *usage += Usage::of(Item::ExpressGbSecond, gb * billed_ms(ms) / 1000.0);
        Ok(ms)
    }

    /// The duration of an EXPRESS execution: of Step Functions itself, and of the functions.
    fn express_ms(&self, path: &Path) -> Result<f64> {
        let mut ms = self.prices.figures.express_ms_per_state.is * count(path.states)?;
        for function in &path.functions {
            ms += self.duration_ms(function)?;
        }
        Ok(ms)
    }

    /// An invocation that waits for an execution in addition to its usual duration.
    fn invocation(&self, function: &str, waits_ms: f64) -> Result<Usage> {
        let seconds = (self.duration_ms(function)? + waits_ms).ceil() / 1000.0;
        let mut usage = Usage::of(Item::LambdaRequest, 1.0);
        usage += Usage::of(Item::LambdaGbSecond, seconds * self.memory_mb(function)? / 1024.0);
        Ok(usage)
    }

    /// The duration of an invocation. The share of a processor is proportional to the memory.
    fn duration_ms(&self, function: &str) -> Result<f64> {
        let placement = self.system.functions.get(function).map(|function| function.placement);
        let takes = placement.and_then(|placement| self.prices.functions.get(&placement));
        let takes = takes
            .with_context(|| format!("terraform/prices.json has no duration for {function}"))?;
        let share = self.memory_mb(function)? / self.prices.figures.whole_processor_mb.is;
        Ok(takes.cpu_ms / share.min(1.0) + takes.wait_ms)
    }

    fn memory_mb(&self, function: &str) -> Result<f64> {
        let function = self.system.functions.get(function);
        Ok(f64::from(function.context("system.json has no such function")?.memory_mb))
    }

    /// Logs are charged once for ingestion and each month for storage.
    fn log(&self, bytes: f64) -> Usage {
        let gb = bytes / 1e9;
        let months = self.prices.deployed.log_retention_days / 30.0;
        let mut usage = Usage::of(Item::LogGb, gb);
        usage += Usage::of(Item::LogGbMonth, gb * months);
        usage
    }
}

/// The billed duration of an EXPRESS execution: rounded up to 100 ms.
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
    fn only_standard_executions_are_charged_by_transition() -> Result<()> {
        let calculator = Calculator::read()?;
        let sold = calculator.usage(&SOLD)?;
        assert_eq!((sold.amount(Item::Transition), sold.amount(Item::ExpressRequest)), (0.0, 1.0));
        let sweep = calculator.usage(&SWEEP)?;
        assert_eq!(
            (sweep.amount(Item::Transition), sweep.amount(Item::ExpressRequest)),
            (9.0, 0.0)
        );
        Ok(())
    }

    #[test]
    fn each_function_of_a_scenario_is_one_invocation() -> Result<()> {
        let usage = Calculator::read()?.usage(&RESTOCK)?;
        // Three by the API or a queue, four in restock, two in completion.
        assert_eq!(usage.amount(Item::LambdaRequest), 9.0);
        Ok(())
    }

    #[test]
    fn durations_are_rounded_up_to_100_ms() {
        assert_eq!((billed_ms(1.0), billed_ms(100.0), billed_ms(100.5)), (100.0, 100.0, 200.0));
    }
}
