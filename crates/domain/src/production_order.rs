use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, FactoryId, RestockCycle, Sku, Units};

/// One order to the factory. The steps of a restock pass it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductionOrder {
    pub production_order: ProductionOrderId,
    pub sku: Sku,
    pub restock_cycle: RestockCycle,
    /// Attempt number of the order within its restock, starting at 1.
    pub attempt: u32,
    pub quantity: Units,
    pub factory: FactoryId,
}

/// Names one production order. Input or output of steps that need nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductionOrderRef {
    pub production_order: ProductionOrderId,
}

/// The Step Functions task that waits for the goods of a production order. Not `Debug`, because whoever has the
/// token can complete the task.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitingTask {
    pub production_order: ProductionOrderId,
    pub task_token: String,
}

/// Identifies a production order: a UUID, so that a callback URL cannot be guessed from another one, and so that
/// the name of an execution is not used again after the database is restored from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductionOrderId(Uuid);

impl ProductionOrderId {
    /// A new id, different from all others.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl TryFrom<String> for ProductionOrderId {
    type Error = Error;

    /// Accepts only the canonical form, because the id is signed and is the name of executions.
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
