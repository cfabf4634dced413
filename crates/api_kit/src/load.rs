//! Load runs: many customers buy, and the ledger must agree with what they were answered.

mod answers;
mod goods;
mod k6;
mod scenario;
mod steady;
mod text;

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, Result, ensure};
use deployment::{api_client::ApiClient, outputs::Outputs};
use domain::Sku;
use local_programs::console::Console;
use operations::{
    access::WarehouseAccess,
    audit::{AuditReport, Auditor, RepairCommands, Thresholds},
};
use serde_json::{Value, json};
use system::System;
use tokio::time::{Instant, sleep};
use url::{Host, Url};
use warehouse::audit::Goods;

pub use answers::{AnswerTime, Answers, Lateness};
pub use scenario::Scenario;
pub use steady::SteadyRate;

/// How long the run waits for an open restock before it audits.
const SETTLING: Duration = Duration::from_secs(120);

/// Who buys when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// k6 runs one of the scripts in `api/load`.
    K6(Scenario),
    /// A steady rate in an open loop.
    Steady(SteadyRate),
}

/// So long after the last sale, no purchase is under way any more: the state machine of a purchase ends after 6 s.
const QUIET: Duration = Duration::from_secs(7);

/// The result of a load run.
#[derive(Debug)]
pub struct LoadReport {
    /// What the customers were answered.
    pub answers: Answers,
    /// The product before the run and after it.
    goods: (Goods, Goods),
    audit: AuditReport,
}

impl LoadReport {
    /// What is wrong, each as a sentence. Empty if all is well.
    pub fn problems(&self) -> Vec<String> {
        let (before, after) = self.goods;
        let mut problems = self.answers.problems.clone();
        problems.extend(goods::problems(self.answers.sold, before, after));
        problems.extend(self.audit.findings.iter().map(|found| format!("audit: {}", found.what)));
        // Several checks fail in the same way if a service cannot be reached.
        let not_examined = BTreeSet::from_iter(&self.audit.not_examined);
        problems.extend(not_examined.iter().map(|it| format!("audit: {it}")));
        problems
    }

    /// Units that were sold to customers who got no outcome. Purchases of others during the run count, too.
    fn sold_without_answer(&self) -> i64 {
        let (before, after) = self.goods;
        let answered = i64::try_from(self.answers.sold).unwrap_or(i64::MAX);
        (after.sold - before.sold - answered).max(0)
    }

    /// `None` if a check could not run.
    fn audit_findings(&self) -> Option<usize> {
        self.audit.not_examined.is_empty().then_some(self.audit.findings.len())
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let (before, after) = self.goods;
        json!({
            "answers": self.answers,
            "stock_before": before.stock(),
            "arrived": after.came - before.came,
            "stock_after": after.stock(),
            "sold_without_answer": self.sold_without_answer(),
            "audit_findings": self.audit_findings(),
            "problems": self.problems(),
        })
    }
}

/// Buys a product of a system on this machine, waits until it is restocked, and examines the result.
///
/// # Errors
/// If the deployment cannot be read or has no such product, or if k6 cannot be installed or does not finish.
pub async fn run(
    load: Load,
    sku: &Sku,
    outputs: &Outputs,
    commands: RepairCommands,
    console: Console,
) -> Result<LoadReport> {
    let url = outputs.database_url.as_deref().map(str::parse).transpose()?;
    let warehouse = WarehouseAccess::of(outputs, url).await;
    ensure_sold(&warehouse, sku).await?;
    let api = ApiClient::new(&outputs.sales_api_url)?;
    api.product(sku.as_str()).await.context("no purchase was sent")?;
    let before = warehouse.goods(sku).await?;
    let answers = load.buy(sku, &outputs.sales_api_url, console).await?;
    if answers.errors > 0 {
        console.note("waiting until no purchase is under way");
        wait_for_quiet(&warehouse, sku).await?;
    }
    console.note("waiting until the product is restocked");
    settle(&warehouse, sku).await?;
    let after = warehouse.goods(sku).await?;
    let thresholds = Thresholds::of(&System::read()?)?;
    let auditor = Auditor::of(outputs, warehouse, thresholds, commands).await;
    let audit = auditor.audit().await?;
    Ok(LoadReport { answers, goods: (before, after), audit })
}

impl Load {
    async fn buy(self, sku: &Sku, api: &str, console: Console) -> Result<Answers> {
        match self {
            Self::K6(scenario) => {
                console.note(format_args!("k6 runs the {} on {sku}", scenario.name()));
                k6::run(scenario, sku, api, console).await
            }
            Self::Steady(steady) => {
                let time = steady.time.as_secs();
                console.note(format_args!(
                    "{} customers a second buy {sku}, for {time} s",
                    steady.rate
                ));
                steady.buy(sku, api).await
            }
        }
    }
}

/// Fails for a deployment elsewhere: on AWS, a load run sells real goods and costs money.
pub fn ensure_on_this_machine(api: &str) -> Result<()> {
    let url: Url = api.parse().with_context(|| format!("{api} is not a URL"))?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    ensure!(
        is_here,
        "{api} is not on this machine, so a load run would sell real goods. Run it against `restock up`, or add \
         --sells-real-goods"
    );
    Ok(())
}

/// Fails if nobody can buy the product: each purchase would be refused, which says nothing about the system.
async fn ensure_sold(warehouse: &WarehouseAccess, sku: &Sku) -> Result<()> {
    let products = warehouse.overview().await?.products;
    let product = products.iter().find(|product| product.sku == sku.as_str());
    let product = product.with_context(|| format!("there is no product {sku}"))?;
    ensure!(!product.is_retired, "the product {sku} is retired");
    Ok(())
}

/// Waits until purchases whose customers got no outcome have ended, or until it has waited long enough.
async fn wait_for_quiet(warehouse: &WarehouseAccess, sku: &Sku) -> Result<()> {
    let deadline = Instant::now() + SETTLING;
    let mut sold = warehouse.goods(sku).await?.sold;
    let mut since = Instant::now();
    while since.elapsed() < QUIET && Instant::now() < deadline {
        sleep(Duration::from_millis(500)).await;
        let now = warehouse.goods(sku).await?.sold;
        if now != sold {
            (sold, since) = (now, Instant::now());
        }
    }
    Ok(())
}

/// Waits until no restock is open and the stock is above the reorder point, or until it has waited long enough: the audit
/// finds what is wrong then.
async fn settle(warehouse: &WarehouseAccess, sku: &Sku) -> Result<()> {
    let deadline = Instant::now() + SETTLING;
    while !is_restocked(warehouse, sku).await? && Instant::now() < deadline {
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

async fn is_restocked(warehouse: &WarehouseAccess, sku: &Sku) -> Result<bool> {
    let products = warehouse.overview().await?.products;
    let product = products.iter().find(|product| product.sku == sku.as_str());
    Ok(product.is_none_or(|it| it.restock.is_none() && it.stock > it.reorder_point))
}

#[cfg(test)]
mod tests {
    use super::ensure_on_this_machine;

    #[test]
    fn a_load_run_is_refused_anywhere_but_on_this_machine() {
        for here in ["http://127.0.0.1:4566/x", "http://localhost:1", "http://[::1]:1"] {
            assert!(ensure_on_this_machine(here).is_ok(), "{here}");
        }
        let elsewhere = ["https://a.execute-api.ap-northeast-2.amazonaws.com", "http://10.0.0.1"];
        for url in [&elsewhere[..], &["http://127.0.0.1.example.com", "nothing"]].concat() {
            assert!(ensure_on_this_machine(url).is_err(), "{url}");
        }
    }
}
