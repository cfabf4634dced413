//! The functions that are measured, each with its environment and its events.

mod events;

use anyhow::{Context, Result};
use axum::body::Bytes;
use database_server::DatabaseServer;
use local_programs::process::Invocation;
use serde_json::Value;
use system::{Placement, System, Values};

use super::answers::Answers;
use crate::{packages::Packages, products};
use events::Events;

/// The functions through which a purchase and a restock pass.
pub(crate) const NAMES: [&str; 12] = [
    "sales-api",
    "check-stock",
    "decrement-stock",
    "publish-depletion",
    "start-restock",
    "open-restock",
    "place-order",
    "await-completion",
    "receive-completion",
    "record-arrival",
    "complete-task",
    "increment-stock",
];

/// A function that is measured.
pub(super) struct Subject {
    pub name: &'static str,
    pub invocation: Invocation,
    /// With TLS and an IAM token, if the function uses the database.
    pub secure_invocation: Option<Invocation>,
    event: Box<dyn Fn() -> Result<Value>>,
}

impl Subject {
    /// An event that the function handles without an error.
    pub fn event(&self) -> Result<Bytes> {
        Ok(serde_json::to_vec(&(self.event)()?)?.into())
    }

    /// Whether an output is none of a failure. HTTP functions and consumers of queues report failures in their output.
    #[allow(clippy::unused_self, reason = "reads better")]
    pub fn accepts(&self, output: &[u8]) -> bool {
        let output: Value = serde_json::from_slice(output).unwrap_or_default();
        let failures = output["batchItemFailures"].as_array();
        output["statusCode"].as_u64().is_none_or(|status| status == 200)
            && failures.is_none_or(Vec::is_empty)
    }
}

/// All functions that are measured, and what they call.
pub(super) struct Subjects {
    pub all: Vec<Subject>,
    _answers: Answers,
}

impl Subjects {
    /// Creates a database on the server with what the functions need.
    pub async fn prepare(
        server: &DatabaseServer,
        secure_url: &str,
        packages: &Packages,
    ) -> Result<Self> {
        let answers = Answers::serve().await?;
        let database_url = products::create_database(server).await?;
        let events = Events::prepare(&database_url, &answers.url).await?;
        let system = System::read()?;
        let values = values(&database_url, &answers.url);
        let secure = self::values(secure_url, &answers.url);
        let mut all = Vec::new();
        for name in NAMES {
            let function = system.functions.get(name).context("system.json lacks a function")?;
            let variables = system.environment.iter().chain(&function.environment);
            let start = runtime_api::invocation(name, packages.binary(name)?.to_owned());
            let start = with_aws(start, &answers.url);
            let with = |values| with_variables(start.clone(), variables.clone(), values);
            let is_vpc = function.placement == Placement::Vpc;
            all.push(Subject {
                name,
                invocation: with(&values)?,
                secure_invocation: is_vpc.then(|| with(&secure)).transpose()?,
                event: events.of(name)?,
            });
        }
        Ok(Self { all, _answers: answers })
    }
}

fn with_variables<'a>(
    invocation: Invocation,
    mut variables: impl Iterator<Item = (&'a String, &'a String)>,
    values: &Values,
) -> Result<Invocation> {
    variables.try_fold(invocation, |invocation, (variable, template)| {
        Ok(invocation.env(variable, values.fill(template)?))
    })
}

/// Values of the placeholders in `system.json`.
fn values(database_url: &str, url: &str) -> Values {
    let mut values = Values::default();
    values.set("name", "bench");
    values.set("database_url", database_url);
    values.set("origin_secret", "-");
    values.set("factory_hosts", "127.0.0.1");
    values.set("factory_secrets", "-");
    values.set("api_url", url);
    values.set("callback_key_secrets", "callback-key");
    values.set("requester", "Donut-States");
    for machine in ["purchase", "restock", "completion"] {
        values.set(format!("{machine}_machine_arn"), system::machine_arn(machine));
    }
    values.set("depletion_topic_arn", "arn:aws:sns:ap-northeast-2:000000000000:depletions");
    values
}

/// The variables with which Lambda lets a function call AWS.
fn with_aws(invocation: Invocation, url: &str) -> Invocation {
    invocation
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", system::REGION)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")
}
