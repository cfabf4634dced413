use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use deployment::api_client::ApiClient;
use deployment::crowd::{Answers, Crowd};
use domain::Sku;
use factory_simulator::{Factory, Fault};
use local_cloud::{LocalCloud, assortment::MORE_PRODUCTS, mailbox};
use local_programs::console::Console;
use operations::{dead_letters::Queues, executions::Executions, redrive::redrive};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use warehouse::FIRST_PRODUCT;

use crate::summary::{Observed, Product, Summary};

/// The stock at the beginning.
pub(super) const OPENING_STOCK: u32 = 30;

/// The longest time that the demo may take, without the stages of the factory.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The steps of the demo and what they need.
pub(super) struct Scenario<'a> {
    cloud: &'a LocalCloud,
    console: Console,
    sku: Sku,
    /// The products of the second factory.
    others: Vec<Sku>,
    api: ApiClient,
    restocks: Executions,
    queues: Queues,
    answers: BTreeMap<Sku, Answers>,
    redriven: usize,
    mails_read: usize,
    began: Instant,
}

impl<'a> Scenario<'a> {
    pub(super) async fn new(cloud: &'a LocalCloud, console: Console) -> Result<Self> {
        let outputs = &cloud.outputs;
        Ok(Self {
            cloud,
            console,
            sku: FIRST_PRODUCT.parse()?,
            others: MORE_PRODUCTS.iter().map(|(sku, ..)| sku.parse()).collect::<Result<_, _>>()?,
            api: ApiClient::new(&outputs.sales_api_url)?,
            restocks: Executions::of(cloud.clients.machines.clone(), &outputs.restock_machine_arn),
            queues: Queues::of(outputs).await,
            answers: BTreeMap::new(),
            redriven: 0,
            mails_read: 0,
            began: Instant::now(),
        })
    }

    pub(super) async fn run(mut self, factory_stage: Duration) -> Result<Summary> {
        let services = &self.cloud.backing_services;
        let factory = services.factory.as_ref();
        let factory = factory.context("the demo needs a factory simulator of its own")?;
        let second = services.second_factory.as_ref();
        let second = second.context("the demo needs a second factory simulator")?;
        let printing = [
            activity::print_factory(factory, "factory", self.console),
            activity::print_factory(second, "second factory", self.console),
        ];
        // Two orders with four stages each.
        let limit = TIMEOUT + 8 * factory_stage;
        let summary = timeout(limit, self.steps(factory, second)).await;
        printing.iter().for_each(JoinHandle::abort);
        summary.with_context(|| {
            format!("the demo did not end within {} s: something is broken", limit.as_secs())
        })?
    }

    async fn steps(&mut self, factory: &Factory, second: &Factory) -> Result<Summary> {
        // The callbacks wait until the crowds have bought everything, however slow the machine is.
        factory.misbehave(Fault::HoldsCallback).await?;
        second.misbehave(Fault::HoldsCallback).await?;
        self.sell_out().await?;
        factory.behave().await?;
        factory.release();
        self.restock().await?;
        factory.misbehave(Fault::RefusesConnections).await?;
        self.fail(second).await?;
        factory.behave().await?;
        self.recover().await?;
        self.sum_up().await
    }

    /// Step 1: customers buy until the product is sold out.
    async fn sell_out(&mut self) -> Result<()> {
        self.console.title("1. A crowd of customers buys until the product is sold out");
        self.crowd("fan", &self.sku.clone(), OPENING_STOCK + 20).await
    }

    /// Steps 2 and 3: one restock for all failed purchases, then the callback.
    async fn restock(&mut self) -> Result<()> {
        self.console.title("2. One restock starts, and the factory makes more");
        self.print_execution(1).await?;
        self.console.title("3. The donuts are in stock again");
        self.buy_one("late-fan").await
    }

    /// Step 4: the factory is down, so the restock fails and operations get a mail. The products of the second factory are
    /// restocked meanwhile.
    async fn fail(&mut self, second: &Factory) -> Result<()> {
        self.console.title("4. The product sells out again while the factory is down");
        self.crowd("other-fan", &self.sku.clone(), 80).await?;
        self.console.note("  factory: refuses all connections");
        for sku in self.others.clone() {
            self.crowd("other-fan", &sku, OPENING_STOCK + 1).await?;
        }
        second.behave().await?;
        second.release();
        self.print_execution(2).await?;
        self.wait_for_the_others().await?;
        for letter in self.queues.list().await? {
            self.console.note(format_args!("dead letter: {} ({})", letter.body, letter.error));
        }
        self.print_new_mails().await
    }

    /// Step 5: the factory is back, and the dead letter is redriven.
    async fn recover(&mut self) -> Result<()> {
        self.console.title("5. The factory is back, and the dead letter is redriven");
        let mut output = Vec::new();
        self.redriven = redrive(&self.queues, Some(&self.sku), false, &mut output).await?.moved;
        self.console.quote(&String::from_utf8_lossy(&output));
        self.print_execution(3).await?;
        self.print_new_mails().await?;
        self.buy_one("patient-fan").await
    }

    /// Waits until the second factory has made its products. The time-out of the demo ends the wait.
    async fn wait_for_the_others(&self) -> Result<()> {
        for sku in &self.others {
            while self.cloud.warehouse.totals(sku).await?.completed_restocks == 0 {
                sleep(Duration::from_millis(50)).await;
            }
            let stock = self.api.product(sku.as_str()).await?.body["stock"].clone();
            self.console.note(format_args!("{sku} of the second factory: {stock} in stock"));
        }
        Ok(())
    }

    async fn print_execution(&self, cycle: u32) -> Result<()> {
        let name = format!("{}_{cycle}", self.sku);
        activity::print_execution(&self.restocks, &name, self.console).await
    }

    /// Prints the next mail, which comes a moment after the execution that reports. The time-out of the demo ends the wait.
    async fn print_new_mails(&mut self) -> Result<()> {
        let mails = loop {
            let mails = mailbox::mails(self.cloud.endpoint()).await?;
            if mails.len() > self.mails_read {
                break mails;
            }
            sleep(Duration::from_millis(50)).await;
        };
        for mail in mails.iter().skip(self.mails_read) {
            self.console.note(format_args!("mail to {}: {}", mail.to.join(", "), mail.subject));
            self.console.quote(&mail.text);
        }
        self.mails_read = mails.len();
        Ok(())
    }

    async fn crowd(&mut self, name: &str, sku: &Sku, customers: u32) -> Result<()> {
        let console = self.console;
        let product = self.api.product(sku.as_str()).await?.body;
        let (stock, title) = (&product["stock"], product["name"].as_str().unwrap_or_default());
        console.note(format_args!("{sku} ({title}): {stock} in stock"));
        let name = format!("{name}-{sku}");
        let crowd = Crowd { api: &self.api, sku: sku.as_str(), name: &name, customers };
        let answers = crowd.buy(|line| console.note(line)).await?;
        console.note(format_args!(
            "{customers} customers: {} received 200 sold, {} received 409 sold_out",
            answers.sold, answers.sold_out
        ));
        *self.answers.entry(sku.clone()).or_default() += answers;
        Ok(())
    }

    async fn buy_one(&mut self, key: &str) -> Result<()> {
        let answer = self.api.buy(key, self.sku.as_str(), 1).await?;
        self.answers.entry(self.sku.clone()).or_default().count(&answer);
        let (status, body) = (answer.status.as_u16(), answer.body);
        self.console.note(format_args!("the next customer: {status} {body}"));
        Ok(())
    }

    async fn sum_up(&self) -> Result<Summary> {
        let mut products = Vec::new();
        for sku in std::iter::once(&self.sku).chain(&self.others) {
            let answers = self.answers.get(sku).copied().unwrap_or_default();
            let totals = self.cloud.warehouse.totals(sku).await?;
            let (completed, failed) = if *sku == self.sku { (2, 1) } else { (1, 0) };
            products.push(Product { sku: sku.clone(), answers, totals, completed, failed });
        }
        let summary = Summary::of(&Observed {
            products,
            letters_left: self.queues.list().await?.len(),
            letters_redriven: self.redriven,
            mails: self.mails_read,
            took: self.began.elapsed(),
        });
        self.console.title("Summary");
        self.console.say(summary.table());
        Ok(summary)
    }
}
