//! The admin interface, called as with curl.

use reqwest::Method;

use super::*;

impl Fixture {
    async fn admin(&self, method: Method, path: &str, body: &str) -> Answer {
        let url = format!("{}/simulator/{path}", self.factory.admin_url());
        // Like curl, without a JSON content type.
        let answer = self.client.request(method, url).body(body.to_owned()).send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

type Answer = anyhow::Result<(u16, Value)>;

#[tokio::test]
async fn a_fault_can_be_set_read_and_deleted() -> TestResult {
    let fixture = Fixture::new().await?;
    let request = r#"{"fault":"answers_503_not_taken","orders":2}"#;
    let set = json!({"fault": "answers-503-not-taken", "orders": 2});
    assert_eq!(fixture.admin(Method::PUT, "fault", request).await?, (200, set.clone()));
    assert_eq!(fixture.admin(Method::GET, "fault", "").await?, (200, set));
    assert_eq!(fixture.order().await?.status(), 503);
    assert_eq!(fixture.admin(Method::DELETE, "fault", "").await?.0, 204);
    assert_eq!(fixture.admin(Method::GET, "fault", "").await?, (200, Value::Null));
    assert_eq!(fixture.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn the_admin_interface_works_while_the_factory_refuses_connections() -> TestResult {
    let fixture = Fixture::new().await?;
    let request = r#"{"fault":"refuses-connections","orders":null}"#;
    assert_eq!(fixture.admin(Method::PUT, "fault", request).await?.0, 200);
    assert!(fixture.order().await.is_err_and(|error| error.is_connect()));
    assert_eq!(fixture.admin(Method::DELETE, "fault", "").await?.0, 204);
    assert_eq!(fixture.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn an_invalid_fault_is_refused_with_the_reason() -> TestResult {
    let fixture = Fixture::new().await?;
    for (request, reason) in [
        (r#"{"fault":"sulks"}"#, "calls-back-late:1m"),
        (r#"{"fault":"refuses-connections","orders":1}"#, "none arrives"),
        (r#"{"fault":"crashes","orders":0}"#, "nonzero"),
        (r#"{"fault":"crashes","order":1}"#, "unknown field"),
        ("crashes", "expected"),
    ] {
        let (status, reason_given) = fixture.admin(Method::PUT, "fault", request).await?;
        assert_eq!(status, 400, "{request}");
        assert!(reason_given.to_string().contains(reason), "{request}: {reason_given}");
    }
    assert_eq!(fixture.factory.active_fault(), None);
    Ok(())
}

#[tokio::test]
async fn orders_are_listed_with_progress_and_callbacks() -> TestResult {
    let mut fixture = Fixture::new().await?;
    fixture.order().await?;
    fixture.next_callback().await?;
    fixture.all_final().await?;
    let (status, mut orders) = fixture.admin(Method::GET, "orders", "").await?;
    assert_eq!(status, 200);
    assert!(orders[0]["received_at"].take().as_str().is_some_and(|time| time.ends_with('Z')));
    let expected = json!([{
        "id": fixture.factory.orders()[0].id,
        "received_at": null,
        "body": fixture.order_body(),
        "progress": "called_back",
        "callbacks": [{"status": 202}],
    }]);
    assert_eq!(orders, expected);
    Ok(())
}

#[tokio::test]
async fn a_held_callback_can_be_released() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::HoldsCallback).await?;
    fixture.order().await?;
    assert_eq!(fixture.admin(Method::POST, "release", "").await?.0, 204);
    assert_eq!(fixture.next_callback().await?, fixture.order_body());
    Ok(())
}

#[tokio::test]
async fn a_crash_can_be_triggered() -> TestResult {
    let fixture = Fixture::with_stage(DEADLINE).await?;
    fixture.order().await?;
    assert_eq!(fixture.admin(Method::POST, "crash", "").await?.0, 204);
    assert_eq!(fixture.factory.orders()[0].progress, Progress::Lost);
    Ok(())
}

#[tokio::test]
async fn every_listed_fault_can_be_set() -> TestResult {
    let fixture = Fixture::new().await?;
    let (_, names) = fixture.admin(Method::GET, "faults", "").await?;
    let names: Vec<String> = serde_json::from_value(names)?;
    assert_eq!(names.len(), Fault::ALL.len());
    for name in names {
        let request = json!({ "fault": name }).to_string();
        assert_eq!(fixture.admin(Method::PUT, "fault", &request).await?.0, 200, "{name}");
    }
    Ok(())
}
