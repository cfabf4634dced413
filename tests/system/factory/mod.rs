//! When the factory misbehaves, case by case of the design.

mod lost;
mod not_taken;
mod perhaps_taken;
mod refused;
