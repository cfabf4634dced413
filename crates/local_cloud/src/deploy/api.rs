use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws_sdk_apigatewayv2::types::{IntegrationType, ProtocolType};
use serde_json::{Value, json};

use system::{QueueRoute, function_arn};

use super::{Deployment, messaging::Queues, roles};

impl Deployment {
    /// Creates the API and returns its id.
    pub(super) async fn create_api(&self) -> Result<String> {
        let api = self.clients.apis.create_api().name("sales").protocol_type(ProtocolType::Http);
        let api = api.send().await.context("the API cannot be created")?;
        let id = api.api_id.context("the API has no id")?;
        let stage = self.clients.apis.create_stage().api_id(&id).stage_name("$default");
        stage.auto_deploy(true).send().await.context("the API's stage cannot be created")?;
        Ok(id)
    }

    pub(super) async fn create_routes(&self, api: &str, queues: &Queues) -> Result<()> {
        for (route, function) in &self.system.routes {
            let integration = self.integrate_function(api, function).await;
            let integration =
                integration.with_context(|| format!("{function} cannot be integrated"))?;
            self.create_route(api, route, &integration).await?;
        }
        for (route, target) in &self.system.queue_routes {
            let integration = self.integrate_queue(api, target, queues).await;
            let integration =
                integration.with_context(|| format!("{} cannot be integrated", target.queue))?;
            self.create_route(api, route, &integration).await?;
        }
        Ok(())
    }

    async fn create_route(&self, api: &str, route: &str, integration: &str) -> Result<()> {
        let create = self.clients.apis.create_route().api_id(api).route_key(route);
        let create = create.target(format!("integrations/{integration}")).send().await;
        create.with_context(|| format!("the route {route} cannot be created"))?;
        Ok(())
    }

    async fn integrate_function(&self, api: &str, function: &str) -> Result<String> {
        let create = self.clients.apis.create_integration().api_id(api);
        let created = create
            .integration_type(IntegrationType::AwsProxy)
            .integration_uri(function_arn(function))
            .payload_format_version("2.0")
            .send()
            .await?;
        created.integration_id.context("the integration has no id")
    }

    /// The gateway puts each request into the queue itself.
    async fn integrate_queue(
        &self,
        api: &str,
        route: &QueueRoute,
        queues: &Queues,
    ) -> Result<String> {
        let create = self.clients.apis.create_integration().api_id(api);
        let created = create
            .integration_type(IntegrationType::AwsProxy)
            .integration_subtype("SQS-SendMessage")
            .payload_format_version("1.0")
            .credentials_arn(roles::of_api())
            .request_parameters("QueueUrl", queues.url(&route.queue))
            .request_parameters("MessageBody", "$request.body")
            .request_parameters("MessageAttributes", message_attributes(route))
            .send()
            .await?;
        created.integration_id.context("the integration has no id")
    }
}

/// JSON in which the gateway replaces each `${request…}`. `terraform/api.tf` says what is known about that.
fn message_attributes(route: &QueueRoute) -> String {
    let attributes = route.message_attributes.iter().map(|(name, source)| {
        (name, json!({"DataType": "String", "StringValue": format!("${{{source}}}")}))
    });
    json!(attributes.collect::<BTreeMap<&String, Value>>()).to_string()
}
