//! The factory made to misbehave with curl.

use reqwest::Method;

use super::*;

impl Town {
    async fn admin(&self, method: Method, path: &str, body: &str) -> Answer {
        let url = format!("{}/stand-in/{path}", self.factory.admin_url());
        // As curl sends it: without saying that it is JSON.
        let answer = self.customer.request(method, url).body(body.to_owned()).send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

type Answer = anyhow::Result<(u16, Value)>;

#[tokio::test]
async fn a_fault_can_be_put_seen_and_deleted() -> Tested {
    let town = Town::new().await?;
    let wish = r#"{"fault":"answers_503_not_taken","orders":2}"#;
    let set = json!({"fault": "answers-503-not-taken", "orders": 2});
    assert_eq!(town.admin(Method::PUT, "fault", wish).await?, (200, set.clone()));
    assert_eq!(town.admin(Method::GET, "fault", "").await?, (200, set));
    assert_eq!(town.order().await?.status(), 503);
    assert_eq!(town.admin(Method::DELETE, "fault", "").await?.0, 204);
    assert_eq!(town.admin(Method::GET, "fault", "").await?, (200, Value::Null));
    assert_eq!(town.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn the_admin_can_be_reached_while_the_factory_refuses_connections() -> Tested {
    let town = Town::new().await?;
    let wish = r#"{"fault":"refuses-connections","orders":null}"#;
    assert_eq!(town.admin(Method::PUT, "fault", wish).await?.0, 200);
    assert!(town.order().await.is_err_and(|error| error.is_connect()));
    assert_eq!(town.admin(Method::DELETE, "fault", "").await?.0, 204);
    assert_eq!(town.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_is_refused_with_the_reason() -> Tested {
    let town = Town::new().await?;
    for (wish, reason) in [
        (r#"{"fault":"sulks"}"#, "calls-back-late:1m"),
        (r#"{"fault":"refuses-connections","orders":1}"#, "none arrives"),
        (r#"{"fault":"crashes","orders":0}"#, "nonzero"),
        (r#"{"fault":"crashes","order":1}"#, "unknown field"),
        ("crashes", "expected"),
    ] {
        let (status, said) = town.admin(Method::PUT, "fault", wish).await?;
        assert_eq!(status, 400, "{wish}");
        assert!(said.to_string().contains(reason), "{wish}: {said}");
    }
    assert_eq!(town.factory.misbehaviour(), None);
    Ok(())
}

#[tokio::test]
async fn the_orders_show_what_became_of_each() -> Tested {
    let mut town = Town::new().await?;
    town.order().await?;
    town.next_callback().await?;
    town.all_over().await?;
    let (status, mut orders) = town.admin(Method::GET, "orders", "").await?;
    assert_eq!(status, 200);
    assert!(orders[0]["received_at"].take().as_str().is_some_and(|time| time.ends_with('Z')));
    let expected = json!([{
        "id": town.factory.orders()[0].id,
        "received_at": null,
        "body": town.order_body(),
        "progress": "called_back",
        "callbacks": [{"status": 202}],
    }]);
    assert_eq!(orders, expected);
    Ok(())
}

#[tokio::test]
async fn a_held_callback_can_be_released() -> Tested {
    let mut town = Town::that(Fault::HoldsCallback).await?;
    town.order().await?;
    assert_eq!(town.admin(Method::POST, "release", "").await?.0, 204);
    assert_eq!(town.next_callback().await?, town.order_body());
    Ok(())
}

#[tokio::test]
async fn a_crash_can_be_brought_about() -> Tested {
    let town = Town::working_at(DEADLINE).await?;
    town.order().await?;
    assert_eq!(town.admin(Method::POST, "crash", "").await?.0, 204);
    assert_eq!(town.factory.orders()[0].progress, Progress::Lost);
    Ok(())
}

#[tokio::test]
async fn every_fault_is_listed_under_a_name_that_can_be_put() -> Tested {
    let town = Town::new().await?;
    let (_, names) = town.admin(Method::GET, "faults", "").await?;
    let names: Vec<String> = serde_json::from_value(names)?;
    assert_eq!(names.len(), Fault::ALL.len());
    for name in names {
        let wish = json!({ "fault": name }).to_string();
        assert_eq!(town.admin(Method::PUT, "fault", &wish).await?.0, 200, "{name}");
    }
    Ok(())
}
