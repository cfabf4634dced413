//! A deployment, seen from outside.
//!
//! `outputs.json`, written by `restock up` or by `terraform output`, names everything in it ([`outputs`]). From it
//! come the AWS clients ([`clients`]) and the client of the HTTP API ([`api_client`]).

pub mod api_client;
pub mod clients;
pub mod outputs;
