//! Faults of the factory: orders that were not taken, perhaps taken, refused, or lost.

mod lost;
mod not_taken;
mod perhaps_taken;
mod refused;
mod several;
