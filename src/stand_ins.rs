//! `restock stand-ins`: an empty AWS, a database and a factory for Terraform to deploy to, up until Ctrl-C.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Value, json};

use crate::{
    cloud::{
        Options, StandIns, build,
        deployment::{MAIL_FROM, MAIL_TO, api_url, package},
        emulator::Records,
        process::RunFolder,
    },
    narrator::Narrator,
    note::{self, Note},
    up::{credentials, explain_stand_ins, until_signal, wait_for_signal},
};

/// How the stand-ins are started.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The port of the local AWS: any free one, if none is given.
    #[arg(long)]
    port: Option<u16>,
    /// How long each of the factory's four stages takes.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    factory_stage: Duration,
    /// Use this MySQL (mysql://user:password@host:port/database) and start none.
    #[arg(long)]
    database_url: Option<String>,
}

/// Starts them, writes down what Terraform has to be told of them, and ends them on Ctrl-C or SIGTERM.
pub async fn run(arguments: Arguments) -> Result<()> {
    let narrator = Narrator::on_stdout();
    let note = Note::take("stand-ins", "tfvars.json")?;
    let folder = RunFolder::create("stand-ins")?;
    let stand_ins = until_signal(start(arguments, folder.path(), narrator)).await?;
    note::write(note.path(), &variables(&stand_ins, folder.path()))?;
    explain(&stand_ins, note.path(), narrator);
    wait_for_signal().await?;
    narrator.say("\nending all that was started");
    stand_ins.stop().await;
    Ok(())
}

/// The functions are packed as they were built for development, which takes no minutes.
async fn start(arguments: Arguments, folder: &Path, n: Narrator) -> Result<StandIns> {
    n.note("building the functions");
    pack(build::functions().await?, folder)?;
    let options = Options {
        port: arguments.port,
        factory_stage: arguments.factory_stage,
        database_url: arguments.database_url,
        // As on AWS, a function may do what its role allows and nothing else.
        records: Records { permissions: Some(folder.join("permissions")), ..Records::default() },
        ..Options::default()
    };
    StandIns::start(&options, n).await
}

fn pack(binaries: &BTreeMap<String, PathBuf>, folder: &Path) -> Result<()> {
    for (name, binary) in binaries {
        let path = folder.join(format!("{name}.zip"));
        std::fs::write(&path, package(binary)?)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// What `terraform/variables.tf` asks for.
fn variables(stand_ins: &StandIns, packages: &Path) -> Value {
    let endpoint = stand_ins.endpoint();
    json!({
        "factory_url": stand_ins.factory_url(),
        "mail_from": MAIL_FROM,
        "mail_to": MAIL_TO,
        "packages": packages.join("{function}.zip"),
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" },
        "database_url": stand_ins.database_url(),
        "endpoint_url": endpoint,
        "public_url": api_url(endpoint, "{api_id}"),
    })
}

/// The state is one of its own, and so are the outputs: those of a deployment on AWS may be here as well.
fn explain(stand_ins: &StandIns, variables: &Path, n: Narrator) {
    let outputs = variables.with_file_name("stand-ins-outputs.json");
    let (outputs, variables) = (outputs.display(), variables.display());
    n.title("Terraform can deploy to stand-ins");
    explain_stand_ins(stand_ins, n);
    n.title("One line after the other, in another shell");
    n.say(format_args!("{} TF_WORKSPACE=stand-ins", credentials(stand_ins.endpoint())));
    n.say("terraform -chdir=terraform init");
    n.say(format_args!("terraform -chdir=terraform apply -var-file={variables}"));
    n.say(format_args!("terraform -chdir=terraform output -json outputs > {outputs}"));
    n.say(format_args!(
        "RESTOCK_DEPLOYMENT={outputs} RESTOCK_SELL_OUT=yes cargo test --test deployment"
    ));
    n.say(format_args!("terraform -chdir=terraform destroy -var-file={variables}"));
    n.say("\nCtrl-C ends it.");
}
