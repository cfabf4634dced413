//! `terraform/prices.json`: what AWS charges, and the figures that no definition holds.

use std::{
    collections::BTreeMap,
    ops::{AddAssign, Mul},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use system::Placement;

/// Something that AWS counts and charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it, and the file has a source for each")]
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
    Metric,
    Dashboard,
    Secret,
}

/// How much of each was used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage(BTreeMap<Item, f64>);

impl Usage {
    /// So much of one.
    pub fn of(item: Item, amount: f64) -> Self {
        Self(BTreeMap::from([(item, amount)]))
    }

    /// How much of one.
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

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// For people.
    #[allow(dead_code, reason = "for people")]
    about: String,
    /// Where these prices hold.
    pub region: String,
    /// When they were looked up.
    pub date: String,
    prices: BTreeMap<Item, Price>,
    /// What Terraform makes.
    pub deployed: Deployed,
    /// How long functions take, by placement.
    pub functions: BTreeMap<Placement, Duration>,
    /// What purchases leave in logs, and how they come.
    pub figures: Figures,
}

/// What AWS charges for so many of an item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    usd: f64,
    per: f64,
    #[allow(dead_code, reason = "for people")]
    source: String,
}

/// What Terraform makes, with its defaults. `terraform/tests/cost.tftest.hcl` holds it to that.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployed {
    /// The database's class.
    pub database_class: String,
    /// Its disk.
    pub disk_gb: f64,
    /// Alarms.
    pub alarms: f64,
    /// Metrics of our own, and the six that API Gateway counts for each route.
    pub metrics: f64,
    /// Dashboards.
    pub dashboards: f64,
    /// Secrets in Secrets Manager.
    pub secrets: f64,
    /// How long logs are kept.
    pub log_retention_days: f64,
}

/// How long an invocation takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// On a whole processor.
    pub cpu_ms: f64,
    /// For the database or for AWS.
    pub wait_ms: f64,
    #[allow(dead_code, reason = "for people")]
    how: String,
}

/// A number and where it comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The number.
    pub is: f64,
    #[allow(dead_code, reason = "for people")]
    how: String,
}

/// Numbers that are measured or assumed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The memory that gives a function a whole processor.
    pub whole_processor_mb: Figure,
    /// The time of Step Functions itself for a state of an EXPRESS machine.
    pub express_ms_per_state: Figure,
    /// What it bills memory in.
    pub express_memory_mb: Figure,
    /// What an invocation leaves in its log.
    pub log_bytes_per_invocation: Figure,
    /// What an event of a purchase's history leaves in its log.
    pub log_bytes_per_event: Figure,
    /// What a request leaves in the access log.
    pub log_bytes_per_request: Figure,
    /// The share of requests and executions that X-Ray follows.
    pub traced_share: Figure,
    /// Calls a month by which Lambda asks a queue that is empty.
    pub polls_per_month: Figure,
    /// Purchases sold for each restock.
    pub sold_per_restock: Figure,
    /// Purchases refused for each that is sold.
    pub refused_per_sold: Figure,
    /// Looks at a product for each purchase sold.
    pub looks_per_sold: Figure,
}

impl Prices {
    /// Those of this checkout.
    pub fn read() -> Result<Self> {
        serde_json::from_str(include_str!("../../../terraform/prices.json"))
            .context("terraform/prices.json cannot be read")
    }

    /// What some of the items of a usage cost.
    pub fn cost(&self, usage: &Usage, items: &[Item]) -> Result<f64> {
        let mut sum = 0.0;
        for item in items {
            let price = self.prices.get(item).with_context(|| format!("{item:?} has no price"))?;
            sum += usage.amount(*item) * price.usd / price.per;
        }
        Ok(sum)
    }
}
