//! Faults in how an order is answered: each is taken, or not, as its name says.

use std::time::Instant;

use super::*;

const PATIENCE: Duration = Duration::from_millis(200);

async fn assert_taken(town: &mut Town) -> Tested {
    let callback = town.next_callback().await?;
    assert_eq!(callback, town.order_body());
    let orders = town.all_over().await?;
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].callbacks, [CallbackAnswer::Status(202)]);
    assert_eq!(town.factory.requests(), 1);
    Ok(())
}

fn assert_not_taken(town: &Town) {
    assert_eq!(town.factory.requests(), 1);
    assert_eq!(town.factory.orders(), []);
}

#[tokio::test]
async fn an_error_status_that_says_not_taken_means_it() -> Tested {
    for (fault, status) in [
        (Fault::Answers400NotTaken, 400),
        (Fault::Answers429NotTaken, 429),
        (Fault::Answers500NotTaken, 500),
        (Fault::Answers502NotTaken, 502),
        (Fault::Answers503NotTaken, 503),
        (Fault::Answers504NotTaken, 504),
    ] {
        let town = Town::that(fault).await?;
        assert_eq!(town.order().await?.status(), status, "{fault}");
        assert_not_taken(&town);
    }
    Ok(())
}

#[tokio::test]
async fn an_error_status_though_the_order_was_taken_is_followed_by_the_goods() -> Tested {
    for (fault, status) in [
        (Fault::Answers500ThoughTaken, 500),
        (Fault::Answers502ThoughTaken, 502),
        (Fault::Answers504ThoughTaken, 504),
    ] {
        let mut town = Town::that(fault).await?;
        assert_eq!(town.order().await?.status(), status, "{fault}");
        assert_taken(&mut town).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_unreadable_answer_is_a_201_that_breaks_off() -> Tested {
    let mut town = Town::that(Fault::AnswersUnreadablyThoughTaken).await?;
    let answer = town.order().await?;
    assert_eq!(answer.status(), 201);
    assert!(answer.json::<Value>().await.is_err());
    assert_taken(&mut town).await
}

#[tokio::test]
async fn an_answer_of_too_much_is_a_201_with_a_megabyte_behind_it() -> Tested {
    let mut town = Town::that(Fault::AnswersTooMuchThoughTaken).await?;
    let answer = town.order().await?;
    assert_eq!(answer.status(), 201);
    assert!(answer.text().await?.len() > 1 << 20);
    assert_taken(&mut town).await
}

#[tokio::test]
async fn a_slow_answer_comes_after_its_delay_and_the_work_does_not_wait_for_it() -> Tested {
    let delay = Duration::from_millis(800);
    let mut town = Town::that(Fault::AnswersAfter(delay)).await?;
    let asked = Instant::now();
    let answer = town.order_in_hand().await?;
    assert_taken(&mut town).await?;
    assert!(!answer.is_finished());
    assert_eq!(answer.await??.status(), 201);
    assert!(asked.elapsed() >= delay);
    Ok(())
}

#[tokio::test]
async fn a_hanging_factory_leaves_it_to_the_client_to_give_up() -> Tested {
    let town = Town::that(Fault::HangsNotTaken).await?;
    let answer = town.order_in_hand().await?;
    assert!(timeout(PATIENCE, answer).await.is_err());
    assert_not_taken(&town);
    Ok(())
}

#[tokio::test]
async fn a_hanging_factory_that_took_the_order_makes_it_after_the_client_gave_up() -> Tested {
    let mut town = Town::that(Fault::HangsThoughTaken).await?;
    let answer = town.order_in_hand().await?;
    answer.abort();
    assert!(answer.await.is_err_and(|error| error.is_cancelled()));
    assert_taken(&mut town).await
}

/// The client reached the factory, and heard nothing: neither "refused" nor "too late".
fn assert_dropped(answer: reqwest::Result<reqwest::Response>) {
    let dropped = answer.is_err_and(|error| !error.is_connect() && !error.is_timeout());
    assert!(dropped);
}

#[tokio::test]
async fn a_dropped_connection_may_mean_that_the_order_was_not_taken() -> Tested {
    let town = Town::that(Fault::DropsConnectionNotTaken).await?;
    assert_dropped(town.order().await);
    assert_not_taken(&town);
    Ok(())
}

#[tokio::test]
async fn a_dropped_connection_may_mean_that_the_order_was_taken() -> Tested {
    let mut town = Town::that(Fault::DropsConnectionThoughTaken).await?;
    assert_dropped(town.order().await);
    assert_taken(&mut town).await
}

#[tokio::test]
async fn a_fault_for_the_next_two_orders_spares_the_third() -> Tested {
    let town = Town::new().await?;
    town.factory.misbehave_for(Fault::Answers503NotTaken, 2).await?;
    assert_eq!(town.order().await?.status(), 503);
    assert_eq!(town.order().await?.status(), 503);
    assert_eq!(town.factory.misbehaviour(), None);
    assert_eq!(town.order().await?.status(), 201);
    assert_eq!((town.factory.orders().len(), town.factory.requests()), (1, 3));
    Ok(())
}

#[tokio::test]
async fn a_fault_lasts_until_the_factory_behaves_again() -> Tested {
    let town = Town::that(Fault::Answers503NotTaken).await?;
    assert_eq!(town.order().await?.status(), 503);
    assert_eq!(town.order().await?.status(), 503);
    town.factory.behave().await?;
    assert_eq!(town.order().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn a_number_of_orders_that_makes_no_sense_is_refused() -> Tested {
    let town = Town::new().await?;
    assert!(town.factory.misbehave_for(Fault::Crashes, 0).await.is_err());
    assert!(town.factory.misbehave_for(Fault::RefusesConnections, 1).await.is_err());
    assert_eq!(town.factory.misbehaviour(), None);
    Ok(())
}
