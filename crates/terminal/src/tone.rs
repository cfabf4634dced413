//! What a colour means.

use std::fmt::Display;

/// How a text stands out. Without colours nothing is lost: the text itself says the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    /// A heading.
    Title,
    /// Less important.
    Dim,
    /// All is well.
    Good,
    /// Somebody should look, and nothing has failed yet.
    Warning,
    /// A failure.
    Bad,
}

impl Tone {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Title => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Warning => "\x1b[33m",
            Self::Bad => "\x1b[1;31m",
        }
    }

    /// The text in this tone.
    pub fn paint(self, text: impl Display) -> String {
        match self {
            Self::Plain => text.to_string(),
            tone => format!("{}{text}\x1b[0m", tone.code()),
        }
    }
}

/// The text without the codes of its tones.
pub fn without_colours(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// A text with its tone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Toned {
    pub text: String,
    pub tone: Tone,
}

impl Toned {
    pub fn new(text: impl Display, tone: Tone) -> Self {
        Self { text: text.to_string(), tone }
    }
}

impl<T: Display> From<T> for Toned {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}
