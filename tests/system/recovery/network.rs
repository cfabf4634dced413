//! The network to the database fails without a word: nothing is lost, and nothing is counted twice.

use std::time::Duration;

use local_cloud::Options;
use system::Settings;
use tokio::time::{sleep, timeout};

use system_testkit::{DatabaseNetwork, LONG_WAIT, Network, System, eventually};
use testkit::database::fresh_database;

const SILENT: [Network; 2] = [Network::SwallowsAll, Network::SwallowsAnswers];

/// Longer than all time-outs of a purchase.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

const SETTINGS: Settings = Settings { restock_abandoned_seconds: 1, ..LONG_WAIT };

async fn system_behind(network: &DatabaseNetwork, stock: u32) -> System {
    let options = Options {
        factory_stage: Duration::from_millis(50),
        database_url: Some(network.url().to_owned()),
        stock: Some(stock),
        settings: Some(SETTINGS),
        ..Options::default()
    };
    let system = System::start(options).await;
    system.hurry_retries().await;
    system
}

async fn network() -> DatabaseNetwork {
    DatabaseNetwork::before(&fresh_database().await).await
}

#[tokio::test]
async fn a_purchase_is_answered_while_the_network_is_silent_and_its_repetition_sells_once() {
    let network = network().await;
    let system = system_behind(&network, 50).await;
    for (number, silent) in SILENT.into_iter().enumerate() {
        system.buy_several(&format!("before-{number}"), 1).await;
        let key = format!("purchase-{number}");
        network.set(silent);
        let answer = timeout(LONGEST_ANSWER, system.buy(&key)).await.expect("an answer in time");
        assert_eq!(answer.status, 503, "{silent:?}: {answer:?}");
        network.set(Network::Works);
        let again = eventually("the repetition is sold", async || {
            let answer = system.buy(&key).await;
            (answer.status == 200).then_some(answer)
        })
        .await;
        assert_eq!(again.outcome(), "sold", "{silent:?}: {again:?}");
    }
    assert_eq!(system.totals().await.stock, 50 - 4, "each purchase was sold once");
    system.finish().await;
}

#[tokio::test]
async fn a_slow_network_delays_purchases_and_restocks_and_fails_none() {
    let network = network().await;
    let system = system_behind(&network, 0).await;
    network.set(Network::IsSlow(Duration::from_millis(50)));
    system.buy_sold_out().await;
    system.wait_for_arrivals(50).await;
    system.buy_several("slow", 1).await;
    network.set(Network::Works);
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.failed_restocks, totals.production_orders), (49, 0, 1));
    system.finish().await;
}

/// The network is silent for two seconds at a time, at four moments of a restock.
#[tokio::test]
async fn a_restock_comes_to_its_end_after_the_network_was_silent() {
    let network = network().await;
    let system = system_behind(&network, 0).await;
    system.buy_sold_out().await;
    for (silent, works_for) in SILENT.into_iter().cycle().zip([0, 200, 400, 600]) {
        // The pauses are the fault of this test: it waits for nothing here.
        sleep(Duration::from_millis(works_for)).await;
        network.set(silent);
        sleep(Duration::from_secs(2)).await;
        network.set(Network::Works);
    }
    // The next sweep also asks for executions of restocks that were opened just now.
    system.backdate_restocks().await;
    system.wait_until_restocked().await;
    assert!(system.totals().await.stock >= 50);
    system.finish().await;
}
