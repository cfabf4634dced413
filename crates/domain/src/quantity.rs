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

/// Number of buckets that hold the stock of a product: 1 to 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Buckets(u32);

number_type!(Buckets, (1..=64), Error::Buckets);

/// Number of products in a page of a list: 1 to 100, 50 if nothing else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(u32);

number_type!(PageLimit, (1..=100), Error::PageLimit);

impl Default for PageLimit {
    fn default() -> Self {
        Self(50)
    }
}

/// Number of units on hand, or a level of stock such as a reorder point: 0 to 2,147,483,647, as the database allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Stock(u32);

number_type!(Stock, (0..=Stock::MOST), Error::Stock);

impl Stock {
    const MOST: u32 = i32::MAX.unsigned_abs();

    /// A number of units that is known to be in range. A larger number becomes the largest that is in range.
    pub const fn new(units: u32) -> Self {
        Self(if units > Self::MOST { Self::MOST } else { units })
    }
}

/// For columns of the database, which are signed.
impl TryFrom<i32> for Stock {
    type Error = Error;

    fn try_from(number: i32) -> Result<Self, Error> {
        u32::try_from(number).map_err(|_| Error::Stock)?.try_into()
    }
}
