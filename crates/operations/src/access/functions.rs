//! The functions `inspect-warehouse` and `change-warehouse`.

use std::sync::{Arc, Once};

use anyhow::{Context, Result, bail};
use aws::{Readiness, is_not_ready, when_ready};
use aws_sdk_lambda::{Client, error::SdkError, operation::invoke::InvokeError, primitives::Blob};
use deployment::outputs::Outputs;
use serde::Serialize;
use serde_json::Value;
use warehouse::{ChangeRequest, Changed, audit::Question};

const ATTACHES: &str = "Lambda attaches the function again; this takes a minute or two.";

/// A function has answered with an error.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({name})")]
pub(super) struct FunctionFailed {
    message: String,
    pub(super) name: String,
}

/// The two functions of one deployment.
#[derive(Debug, Clone)]
pub struct Functions {
    client: Client,
    prefix: String,
    readiness: Readiness,
    /// Tells the person that the command waits, once.
    tell: fn(&str),
    told: Arc<Once>,
}

impl Functions {
    pub(super) async fn of(outputs: &Outputs) -> Self {
        Self {
            client: outputs.clients().await.functions,
            prefix: outputs.name_prefix().to_owned(),
            readiness: Readiness::OF_LAMBDA,
            tell: |sentence| eprintln!("{sentence}"),
            told: Arc::new(Once::new()),
        }
    }

    pub(super) async fn inspect(&self, question: &Question) -> Result<Value> {
        let mut output = self.invoke("inspect-warehouse", question).await?;
        Ok(output["answer"].take())
    }

    pub(super) async fn change(&self, request: &ChangeRequest) -> Result<Changed> {
        let output = self.invoke("change-warehouse", request).await?;
        serde_json::from_value(output).context("the answer of change-warehouse has another form")
    }

    async fn invoke(&self, function: &str, input: &impl Serialize) -> Result<Value> {
        let invoke = self.client.invoke().function_name(format!("{}{function}", self.prefix));
        let invoke = invoke.payload(Blob::new(serde_json::to_vec(input)?));
        let waits = || self.told.call_once(|| (self.tell)(ATTACHES));
        let output = when_ready(self.readiness, waits, || invoke.clone().send()).await;
        let output = output.map_err(|error| not_invoked(function, error))?;
        let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
        let answer: Value = serde_json::from_slice(&payload).unwrap_or_default();
        if output.function_error.is_some() {
            let text = |name: &str| answer[name].as_str().unwrap_or("no details").to_owned();
            bail!(FunctionFailed { message: text("errorMessage"), name: text("errorType") });
        }
        Ok(answer)
    }
}

fn not_invoked(function: &str, error: SdkError<InvokeError>) -> anyhow::Error {
    let what = if is_not_ready(&error) {
        format!(
            "the function {function} is still not ready, so nothing was done. Lambda attaches it to the VPC: run the \
             command again in a few minutes"
        )
    } else {
        format!(
            "the function {function} cannot be invoked. Your AWS user needs the policy for operators: see \
             docs/deploy-aws.md"
        )
    };
    anyhow::Error::new(error).context(what)
}

#[cfg(test)]
mod tests;
