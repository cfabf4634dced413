use std::fmt::Display;

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
}

impl<T: Serialize> StepOutput<T> {
    pub fn new(body: T, sentence: impl Into<String>) -> Self {
        Self { body, sentence: sentence.into(), counts: Vec::new() }
    }

    /// Adds `number` to a metric.
    #[must_use]
    pub fn counted(mut self, name: &'static str, number: u64) -> Self {
        self.counts.push((name, number));
        self
    }
}

impl<T> Display for StepOutput<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl<T: Serialize> HandlerOutput for StepOutput<T> {
    fn counts(&self) -> Vec<Count> {
        self.counts.clone()
    }
}
