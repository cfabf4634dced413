//! The pages for people: what they link to exists, what they tell people to run works, and the words are
//! those of the glossary.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod commands;
mod dependencies;
mod diagrams;
mod error_table;
mod links;
mod page;
mod paths;
mod repository;
mod runbook;
mod shape;
mod translation;
mod words;

/// Fails with all problems at once, one on each line.
#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
