//! `terraform/prices.json`: the prices of AWS, and figures that are not in the definitions.

use std::{
    collections::BTreeMap,
    ops::{AddAssign, Mul},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use system::Placement;

/// An item on the bill of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "terraform/prices.json explains each item")]
pub enum Item {
    ApiRequest,
    LambdaRequest,
    LambdaGbSecond,
    ExpressRequest,
    ExpressGbSecond,
    Transition,
    LogGb,
    LogGbMonth,
    Trace,
    SqsRequest,
    SnsRequest,
    ScheduledStart,
    DatabaseHour,
    DiskGbMonth,
    Alarm,
    CompositeAlarm,
    Metric,
    Dashboard,
    Secret,
}

/// The used amount of each item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage(BTreeMap<Item, f64>);

impl Usage {
    /// An amount of one item.
    pub fn of(item: Item, amount: f64) -> Self {
        Self(BTreeMap::from([(item, amount)]))
    }

    /// The used amount of one item.
    pub fn amount(&self, item: Item) -> f64 {
        self.0.get(&item).copied().unwrap_or_default()
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        for (item, amount) in other.0 {
            *self.0.entry(item).or_default() += amount;
        }
    }
}

impl Mul<f64> for Usage {
    type Output = Self;

    fn mul(mut self, times: f64) -> Self {
        self.0.values_mut().for_each(|amount| *amount *= times);
        self
    }
}

/// The content of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    #[allow(dead_code, reason = "for readers of the file")]
    about: String,
    /// The region of the prices.
    pub region: String,
    /// The date of the prices.
    pub date: String,
    prices: BTreeMap<Item, Price>,
    /// The number of resources that Terraform creates.
    pub deployed: Deployed,
    /// The duration of an invocation, by the placement of the function.
    pub functions: BTreeMap<Placement, Duration>,
    /// Measured or assumed figures.
    pub figures: Figures,
    /// Bytes that the functions log in one run of a scenario, by its name.
    pub log_bytes: BTreeMap<String, Figure>,
}

/// The price of an item: `usd` for `per` units.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    usd: f64,
    per: f64,
    #[allow(dead_code, reason = "for readers of the file")]
    source: String,
}

/// What Terraform creates with default variables. `terraform/tests/cost.tftest.hcl` checks these numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployed {
    /// The instance class of the database.
    pub database_class: String,
    /// The disk of the database.
    pub disk_gb: f64,
    /// CloudWatch alarms on metrics.
    pub alarms: f64,
    /// CloudWatch alarms on other alarms, which cost more.
    pub composite_alarms: f64,
    /// Custom metrics, and the six that API Gateway counts for each route.
    pub metrics: f64,
    /// CloudWatch dashboards.
    pub dashboards: f64,
    /// Secrets in Secrets Manager.
    pub secrets: f64,
    /// The retention of logs.
    pub log_retention_days: f64,
}

/// The duration of an invocation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// CPU time on one full processor.
    pub cpu_ms: f64,
    /// Time spent waiting for the database or AWS.
    pub wait_ms: f64,
    #[allow(dead_code, reason = "for readers of the file")]
    how: String,
}

/// A number with its origin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The number.
    pub is: f64,
    #[allow(dead_code, reason = "for readers of the file")]
    how: String,
}

/// Measured or assumed numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The memory with which a function gets one full processor.
    pub whole_processor_mb: Figure,
    /// The time that Step Functions itself needs for a state of an EXPRESS state machine.
    pub express_ms_per_state: Figure,
    /// The unit in which EXPRESS executions are billed for memory.
    pub express_memory_mb: Figure,
    /// Log bytes of an event in the history of a purchase, if all events are logged.
    pub log_bytes_per_event: Figure,
    /// Log bytes that Lambda adds for each invocation, if it logs those that succeed.
    pub platform_log_bytes: Figure,
    /// Access log bytes of a request.
    pub log_bytes_per_request: Figure,
    /// The share of purchases that X-Ray records.
    pub purchase_traced_share: Figure,
    /// The share of other executions that X-Ray records.
    pub traced_share: Figure,
    /// Calls per month with which Lambda polls an empty queue.
    pub polls_per_queue: Figure,
    /// Stock to which a restock orders.
    pub target_stock: Figure,
    /// Stock at which a product is restocked.
    pub reorder_point: Figure,
    /// Seconds from an order to the arrival of its goods.
    pub lead_time_seconds: Figure,
    /// Purchases refused for each purchase sold.
    pub refused_per_sold: Figure,
    /// Requests for a product for each purchase sold.
    pub product_requests_per_sold: Figure,
}

impl Figures {
    /// Purchases sold for each restock.
    pub fn sold_per_restock(&self) -> f64 {
        self.target_stock.is - self.reorder_point.is
    }
}

impl Prices {
    /// The prices of this checkout.
    pub fn read() -> Result<Self> {
        serde_json::from_str(include_str!("../../../terraform/prices.json"))
            .context("terraform/prices.json cannot be read")
    }

    /// The bytes that the functions log in one run of a scenario.
    pub fn log_bytes(&self, scenario: &str) -> Result<f64> {
        let bytes = self.log_bytes.get(scenario);
        Ok(bytes.with_context(|| format!("log_bytes has no {scenario}"))?.is)
    }

    /// The cost in USD of some items of a usage.
    pub fn cost(&self, usage: &Usage, items: &[Item]) -> Result<f64> {
        let mut sum = 0.0;
        for item in items {
            let price = self.prices.get(item).with_context(|| format!("{item:?} has no price"))?;
            sum += usage.amount(*item) * price.usd / price.per;
        }
        Ok(sum)
    }
}
