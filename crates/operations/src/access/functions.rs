//! The functions `inspect-warehouse` and `change-warehouse`.

use anyhow::{Context, Result, bail};
use aws::{Readiness, when_ready};
use aws_sdk_lambda::{Client, primitives::Blob};
use deployment::outputs::Outputs;
use serde::Serialize;
use serde_json::Value;
use warehouse::{ChangeRequest, Changed, audit::Question};

/// The two functions of one deployment.
#[derive(Debug, Clone)]
pub struct Functions {
    client: Client,
    prefix: String,
}

impl Functions {
    pub(super) async fn of(outputs: &Outputs) -> Self {
        let client = outputs.clients().await.functions;
        Self { client, prefix: outputs.name_prefix().to_owned() }
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
        let output = when_ready(Readiness::OF_LAMBDA, || invoke.clone().send()).await;
        let output = output.with_context(|| {
            format!(
                "the function {function} cannot be invoked. Your AWS user needs the policy for operators: see \
                 docs/deploy-aws.md"
            )
        })?;
        let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
        let answer: Value = serde_json::from_slice(&payload).unwrap_or_default();
        if output.function_error.is_some() {
            let text = |name: &str| answer[name].as_str().unwrap_or("no details").to_owned();
            bail!("{} ({})", text("errorMessage"), text("errorType"));
        }
        Ok(answer)
    }
}
