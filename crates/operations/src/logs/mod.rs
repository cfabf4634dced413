//! `restock logs`: the lines that the functions have logged, the oldest first.

mod line;

use std::{collections::BTreeSet, time::SystemTime};

use anyhow::{Context, Result, bail};
use aws_sdk_cloudwatchlogs::{Client, error::SdkError, types::FilteredLogEvent};
use deployment::outputs::Outputs;
use system::System;

pub use line::LogLine;

/// The functions of `terraform/migrations.tf`. They are not in `system.json`, because the local cloud has none of them.
const OF_MIGRATIONS: [&str; 2] = ["migrate", "start-migration"];

/// The log groups of the functions of a deployment.
#[derive(Debug, Clone)]
pub struct Logs {
    client: Client,
    prefix: String,
    functions: Vec<String>,
}

/// Which lines to read.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Lines that were logged at this time or later.
    pub since: SystemTime,
    /// Only lines that contain this text, for example an SKU or the name of an execution.
    pub text: Option<String>,
    /// Only failures.
    pub failures: bool,
}

impl Logs {
    /// The logs of one function, or of all.
    ///
    /// # Errors
    /// If there is no such function.
    pub async fn of(outputs: &Outputs, function: Option<&str>) -> Result<Self> {
        let all = System::read()?.functions.into_keys();
        let all: BTreeSet<String> = all.chain(OF_MIGRATIONS.map(str::to_owned)).collect();
        let functions = match function {
            Some(name) if all.contains(name) => vec![name.to_owned()],
            Some(name) => bail!("there is no function {name}. The functions are: {}", list(&all)),
            None => all.into_iter().collect(),
        };
        let client = outputs.clients().await.logs;
        Ok(Self { client, prefix: outputs.name_prefix().to_owned(), functions })
    }

    /// Reads the selected lines.
    ///
    /// # Errors
    /// If a log cannot be read. A function that was never invoked has no log; that is no error.
    pub async fn read(&self, selection: &Selection) -> Result<Vec<LogLine>> {
        let mut lines = Vec::new();
        for function in &self.functions {
            let events = self.events(function, selection).await?;
            lines.extend(events.iter().filter_map(|event| LogLine::of(function, event)));
        }
        lines.retain(|line| selection.selects(line));
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }

    /// The sums of metrics that a function has written into its log since a time.
    ///
    /// # Errors
    /// If a log cannot be read.
    pub async fn sums<const N: usize>(
        &self,
        names: [&str; N],
        since: SystemTime,
    ) -> Result<[u64; N]> {
        let selection = Selection { since, text: None, failures: false };
        let mut sums = [0; N];
        for function in &self.functions {
            for event in self.events(function, &selection).await? {
                let of_event = names.map(|name| line::metric(&event, name));
                sums = std::array::from_fn(|i| sums[i] + of_event[i]);
            }
        }
        Ok(sums)
    }

    async fn events(&self, name: &str, selection: &Selection) -> Result<Vec<FilteredLogEvent>> {
        let since = selection.since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let filter = self.client.filter_log_events();
        let filter = filter.log_group_name(format!("/aws/lambda/{}{name}", self.prefix));
        let filter = filter.start_time(since.as_millis().try_into()?);
        match filter.into_paginator().send().collect::<Result<Vec<_>, _>>().await {
            Ok(pages) => {
                Ok(pages.into_iter().flat_map(|page| page.events.unwrap_or_default()).collect())
            }
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
                Ok(Vec::new())
            }
            Err(error) => Err(error).with_context(|| format!("the log of {name} cannot be read")),
        }
    }
}

impl Selection {
    fn selects(&self, line: &LogLine) -> bool {
        (!self.failures || line.is_failure())
            && self.text.as_ref().is_none_or(|text| line.contains(text))
    }
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
