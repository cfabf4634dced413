//! The mails to operations. Each says what happened, what it means for the shop, and what to do now.

mod data_texts;
mod digest;
mod digest_texts;
mod queue_texts;
mod template;
#[cfg(test)]
mod tests;
mod texts;

use aws::Error;
use aws_sdk_ses::types::{Body, Content, Destination, Message};
use domain::Sku;

use crate::report::{Kind, Report, Unreadable};
pub use digest::Digest;
use template::MailTemplate;

/// Facts about the deployment that mails refer to.
#[derive(Debug, Clone)]
pub struct Links {
    /// Shows an execution: a URL of the AWS console, or a command where there is no console. `{execution}` stands for the
    /// ARN of the execution.
    pub execution: String,
    /// Command that redrives all dead letters, without its reason: for example
    /// `restock dead-letters redrive --deployment outputs.json`.
    pub redrive_command: String,
    /// The AWS CLI with everything that it needs to reach the deployment, for example `aws --region ap-northeast-2`.
    pub aws_command: String,
    /// Where the runbook is: a URL, or a path in a checkout.
    pub runbook: String,
}

/// The reason in a printed redrive command, unless the mail knows a better one.
const MENDED: &str = "the cause is mended";

/// A mail to operations, in plain text.
#[derive(Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub text: String,
}

/// Sends mails to operations.
#[derive(Debug)]
pub struct Mailer {
    pub ses: aws_sdk_ses::Client,
    /// Sender of the mails.
    pub from: String,
    /// Recipient of the mails.
    pub to: String,
    pub links: Links,
}

impl Mail {
    /// Writes the mail for a report.
    pub fn of(report: &Report, links: &Links) -> Self {
        let execution = report.execution().map(|execution| links.to(execution));
        let template = template_for(report, links).optional_fact("Execution:", execution);
        template.fact("Runbook:", links.page(&report.kind())).mail()
    }
}

fn template_for(report: &Report, links: &Links) -> MailTemplate {
    match report {
        Report::RestockFailed(failed) => texts::restock_failed(failed, links),
        Report::MessageRejected(rejected) => queue_texts::message_rejected(rejected),
        Report::CallbackRefused(refused) => texts::callback_refused(refused, links),
        Report::CompletionFailed { production_order, quantity, failure, execution } => {
            let again = texts::Again { links, execution };
            texts::completion_failed(*production_order, *quantity, failure, &again)
        }
        Report::Recovered { sku, failures, quantity, stock, .. } => {
            texts::recovered(sku, *failures, *quantity, *stock)
        }
        Report::ArrivedAfterFailure { production_order, sku, quantity, stock, .. } => {
            texts::arrived_after_failure(*production_order, sku, *quantity, *stock)
        }
        Report::ExecutionEnded(ended) => texts::execution_ended(ended, links),
        Report::MessageUndelivered(message) => queue_texts::message_undelivered(message, links),
        Report::Unreadable(Unreadable { message_id, body }) => {
            queue_texts::unreadable(message_id, body)
        }
        Report::LateArrival(late) => data_texts::late_arrival(late),
        Report::RowsUnreadable { rows, .. } => data_texts::rows_unreadable(rows),
    }
}

impl Links {
    fn page(&self, kind: &Kind) -> String {
        format!("{}/{}.md", self.runbook, kind.page())
    }

    /// The command that redrives the dead letters of a product, or of all.
    fn redrive(&self, sku: Option<&Sku>, reason: &str) -> String {
        let product = sku.map_or_else(String::new, |sku| format!(" --sku {sku}"));
        format!("{}{product} --reason \"{reason}\"", self.redrive_command)
    }

    fn to(&self, execution: &str) -> String {
        self.execution.replace("{execution}", execution)
    }
}

impl Mailer {
    pub(crate) async fn send(&self, mail: &Mail) -> Result<(), Error> {
        let body = Body::builder().text(utf8(&mail.text)?).build();
        let message = Message::builder().subject(utf8(&mail.subject)?).body(body).build();
        let send = self
            .ses
            .send_email()
            .source(&self.from)
            .destination(Destination::builder().to_addresses(&self.to).build())
            .message(message);
        send.send().await?;
        Ok(())
    }
}

fn utf8(text: &str) -> Result<Content, Error> {
    let content = Content::builder().charset("UTF-8").data(text).build();
    content.map_err(|e| Error::Unwritable(e.to_string()))
}
