//! `restock sandbox`: an empty AWS, a database and a factory for Terraform to deploy to, up until Ctrl-C.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};

use local_cloud::{
    BackingServices, Options,
    deploy::{MAIL_FROM, MAIL_TO, api_url, package},
    emulator::Records,
};
use local_programs::{build, console::Console, process::RunFolder};
use operations::mailbox;
use system::REGION;

use super::signals::{until_signal, wait_for_signal};

/// What Terraform is told of them, in their folder.
const VARIABLES: &str = "variables.tfvars.json";

/// How they are started.
#[derive(Debug, Args)]
// `up` takes these along with its own `Arguments`, and clap wants the groups of both to have different names.
#[group(id = "backing_services")]
pub struct Arguments {
    /// The port of the local AWS: any free one, if none is given.
    #[arg(long)]
    port: Option<u16>,
    /// How long each of the stand-in factory's four stages takes.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
    /// Use this MySQL (mysql://user:password@host:port/database) and start none.
    #[arg(long)]
    database_url: Option<String>,
}

impl From<Arguments> for Options {
    fn from(arguments: Arguments) -> Self {
        let Arguments { port, factory_stage, database_url } = arguments;
        Self { port, factory_stage, database_url, ..Self::default() }
    }
}

/// Starts them, writes down what Terraform has to be told of them, and ends them on Ctrl-C or SIGTERM.
pub async fn run(arguments: Arguments) -> Result<()> {
    let console = Console::on_stdout();
    let folder = RunFolder::create("sandbox")?;
    // Passwords and keys will be in it.
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700))?;
    let backing_services = until_signal(start(arguments, folder.path(), console)).await?;
    let variables = serde_json::to_string_pretty(&variables(&backing_services, folder.path()))?;
    write(&folder.path().join(VARIABLES), variables)?;
    console.title("Terraform can deploy to stand-ins");
    explain(&backing_services, console);
    tell_terraform(&backing_services, folder.path(), console);
    console.say("\nCtrl-C ends it.");
    wait_for_signal().await?;
    console.say("\nending all that was started");
    backing_services.stop().await;
    Ok(())
}

async fn start(arguments: Arguments, folder: &Path, n: Console) -> Result<BackingServices> {
    n.note("building the functions");
    pack(build::functions().await?, folder)?;
    // As on AWS, a function may do what its role allows and nothing else.
    let records = Records { permissions: Some(folder.join("permissions")), ..Records::default() };
    BackingServices::start(&Options { records, ..arguments.into() }, n).await
}

/// A package that leads to where the function was built: an apply takes seconds, and sees no newer build.
fn pack(binaries: &BTreeMap<String, PathBuf>, folder: &Path) -> Result<()> {
    for (name, binary) in binaries {
        write(&folder.join(format!("{name}.zip")), package(binary)?)?;
    }
    Ok(())
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}

/// What `terraform/variables.tf` asks for.
fn variables(backing_services: &BackingServices, packages: &Path) -> Value {
    let endpoint = backing_services.endpoint();
    json!({
        "factory_url": backing_services.factory_url(),
        "mail_from": MAIL_FROM,
        "mail_to": MAIL_TO,
        "packages": packages.join("{function}.zip"),
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" },
        "database_url": backing_services.database_url(),
        "endpoint_url": endpoint,
        "public_url": api_url(endpoint, "{api_id}"),
    })
}

/// State and outputs end with what they are about, and are not those of a deployment on AWS.
fn tell_terraform(backing_services: &BackingServices, folder: &Path, n: Console) {
    let folder = folder.display();
    let given = format!("-state={folder}/terraform.tfstate -var-file={folder}/{VARIABLES}");
    n.title("One line after the other, in another shell");
    n.say(credentials(backing_services.endpoint()));
    n.say("terraform -chdir=terraform init");
    n.say(format_args!("terraform -chdir=terraform apply {given}"));
    n.say(format_args!(
        "terraform -chdir=terraform output -state={folder}/terraform.tfstate -json outputs > {folder}/outputs.json"
    ));
    n.say(format_args!(
        "RESTOCK_DEPLOYMENT={folder}/outputs.json RESTOCK_SELL_OUT=yes cargo test --test deployment"
    ));
    n.say(format_args!("terraform -chdir=terraform destroy {given}"));
}

/// What the AWS CLI and Terraform have to be told to reach the local AWS.
pub fn credentials(endpoint: &str) -> String {
    format!(
        "export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_ACCESS_KEY_ID=test \
         AWS_SECRET_ACCESS_KEY=test"
    )
}

/// How to look at the mails, the factory and the log.
pub fn explain(backing_services: &BackingServices, n: Console) {
    n.say(format_args!("mails         curl -s {}", mailbox::url(backing_services.endpoint())));
    if let Some(factory) = &backing_services.factory {
        n.say(format_args!(
            "factory       curl -s {0}/stand-in/orders; \
             curl -X PUT {0}/stand-in/fault -d '{{\"fault\":\"refuses-connections\"}}'; \
             curl -X DELETE {0}/stand-in/fault",
            factory.admin_url()
        ));
    }
    n.say(format_args!("the cloud's   {}", backing_services.log_path().display()));
}
