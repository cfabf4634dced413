//! What the factory is told that is none, and what operations can see.

use uuid::Uuid;

use crate::{customers::assert_problem, deployment::Deployment, deployment::eventually};

#[tokio::test]
async fn a_forged_callback_is_answered_401_and_nothing_is_started() {
    let deployment = Deployment::open().await;
    let (order, signature) = (Uuid::new_v4(), "0".repeat(64));
    let url = format!(
        "{}/factory/completions/{order}?quantity=50&expires=4102444800&signature={signature}",
        deployment.outputs.sales_api_url
    );
    let body = r#"{"MessageAttributeProductCnt": 50}"#;
    let answer = deployment.shop.call_back(&url, body).await.expect("an answer");
    assert_problem(&answer, 401, "unauthorized");
    let completion = deployment.completions().describe(&order.to_string()).await;
    assert!(completion.expect("an answer").is_none(), "a forged callback was taken");
    deployment.stop().await;
}

#[tokio::test]
async fn dead_letters_can_be_looked_at_and_are_put_back() {
    let deployment = Deployment::open().await;
    let letters = deployment.queues.list().await.expect("dead letters");
    eventually("as many are there again", async || {
        let again = deployment.queues.list().await.expect("dead letters");
        (again.len() >= letters.len()).then_some(())
    })
    .await;
    deployment.stop().await;
}
