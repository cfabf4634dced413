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
        if self.others.is_empty() {
            return Mail::of(&self.first.report, links);
        }
        let times = self.messages().filter_map(|message| message.sent_at);
        let digest = Digest {
            kind: &self.kind,
            reports: self.messages().map(|message| &message.report).collect(),
            first_at: times.clone().min(),
            last_at: times.max(),
        };
        digest.mail(links)
    }

    pub fn into_message_ids(self) -> Vec<String> {
        std::iter::once(self.first).chain(self.others).map(|message| message.id).collect()
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
