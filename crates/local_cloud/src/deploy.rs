//! Deploys the system to the local AWS, from the same definitions that Terraform deploys to AWS.

mod api;
mod ended_executions;
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

pub(crate) use ended_executions::SWEEP;
pub use functions::package;

use crate::{
    backing_services::FACTORY_SECRET, database_users::DatabaseUsers,
    signed_requests::SignedRequests,
};

/// The sender of the local cloud's mails.
pub const MAIL_FROM: &str = "restock@donut-states.example";
/// The recipient of the local cloud's mails.
pub const MAIL_TO: &str = "operations@donut-states.example";

/// The secret with the key that signs callback URLs.
pub const CALLBACK_KEY_SECRET: &str = "restock/callback-key";

/// A deployment to the local AWS.
pub(crate) struct Deployment {
    /// The definitions.
    pub system: System,
    /// The clients of the local AWS.
    pub clients: Clients,
    /// Requests to the services without a client.
    pub signed_requests: SignedRequests,
    /// The endpoint of the local AWS.
    pub endpoint: String,
    /// The URL of the database, for a user with all privileges.
    pub database_url: String,
    /// The functions' users of that database.
    pub database_users: DatabaseUsers,
    /// The admin URL of each factory simulator, by the id of its factory.
    pub factory_simulators: BTreeMap<String, String>,
    /// The folder with requests to kill functions.
    pub crash_folder: PathBuf,
    /// The hosts to which orders may be sent, separated by commas.
    pub factory_hosts: String,
    /// The header in the secret for factories.
    pub factory_header: (String, String),
    /// The key that signs callback URLs.
    pub callback_key: String,
    /// The binary of each function by name.
    pub binaries: BTreeMap<String, PathBuf>,
    /// The command in mails with which operations redrive dead letters.
    pub redrive_command: String,
}

impl Deployment {
    /// Deploys everything, each resource after those that it refers to.
    pub async fn run(&self) -> Result<Outputs> {
        let api = self.create_api().await?;
        let queues = self.create_queues().await?;
        let topic = self.create_topic(&queues).await?;
        self.verify_mail_addresses().await?;
        let outputs = self.outputs(&api, &queues, topic);
        let values = self.values(&outputs, &queues);
        self.create_roles(&values).await?;
        self.create_secrets().await?;
        self.create_functions(&values).await?;
        self.create_machines().await?;
        self.create_routes(&api, &queues).await?;
        self.create_event_source_mappings(&queues).await?;
        self.create_schedules().await?;
        self.create_rules_for_ended_executions().await?;
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
            completion_queue_url: queues.url("completion_queue"),
            completion_queue_arn: queue_arn("completion_queue"),
            dead_letter_queue_url: queues.url("dead_letter_queue"),
            dead_letter_queue_arn: queue_arn("dead_letter_queue"),
            purchase_machine_arn: machine_arn("purchase"),
            restock_machine_arn: machine_arn("restock"),
            completion_machine_arn: machine_arn("completion"),
            sweep_machine_arn: machine_arn("sweep"),
            database_url: Some(self.database_url.clone()),
            factory_simulators: self.factory_simulators.clone(),
            crash_folder: Some(self.crash_folder.clone()),
        }
    }

    /// The values for `${names}` in the functions' environments and roles.
    fn values(&self, outputs: &Outputs, queues: &messaging::Queues) -> Values {
        let mut values = self.system.values();
        values.set("name", "restock");
        values.set("depletion_topic_arn", &outputs.depletion_topic_arn);
        for name in self.system.queues.keys() {
            values.set(format!("{name}_url"), queues.url(name));
            values.set(format!("{name}_arn"), queue_arn(name));
        }
        for network in ["", "private_"] {
            values.set(format!("{network}factory_hosts"), &self.factory_hosts);
            values.set(format!("{network}factory_secrets"), FACTORY_SECRET);
            values.set(format!("{network}factory_secret_arns"), secret_arn(FACTORY_SECRET));
        }
        values.set("api_url", &outputs.sales_api_url);
        values.set("origin_secret", "-");
        values.set("callback_key_secrets", CALLBACK_KEY_SECRET);
        values.set("callback_key_secret_arns", secret_arn(CALLBACK_KEY_SECRET));
        values.set("requester", "Donut-States");
        values.set("mail_from", MAIL_FROM);
        values.set("mail_to", MAIL_TO);
        values.set("mail_from_arn", mail_arn(MAIL_FROM));
        values.set("mail_to_arn", mail_arn(MAIL_TO));
        values.set("redrive_command", &self.redrive_command);
        values.set("runbook_url", "docs/runbook");
        values.set("aws_command", aws_command(&self.endpoint));
        values.set("execution_link", self.execution_link());
        values
    }
}

impl Deployment {
    /// Creates the secret with the header that a factory may require, and the one with the callback key.
    async fn create_secrets(&self) -> Result<()> {
        let (name, value) = &self.factory_header;
        let header = format!("{name}: {value}");
        self.signed_requests.create_secret(FACTORY_SECRET, &header).await?;
        self.signed_requests.create_secret(CALLBACK_KEY_SECRET, &self.callback_key).await
    }

    /// The local AWS has no console. This command shows the history of an execution.
    fn execution_link(&self) -> String {
        let aws = aws_command(&self.endpoint);
        format!("{aws} stepfunctions get-execution-history --execution-arn {{execution}}")
    }
}

/// The AWS CLI with what it needs to reach the local AWS.
fn aws_command(endpoint: &str) -> String {
    format!(
        "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url {endpoint} --region {REGION}"
    )
}

/// The URL of an API.
pub fn api_url(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/_aws/execute-api/{id}")
}

/// The key that signs callback URLs, a new one for each local cloud.
pub(crate) fn random_key() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// AWS appends six characters to the name of a secret.
fn secret_arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-??????")
}

fn mail_arn(address: &str) -> String {
    format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/{address}")
}
