//! The words of the shop as types, and the rules that need nothing else to be decided.
//!
//! Whatever comes from outside becomes one of these types or an [`Error`] that says what to do. What
//! has one of these types needs no further check. Nothing here knows of AWS, SQL or HTTP.

#[macro_use]
mod text_type;
#[macro_use]
mod number_type;

mod arrival;
pub mod callback;
mod depletion;
mod error;
mod object;
mod production_order;
mod purchase;
mod quantity;
mod restock;
mod sku;

pub use arrival::{Arrival, Delivered};
pub use depletion::{Depletion, Reason};
pub use error::Error;
pub use object::Object;
pub use production_order::{FactoryId, ProductionOrder, ProductionOrderId};
pub use purchase::{Purchase, PurchaseId};
pub use quantity::{Quantity, Units};
pub use restock::{RestockCycle, RestockId};
pub use sku::Sku;
