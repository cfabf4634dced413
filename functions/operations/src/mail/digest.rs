use std::{collections::BTreeSet, time::SystemTime};

use super::{Links, Mail, digest_texts, template::MailTemplate};
use crate::report::{Kind, Report};

/// At most this many products, causes or executions are listed. The rest is counted.
const LISTED: usize = 10;

/// One mail about several reports of one kind.
#[derive(Debug)]
pub struct Digest<'a> {
    pub kind: &'a Kind,
    pub reports: Vec<&'a Report>,
    /// When the first of the reports was made. `None` if SQS does not say.
    pub first_at: Option<SystemTime>,
    /// When the last of the reports was made. `None` if SQS does not say.
    pub last_at: Option<SystemTime>,
}

impl Digest<'_> {
    pub fn mail(&self, links: &Links) -> Mail {
        let template = digest_texts::template(self.kind, self.reports.len(), links);
        let template = template.fact("Reports:", self.reports.len());
        let template = self.times(template);
        let skus = self.reports.iter().filter_map(|report| report.sku());
        let template = listed(template, "Product:", skus.map(|sku| sku.to_string()));
        let messages = self.reports.iter().filter_map(|report| report.message_id());
        let template = listed(template, "Message:", messages.map(str::to_owned));
        let causes = self.reports.iter().filter_map(|report| report.cause());
        let template = listed(template, "Cause:", causes.map(str::to_owned));
        let executions = self.reports.iter().filter_map(|report| report.execution());
        let executions = executions.map(|execution| links.to(execution));
        let template = listed(template, "Execution:", executions);
        template.fact("Runbook:", links.page(self.kind)).mail()
    }

    fn times(&self, template: MailTemplate) -> MailTemplate {
        let (Some(first), Some(last)) = (self.first_at, self.last_at) else { return template };
        let first = humantime::format_rfc3339_seconds(first);
        template.fact("First:", first).fact("Last:", humantime::format_rfc3339_seconds(last))
    }
}

/// A line for each different value, in the order of the reports.
fn listed(
    template: MailTemplate,
    name: &str,
    values: impl Iterator<Item = String>,
) -> MailTemplate {
    let mut seen = BTreeSet::new();
    let different: Vec<String> = values.filter(|value| seen.insert(value.clone())).collect();
    let shown = different.iter().take(LISTED);
    let template = shown.fold(template, |template, value| template.fact(name, value));
    match different.len().saturating_sub(LISTED) {
        0 => template,
        more => template.fact(name, format_args!("and {more} more")),
    }
}
