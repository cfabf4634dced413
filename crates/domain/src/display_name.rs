use serde::{Deserialize, Serialize};

use crate::Error;

/// The name of a product or factory for people: 1 to 200 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

text_type!(DisplayName, is_one_line, Error::DisplayName);

/// Whom to ask about an order: 1 to 200 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Contact(String);

text_type!(Contact, is_one_line, Error::Contact);

/// As the columns of the database allow. A line break would break tables and mails.
const MOST_CHARACTERS: usize = 200;

impl DisplayName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in a row that was written by hand: without what a name must not have.
    pub fn of_row(text: &str) -> Self {
        Self(one_line(text))
    }
}

impl Contact {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As [`DisplayName::of_row`].
    pub fn of_row(text: &str) -> Self {
        Self(one_line(text))
    }
}

fn is_one_line(text: &str) -> bool {
    let length = text.chars().count();
    !text.trim().is_empty() && length <= MOST_CHARACTERS && !text.contains(breaks_a_line)
}

fn breaks_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn one_line(text: &str) -> String {
    let line: String = text.replace(breaks_a_line, " ").chars().take(MOST_CHARACTERS).collect();
    if line.trim().is_empty() { "-".to_owned() } else { line }
}
