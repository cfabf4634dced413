//! Many reports of one kind.

use std::time::Duration;

use aws_sdk_sqs::types::SendMessageBatchRequestEntry as Entry;
use futures::future::join_all;

use system_testkit::{LONG_WAIT, System, mailed_reports};
use testkit::polling::within;

const MESSAGES: usize = 300;

/// As many as batches can have, and some for the time in which the executions run.
const A_HANDFUL: usize = 8;

/// Each of the messages needs an execution with two steps.
const TIMEOUT: Duration = Duration::from_secs(300);

/// Mails wait as on AWS.
async fn with_a_long_window() -> System {
    let system = System::with(20, LONG_WAIT).await;
    let functions = &system.cloud.clients.functions;
    let list = functions.list_event_source_mappings().function_name("send-mail").send().await;
    let mapping = list.expect("mappings").event_source_mappings()[0].uuid.clone();
    let update = functions.update_event_source_mapping().set_uuid(mapping);
    let update = update.maximum_batching_window_in_seconds(30).send().await;
    update.expect("a longer window");
    system
}

async fn send_messages(system: &System) {
    let sends = (0..MESSAGES / 10).map(|batch| {
        let entries = (0..10).map(|n| {
            let body = format!("no depletion {batch} {n}");
            Entry::builder().id(format!("m{n}")).message_body(body).build().expect("an entry")
        });
        let send = system.cloud.clients.queues.send_message_batch();
        let send = send.queue_url(&system.cloud.outputs.stock_queue_url);
        send.set_entries(Some(entries.collect())).send()
    });
    for sent in join_all(sends).await {
        assert!(sent.expect("a batch").failed().is_empty());
    }
}

#[tokio::test]
async fn three_hundred_invalid_messages_leave_one_dead_letter_each_and_a_handful_of_mails() {
    let system = with_a_long_window().await;
    send_messages(&system).await;
    within(TIMEOUT, "every message was mailed", async || {
        let mails = system.mails_so_far().await;
        let mailed: usize = mails.iter().map(mailed_reports).sum();
        (mailed >= MESSAGES).then_some(())
    })
    .await;
    let mails = system.mails().await;
    let mailed: usize = mails.iter().map(mailed_reports).sum();
    assert_eq!(mailed, MESSAGES, "each once");
    assert!(mails.len() <= A_HANDFUL, "{} mails: {mails:?}", mails.len());
    let letters = system.count_messages(&system.cloud.outputs.dead_letter_queue_url).await;
    assert_eq!(letters, 300);
    let digest = mails.iter().find(|mail| mailed_reports(mail) > 10).expect("a digest");
    assert!(digest.subject.ends_with("messages in stock_queue are not valid depletions"));
    for text in ["First:     20", "Last:      20", "Execution: and ", "What to do now: "] {
        assert!(digest.text.contains(text), "missing: {text}\n{}", digest.text);
    }
    let why = "a digest does not name every execution";
    system.finish_without(system_testkit::Check::FailuresAreMailed, why).await;
}
