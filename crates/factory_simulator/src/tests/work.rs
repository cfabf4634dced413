//! The factory when it behaves.

use super::*;
use crate::Event;

#[tokio::test]
async fn an_order_is_answered_with_201_an_id_and_the_body_as_sent() -> Tested {
    let town = Town::new().await?;
    let answer = town.order().await?;
    assert_eq!(answer.status(), 201);
    let answer: Value = answer.json().await?;
    let id = town.factory.orders()[0].id;
    let expected = json!({"data": {"id": id, "reqestor": "test", "data": town.order_body()}});
    assert_eq!(answer, expected);
    Ok(())
}

#[tokio::test]
async fn the_callback_is_the_request_byte_for_byte_and_comes_once() -> Tested {
    let mut town = Town::new().await?;
    // Spaces, an order of fields, a number and a field of its own that no re-encoding would keep.
    let url = format!("{}/done", town.shop.url());
    let body = format!("{{ \"z\": 1.50, \"CallbackUrl\":\"{url}\",  \"a\" : null }}");
    town.request(body.clone()).send().await?.error_for_status()?;
    let callback = within(town.callbacks.recv()).await?;
    assert_eq!(callback, Some(body));
    town.another_is_made().await?;
    assert!(town.callbacks.is_empty());
    let orders = town.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202)]);
    Ok(())
}

#[tokio::test]
async fn asked_twice_it_makes_the_goods_twice() -> Tested {
    let mut town = Town::new().await?;
    town.order().await?;
    town.order().await?;
    town.next_callback().await?;
    town.next_callback().await?;
    let orders = town.all_over().await?;
    assert_eq!(orders.len(), 2);
    assert_ne!(orders[0].id, orders[1].id);
    assert_eq!(orders[0].body, orders[1].body);
    Ok(())
}

#[tokio::test]
async fn its_four_stages_can_be_watched() -> Tested {
    let town = Town::new().await?;
    let mut events = town.factory.events();
    town.order().await?;
    let id = town.factory.orders()[0].id;
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(within(events.recv()).await??);
    }
    let ordered = Event::Ordered { id, product: "CP-502101".to_owned(), count: 10 };
    let stages = (1..=4).map(|stage| Event::Stage { id, stage });
    let called_back = Event::CalledBack { id, answer: CallbackAnswer::Status(202) };
    let expected: Vec<_> = [ordered].into_iter().chain(stages).chain([called_back]).collect();
    assert_eq!(seen, expected);
    Ok(())
}

#[tokio::test]
async fn a_callback_that_is_refused_is_not_sent_again() -> Tested {
    let mut town = Town::new().await?;
    *lock(&town.inbox.status) = StatusCode::SERVICE_UNAVAILABLE;
    town.order().await?;
    town.next_callback().await?;
    town.another_is_made().await?;
    assert!(town.callbacks.is_empty());
    let orders = town.factory.orders();
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(503)]);
    Ok(())
}

#[tokio::test]
async fn a_callback_that_reaches_nobody_is_tried_once() -> Tested {
    let town = Town::new().await?;
    town.request(r#"{"CallbackUrl":"nowhere"}"#).send().await?.error_for_status()?;
    let orders = town.all_over().await?;
    assert_eq!(orders[0].progress, Progress::CalledBack);
    assert!(matches!(orders[0].callbacks[..], [CallbackAnswer::Unreachable(_)]));
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_not_json_or_names_no_callback_is_a_bad_request() -> Tested {
    let town = Town::new().await?;
    for body in ["", "ten donuts, please", "[]", "{}", r#"{"CallbackUrl":10}"#] {
        assert_eq!(town.request(body).send().await?.status(), 400, "{body}");
    }
    assert_eq!(town.factory.orders(), []);
    assert_eq!(town.factory.requests(), 0);
    Ok(())
}

#[tokio::test]
async fn a_crash_loses_all_work_in_silence() -> Tested {
    let mut town = Town::working_at(DEADLINE).await?;
    town.order().await?;
    town.order().await?;
    town.factory.crash().await;
    let orders = town.factory.orders();
    assert!(orders.iter().all(|order| order.progress == Progress::Lost));
    assert!(orders.iter().all(|order| order.callbacks.is_empty()));
    assert!(town.callbacks.try_recv().is_err());
    assert_eq!(town.order().await?.status(), 201);
    Ok(())
}
