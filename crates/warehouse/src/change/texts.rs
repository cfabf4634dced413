//! Who changes something, and why.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

/// Defines a text that is not empty and has a greatest length.
macro_rules! short_text {
    ($(#[$about:meta])* $name:ident, $longest:literal, $refused:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
                let length = text.trim().chars().count();
                let plain = !text.chars().any(char::is_control);
                if plain && (1..=$longest).contains(&length) {
                    Ok(Self(text.trim().to_owned()))
                } else {
                    Err($refused)
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_text! {
    /// Who changes something.
    Operator, 400, "the name of whoever changes something must have 1 to 400 characters on one line"
}

short_text! {
    /// Why something is changed.
    Reason, 500, "the reason must have 1 to 500 characters on one line"
}
