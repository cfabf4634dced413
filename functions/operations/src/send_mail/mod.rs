//! `send-mail`: sends operations a mail for each report in `operations_queue`.
//!
//! Several reports of one kind in a batch become one mail, so that an outage that fails hundreds of restocks does not
//! send hundreds of mails. A mail that cannot be sent returns its reports to the queue, whatever the reason: SQS delivers
//! them again until the mail is sent.
//!
//! SQS also moves messages here that another queue has delivered too often. Each becomes a dead letter and a report.

mod batch;
mod undelivered;

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use aws::Error;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use errors::{ErrorName, NamedError};
use lambda_support::StepOutput;

use crate::{dead_letter::DeadLetterQueue, mail::Mailer, report::OperationsQueue};
use batch::{Batch, Group};
use undelivered::Undelivered;

/// After this time, nothing more is begun and the rest of the batch returns to the queue. The function may run 30 s, and
/// one call to AWS takes up to 8 s.
const BUDGET: Duration = Duration::from_secs(12);

/// What `send-mail` sends to.
#[derive(Debug)]
pub struct Destinations {
    pub mailer: Mailer,
    pub dead_letters: DeadLetterQueue,
    /// Where the reports about messages of other queues go.
    pub reports: OperationsQueue,
}

/// Sends the mails for a batch of messages. Only messages that could not be handled return to the queue.
pub async fn handle(
    to: &Destinations,
    event: SqsEvent,
) -> Result<StepOutput<SqsBatchResponse>, Infallible> {
    let Batch { groups, undelivered } = Batch::of(event);
    let mut handling = Handling::new(to);
    for group in groups {
        handling.mail(group).await;
    }
    for message in undelivered {
        handling.leave(message).await;
    }
    Ok(handling.output())
}

/// What was done so far.
struct Handling<'a> {
    to: &'a Destinations,
    began: Instant,
    response: SqsBatchResponse,
    sentences: Vec<String>,
    dead_letters: u64,
    mails: u64,
    mails_not_sent: u64,
    /// Why messages return to the queue.
    error: Option<ErrorName>,
}

impl<'a> Handling<'a> {
    fn new(to: &'a Destinations) -> Self {
        Self {
            to,
            began: Instant::now(),
            response: SqsBatchResponse::default(),
            sentences: Vec::new(),
            dead_letters: 0,
            mails: 0,
            mails_not_sent: 0,
            error: None,
        }
    }

    async fn mail(&mut self, group: Group) {
        let mail = group.mail(&self.to.mailer.links);
        let sent = match self.in_time() {
            Ok(()) => self.to.mailer.send(&mail).await,
            late => late,
        };
        match sent {
            Ok(()) => {
                self.mails += 1;
                self.sentences.push(format!("sent a mail to operations: {}", mail.subject));
            }
            Err(error) => {
                self.mails_not_sent += 1;
                self.give_back(group.into_message_ids(), &mail.subject, &error);
            }
        }
    }

    async fn leave(&mut self, message: Undelivered) {
        let left = match self.in_time() {
            Ok(()) => message.leave(self.to).await,
            late => late,
        };
        match left {
            Ok(()) => {
                self.dead_letters += 1;
                self.sentences.push(format!("left the dead letter of {message}"));
            }
            Err(error) => {
                let what = format!("the dead letter of {message}");
                self.give_back(vec![message.message_id], &what, &error);
            }
        }
    }

    fn in_time(&self) -> Result<(), Error> {
        if self.began.elapsed() < BUDGET {
            return Ok(());
        }
        Err(Error::Unavailable("the calls before this one took too long".to_owned()))
    }

    /// The messages return to the queue.
    fn give_back(&mut self, message_ids: Vec<String>, what: &str, error: &Error) {
        self.sentences.push(format!("could not send, and tries again later: {what}: {error}"));
        self.error = Some(error.name());
        for id in message_ids {
            self.response.add_failure(id);
        }
    }

    fn output(mut self) -> StepOutput<SqsBatchResponse> {
        self.sentences.dedup();
        StepOutput::new(self.response, self.sentences.join("; "))
            .counted("DeadLetters", self.dead_letters)
            .counted("Mails", self.mails)
            .counted("MailsNotSent", self.mails_not_sent)
            .failed(self.error)
    }
}
