//! `restock up`: the whole system, up until Ctrl-C.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cloud::{
        LocalCloud, Options, StandIns,
        clients::REGION,
        deployment::{Settings, System},
    },
    demo::FIRST_PRODUCT,
    narrator::Narrator,
    note::Note,
    operations::mailbox,
};

/// How the system is brought up.
#[derive(Debug, Args)]
pub struct Up {
    /// Use this factory and start none.
    #[arg(long)]
    factory_url: Option<String>,
    /// How long each of the stand-in factory's four stages takes.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
    /// How long a restock waits for the factory's callback before it orders once more: 1s to 15m.
    #[arg(long, value_parser = wait)]
    await_completion: Option<Duration>,
    /// How many of the first product are in stock.
    #[arg(long, default_value_t = 50)]
    stock: u32,
    /// The port of the local cloud: any free one, if none is given.
    #[arg(long)]
    port: Option<u16>,
    /// Use this MySQL (mysql://user:password@host:port/database) and start none.
    #[arg(long)]
    database_url: Option<String>,
}

/// Brings it up, says how to use it, and ends it on Ctrl-C or SIGTERM.
pub async fn run(options: Up) -> Result<()> {
    let narrator = Narrator::on_stdout();
    let note = Note::take("outputs", "json")?;
    let cloud = until_signal(LocalCloud::start(options.into_options(&note)?, narrator)).await?;
    cloud.outputs.write(note.path())?;
    explain(&cloud, &note, narrator);
    wait_for_signal().await?;
    narrator.say("\nending all that was started");
    cloud.stop().await;
    Ok(())
}

impl Up {
    fn into_options(self, note: &Note) -> Result<Options> {
        let settings = self.settings()?;
        Ok(Options {
            port: self.port,
            factory_url: self.factory_url,
            factory_stage: self.factory_stage,
            database_url: self.database_url,
            stock: Some(self.stock),
            settings,
            redrive_command: redrive_command(note),
            ..Options::default()
        })
    }

    /// Those of `system.json`, but for what was asked for.
    fn settings(&self) -> Result<Option<Settings>> {
        let Some(wait) = self.await_completion else { return Ok(None) };
        let await_completion_seconds = u32::try_from(wait.as_secs())?;
        Ok(Some(Settings { await_completion_seconds, ..System::read()?.settings }))
    }
}

fn wait(text: &str) -> Result<Duration> {
    let wait = humantime::parse_duration(text)?;
    let longest = Duration::from_secs(System::read()?.settings.await_completion_seconds.into());
    ensure!((Duration::from_secs(1)..=longest).contains(&wait), "it must be from 1s to 15m");
    Ok(wait)
}

/// What moves dead letters back.
fn redrive_command(note: &Note) -> String {
    format!("cargo run -- redrive --outputs {}", note.path().display())
}

fn explain(cloud: &LocalCloud, note: &Note, n: Narrator) {
    let url = &cloud.outputs.sales_api_url;
    n.title("Restock is up");
    n.say(format_args!("sales API     {url}"));
    n.say("");
    n.say(format_args!(
        "buy           curl -i {url}/checkout -H 'Idempotency-Key: my-first-donut' \
         -d '{{\"sku\":\"{FIRST_PRODUCT}\",\"quantity\":1}}'"
    ));
    n.say(format_args!("look          curl -s {url}/products/{FIRST_PRODUCT}"));
    let redrive = redrive_command(note);
    n.say(format_args!("dead letters  {redrive} --dry-run"));
    n.say(format_args!("redrive       {redrive}"));
    let outputs = note.path().display();
    n.say(format_args!("audit         cargo run -- audit --outputs {outputs}"));
    n.say(format_args!("why           cargo run -- why {FIRST_PRODUCT} --outputs {outputs}"));
    let machine = &cloud.outputs.restock_machine_arn;
    n.say(format_args!(
        "executions    aws stepfunctions list-executions --state-machine-arn {machine}"
    ));
    n.say("logs          aws logs tail /aws/lambda/start-restock");
    n.say(format_args!("all of it     {}", note.path().display()));
    explain_stand_ins(&cloud.stand_ins, n);
    n.say("\nCtrl-C ends it.");
}

/// What the AWS CLI and Terraform have to be told to reach the local AWS.
pub fn credentials(endpoint: &str) -> String {
    format!(
        "export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_ACCESS_KEY_ID=test \
         AWS_SECRET_ACCESS_KEY=test"
    )
}

/// How to look at what stands in for AWS and the factory.
pub fn explain_stand_ins(stand_ins: &StandIns, n: Narrator) {
    let endpoint = stand_ins.endpoint();
    n.say(format_args!("aws           {}", credentials(endpoint)));
    n.say(format_args!("mails         curl -s {}", mailbox::url(endpoint)));
    if let Some(factory) = &stand_ins.factory {
        n.say(format_args!(
            "factory       curl -s {0}/stand-in/orders; \
             curl -X PUT {0}/stand-in/fault -d '{{\"fault\":\"refuses-connections\"}}'; \
             curl -X DELETE {0}/stand-in/fault",
            factory.admin_url()
        ));
    }
    n.say(format_args!("the cloud's   {}", stand_ins.log_path().display()));
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn wait_for_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Does some work, but gives up on a signal: what it had started ends when it is dropped.
pub async fn until_signal<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        signal = wait_for_signal() => {
            signal?;
            bail!("ended by a signal; nothing is left running")
        }
    }
}
