//! Load runs: many customers buy, and the ledger must agree with what they were answered.

mod answers;
mod examination;
mod goods;
mod k6;
mod report;
mod scenario;
mod steady;
mod text;

use anyhow::{Context, Result, ensure};
use deployment::{api_client::ApiClient, outputs::Outputs};
use domain::Sku;
use local_programs::console::Console;
use operations::{access::WarehouseAccess, audit::RepairCommands, stop::Stop};
use tokio::select;
use url::{Host, Url};

pub use answers::{AnswerTime, Answers, Lateness, Rate};
use examination::Examiner;
pub use report::LoadReport;
pub use scenario::Scenario;
pub use steady::SteadyRate;

/// Who buys when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// k6 runs one of the scripts in `api/load`.
    K6(Scenario),
    /// A steady rate in an open loop.
    Steady(SteadyRate),
}

/// Who watches a run, and who may stop it.
#[derive(Debug, Clone, Copy)]
pub struct Control<'a> {
    /// After a request, the run ends at once. A run at a steady rate reports what it knows.
    pub stop: &'a Stop,
    /// For progress.
    pub console: Console,
}

/// Buys a product of a system on this machine, waits until it is restocked, and examines the result. What was answered is
/// reported also if it cannot be examined.
///
/// # Errors
/// If the deployment cannot be read or has no such product, or if k6 cannot be installed or does not finish.
pub async fn run(
    load: Load,
    sku: &Sku,
    outputs: &Outputs,
    commands: RepairCommands,
    control: Control<'_>,
) -> Result<LoadReport> {
    let url = outputs.database_url.as_deref().map(str::parse).transpose()?;
    let warehouse = WarehouseAccess::of(outputs, url).await;
    ensure_sold(&warehouse, sku).await?;
    ensure_answers(&outputs.sales_api_url, sku).await.context("no purchase was sent")?;
    let before = warehouse.goods(sku).await?;
    let examiner = Examiner { warehouse, before, sku, outputs, commands, console: control.console };
    let answers = load.buy(sku, &outputs.sales_api_url, control).await?;
    let examined = select! {
        biased;
        () = control.stop.requested() => Err("stopped by a signal".to_owned()),
        examined = examiner.examine(&answers) => examined.map_err(|error| format!("{error:#}")),
    };
    Ok(LoadReport { answers, examined })
}

impl Load {
    async fn buy(self, sku: &Sku, api: &str, control: Control<'_>) -> Result<Answers> {
        match self {
            Self::K6(scenario) => {
                control.console.note(format_args!("k6 runs the {} on {sku}", scenario.name()));
                k6::run(scenario, sku, api, control).await
            }
            Self::Steady(steady) => {
                let SteadyRate { rate, time } = steady;
                let time = time.as_secs();
                control.console.note(format_args!(
                    "{rate} customers a second buy {sku}, for {time} s; Ctrl+C stops them and prints the report"
                ));
                steady.buy(sku, api, control).await
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

/// Fails if the URL leads to something else than the API: each purchase would be an error.
async fn ensure_answers(url: &str, sku: &Sku) -> Result<()> {
    let answer = ApiClient::new(url)?.product(sku.as_str()).await?;
    let (status, is_the_product) = (answer.status, answer.body["sku"] == sku.as_str());
    ensure!(
        is_the_product,
        "{url}/products/{sku} answers {status} and is not the product: is the URL right?"
    );
    Ok(())
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
