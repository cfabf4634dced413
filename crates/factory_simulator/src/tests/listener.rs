//! Refused connections, and what is left when the factory is gone.

use tokio::net::TcpStream;

use super::*;

async fn is_refused(url: &str) -> bool {
    let address = url.trim_start_matches("http://");
    let refused = |error: std::io::Error| error.kind() == std::io::ErrorKind::ConnectionRefused;
    TcpStream::connect(address).await.is_err_and(refused)
}

#[tokio::test]
async fn refused_connections_are_refused_by_the_socket_and_come_back_on_the_same_port() -> Tested {
    let mut town = Town::new().await?;
    let url = town.factory.url().to_owned();
    // A connection that was kept from this order would not be refused.
    town.order().await?;
    town.factory.misbehave(Fault::RefusesConnections).await?;
    assert!(is_refused(&url).await);
    assert!(town.order().await.is_err_and(|error| error.is_connect()));
    town.factory.behave().await?;
    assert_eq!(town.factory.url(), url);
    assert_eq!(town.order().await?.status(), 201);
    town.next_callback().await?;
    town.next_callback().await?;
    assert_eq!(town.factory.requests(), 2);
    Ok(())
}

#[tokio::test]
async fn work_in_memory_outlives_refused_connections() -> Tested {
    let mut town = Town::that(Fault::HoldsCallback).await?;
    town.order().await?;
    town.factory.misbehave(Fault::RefusesConnections).await?;
    town.factory.release();
    assert_eq!(town.next_callback().await?, town.order_body());
    town.factory.behave().await?;
    assert_eq!(town.all_over().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn an_answer_under_way_is_still_given_when_connections_are_refused() -> Tested {
    let town = Town::that(Fault::AnswersAfter(Duration::from_millis(100))).await?;
    let answer = town.order_in_hand().await?;
    town.factory.misbehave(Fault::RefusesConnections).await?;
    assert_eq!(answer.await??.status(), 201);
    Ok(())
}

#[tokio::test]
async fn another_fault_opens_the_port_again() -> Tested {
    let town = Town::that(Fault::RefusesConnections).await?;
    town.factory.misbehave(Fault::RefusesConnections).await?;
    town.factory.misbehave(Fault::Answers503NotTaken).await?;
    assert_eq!(town.order().await?.status(), 503);
    Ok(())
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_to_be() -> Tested {
    let town = Town::new().await?;
    let port = town.factory.url().rsplit(':').next().context("no port")?.parse()?;
    let second = Factory::start(Settings { port, ..Settings::default() }).await;
    assert!(second.is_err_and(|error| error.to_string().contains(&port.to_string())));
    Ok(())
}

#[tokio::test]
async fn a_stopped_factory_leaves_no_port_no_connection_and_no_work() -> Tested {
    let mut town = Town::working_at(Duration::from_millis(50)).await?;
    town.order().await?;
    town.factory.misbehave(Fault::HangsThoughTaken).await?;
    let hanging = tokio::spawn(town.request(town.order_body().to_string()).send());
    within(town.factory.until(|orders| orders.len() == 2)).await?;
    let (url, admin_url) = (town.factory.url().to_owned(), town.factory.admin_url());
    let mut events = town.factory.events();

    within(town.factory.stop()).await?;

    assert!(is_refused(&url).await && is_refused(&admin_url).await);
    assert!(within(hanging).await??.is_err());
    // The channel ends with the last who could say something, so no callback can come any more.
    while within(events.recv()).await?.is_ok() {}
    assert!(town.callbacks.try_recv().is_err());
    Ok(())
}

#[tokio::test]
async fn a_dropped_factory_leaves_nothing_either() -> Tested {
    let mut town = Town::working_at(Duration::from_millis(50)).await?;
    town.factory.misbehave(Fault::HangsThoughTaken).await?;
    let hanging = tokio::spawn(town.request(town.order_body().to_string()).send());
    within(town.factory.until(|orders| orders.len() == 1)).await?;
    let (url, admin_url) = (town.factory.url().to_owned(), town.factory.admin_url());
    let mut events = town.factory.events();

    drop(town.factory);

    assert!(within(hanging).await??.is_err());
    while within(events.recv()).await?.is_ok() {}
    assert!(is_refused(&url).await && is_refused(&admin_url).await);
    assert!(town.callbacks.try_recv().is_err());
    Ok(())
}
