use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, RestockCycle, Sku, Units, sku::is_label};

/// One order to the factory, as the steps of a restock hand it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductionOrder {
    /// Its name, also in the callback URL.
    pub production_order: ProductionOrderId,
    /// The product to make.
    pub sku: Sku,
    /// The restock it belongs to.
    pub restock_cycle: RestockCycle,
    /// The how-manieth order of that restock, from 1.
    pub attempt: u32,
    /// How many to make.
    pub quantity: Units,
    /// Who makes it.
    pub factory: FactoryId,
}

/// Names a production order: a UUID, so that a callback URL cannot be guessed from another one, nor
/// an execution's name be met again after the database went back to a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductionOrderId(Uuid);

impl ProductionOrderId {
    /// A name that no other order has.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl TryFrom<String> for ProductionOrderId {
    type Error = Error;

    /// Only the one canonical form, because the name is signed and names executions.
    fn try_from(text: String) -> Result<Self, Error> {
        let uuid = Uuid::try_parse(&text).map_err(|_| Error::ProductionOrderId)?;
        if uuid.to_string() == text { Ok(Self(uuid)) } else { Err(Error::ProductionOrderId) }
    }
}

impl std::str::FromStr for ProductionOrderId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.to_owned().try_into()
    }
}

impl From<ProductionOrderId> for String {
    fn from(id: ProductionOrderId) -> String {
        id.to_string()
    }
}

impl std::fmt::Display for ProductionOrderId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Names a factory: 1 to 40 characters of `A-Z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FactoryId(String);

text_type!(FactoryId, is_label, Error::FactoryId);
