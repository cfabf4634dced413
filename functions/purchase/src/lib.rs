//! The `purchase` workflow, and the HTTP calls of customers.
//!
//! `sales-api` runs the `purchase` state machine and returns its decision: `check-stock` checks the stock without a
//! lock, `decrement-stock` decides, and `publish-depletion` starts the restock workflow. `show-product` reads a
//! product, `list-products` all of them. Each module has the handler of one function; `src/bin/` creates its clients and runs it.

pub mod check_stock;
pub mod decrement_stock;
pub mod list_products;
pub mod publish_depletion;
pub mod sales_api;
pub mod show_product;
