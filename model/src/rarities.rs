//! What is rare, and must be reached, or else the check says little.

use stateright::Property;

use crate::{
    Completion, Execution, Order, Protocol, State, Status, Verdict,
    completion::At as CompletionAt,
    restock::{At, Ended},
};

/// Each is found at least once.
pub(crate) fn rarities() -> Vec<Property<Protocol>> {
    let sometimes = Property::<Protocol>::sometimes;
    vec![
        sometimes("a callback is awaited", |_, s| was(s, |v| matches!(v, Verdict::Awaited(_)))),
        sometimes("a callback is early", |_, s| was(s, |v| v == Verdict::Early)),
        sometimes("a callback is late", |_, s| was(s, |v| v == Verdict::Late)),
        sometimes("a callback is a duplicate", |_, s| was(s, |v| v == Verdict::Duplicate)),
        sometimes("a token is closed", |_, s| has_failed_to_tell(s)),
        sometimes("the goods are there before the wait", |_, s| found_on_waiting(s)),
        sometimes("the goods are there before the next order", |_, s| found_on_opening(s)),
        sometimes("the attempts are exhausted", are_exhausted),
        sometimes("a restock is superseded", |_, s| ended(s, Ended::Superseded)),
        sometimes("a restock is under way", |_, s| ended(s, Ended::UnderWay)),
        sometimes("a restock is not needed", |_, s| ended(s, Ended::NotNeeded)),
        sometimes("a restock is completed after all", |_, s| ended(s, Ended::CompletedAfterAll)),
        sometimes("a name is used again", |_, s| s.restocks.iter().any(|x| x.number > 0)),
        sometimes("a restock is abandoned", |_, s| is_abandoned(s)),
        sometimes("goods come after the failure", |_, s| came_after_failure(s)),
        sometimes("both loads of a restock come", |_, s| both_loads_came(s)),
    ]
}

fn was(state: &State, verdict: fn(Verdict) -> bool) -> bool {
    state.completions.iter().any(|completion| match completion.at {
        CompletionAt::Recording(found) | CompletionAt::Ended(found) => verdict(found),
        _ => false,
    })
}

fn ended(state: &State, how: Ended) -> bool {
    state.restocks.iter().any(|execution| execution.at == At::Ended(how))
}

fn has_failed_to_tell(state: &State) -> bool {
    let closed = |c: &Completion| match c.at {
        CompletionAt::CompleteTask(token) => !state.waits(token),
        _ => false,
    };
    state.completions.iter().any(closed)
}

/// About to credit, and its last token was never left.
fn found_on_waiting(state: &State) -> bool {
    let left = |x: &Execution| state.database.orders[x.order].token.map_or(0, |t| t.wait);
    state.restocks.iter().any(|x| x.at == At::IncrementStock && x.wait > left(x))
}

/// About to credit an order of an attempt before its own.
fn found_on_opening(state: &State) -> bool {
    let attempt = |x: &Execution| state.database.orders[x.order].attempt;
    state.restocks.iter().any(|x| x.at == At::IncrementStock && x.attempt > attempt(x))
}

fn are_exhausted(model: &Protocol, state: &State) -> bool {
    let allowed = model.0.attempts_allowed;
    state.restocks.iter().any(|x| x.at == At::CloseRestock && x.attempt > allowed)
}

fn is_abandoned(state: &State) -> bool {
    let died = |id: usize| state.restocks[id].at == At::Ended(Ended::Died);
    state.database.restocks.iter().any(|r| r.status == Status::Failed && died(r.owner))
}

fn came_after_failure(state: &State) -> bool {
    let status = |o: &Order| state.database.restock_of(o).map(|restock| restock.status);
    let mut credited = state.database.orders.iter().filter(|order| order.credits > 0);
    credited.any(|order| status(order) == Some(Status::Failed))
}

fn both_loads_came(state: &State) -> bool {
    let credited: Vec<_> = state.database.orders.iter().filter(|o| o.credits > 0).collect();
    credited.windows(2).any(|pair| pair[0].cycle == pair[1].cycle)
}
