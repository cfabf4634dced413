//! `restock sandbox`

use anyhow::Result;
use clap::Args;
use local_cloud::sandbox::Sandbox;
use local_programs::console::Console;

use super::{
    backing_services_arguments::BackingServicesArguments,
    instructions::{HOW_TO_STOP, STOPPING, credentials, print_backing_services},
    signals::{until_signal, wait_for_signal},
};

/// Arguments of `restock sandbox`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    backing_services: BackingServicesArguments,
}

/// Starts the backing services, prints the commands for Terraform, and stops on Ctrl-C or SIGTERM. Fails if a service
/// ends earlier.
pub async fn run(arguments: Arguments) -> Result<()> {
    let console = Console::on_stdout();
    let options = arguments.backing_services.into_options()?;
    let sandbox = until_signal(Sandbox::start(options, console)).await?;
    console.title("The sandbox is up");
    print_backing_services(&sandbox.backing_services, console);
    print_terraform_commands(&sandbox, console);
    console.say(HOW_TO_STOP);
    let ended = sandbox.backing_services.while_running(wait_for_signal()).await;
    console.say(STOPPING);
    sandbox.stop().await;
    ended
}

/// State and outputs are in the sandbox's folder: they end with the sandbox and never mix with those of a deployment on AWS.
fn print_terraform_commands(sandbox: &Sandbox, console: Console) {
    let folder = sandbox.folder().display();
    let state = format!("-state={folder}/terraform.tfstate");
    let options = format!("{state} -var-file={}", sandbox.variables_file().display());
    let outputs = format!("{folder}/outputs.json");
    console.title("Run these commands in another shell, one after the other");
    console.say(credentials(sandbox.backing_services.endpoint()));
    console.say("terraform -chdir=terraform init");
    console.say(format_args!("terraform -chdir=terraform apply {options}"));
    console
        .say(format_args!("terraform -chdir=terraform output {state} -json outputs > {outputs}"));
    console.say(format_args!(
        "RESTOCK_DEPLOYMENT={outputs} RESTOCK_SELL_OUT=yes cargo test --test deployment"
    ));
    console.say(format_args!("terraform -chdir=terraform destroy {options}"));
}
