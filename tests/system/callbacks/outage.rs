//! Callbacks while the database is down. The factory does not repeat them.

use std::time::Duration;

use local_cloud::Options;
use serde_json::Value;
use system::Settings;

use super::good::{assert_restocked_with, wait_for_goods};
use system_testkit::{LONG_WAIT, System};

/// A system with its own database server, which the test can kill.
pub async fn with_its_own_server(settings: Settings) -> System {
    let options = Options {
        factory_stage: Duration::from_millis(50),
        stock: Some(0),
        settings: Some(settings),
        ..Options::default()
    };
    System::start(options).await
}

#[tokio::test]
async fn a_callback_survives_an_outage_of_the_database() {
    let system = with_its_own_server(LONG_WAIT).await;
    let callback = wait_for_goods(&system).await;
    let server = system.cloud.backing_services.database.as_ref().expect("its own server");

    server.kill().await;
    assert_eq!(system.call_back(&callback).await, 200);
    let completion = callback.order();
    system.wait_for_task_error(&system.completions(), &completion, "Database.Unavailable").await;
    server.restart().await.expect("the server restarts");

    assert_eq!(system.output(&system.completions(), &completion).await["outcome"], "awaited");
    assert_restocked_with(&system, 50).await;
    system.finish().await;
}

/// For how long a task is retried after an error, on average. Full jitter halves each delay.
fn average_retry_time(task: &Value, error: &str) -> Duration {
    let retriers = task["Retry"].as_array().expect("retriers");
    let names = |retrier: &Value| retrier["ErrorEquals"].as_array().cloned().unwrap_or_default();
    let retrier = retriers.iter().find(|r| names(r).iter().any(|name| name == error));
    let retrier = retrier.unwrap_or_else(|| panic!("{error} is not retried"));
    let number = |name: &str| retrier[name].as_f64().unwrap_or_else(|| panic!("no {name}"));
    let times = retrier["MaxAttempts"].as_i64().expect("a number");
    let delays = (0..times).map(|n| {
        let exponent = i32::try_from(n).expect("a few");
        (number("IntervalSeconds") * number("BackoffRate").powi(exponent))
            .min(number("MaxDelaySeconds"))
    });
    assert_eq!(retrier["JitterStrategy"], "FULL");
    Duration::from_secs_f64(delays.sum::<f64>() / 2.0)
}

#[test]
fn a_completion_is_retried_through_an_outage_of_ten_minutes() {
    let system = system::System::read().expect("system.json");
    let text = system.definition("completion").expect("the definition");
    let machine: Value = serde_json::from_str(&text).expect("JSON");
    let ten_minutes = Duration::from_secs(600);
    let mut longest = Duration::ZERO;
    for state in ["RecordArrival", "IncrementStock"] {
        let task = &machine["States"][state];
        for error in ["Database.Unavailable", "Database.Busy", "States.Timeout", "Sandbox.Timedout"]
        {
            let repeated = average_retry_time(task, error);
            assert!(repeated >= ten_minutes, "{state}, {error}: {repeated:?}");
            longest = longest.max(repeated * 2);
        }
    }
    let limit = machine["TimeoutSeconds"].as_u64().expect("a time-out");
    assert!(Duration::from_secs(limit) > longest * 2, "the machine times out before its steps do");
}
