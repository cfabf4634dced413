//! The steps of a purchase, and the two HTTP calls that customers make.
//!
//! `sales-api` runs the `purchase` machine and answers with what it decided: `check-stock` looks,
//! `decrement-stock` decides, `publish-depletion` tells the restock workflow. `show-product` reads.
//! Each module is a step's handler; `src/bin/` wires it to its clients and runs it.

pub mod check_stock;
pub mod decrement_stock;
pub mod publish_depletion;
pub mod sales_api;
pub mod show_product;
