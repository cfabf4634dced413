//! The AWS clients of the command line, pointed at a deployment.

use aws_config::{Region, SdkConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use system::REGION;

/// One client for each service.
#[derive(Debug, Clone)]
pub struct Clients {
    /// HTTP APIs.
    pub apis: aws_sdk_apigatewayv2::Client,
    /// Functions.
    pub functions: aws_sdk_lambda::Client,
    /// Schedules.
    pub schedules: aws_sdk_scheduler::Client,
    /// Mails.
    pub mails: aws_sdk_ses::Client,
    /// State machines.
    pub machines: aws_sdk_sfn::Client,
    /// Topics.
    pub topics: aws_sdk_sns::Client,
    /// Queues.
    pub queues: aws_sdk_sqs::Client,
}

impl Clients {
    /// Clients of the AWS account that the environment names.
    pub async fn of_environment(region: &str) -> Self {
        let aws = aws::aws().await.into_builder().region(Region::new(region.to_owned())).build();
        Self::new(&aws)
    }

    /// Clients of the emulator at `endpoint`, which takes any key.
    pub async fn of_emulator(endpoint: &str) -> Self {
        let anyone = Credentials::new("test", "test", None, None, "local");
        let aws = aws::aws().await.into_builder();
        let aws = aws
            .region(Region::from_static(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(anyone));
        Self::new(&aws.build())
    }

    fn new(aws: &SdkConfig) -> Self {
        Self {
            apis: aws_sdk_apigatewayv2::Client::new(aws),
            functions: aws_sdk_lambda::Client::new(aws),
            schedules: aws_sdk_scheduler::Client::new(aws),
            mails: aws_sdk_ses::Client::new(aws),
            machines: aws::step_functions(aws),
            topics: aws_sdk_sns::Client::new(aws),
            queues: aws_sdk_sqs::Client::new(aws),
        }
    }
}
