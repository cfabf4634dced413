//! Faults in the answer to an order: the name of each fault says whether the order is taken.

use std::time::Instant;

use super::*;

const NO_ANSWER_WITHIN: Duration = Duration::from_millis(200);

async fn assert_taken(fixture: &mut Fixture) -> TestResult {
    let callback = fixture.next_callback().await?;
    assert_eq!(callback, fixture.order_body());
    let orders = fixture.all_final().await?;
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202)]);
    assert_eq!(fixture.factory.requests(), 1);
    Ok(())
}

fn assert_not_taken(fixture: &Fixture) {
    assert_eq!(fixture.factory.requests(), 1);
    assert_eq!(fixture.factory.orders(), []);
}

#[tokio::test]
async fn an_error_status_of_a_fault_not_taken_leaves_no_order() -> TestResult {
    for (fault, status) in [
        (Fault::Answers400NotTaken, 400),
        (Fault::Answers429NotTaken, 429),
        (Fault::Answers500NotTaken, 500),
        (Fault::Answers502NotTaken, 502),
        (Fault::Answers503NotTaken, 503),
        (Fault::Answers504NotTaken, 504),
    ] {
        let fixture = Fixture::with_fault(fault).await?;
        assert_eq!(fixture.order().await?.status(), status, "{fault}");
        assert_not_taken(&fixture);
    }
    Ok(())
}

#[tokio::test]
async fn an_error_status_though_the_order_was_taken_is_followed_by_the_goods() -> TestResult {
    for (fault, status) in [
        (Fault::Answers500ThoughTaken, 500),
        (Fault::Answers502ThoughTaken, 502),
        (Fault::Answers504ThoughTaken, 504),
    ] {
        let mut fixture = Fixture::with_fault(fault).await?;
        assert_eq!(fixture.order().await?.status(), status, "{fault}");
        assert_taken(&mut fixture).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_unreadable_answer_is_a_201_with_truncated_json() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::AnswersUnreadablyThoughTaken).await?;
    let answer = fixture.order().await?;
    assert_eq!(answer.status(), 201);
    assert!(answer.json::<Value>().await.is_err());
    assert_taken(&mut fixture).await
}

#[tokio::test]
async fn an_oversized_answer_is_a_201_followed_by_a_megabyte() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::AnswersTooMuchThoughTaken).await?;
    let answer = fixture.order().await?;
    assert_eq!(answer.status(), 201);
    assert!(answer.text().await?.len() > 1 << 20);
    assert_taken(&mut fixture).await
}

#[tokio::test]
async fn a_slow_answer_comes_after_its_delay_and_the_work_does_not_wait_for_it() -> TestResult {
    let delay = Duration::from_millis(800);
    let mut fixture = Fixture::with_fault(Fault::AnswersAfter(delay)).await?;
    let asked = Instant::now();
    let answer = fixture.send_order().await?;
    assert_taken(&mut fixture).await?;
    assert!(!answer.is_finished());
    assert_eq!(answer.await??.status(), 201);
    assert!(asked.elapsed() >= delay);
    Ok(())
}

#[tokio::test]
async fn a_hanging_factory_never_answers() -> TestResult {
    let fixture = Fixture::with_fault(Fault::HangsNotTaken).await?;
    let answer = fixture.send_order().await?;
    assert!(timeout(NO_ANSWER_WITHIN, answer).await.is_err());
    assert_not_taken(&fixture);
    Ok(())
}

#[tokio::test]
async fn a_hanging_factory_that_took_the_order_makes_it_after_the_client_gave_up() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::HangsThoughTaken).await?;
    let answer = fixture.send_order().await?;
    answer.abort();
    assert!(answer.await.is_err_and(|error| error.is_cancelled()));
    assert_taken(&mut fixture).await
}

/// The client reached the factory but got no answer; the error is neither a refused connection nor a timeout.
fn assert_dropped(answer: reqwest::Result<reqwest::Response>) {
    let dropped = answer.is_err_and(|error| !error.is_connect() && !error.is_timeout());
    assert!(dropped);
}

#[tokio::test]
async fn a_dropped_connection_may_mean_that_the_order_was_not_taken() -> TestResult {
    let fixture = Fixture::with_fault(Fault::DropsConnectionNotTaken).await?;
    assert_dropped(fixture.order().await);
    assert_not_taken(&fixture);
    Ok(())
}

#[tokio::test]
async fn a_dropped_connection_may_mean_that_the_order_was_taken() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::DropsConnectionThoughTaken).await?;
    assert_dropped(fixture.order().await);
    assert_taken(&mut fixture).await
}

#[tokio::test]
async fn a_fault_for_two_orders_does_not_affect_the_third() -> TestResult {
    let fixture = Fixture::new().await?;
    fixture.factory.misbehave_for(Fault::Answers503NotTaken, 2).await?;
    assert_eq!(fixture.order().await?.status(), 503);
    assert_eq!(fixture.order().await?.status(), 503);
    assert_eq!(fixture.factory.active_fault(), None);
    assert_eq!(fixture.order().await?.status(), 201);
    assert_eq!((fixture.factory.orders().len(), fixture.factory.requests()), (1, 3));
    Ok(())
}

#[tokio::test]
async fn a_fault_lasts_until_the_factory_behaves_again() -> TestResult {
    let fixture = Fixture::with_fault(Fault::Answers503NotTaken).await?;
    assert_eq!(fixture.order().await?.status(), 503);
    assert_eq!(fixture.order().await?.status(), 503);
    fixture.factory.behave().await?;
    assert_eq!(fixture.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn an_invalid_number_of_orders_is_refused() -> TestResult {
    let fixture = Fixture::new().await?;
    assert!(fixture.factory.misbehave_for(Fault::Crashes, 0).await.is_err());
    assert!(fixture.factory.misbehave_for(Fault::RefusesConnections, 1).await.is_err());
    assert_eq!(fixture.factory.active_fault(), None);
    Ok(())
}

#[tokio::test]
async fn an_order_without_the_required_header_is_answered_401_and_not_taken() -> TestResult {
    let required_header = Some(("X-Factory-Key".to_owned(), "abc".to_owned()));
    let settings = Settings { stage: STAGE, required_header, ..Settings::default() };
    let mut fixture = Fixture::new().await?;
    fixture.factory = Factory::start(settings).await?;
    let order = || fixture.request(fixture.order_body().to_string());
    assert_eq!(order().send().await?.status(), 401);
    assert_eq!(order().header("x-factory-key", "abd").send().await?.status(), 401);
    assert_eq!((fixture.factory.requests(), fixture.factory.orders().len()), (0, 0));
    assert_eq!(order().header("x-factory-key", "abc").send().await?.status(), 201);
    Ok(())
}
