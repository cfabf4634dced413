//! Refused connections, and what remains after the factory has stopped.

use tokio::net::TcpStream;

use super::*;

async fn is_refused(url: &str) -> bool {
    let address = url.trim_start_matches("http://");
    let refused = |error: std::io::Error| error.kind() == std::io::ErrorKind::ConnectionRefused;
    TcpStream::connect(address).await.is_err_and(refused)
}

#[tokio::test]
async fn refused_connections_are_refused_by_the_socket_and_come_back_on_the_same_port() -> TestResult
{
    let mut fixture = Fixture::new().await?;
    let url = fixture.factory.url().to_owned();
    // A connection kept open after this order would not be refused.
    fixture.order().await?;
    fixture.factory.misbehave(Fault::RefusesConnections).await?;
    assert!(is_refused(&url).await);
    assert!(fixture.order().await.is_err_and(|error| error.is_connect()));
    fixture.factory.behave().await?;
    assert_eq!(fixture.factory.url(), url);
    assert_eq!(fixture.order().await?.status(), 201);
    fixture.next_callback().await?;
    fixture.next_callback().await?;
    assert_eq!(fixture.factory.requests(), 2);
    Ok(())
}

#[tokio::test]
async fn work_continues_while_connections_are_refused() -> TestResult {
    let mut fixture = Fixture::with_fault(Fault::HoldsCallback).await?;
    fixture.order().await?;
    fixture.factory.misbehave(Fault::RefusesConnections).await?;
    fixture.factory.release();
    assert_eq!(fixture.next_callback().await?, fixture.order_body());
    fixture.factory.behave().await?;
    assert_eq!(fixture.all_final().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn an_answer_under_way_is_still_given_when_connections_are_refused() -> TestResult {
    let fixture = Fixture::with_fault(Fault::AnswersAfter(Duration::from_millis(100))).await?;
    let answer = fixture.send_order().await?;
    fixture.factory.misbehave(Fault::RefusesConnections).await?;
    assert_eq!(answer.await??.status(), 201);
    Ok(())
}

#[tokio::test]
async fn another_fault_opens_the_port_again() -> TestResult {
    let fixture = Fixture::with_fault(Fault::RefusesConnections).await?;
    fixture.factory.misbehave(Fault::RefusesConnections).await?;
    fixture.factory.misbehave(Fault::Answers503NotTaken).await?;
    assert_eq!(fixture.order().await?.status(), 503);
    Ok(())
}

#[tokio::test]
async fn the_error_for_a_port_in_use_names_the_port() -> TestResult {
    let fixture = Fixture::new().await?;
    let port = fixture.factory.url().rsplit(':').next().context("no port")?.parse()?;
    let second = Factory::start(Settings { port, ..Settings::default() }).await;
    assert!(second.is_err_and(|error| error.to_string().contains(&port.to_string())));
    Ok(())
}

#[tokio::test]
async fn a_stopped_factory_leaves_no_port_no_connection_and_no_work() -> TestResult {
    let mut fixture = Fixture::with_stage(Duration::from_millis(50)).await?;
    fixture.order().await?;
    fixture.factory.misbehave(Fault::HangsThoughTaken).await?;
    let hanging = tokio::spawn(fixture.request(fixture.order_body().to_string()).send());
    within(fixture.factory.wait_until(|orders| orders.len() == 2)).await?;
    let (url, admin_url) = (fixture.factory.url().to_owned(), fixture.factory.admin_url());
    let mut events = fixture.factory.events();

    within(fixture.factory.stop()).await?;

    assert!(is_refused(&url).await && is_refused(&admin_url).await);
    assert!(within(hanging).await??.is_err());
    // The channel closes when the last job is gone, so no callback can follow.
    while within(events.recv()).await?.is_ok() {}
    assert!(fixture.callbacks.try_recv().is_err());
    Ok(())
}

#[tokio::test]
async fn a_dropped_factory_leaves_nothing_either() -> TestResult {
    let mut fixture = Fixture::with_stage(Duration::from_millis(50)).await?;
    fixture.factory.misbehave(Fault::HangsThoughTaken).await?;
    let hanging = tokio::spawn(fixture.request(fixture.order_body().to_string()).send());
    within(fixture.factory.wait_until(|orders| orders.len() == 1)).await?;
    let (url, admin_url) = (fixture.factory.url().to_owned(), fixture.factory.admin_url());
    let mut events = fixture.factory.events();

    drop(fixture.factory);

    assert!(within(hanging).await??.is_err());
    while within(events.recv()).await?.is_ok() {}
    assert!(is_refused(&url).await && is_refused(&admin_url).await);
    assert!(fixture.callbacks.try_recv().is_err());
    Ok(())
}
