use anyhow::{Context, Result};
use aws_sdk_apigatewayv2::types::{IntegrationType, ProtocolType};

use system::function_arn;

use super::Deployment;

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

    pub(super) async fn create_routes(&self, api: &str) -> Result<()> {
        for (route, function) in &self.system.routes {
            let integration = self.create_integration(api, function).await?;
            let create = self.clients.apis.create_route().api_id(api).route_key(route);
            let create = create.target(format!("integrations/{integration}"));
            create.send().await.with_context(|| format!("the route {route} cannot be created"))?;
        }
        Ok(())
    }

    async fn create_integration(&self, api: &str, function: &str) -> Result<String> {
        let create = self
            .clients
            .apis
            .create_integration()
            .api_id(api)
            .integration_type(IntegrationType::AwsProxy)
            .integration_uri(function_arn(function))
            .payload_format_version("2.0");
        let created = create
            .send()
            .await
            .with_context(|| format!("the integration of {function} cannot be created"))?;
        created.integration_id.context("the integration has no id")
    }
}
