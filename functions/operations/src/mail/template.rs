use std::fmt::Display;

use super::Mail;
use crate::report::Cause;

/// A longer fact is cut. The dead letter or the execution has the whole.
const LONGEST_FACT: usize = 2048;

/// The parts of a mail.
pub(super) struct MailTemplate {
    subject: String,
    /// What happened.
    happened: String,
    /// What it means for the shop.
    meaning: String,
    /// What to do now.
    action: String,
    facts: String,
}

impl MailTemplate {
    pub fn new(subject: String, happened: impl Into<String>) -> Self {
        Self {
            subject,
            happened: happened.into(),
            meaning: String::new(),
            action: String::new(),
            facts: String::new(),
        }
    }

    pub fn meaning(mut self, meaning: impl Into<String>) -> Self {
        self.meaning = meaning.into();
        self
    }

    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = action.into();
        self
    }

    /// Adds a line `NAME value`.
    pub fn fact(mut self, name: &str, value: impl Display) -> Self {
        let value = value.to_string();
        let shown = &value[..value.floor_char_boundary(LONGEST_FACT)];
        let cut = if shown.len() < value.len() { " …" } else { "" };
        self.facts += &format!("{name:<11}{shown}{cut}\n");
        self
    }

    pub fn optional_fact(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.fact(name, value),
            None => self,
        }
    }

    pub fn failure(self, Cause { state, error, cause }: &Cause) -> Self {
        self.fact("State:", state).fact("Error:", error).fact("Cause:", cause)
    }

    pub fn mail(self) -> Mail {
        let Self { subject, happened, meaning, action, facts } = self;
        let happened = happened.trim_end();
        let text = format!("{happened}\n\n{meaning}\n\nWhat to do now: {action}\n\n{facts}");
        Mail { subject: format!("Restock: {subject}"), text }
    }
}
