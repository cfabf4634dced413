use serde::{Deserialize, Serialize};

use crate::Error;

/// Number of units that one purchase takes: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

number_type!(Quantity, (1..=100), Error::Quantity);

/// Number of units that the factory makes or delivers: 1 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Units(u32);

number_type!(Units, (1..=1_000_000), Error::Units);

/// Number of units on hand, or a level of stock such as a reorder point. Never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stock(u32);

impl Stock {
    pub const fn new(units: u32) -> Self {
        Self(units)
    }

    pub const fn get(self) -> u32 {
        self.0
    }
}

/// For columns of the database, which are signed.
impl TryFrom<i32> for Stock {
    type Error = Error;

    fn try_from(number: i32) -> Result<Self, Error> {
        u32::try_from(number).map(Self).map_err(|_| Error::Stock)
    }
}

impl std::fmt::Display for Stock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
