//! The mails to operations. Each says what happened, what it means for the shop, and what to do now.

mod template;
#[cfg(test)]
mod tests;
mod texts;

use aws::Error;
use aws_sdk_ses::types::{Body, Content, Destination, Message};

use super::{Operations, Report};
use template::MailTemplate;

/// Facts about the deployment that mails refer to.
#[derive(Debug, Clone)]
pub struct Links {
    /// Region of the deployment, for links to the AWS console.
    pub region: String,
    /// Command that redrives all dead letters, for example `restock redrive --outputs outputs.json`.
    pub redrive_command: String,
}

/// A mail to operations, in plain text.
#[derive(Debug, PartialEq, Eq)]
pub struct Mail {
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// Writes the mail for a report.
    pub fn of(report: &Report, links: &Links) -> Self {
        let execution = links.console(report.execution());
        template_for(report, links).fact("Execution:", execution).mail()
    }
}

fn template_for(report: &Report, links: &Links) -> MailTemplate {
    match report {
        Report::RestockFailed(failed) => texts::restock_failed(failed, links),
        Report::MessageRejected { message_id, body, why, .. } => {
            texts::message_rejected(message_id, body, why)
        }
        Report::CallbackRefused { production_order, sku, stock, why, .. } => {
            texts::callback_refused(*production_order, sku, *stock, why, links)
        }
        Report::CompletionFailed { production_order, quantity, failure, execution } => {
            texts::completion_failed(*production_order, *quantity, failure, execution)
        }
        Report::Recovered { sku, failures, quantity, stock, .. } => {
            texts::recovered(sku, *failures, *quantity, *stock)
        }
        Report::ArrivedAfterFailure { production_order, sku, quantity, stock, .. } => {
            texts::arrived_after_failure(*production_order, sku, *quantity, *stock)
        }
        Report::ExecutionEnded(ended) => texts::execution_ended(ended, links),
    }
}

impl Links {
    fn console(&self, execution: &str) -> String {
        let region = &self.region;
        format!(
            "https://{region}.console.aws.amazon.com/states/home?region={region}\
             #/v2/executions/details/{execution}"
        )
    }
}

impl Operations {
    pub(super) async fn send(&self, mail: &Mail) -> Result<(), Error> {
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
