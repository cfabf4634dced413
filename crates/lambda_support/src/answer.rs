use std::fmt::Display;

use serde::Serialize;

use crate::{Outcome, metrics::Count};

/// What a step hands to the next state, with the sentence that its log line says.
#[derive(Debug, Serialize)]
pub struct Answer<T> {
    #[serde(flatten)]
    body: T,
    #[serde(skip)]
    sentence: String,
    #[serde(skip)]
    counts: Vec<Count>,
}

impl<T: Serialize> Answer<T> {
    /// An answer, and what to say of it.
    pub fn new(body: T, sentence: impl Into<String>) -> Self {
        Self { body, sentence: sentence.into(), counts: Vec::new() }
    }

    /// With something to count.
    #[must_use]
    pub fn counted(mut self, name: &'static str, number: u64) -> Self {
        self.counts.push((name, number));
        self
    }
}

impl<T> Display for Answer<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl<T: Serialize> Outcome for Answer<T> {
    fn counts(&self) -> Vec<Count> {
        self.counts.clone()
    }
}
