//! The mails to operations: while SES fails, and when there are many.

mod mail_service;
mod many;
mod undelivered;

use factory_simulator::Fault;
use local_cloud::mailbox::Mail;

use mail_service::{Answer, MailService};
use system_testkit::{FIRST_RESTOCK, LONG_WAIT, Orders, System, eventually};

/// A system whose mails go through a service that fails, and whose first restock has failed.
async fn with_a_failed_restock(answer: Answer) -> (System, MailService) {
    let system = System::with(0, LONG_WAIT).await;
    let service = MailService::between(&system, answer).await;
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.buy_sold_out().await;
    let ended = system.ended(&system.restocks(), FIRST_RESTOCK).await;
    assert_eq!((ended.status().as_str(), ended.error()), ("FAILED", Some("Factory.Refused")));
    (system, service)
}

/// Waits until this many mails could not be sent.
async fn wait_for_failed_mails(system: &System, number: u64) {
    eventually(&format!("{number} mails could not be sent"), async || {
        let failed = system.log("send-mail").await.metric("MailsNotSent");
        (failed >= number).then_some(())
    })
    .await;
}

/// One dead letter, and one mail as soon as the service accepts it.
async fn assert_one_letter_and_one_mail(system: System, service: MailService) {
    wait_for_failed_mails(&system, 3).await;
    assert_eq!(system.mails_so_far().await, []);
    assert_eq!(system.count_messages(&system.cloud.outputs.dead_letter_queue_url).await, 1);
    service.answer(Answer::Sent);
    system.wait_for_mail("restock CP-502101_1 failed").await;
    system.assert_reported("Factory.Refused", 2, "restock CP-502101_1 failed").await;
    system.finish().await;
}

#[tokio::test]
async fn while_ses_throttles_the_dead_letter_is_left_once_and_the_mail_comes_afterwards() {
    let (system, service) = with_a_failed_restock(Answer::Throttled).await;
    assert_one_letter_and_one_mail(system, service).await;
}

#[tokio::test]
async fn a_mail_that_ses_rejects_comes_once_ses_accepts_it() {
    let (system, service) = with_a_failed_restock(Answer::Rejected).await;
    assert_one_letter_and_one_mail(system, service).await;
}

#[tokio::test]
async fn a_message_in_operations_queue_that_is_no_report_is_mailed() {
    let system = System::with(20, LONG_WAIT).await;
    let send = system.cloud.clients.queues.send_message().message_body("{\"report\": \"donuts\"}");
    send.queue_url(system.operations_queue_url().await).send().await.expect("the message is sent");
    let mails: Vec<Mail> = system.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].subject.ends_with("in operations_queue is not a report"), "{mails:?}");
    assert!(mails[0].text.contains("Body:      {\"report\": \"donuts\"}\n"), "{mails:?}");
    system.finish().await;
}
