//! `restock up` can be reached from this machine only.

use nix::sys::signal::Signal;

use crate::run::Place;
use system_testkit::{eventually, sockets_of};

#[tokio::test]
async fn everything_that_up_starts_listens_on_loopback_only() {
    let place = Place::new();
    let up = place.up(&[]);
    // Some listeners of the local AWS open after its port.
    let endpoint = up.outputs().endpoint_url.expect("an endpoint");
    let ready = format!("{endpoint}/_ministack/ready");
    let client = http_client::client().expect("a client");
    eventually("all listeners are open", async || {
        let answer = client.get(&ready).send().await.expect("an answer");
        answer.status().is_success().then_some(())
    })
    .await;
    let processes = up.descendants().into_keys().chain([up.id()]);
    let mut listening: Vec<_> = processes.flat_map(sockets_of).collect();
    listening.retain(|socket| socket.listens());
    assert!(listening.len() >= 3, "the local AWS, the database, the factory: {listening:?}");
    assert!(listening.iter().all(|socket| socket.is_on_loopback()), "{listening:?}");
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}
