//! Types and rules of the shop. Independent of AWS, SQL and HTTP.
//!
//! Every value that comes from outside is converted to one of these types, or rejected with an [`Error`] that
//! says what a valid value is. A value of such a type is valid and needs no further check.

#[macro_use]
mod text_type;
#[macro_use]
mod number_type;
#[macro_use]
mod name_type;

mod arrival;
pub mod callback;
mod depletion;
mod display_name;
mod error;
mod factory;
mod factory_url;
mod movement;
mod object;
mod production_order;
mod purchase;
mod quantity;
mod restock;
mod sku;

pub use arrival::{Arrival, CallbackCount};
pub use depletion::{Depletion, Reason};
pub use display_name::{Contact, DisplayName};
pub use error::Error;
pub use factory::{FactoryAddress, FactoryId, LeadTime, SecretName};
pub use factory_url::{FactoryNetwork, FactoryUrl, is_of_a_machine, is_public};
pub use movement::MovementKind;
pub use object::Object;
pub use production_order::{ProductionOrder, ProductionOrderId, ProductionOrderRef, WaitingTask};
pub use purchase::{Purchase, PurchaseId, PurchaseOutcome, PurchaseResult};
pub use quantity::{Buckets, PageLimit, Quantity, Stock, Units};
pub use restock::{RestockCycle, RestockId, RestockStatus};
pub use sku::Sku;
