//! `cargo run`: the whole loop on one machine, told as it happens. Customers buy until nothing is left;
//! the factory makes more; then the factory is down, and what is lost comes back all the same.

mod crowd;
mod factory_floor;
mod follow;
mod summary;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::Sku;
use tokio::time::{sleep, timeout};

use deployment::api_client::ApiClient;
use factory_simulator::Fault;
use local_cloud::{LocalCloud, Options};
use local_programs::console::Console;
use operations::{dead_letters::Queues, executions::Executions, mailbox, redrive::redrive};
use warehouse::FIRST_PRODUCT;

use super::signals::until_signal;
use crowd::{Crowd, Sales};
use summary::Summary;

/// What the story begins with.
const OPENING_STOCK: u32 = 30;

/// Nothing in the story takes this long, unless something is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// Without a subcommand: runs the whole system on this machine and shows one sold-out day.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print only the summary, as JSON, on stdout.
    #[arg(long)]
    json: bool,
    /// How long each of the factory's four stages takes. The real factory needs 10s.
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
}

/// Runs the demo and fails if its numbers do not add up.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { json, factory_stage } = arguments;
    let console = if json { Console::on_stderr() } else { Console::on_stdout() };
    let summary = until_signal(demo(factory_stage, console)).await?;
    if json {
        println!("{}", serde_json::to_string(&summary)?);
    }
    if !summary.ok {
        bail!("the demo did not end as it should: {}", summary.wrong.join("; "));
    }
    Ok(())
}

async fn demo(factory_stage: Duration, console: Console) -> Result<Summary> {
    console
        .title("Restock: sells donuts, notices when they run out, and has the factory make more.");
    let options = Options { stock: Some(OPENING_STOCK), factory_stage, ..Options::default() };
    let cloud = LocalCloud::start(options, console).await?;
    let told = Story::new(&cloud, console).await?.tell(factory_stage).await;
    cloud.stop().await;
    told
}

/// The story, and what it needs to be told.
struct Story<'a> {
    cloud: &'a LocalCloud,
    console: Console,
    sku: Sku,
    shop: ApiClient,
    restocks: Executions,
    letters: Queues,
    sales: Sales,
    redriven: usize,
    mails_read: usize,
    began: Instant,
}

impl<'a> Story<'a> {
    async fn new(cloud: &'a LocalCloud, console: Console) -> Result<Self> {
        let outputs = &cloud.outputs;
        Ok(Self {
            cloud,
            console,
            sku: FIRST_PRODUCT.parse()?,
            shop: ApiClient::new(&outputs.sales_api_url)?,
            restocks: Executions::of(cloud.clients.machines.clone(), &outputs.restock_machine_arn),
            letters: Queues::of(outputs).await,
            sales: Sales::default(),
            redriven: 0,
            mails_read: 0,
            began: Instant::now(),
        })
    }

    async fn tell(mut self, factory_stage: Duration) -> Result<Summary> {
        let backing_services = &self.cloud.backing_services;
        let factory =
            backing_services.factory.as_ref().context("the story needs a factory of its own")?;
        let floor = factory_floor::watch(factory, self.console);
        // The factory's four stages come on top of what everything else takes.
        let patience = PATIENCE + 8 * factory_stage;
        let told = timeout(patience, async {
            // However slow the machine is, the goods come when the crowd has gone.
            factory.misbehave(Fault::HoldsCallback).await?;
            self.sell_out().await?;
            factory.behave().await?;
            factory.release();
            self.restock().await?;
            factory.misbehave(Fault::RefusesConnections).await?;
            self.fail().await?;
            factory.behave().await?;
            self.recover().await?;
            self.sum_up().await
        });
        let summary = told.await.context("the story did not go on: something is broken")?;
        floor.abort();
        summary
    }

    /// 1. Customers buy until the product is sold out.
    async fn sell_out(&mut self) -> Result<()> {
        let n = self.console;
        n.title("1. A famous video sends a crowd");
        self.crowd("fan", OPENING_STOCK + 20).await
    }

    /// 2. One restock, although many purchases failed. 3. The factory calls back.
    async fn restock(&mut self) -> Result<()> {
        let n = self.console;
        n.title("2. The depletion reaches the restock workflow, and the factory makes more");
        self.follow(&format!("{}_1", self.sku)).await?;
        n.title("3. The donuts are there");
        self.buy_one("late-fan").await
    }

    /// 4. The factory is down: the restock fails, and operations hear of it.
    async fn fail(&mut self) -> Result<()> {
        let n = self.console;
        n.title("4. The factory is down, and the crowd comes again");
        self.crowd("other-fan", 80).await?;
        self.follow(&format!("{}_2", self.sku)).await?;
        for letter in self.letters.list().await? {
            n.note(format_args!("dead letter: {} ({})", letter.body, letter.error));
        }
        self.read_mails().await
    }

    /// The factory comes back, and the dead letter is redriven.
    async fn recover(&mut self) -> Result<()> {
        let n = self.console;
        n.title("5. The factory is back: the dead letter is redriven");
        let mut shown = Vec::new();
        self.redriven = redrive(&self.letters, Some(&self.sku), false, &mut shown).await?.moved;
        n.quote(&String::from_utf8_lossy(&shown));
        self.follow(&format!("{}_3", self.sku)).await?;
        self.read_mails().await?;
        self.buy_one("patient-fan").await
    }

    /// Shows the mails that have come since the last look.
    async fn read_mails(&mut self) -> Result<()> {
        let n = self.console;
        let mails = mailbox::mails(self.cloud.endpoint()).await?;
        for mail in mails.iter().skip(self.mails_read) {
            n.note(format_args!("mail to {}: {}", mail.to.join(", "), mail.subject));
            n.quote(&mail.text);
        }
        self.mails_read = mails.len();
        Ok(())
    }

    async fn crowd(&mut self, name: &str, customers: u32) -> Result<()> {
        let n = self.console;
        let stock = self.shop.product(self.sku.as_str()).await?.body;
        n.note(format_args!("{} {} ({}) are in stock", stock["stock"], stock["name"], self.sku));
        let crowd = Crowd { shop: &self.shop, sku: self.sku.as_str(), name, customers };
        let sales = crowd.buy(|line| n.note(line)).await?;
        n.note(format_args!(
            "{customers} customers: {} bought one, {} were told 409 sold_out",
            sales.sold, sales.refused
        ));
        self.sales += sales;
        Ok(())
    }

    async fn buy_one(&mut self, key: &str) -> Result<()> {
        let answer = self.shop.buy(key, self.sku.as_str(), 1).await?;
        self.sales.count(&answer);
        let (status, body) = (answer.status.as_u16(), answer.body);
        self.console.note(format_args!("the next customer: {status} {body}"));
        Ok(())
    }

    async fn sum_up(&self) -> Result<Summary> {
        let books = self.cloud.warehouse.books(&self.sku).await?;
        let ended = summary::Ended {
            sales: self.sales,
            books,
            letters_left: self.letters.list().await?.len(),
            letters_redriven: self.redriven,
            mails: self.mails_read,
            took: self.began.elapsed(),
        };
        let summary = Summary::of(&ended);
        self.console.title("Summary");
        self.console.say(summary.table());
        Ok(summary)
    }
}

/// How often something is looked at that cannot be waited for.
async fn a_moment() {
    sleep(Duration::from_millis(100)).await;
}
