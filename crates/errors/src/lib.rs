//! The fixed names of all errors.
//!
//! State machines match these names word for word in `Retry` and `Catch`; logs, dead letters and mails show them.
//! Each name has one meaning and one remedy. `system.json` lists for each function the names that it can return:
//! `tests/errors.rs` compares that list with the error types of the code, and the rules in
//! `crates/system/tests/state_machines` compare it with what the machines match.

mod names;

pub use names::ErrorName;

impl std::fmt::Display for ErrorName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error that leaves a function under a fixed name.
pub trait NamedError: std::error::Error {
    /// Every name that [`NamedError::name`] can return.
    const NAMES: &'static [ErrorName];

    /// The name of this error.
    fn name(&self) -> ErrorName;
}

/// A function that never fails: it answers each problem in its reply.
impl NamedError for std::convert::Infallible {
    const NAMES: &'static [ErrorName] = &[];

    fn name(&self) -> ErrorName {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ErrorName;

    #[test]
    fn every_name_is_two_words_joined_by_a_dot_and_stands_once() {
        let names: BTreeSet<&str> = ErrorName::ALL.iter().map(|name| name.as_str()).collect();
        assert_eq!(names.len(), ErrorName::ALL.len());
        for name in names {
            let words: Vec<&str> = name.split('.').collect();
            assert!(
                matches!(words[..], [about, what] if !about.is_empty() && !what.is_empty()),
                "{name}"
            );
        }
    }

    #[test]
    fn every_meaning_and_every_remedy_is_one_sentence() {
        for name in ErrorName::ALL {
            for text in [name.meaning(), name.remedy()] {
                let sentences = text.matches(". ").count() + usize::from(text.ends_with('.'));
                assert_eq!(sentences, 1, "{name}: {text}");
                assert!(text.starts_with(|first: char| first.is_uppercase()), "{name}: {text}");
            }
        }
    }
}
