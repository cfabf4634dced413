use std::fmt::Display;

use errors::ErrorName;
use serde::Serialize;

use crate::{HandlerOutput, metrics::Count};

/// The output of a step: the data for the next state, the sentence for the log line, and counts for metrics.
#[derive(Debug, Serialize)]
pub struct StepOutput<T> {
    #[serde(flatten)]
    body: T,
    #[serde(skip)]
    sentence: String,
    #[serde(skip)]
    counts: Vec<Count>,
    #[serde(skip)]
    error: Option<ErrorName>,
}

impl<T: Serialize> StepOutput<T> {
    pub fn new(body: T, sentence: impl Into<String>) -> Self {
        Self { body, sentence: sentence.into(), counts: Vec::new(), error: None }
    }

    /// Adds `number` to a metric.
    #[must_use]
    pub fn counted(mut self, name: &'static str, number: u64) -> Self {
        self.counts.push((name, number));
        self
    }

    /// The error because of which messages return to their queue, if one does.
    #[must_use]
    pub fn failed(self, error: Option<ErrorName>) -> Self {
        Self { error, ..self }
    }
}

impl<T> Display for StepOutput<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl<T: Serialize> HandlerOutput for StepOutput<T> {
    fn error(&self) -> Option<ErrorName> {
        self.error
    }

    fn counts(&self) -> Vec<Count> {
        self.counts.clone()
    }
}
