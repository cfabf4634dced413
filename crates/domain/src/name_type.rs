/// Converts an enum without data from and to text. The names are those that serde uses.
macro_rules! name_type {
    ($name:ident, $error:expr) => {
        impl std::str::FromStr for $name {
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                use serde::de::{IntoDeserializer, value::StrDeserializer};
                let text: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
                serde::Deserialize::deserialize(text).map_err(|_| $error)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                serde::Serialize::serialize(self, f)
            }
        }
    };
}
