//! What a user of the HTTP API can try: the page `docs/api.md`, the Postman collection and the load runs.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod load;
mod page;
mod place;
mod postman;
mod shape;
