use serde::{Deserialize, Serialize};

use crate::Error;

/// How many of a product one purchase takes: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

number_type!(Quantity, (1..=100), Error::Quantity);

/// How many of a product the factory makes or delivers: 1 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Units(u32);

number_type!(Units, (1..=1_000_000), Error::Units);
