#![allow(clippy::expect_used, reason = "a test fails by ending")]

use aws::Secrets;
use lambda_support::HandlerOutput;

use super::*;

/// Has no keys: without a region and credentials, no request reaches AWS.
async fn without_keys() -> Receiver {
    let aws = aws::aws_without_environment();
    let secrets = "restock/callback-key".parse().expect("a name");
    Receiver {
        machine: StateMachine::new(aws::step_functions(&aws), "completion".to_owned()),
        keys: CallbackKeys::read(Secrets::new(&aws), secrets).await,
    }
}

#[tokio::test]
async fn without_the_keys_all_callbacks_return_to_the_queue_and_are_counted() {
    let messages = json!({"Records": [
        {"messageId": "one", "attributes": {"SentTimestamp": "1"}},
        {"messageId": "two", "attributes": {"SentTimestamp": "1"}},
    ]});
    let batch = serde_json::from_value(messages).expect("a batch");
    let output = handle(&without_keys().await, batch).await.expect("an output");
    let response = serde_json::to_value(&output).expect("JSON");
    let failures = json!([{"itemIdentifier": "one"}, {"itemIdentifier": "two"}]);
    assert_eq!(response["batchItemFailures"], failures);
    assert!(output.counts().contains(&("CallbacksReturned", 2)));
    assert_eq!(output.error(), Some(ErrorName::AwsUnavailable));
    assert!(output.to_string().contains("2 callbacks return to the queue"), "{output}");
}
