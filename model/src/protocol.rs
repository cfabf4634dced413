//! The protocol as a model of `stateright`.

use crate::scenario::Scenario;

/// The protocol in a scenario.
#[derive(Debug, Clone)]
pub struct Protocol(pub Scenario);
