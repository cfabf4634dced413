//! `restock up`: the whole system, up until Ctrl-C.

use std::{
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use nix::fcntl::Flock;

use local_cloud::{LocalCloud, Options};
use local_programs::{console::Console, prerequisites::Cache};
use system::{Settings, System};
use warehouse::FIRST_PRODUCT;

use super::{
    sandbox,
    signals::{until_signal, wait_for_signal},
};

/// How the system is brought up.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Use this factory and start none.
    #[arg(long)]
    factory_url: Option<String>,
    /// How long a restock waits for the factory's callback before it orders once more: 1s to 15m.
    #[arg(long, value_parser = wait)]
    await_completion: Option<Duration>,
    /// How many of the first product are in stock.
    #[arg(long, default_value_t = 50)]
    stock: u32,
    #[command(flatten)]
    sandbox: sandbox::Arguments,
}

/// Brings it up, says how to use it, and ends it on Ctrl-C or SIGTERM.
pub async fn run(options: Arguments) -> Result<()> {
    let console = Console::on_stdout();
    let note = OutputsFile::take()?;
    let cloud = until_signal(LocalCloud::start(options.into_options(&note)?, console)).await?;
    cloud.outputs.write(&note.path)?;
    explain(&cloud, &note, console);
    wait_for_signal().await?;
    console.say("\nending all that was started");
    cloud.stop().await;
    Ok(())
}

impl Arguments {
    fn into_options(self, note: &OutputsFile) -> Result<Options> {
        let settings = self.settings()?;
        Ok(Options {
            factory_url: self.factory_url,
            stock: Some(self.stock),
            settings,
            redrive_command: note.redrive_command(),
            ..self.sandbox.into()
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

/// `.restock/outputs.json`, as long as we are up. Beside another `up` in the same folder it has a
/// number in its name.
struct OutputsFile {
    path: PathBuf,
    _lock: Flock<File>,
}

impl OutputsFile {
    fn take() -> Result<Self> {
        let folder = std::env::current_dir()?.join(".restock");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        for number in 1..=100 {
            let name = if number == 1 { "outputs".to_owned() } else { format!("outputs-{number}") };
            // Not beside it: nothing is to be left in people's folders.
            let lock = Cache::open()?.try_lock(&format!("{name}-{:016x}", hasher.finish()))?;
            if let Some(lock) = lock {
                return Ok(Self { path: folder.join(format!("{name}.json")), _lock: lock });
            }
        }
        bail!("a hundred systems are up in {}: end one first", folder.display())
    }
}

impl OutputsFile {
    /// What moves dead letters back.
    fn redrive_command(&self) -> String {
        format!("cargo run -- redrive --outputs {}", self.path.display())
    }
}

/// What was written about a system that is no longer up would lead nowhere.
impl Drop for OutputsFile {
    fn drop(&mut self) {
        // Not written yet, if the system did not come up.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn explain(cloud: &LocalCloud, note: &OutputsFile, n: Console) {
    let url = &cloud.outputs.sales_api_url;
    n.title("Restock is up");
    n.say(format_args!("sales API     {url}"));
    n.say("");
    n.say(format_args!(
        "buy           curl -i {url}/checkout -H 'Idempotency-Key: my-first-donut' \
         -d '{{\"sku\":\"{FIRST_PRODUCT}\",\"quantity\":1}}'"
    ));
    n.say(format_args!("look          curl -s {url}/products/{FIRST_PRODUCT}"));
    let redrive = note.redrive_command();
    n.say(format_args!("dead letters  {redrive} --dry-run"));
    n.say(format_args!("redrive       {redrive}"));
    let outputs = note.path.display();
    n.say(format_args!("audit         cargo run -- audit --outputs {outputs}"));
    n.say(format_args!("why           cargo run -- why {FIRST_PRODUCT} --outputs {outputs}"));
    n.say(format_args!("aws           {}", sandbox::credentials(cloud.endpoint())));
    let machine = &cloud.outputs.restock_machine_arn;
    n.say(format_args!(
        "executions    aws stepfunctions list-executions --state-machine-arn {machine}"
    ));
    n.say("logs          aws logs tail /aws/lambda/start-restock");
    sandbox::explain(&cloud.backing_services, n);
    n.say(format_args!("all of it     {}", note.path.display()));
    n.say("\nCtrl-C ends it.");
}
