//! The AWS clients for a deployment.

use aws_config::{Region, SdkConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use system::REGION;

/// One client for each service.
#[derive(Debug, Clone)]
pub struct Clients {
    /// API Gateway.
    pub apis: aws_sdk_apigatewayv2::Client,
    /// STS.
    pub identities: aws_sdk_sts::Client,
    /// CloudWatch Logs.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// Lambda.
    pub functions: aws_sdk_lambda::Client,
    /// EventBridge Scheduler.
    pub schedules: aws_sdk_scheduler::Client,
    /// SES.
    pub mails: aws_sdk_ses::Client,
    /// Step Functions.
    pub machines: aws_sdk_sfn::Client,
    /// SNS.
    pub topics: aws_sdk_sns::Client,
    /// SQS.
    pub queues: aws_sdk_sqs::Client,
}

impl Clients {
    /// Clients with the credentials of the environment.
    pub async fn of_environment(region: &str) -> Self {
        let aws = aws::aws_of_person()
            .await
            .into_builder()
            .region(Region::new(region.to_owned()))
            .build();
        Self::new(&aws)
    }

    /// Clients of the emulator at `endpoint`, which accepts any credentials.
    pub fn of_emulator(endpoint: &str) -> Self {
        let credentials = Credentials::new("test", "test", None, None, "local");
        let aws = aws::aws_without_environment()
            .into_builder()
            .region(Region::from_static(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials));
        Self::new(&aws.build())
    }

    fn new(aws: &SdkConfig) -> Self {
        Self {
            apis: aws_sdk_apigatewayv2::Client::new(aws),
            identities: aws_sdk_sts::Client::new(aws),
            logs: aws_sdk_cloudwatchlogs::Client::new(aws),
            functions: aws_sdk_lambda::Client::new(aws),
            schedules: aws_sdk_scheduler::Client::new(aws),
            mails: aws_sdk_ses::Client::new(aws),
            machines: aws::step_functions(aws),
            topics: aws_sdk_sns::Client::new(aws),
            queues: aws_sdk_sqs::Client::new(aws),
        }
    }
}
