//! The faults of the factory and their names.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A way in which the factory misbehaves.
///
/// **Taken** means that the factory accepts the order, makes the goods and calls back. **Not taken** means that the order
/// has no effect. Unless stated otherwise, an order is taken and answered with `201`.
///
/// As text and in JSON, a fault is its name in kebab-case; snake_case is accepted too: `refuses-connections`,
/// `answers-500-though-taken`. Two faults have a duration: `answers-after:5s` and `calls-back-late:1m`. These are also
/// the durations if none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Fault {
    /// **Not taken**: the listening socket is closed, so connecting fails. Work under way continues.
    RefusesConnections,
    /// **Not taken**: answers 400.
    Answers400NotTaken,
    /// **Not taken**: answers 429.
    Answers429NotTaken,
    /// **Not taken**: answers 500.
    Answers500NotTaken,
    /// **Taken**, but answers 500.
    Answers500ThoughTaken,
    /// **Not taken**: answers 502.
    Answers502NotTaken,
    /// **Taken**, but answers 502.
    Answers502ThoughTaken,
    /// **Not taken**: answers 503.
    Answers503NotTaken,
    /// **Not taken**: answers 504.
    Answers504NotTaken,
    /// **Taken**, but answers 504.
    Answers504ThoughTaken,
    /// **Taken**: answers 201 with JSON that ends in the middle.
    AnswersUnreadablyThoughTaken,
    /// **Taken**: answers 201 with a megabyte of spaces after the JSON.
    AnswersTooMuchThoughTaken,
    /// **Taken** at once, but answers after this delay.
    AnswersAfter(Duration),
    /// **Not taken**: reads the order and never answers.
    HangsNotTaken,
    /// **Taken**, but never answers.
    HangsThoughTaken,
    /// **Not taken**: reads the order and drops the connection.
    DropsConnectionNotTaken,
    /// **Taken**, but drops the connection.
    DropsConnectionThoughTaken,
    /// **Taken**: calls back at once, without stages, and answers 201 after the callback.
    CallsBackBeforeAnswering,
    /// **Taken**: makes the goods, but never calls back.
    DropsCallback,
    /// **Taken**: calls back twice, one callback after the other.
    CallsBackTwice,
    /// **Taken**: calls back this long after the last stage.
    CallsBackLate(Duration),
    /// **Taken**: calls back only when [released](super::Factory::release).
    HoldsCallback,
    /// **Taken**: calls back with the count as text, `"10"`.
    CountsAsText,
    /// **Taken**: calls back without a count.
    CountMissing,
    /// **Taken**: calls back with a count of 0.
    CountZero,
    /// **Taken**: calls back with the negated count: `-10`.
    CountNegative,
    /// **Taken**: calls back with the count `"plenty"`.
    CountNotANumber,
    /// **Taken**: calls back with one more than ordered.
    CountOver,
    /// **Taken**: calls back with half of the ordered count, rounded down, but at least 1.
    CountShort,
    /// **Taken and lost**: answers 201 after losing this order and all other work. Never calls back.
    Crashes,
}

impl Fault {
    /// All faults; those with a duration have their default.
    pub const ALL: [Self; 30] = [
        Self::RefusesConnections,
        Self::Answers400NotTaken,
        Self::Answers429NotTaken,
        Self::Answers500NotTaken,
        Self::Answers500ThoughTaken,
        Self::Answers502NotTaken,
        Self::Answers502ThoughTaken,
        Self::Answers503NotTaken,
        Self::Answers504NotTaken,
        Self::Answers504ThoughTaken,
        Self::AnswersUnreadablyThoughTaken,
        Self::AnswersTooMuchThoughTaken,
        Self::AnswersAfter(Duration::from_secs(5)),
        Self::HangsNotTaken,
        Self::HangsThoughTaken,
        Self::DropsConnectionNotTaken,
        Self::DropsConnectionThoughTaken,
        Self::CallsBackBeforeAnswering,
        Self::DropsCallback,
        Self::CallsBackTwice,
        Self::CallsBackLate(Duration::from_secs(60)),
        Self::HoldsCallback,
        Self::CountsAsText,
        Self::CountMissing,
        Self::CountZero,
        Self::CountNegative,
        Self::CountNotANumber,
        Self::CountOver,
        Self::CountShort,
        Self::Crashes,
    ];

    /// The name, without the duration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RefusesConnections => "refuses-connections",
            Self::Answers400NotTaken => "answers-400-not-taken",
            Self::Answers429NotTaken => "answers-429-not-taken",
            Self::Answers500NotTaken => "answers-500-not-taken",
            Self::Answers500ThoughTaken => "answers-500-though-taken",
            Self::Answers502NotTaken => "answers-502-not-taken",
            Self::Answers502ThoughTaken => "answers-502-though-taken",
            Self::Answers503NotTaken => "answers-503-not-taken",
            Self::Answers504NotTaken => "answers-504-not-taken",
            Self::Answers504ThoughTaken => "answers-504-though-taken",
            Self::AnswersUnreadablyThoughTaken => "answers-unreadably-though-taken",
            Self::AnswersTooMuchThoughTaken => "answers-too-much-though-taken",
            Self::AnswersAfter(_) => "answers-after",
            Self::HangsNotTaken => "hangs-not-taken",
            Self::HangsThoughTaken => "hangs-though-taken",
            Self::DropsConnectionNotTaken => "drops-connection-not-taken",
            Self::DropsConnectionThoughTaken => "drops-connection-though-taken",
            Self::CallsBackBeforeAnswering => "calls-back-before-answering",
            Self::DropsCallback => "drops-callback",
            Self::CallsBackTwice => "calls-back-twice",
            Self::CallsBackLate(_) => "calls-back-late",
            Self::HoldsCallback => "holds-callback",
            Self::CountsAsText => "counts-as-text",
            Self::CountMissing => "count-missing",
            Self::CountZero => "count-zero",
            Self::CountNegative => "count-negative",
            Self::CountNotANumber => "count-not-a-number",
            Self::CountOver => "count-over",
            Self::CountShort => "count-short",
            Self::Crashes => "crashes",
        }
    }

    fn delay(self) -> Option<Duration> {
        match self {
            Self::AnswersAfter(delay) | Self::CallsBackLate(delay) => Some(delay),
            _ => None,
        }
    }

    fn with_delay(self, delay: Duration) -> Option<Self> {
        match self {
            Self::AnswersAfter(_) => Some(Self::AnswersAfter(delay)),
            Self::CallsBackLate(_) => Some(Self::CallsBackLate(delay)),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.delay() {
            Some(delay) => write!(f, ":{}", humantime::format_duration(delay)),
            None => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let unknown = || UnknownFault(text.to_owned());
        let (name, delay) = match text.split_once(':') {
            Some((name, delay)) => (name, Some(delay)),
            None => (text, None),
        };
        let name = name.replace('_', "-");
        let fault = Self::ALL.into_iter().find(|fault| fault.name() == name);
        let fault = fault.ok_or_else(unknown)?;
        let Some(delay) = delay else { return Ok(fault) };
        let delay = humantime::parse_duration(delay).map_err(|_| unknown())?;
        fault.with_delay(delay).ok_or_else(unknown)
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        fault.to_string()
    }
}

impl TryFrom<String> for Fault {
    type Error = UnknownFault;

    fn try_from(text: String) -> Result<Self, UnknownFault> {
        text.parse()
    }
}

/// A text that is not the name of a fault. The message lists all names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Fault::ALL.map(String::from).join(", ");
        write!(f, "unknown fault {:?}; the faults are: {known}", self.0)
    }
}

impl std::error::Error for UnknownFault {}
