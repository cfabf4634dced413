//! `restock up`

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::Args;
use database_server::DataFolder;
use domain::{FactoryNetwork, FactoryUrl, Stock};
use local_cloud::{LocalCloud, Options, redeploy};
use local_programs::console::Console;
use operations::access::WarehouseAccess;
use system::{Settings, System};
use warehouse::FIRST_PRODUCT;
use web_console::{Console as Page, Deployment};

use super::{
    backing_services_arguments::BackingServicesArguments,
    changes::parse_stock,
    instructions::{HOW_TO_STOP, STOPPING, credentials},
    outputs_file::OutputsFile,
    signals::{until_signal, wait_for_signal},
};

/// The opening stock of a new product.
const OPENING_STOCK: u32 = 50;

/// Arguments of `restock up`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The URL of a running factory, which makes the one product. Without it, two factory simulators are started, for three products.
    #[arg(long, value_parser = parse_factory_url)]
    factory_url: Option<FactoryUrl>,
    /// A host to which orders may be sent, for a factory that is added later. Repeat it for several. Every port of 127.0.0.1
    /// is allowed anyway.
    #[arg(long = "factory-host", value_name = "HOST", value_parser = parse_host)]
    factory_hosts: Vec<String>,
    /// How long a restock waits for the factory's callback before it orders again: 1s to 15m.
    #[arg(long, value_parser = parse_wait)]
    await_completion: Option<Duration>,
    /// Set the stock of each product to this number of units. Without it, a product whose stock has never changed gets 50,
    /// and the others keep theirs.
    #[arg(long, value_parser = parse_stock)]
    stock: Option<Stock>,
    /// Keep the database in this folder, and use it again at the next start: products, stock, ledger, restocks and operators'
    /// changes. Not kept: messages in queues, dead letters, executions, mails, logs, and what the factory simulators make.
    /// A restock that was open is closed and reported at the next start, because its execution is gone. The next sweep orders
    /// again.
    #[arg(long, value_name = "DIR", conflicts_with = "database_url")]
    data: Option<PathBuf>,
    /// Build and redeploy functions and state machines whenever their source is saved.
    #[arg(long)]
    watch: bool,
    /// The port of the web console on 127.0.0.1. Without it, a free one.
    #[arg(long)]
    console_port: Option<u16>,
    #[command(flatten)]
    backing_services: BackingServicesArguments,
}

/// Starts the system, prints how to use it, and stops it on Ctrl-C or SIGTERM. Fails if a backing service ends earlier.
pub async fn run(arguments: Arguments) -> Result<()> {
    let console = Console::on_stdout();
    let file = OutputsFile::reserve()?;
    let (console_port, watch) = (arguments.console_port, arguments.watch);
    let settings = arguments.settings()?;
    let options = arguments.into_options(&file)?;
    let cloud = until_signal(LocalCloud::start(options, console)).await?;
    cloud.outputs.write(file.path())?;
    let page = serve_page(&cloud, console_port).await?;
    print_instructions(&cloud, &file, &page, console);
    let redeploy = redeploy_on_save(&cloud, watch.then_some(settings), console);
    let ended =
        cloud.backing_services.while_running(until_stopped(&cloud, redeploy, console)).await;
    console.say(STOPPING);
    cloud.stop().await;
    ended
}

async fn serve_page(cloud: &LocalCloud, port: Option<u16>) -> Result<Page> {
    let outputs = cloud.outputs.clone();
    let url =
        outputs.database_url.as_deref().unwrap_or_else(|| cloud.backing_services.database_url());
    let warehouse = WarehouseAccess::of(&outputs, Some(url.parse()?)).await;
    Page::serve(Deployment { outputs, warehouse }, port).await
}

/// Redeploys on save if that was asked for. Never ends without an error.
async fn redeploy_on_save(
    cloud: &LocalCloud,
    settings: Option<Option<Settings>>,
    console: Console,
) -> Result<()> {
    match settings {
        Some(settings) => {
            redeploy::on_save(cloud, settings.as_ref(), console).await.map(|never| match never {})
        }
        None => std::future::pending().await,
    }
}

/// Prints what happens until a signal arrives.
async fn until_stopped(
    cloud: &LocalCloud,
    redeploy: impl Future<Output = Result<()>>,
    console: Console,
) -> Result<()> {
    console.title("What happens");
    tokio::select! {
        signal = wait_for_signal() => signal,
        never = activity::print_all(cloud, console) => match never {},
        failed = redeploy => failed,
    }
}

impl Arguments {
    fn into_options(self, file: &OutputsFile) -> Result<Options> {
        let settings = self.settings()?;
        Ok(Options {
            second_factory: self.factory_url.is_none(),
            factory_url: self.factory_url,
            factory_hosts: self.factory_hosts,
            data: self.data.as_deref().map(DataFolder::open).transpose()?,
            stock: self.stock.map(Stock::get),
            stock_of_new_products: Some(OPENING_STOCK),
            settings,
            redrive_command: file.redrive_command(),
            ..self.backing_services.into_options()?
        })
    }

    /// The settings of `system.json` with the requested changes.
    fn settings(&self) -> Result<Option<Settings>> {
        let Some(wait) = self.await_completion else { return Ok(None) };
        let await_completion_seconds = u32::try_from(wait.as_secs())?;
        Ok(Some(Settings { await_completion_seconds, ..System::read()?.settings }))
    }
}

fn parse_wait(text: &str) -> Result<Duration> {
    let wait = humantime::parse_duration(text)?;
    let longest = Duration::from_secs(System::read()?.settings.await_completion_seconds.into());
    let is_in_range = (Duration::from_secs(1)..=longest).contains(&wait);
    ensure!(is_in_range && wait.subsec_nanos() == 0, "it must be whole seconds, from 1s to 15m");
    Ok(wait)
}

fn parse_host(text: &str) -> Result<String> {
    let url: Option<FactoryUrl> = format!("https://{text}").parse().ok();
    let host = url.filter(|url| url.host() == text).map(|_| text.to_owned());
    host.context("it must be a host in lower case without a port, such as factory.example")
}

fn parse_factory_url(text: &str) -> Result<FactoryUrl> {
    let url: FactoryUrl = text.parse()?;
    FactoryNetwork::Public.admits(&url)?;
    Ok(url)
}

fn print_instructions(cloud: &LocalCloud, file: &OutputsFile, page: &Page, console: Console) {
    console.title("Restock is up");
    let url = &cloud.outputs.sales_api_url;
    console.say(format_args!("console       {}", page.url()));
    console.say(format_args!("sales API     {url}\n"));
    console.say(format_args!("buy           {}", file.command(&format!("buy {FIRST_PRODUCT}"))));
    console.say(format_args!("why           {}", file.command(&format!("why {FIRST_PRODUCT}"))));
    let faults = if cloud.outputs.factory_simulators.is_empty() { &[][..] } else { &FAULTS };
    for (name, command) in COMMANDS.iter().chain(faults) {
        console.say(format_args!("{name:13} {}", file.command(command)));
    }
    print_other_programs(cloud, console);
    console.say(format_args!("log file      {}", cloud.backing_services.log_path().display()));
    console.say(format_args!("outputs file  {}", file.path().display()));
    console.say(HOW_TO_STOP);
}

/// What to run in another terminal.
const COMMANDS: [(&str, &str); 4] = [
    ("status", "status"),
    ("mails", "mails"),
    ("dead letters", "dead-letters list"),
    ("audit", "audit"),
];

/// What to run if there is a factory simulator.
const FAULTS: [(&str, &str); 2] = [
    ("set fault", "fault set refuses-connections --factory FF-500293"),
    ("clear fault", "fault clear --factory FF-500293"),
];

/// How curl and the AWS CLI reach the system.
fn print_other_programs(cloud: &LocalCloud, console: Console) {
    let url = &cloud.outputs.sales_api_url;
    console.say(format_args!(
        "\nwith curl     curl -i {url}/checkout -H 'Idempotency-Key: my-first-donut' \
         -d '{{\"sku\":\"{FIRST_PRODUCT}\",\"quantity\":1}}'"
    ));
    console.say(format_args!("show product  curl -s {url}/products/{FIRST_PRODUCT}"));
    console.say(format_args!("list products curl -s {url}/products"));
    console.say(format_args!("AWS CLI       {}", credentials(cloud.endpoint())));
    let machine = &cloud.outputs.restock_machine_arn;
    console.say(format_args!(
        "executions    aws stepfunctions list-executions --state-machine-arn {machine}"
    ));
}
