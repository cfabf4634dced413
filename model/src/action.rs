//! What can happen next: a step, or a fault.

use crate::{fault::Fault, step::Step};

/// A transition from one state to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A step that succeeds and whose caller receives the response.
    Step(Step),
    /// Something goes wrong.
    Fault(Fault),
}
