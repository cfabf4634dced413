//! `restock factory`

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use domain::{Contact, DisplayName, FactoryId, FactoryNetwork, FactoryUrl, LeadTime, SecretName};
use terminal::{print, print_json, table::Table, zone::duration};
use warehouse::{AuthenticationChange, Change, Factory, FactoryChange};

use super::{changes::ChangeArguments, deployment_arguments::DeploymentArguments};

/// Arguments of `restock factory`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all factories.
    List {
        /// Print one JSON array, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        deployment: DeploymentArguments,
    },
    /// Add a factory. Its host must be allowed by the deployment, or no order is sent to it.
    Add {
        /// The id that the factory uses for itself.
        id: FactoryId,
        /// The name for people.
        #[arg(long)]
        name: DisplayName,
        /// The base URL of its API.
        #[arg(long)]
        url: FactoryUrl,
        /// Where the URL is reached: public (on the Internet) or private (from the VPC).
        #[arg(long, default_value = "public")]
        network: FactoryNetwork,
        /// The time from an order to its goods, as the factory promises.
        #[arg(long, default_value = "40s", value_parser = parse_lead_time)]
        lead_time: LeadTime,
        /// Whom to ask about an order.
        #[arg(long)]
        contact: Option<Contact>,
        /// The secret that holds the header that the factory requires.
        #[arg(long)]
        secret: Option<SecretName>,
        #[command(flatten)]
        change: ChangeArguments,
    },
    /// Change a factory. What is not named stays as it is. The next order is sent as the change says.
    Change {
        /// The id of the factory.
        id: FactoryId,
        /// The new name.
        #[arg(long)]
        name: Option<DisplayName>,
        /// The new base URL.
        #[arg(long)]
        url: Option<FactoryUrl>,
        /// The new network.
        #[arg(long)]
        network: Option<FactoryNetwork>,
        /// The new lead time.
        #[arg(long, value_parser = parse_lead_time)]
        lead_time: Option<LeadTime>,
        /// The new contact.
        #[arg(long)]
        contact: Option<Contact>,
        /// The new secret.
        #[arg(long, conflicts_with = "no_secret")]
        secret: Option<SecretName>,
        /// The factory requires no header any more.
        #[arg(long)]
        no_secret: bool,
        #[command(flatten)]
        change: ChangeArguments,
    },
}

fn parse_lead_time(text: &str) -> Result<LeadTime> {
    let seconds = humantime::parse_duration(text).ok().map(|time| time.as_secs());
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let lead_time = seconds.and_then(|seconds| seconds.try_into().ok());
    lead_time.context("the lead time must be 1s to 30days, for example 40s, 90m or 2h")
}

/// Lists, adds or changes factories.
pub async fn run(Arguments { action }: Arguments) -> Result<()> {
    match action {
        Action::List { json, deployment } => list(json, &deployment).await,
        Action::Add { id, name, url, network, lead_time, contact, secret, change } => {
            let lead_time_seconds = lead_time;
            let new = Factory { id, name, url, network, lead_time_seconds, contact, secret };
            change.make(Change::AddFactory(new), "added").await
        }
        Action::Change {
            id,
            name,
            url,
            network,
            lead_time,
            contact,
            secret,
            no_secret,
            change,
        } => {
            let authentication = match secret {
                Some(secret) => Some(AuthenticationChange::Secret(secret)),
                None => no_secret.then_some(AuthenticationChange::None),
            };
            let lead_time_seconds = lead_time;
            let new = FactoryChange {
                id,
                name,
                url,
                network,
                lead_time_seconds,
                contact,
                authentication,
            };
            ensure!(
                new != FactoryChange::of(new.id.clone()),
                "nothing to change: give at least one of --name, --url, --network, --lead-time, --contact, --secret \
                 and --no-secret"
            );
            change.make(Change::ChangeFactory(new), "changed").await
        }
    }
}

async fn list(json: bool, deployment: &DeploymentArguments) -> Result<()> {
    let (_, warehouse) = deployment.read().await?;
    let factories = warehouse.factories().await?;
    if json {
        return Ok(print_json(&factories)?);
    }
    let mut table = Table::new(&["factory", "name", "URL", "network", "lead time", "contact"]);
    table = table.with_whole(&[2]);
    for factory in factories {
        let lead_time = std::time::Duration::from_secs(factory.lead_time_seconds.get().into());
        table.row([
            factory.id.into(),
            factory.name.into(),
            factory.url.into(),
            factory.network.into(),
            duration(lead_time).into(),
            factory.contact.map_or_else(|| "-".to_owned(), String::from).into(),
        ]);
    }
    Ok(print(&table.text())?)
}
