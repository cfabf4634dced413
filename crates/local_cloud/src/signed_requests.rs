//! Signed requests to IAM, EventBridge and Secrets Manager. Only a few calls of each are needed, and `aws-sdk-iam` takes longer to compile
//! than any other client.

use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use aws_sdk_sfn::config::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use system::REGION;

/// Requests to the emulator, which accepts any credentials.
#[derive(Debug, Clone)]
pub struct SignedRequests {
    endpoint: String,
}

struct Request {
    service: &'static str,
    content_type: &'static str,
    target: String,
    body: String,
}

impl SignedRequests {
    /// Requests to the emulator at `endpoint`.
    pub fn to(endpoint: &str) -> Self {
        Self { endpoint: format!("{endpoint}/") }
    }

    /// Calls an action of IAM.
    pub async fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> Result<()> {
        let mut form = Serializer::new(String::new());
        form.append_pair("Action", action).append_pair("Version", "2010-05-08");
        let request = Request {
            service: "iam",
            content_type: "application/x-www-form-urlencoded",
            target: action.to_owned(),
            body: form.extend_pairs(parameters).finish(),
        };
        self.send(request).await
    }

    /// Calls an action of EventBridge.
    pub async fn events(&self, action: &str, body: &Value) -> Result<()> {
        let request = Request {
            service: "events",
            content_type: "application/x-amz-json-1.1",
            target: format!("AWSEvents.{action}"),
            body: body.to_string(),
        };
        self.send(request).await
    }

    /// Creates a secret in Secrets Manager.
    pub async fn create_secret(&self, name: &str, text: &str) -> Result<()> {
        let request = Request {
            service: "secretsmanager",
            content_type: "application/x-amz-json-1.1",
            target: "secretsmanager.CreateSecret".to_owned(),
            body: json!({"Name": name, "SecretString": text}).to_string(),
        };
        self.send(request).await
    }

    async fn send(&self, request: Request) -> Result<()> {
        let mut post = http_client::client()?.post(&self.endpoint);
        for (name, value) in request.signature(&self.endpoint)? {
            post = post.header(name, value);
        }
        let Request { content_type, target, body, .. } = request;
        let post = post.header(CONTENT_TYPE, content_type).header("x-amz-target", &target);
        let response = post.body(body).send().await.context("no response")?;
        let (status, text) = (response.status(), response.text().await?);
        if !status.is_success() {
            bail!("{target} failed with status {status}: {text}");
        }
        Ok(())
    }
}

impl Request {
    /// The headers with the signature.
    fn signature(&self, url: &str) -> Result<Vec<(String, String)>> {
        let identity = Credentials::new("test", "test", None, None, "local").into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(self.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let body = SignableBody::Bytes(self.body.as_bytes());
        let headers = [("content-type", self.content_type), ("x-amz-target", &self.target)];
        let signable = SignableRequest::new("POST", url, headers.into_iter(), body)?;
        let (signed, _) = sign(signable, &parameters)?.into_parts();
        let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(headers.collect())
    }
}
