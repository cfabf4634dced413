//! Deploys the system to the local cloud: the same definitions that Terraform deploys to AWS.

mod api;
mod ended;
mod functions;
mod machines;
mod messaging;
mod roles;
mod schedule;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Result;
use deployment::{clients::Clients, outputs::Outputs};
use system::{ACCOUNT, REGION, System, Values, machine_arn, queue_arn};
use uuid::Uuid;

pub use functions::package;

use super::{logins::Logins, signed::SignedRequests};

/// Who sends the mails of the local cloud, and who gets them.
pub const MAIL_FROM: &str = "restock@donut-states.example";
/// See [`MAIL_FROM`].
pub const MAIL_TO: &str = "operations@donut-states.example";

/// What is deployed where.
pub struct Deployment {
    /// What is deployed.
    pub system: System,
    /// To whom.
    pub clients: Clients,
    /// To the services that they are not for.
    pub signed: SignedRequests,
    /// Where that is.
    pub endpoint: String,
    /// The warehouse, as one who may do everything in it sees it.
    pub database_url: String,
    /// As the functions see it.
    pub logins: Logins,
    /// The factory.
    pub factory_url: String,
    /// The binary of each function.
    pub binaries: BTreeMap<String, PathBuf>,
    /// What a mail tells operations to do.
    pub redrive_command: String,
}

impl Deployment {
    /// Deploys everything, in the order in which one thing needs another.
    pub async fn run(&self) -> Result<Outputs> {
        let api = self.create_api().await?;
        let queues = self.create_queues().await?;
        let topic = self.create_topic(&queues).await?;
        self.verify_mail_addresses().await?;
        let outputs = self.outputs(&api, &queues, topic);
        let values = self.values(&outputs);
        self.create_roles(&values).await?;
        self.create_functions(&values).await?;
        self.create_machines().await?;
        self.create_routes(&api).await?;
        self.feed_consumers(&queues).await?;
        self.create_schedules().await?;
        self.report_ended_executions().await?;
        Ok(outputs)
    }

    fn outputs(&self, api: &str, queues: &messaging::Queues, topic: String) -> Outputs {
        Outputs {
            sales_api_url: api_url(&self.endpoint, api),
            region: REGION.to_owned(),
            endpoint_url: Some(self.endpoint.clone()),
            depletion_topic_arn: topic,
            stock_queue_url: queues.url("stock_queue"),
            stock_queue_arn: queue_arn("stock_queue"),
            dead_letter_queue_url: queues.url("dead_letter_queue"),
            dead_letter_queue_arn: queue_arn("dead_letter_queue"),
            purchase_machine_arn: machine_arn("purchase"),
            restock_machine_arn: machine_arn("restock"),
            completion_machine_arn: machine_arn("completion"),
            sweep_machine_arn: machine_arn("sweep"),
            database_url: Some(self.database_url.clone()),
        }
    }

    /// What the `${names}` in the functions' environments and roles stand for: the definitions' names, and
    /// more.
    fn values(&self, outputs: &Outputs) -> Values {
        let mut values = self.system.values();
        values.set("name", "restock");
        values.set("depletion_topic_arn", &outputs.depletion_topic_arn);
        values.set("dead_letter_queue_url", &outputs.dead_letter_queue_url);
        values.set("stock_queue_arn", &outputs.stock_queue_arn);
        values.set("dead_letter_queue_arn", &outputs.dead_letter_queue_arn);
        values.set("factory_url", &self.factory_url);
        values.set("api_url", &outputs.sales_api_url);
        values.set("callback_keys", random_key());
        values.set("requester", "Donut-States");
        values.set("mail_from", MAIL_FROM);
        values.set("mail_to", MAIL_TO);
        values.set("mail_from_arn", mail_arn(MAIL_FROM));
        values.set("mail_to_arn", mail_arn(MAIL_TO));
        values.set("redrive_command", &self.redrive_command);
        values
    }
}

/// Where an API answers.
pub fn api_url(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/_aws/execute-api/{id}")
}

/// The key that signs callback URLs lives as long as the local cloud.
fn random_key() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

fn mail_arn(address: &str) -> String {
    format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{address}")
}
