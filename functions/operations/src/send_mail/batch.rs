use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};

use super::undelivered::Undelivered;
use crate::{
    mail::{Digest, Links, Mail},
    report::{Kind, Report, Unreadable},
};

/// The messages of one batch.
pub(super) struct Batch {
    /// The reports, one group for each kind.
    pub groups: Vec<Group>,
    /// Messages that another queue has set aside.
    pub undelivered: Vec<Undelivered>,
}

/// Reports of one kind: at least one.
pub(super) struct Group {
    kind: Kind,
    first: Message,
    others: Vec<Message>,
}

/// A report as the queue has it.
struct Message {
    id: String,
    /// When the report was made. `None` if SQS does not say.
    sent_at: Option<SystemTime>,
    report: Report,
}

impl Batch {
    pub fn of(event: SqsEvent) -> Self {
        let mut batch = Self { groups: Vec::new(), undelivered: Vec::new() };
        for message in event.records {
            match Undelivered::of(&message) {
                Some(undelivered) => batch.undelivered.push(undelivered),
                None => batch.add(Message::of(message)),
            }
        }
        batch
    }

    fn add(&mut self, message: Message) {
        let kind = message.report.kind();
        match self.groups.iter_mut().find(|group| group.kind == kind) {
            Some(group) => group.others.push(message),
            None => self.groups.push(Group { kind, first: message, others: Vec::new() }),
        }
    }
}

impl Group {
    /// The mail about the only report, or one mail about all of them.
    pub fn mail(&self, links: &Links) -> Mail {
        let reports = self.reports();
        if let [report] = reports[..] {
            return Mail::of(report, links);
        }
        let times = self.messages().filter_map(|message| message.sent_at);
        let digest = Digest {
            kind: &self.kind,
            reports,
            first_at: times.clone().min(),
            last_at: times.max(),
        };
        digest.mail(links)
    }

    pub fn into_message_ids(self) -> Vec<String> {
        std::iter::once(self.first).chain(self.others).map(|message| message.id).collect()
    }

    /// The reports. One that is in the queue twice, because a step was retried, is listed once.
    fn reports(&self) -> Vec<&Report> {
        let mut reports = Vec::new();
        for message in self.messages() {
            if !reports.contains(&&message.report) {
                reports.push(&message.report);
            }
        }
        reports
    }

    fn messages(&self) -> impl Iterator<Item = &Message> + Clone {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Message {
    fn of(message: SqsMessage) -> Self {
        let sent_at = sent_at(&message);
        let id = message.message_id.unwrap_or_default();
        let body = message.body.unwrap_or_default();
        let report = serde_json::from_str(&body);
        let report = report
            .unwrap_or_else(|_| Report::Unreadable(Unreadable { message_id: id.clone(), body }));
        Self { id, sent_at, report }
    }
}

/// SQS counts in milliseconds since 1970.
fn sent_at(message: &SqsMessage) -> Option<SystemTime> {
    let milliseconds = message.attributes.get("SentTimestamp")?.parse().ok()?;
    UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test panics")]

    use serde_json::{Value, json};

    use super::*;

    fn rejected(message_id: &str) -> Value {
        json!({"report": "message_rejected", "message_id": message_id, "body": "donuts",
               "why": "expected value", "execution": "arn"})
    }

    fn group(reports: &[Value]) -> Group {
        let records: Vec<Value> = reports
            .iter()
            .enumerate()
            .map(|(n, report)| json!({"messageId": n.to_string(), "body": report.to_string()}))
            .collect();
        let mut batch = Batch::of(serde_json::from_value(json!({"Records": records})).unwrap());
        assert_eq!(batch.groups.len(), 1);
        batch.groups.remove(0)
    }

    fn subject(group: &Group) -> String {
        let links = Links {
            execution: String::new(),
            redrive_command: String::new(),
            aws_command: String::new(),
            runbook: String::new(),
        };
        group.mail(&links).subject
    }

    #[test]
    fn a_report_that_is_in_the_queue_twice_is_one_report() {
        let twice = group(&[rejected("a"), rejected("a")]);
        assert_eq!(subject(&twice), "Restock: message a in stock_queue is not a valid depletion");
        assert_eq!(twice.into_message_ids(), ["0", "1"], "both messages are handled");
    }

    #[test]
    fn reports_of_one_kind_share_a_mail() {
        let subject = subject(&group(&[rejected("a"), rejected("b")]));
        assert_eq!(subject, "Restock: 2 messages in stock_queue are not valid depletions");
    }
}
