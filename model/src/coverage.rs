//! When a [`Situation`] is reached. `stateright` fails a check that does not reach a situation it must reach.

use stateright::Property;

use crate::{
    database::{Attempt, CallbackClass, ProductionOrder, RestockStatus},
    executions::{
        CompletionPosition, PurchaseExecution, RestockExecution, RestockOutcome, RestockPosition,
    },
    ids::{OrderId, Reason},
    protocol::Protocol,
    scenario::{Checkout, Scenario},
    situation::Situation,
    state::State,
};

type Condition = fn(&Protocol, &State) -> bool;

/// The property that the situation is reached in some state.
pub(crate) fn is_reached(situation: Situation) -> Property<Protocol> {
    Property::sometimes(situation.name(), condition(situation))
}

fn condition(situation: Situation) -> Condition {
    use CallbackClass::{Awaited, Duplicate, Early, Late};
    use RestockOutcome::{CompletedAfterAll, NotNeeded, Superseded, UnderWay};
    match situation {
        Situation::CallbackAwaited => |_, s| has_callback(s, |c| matches!(c, Awaited(_))),
        Situation::CallbackEarly => |_, s| has_callback(s, |c| c == Early),
        Situation::CallbackLate => |_, s| has_callback(s, |c| c == Late),
        Situation::CallbackDuplicate => |_, s| has_callback(s, |c| c == Duplicate),
        Situation::TokenClosed => |_, s| token_is_closed(s),
        Situation::ArrivedBeforeWait => |_, s| arrived_before_wait(s),
        Situation::ArrivalSeenByAwait => |_, s| arrival_seen_by_await(s),
        Situation::ArrivedBeforeNextOrder => |_, s| arrived_before_next_order(s),
        Situation::ArrivalSeenByOpen => |_, s| arrival_seen_by_open(s),
        Situation::ArrivedBeforeClosing => |_, s| arrived_before_closing(s),
        Situation::AttemptsExhausted => |m, s| attempts_are_exhausted(&m.0, s),
        Situation::RequestOutdated => |_, s| request_is_outdated(s),
        Situation::RestockSuperseded => |_, s| has_ended(s, Superseded),
        Situation::RestockUnderWay => |_, s| has_ended(s, UnderWay),
        Situation::RestockNotNeeded => |_, s| has_ended(s, NotNeeded),
        Situation::RestockCompletedAfterAll => |_, s| has_ended(s, CompletedAfterAll),
        Situation::NameReused => |_, s| s.restocks.iter().any(|x| x.name_suffix > 0),
        Situation::RestockAbandoned => |_, s| abandoned_restock_is_closed(s),
        Situation::ArrivedAfterFailure => |_, s| arrived_after_failure(s),
        Situation::BothOrdersArrived => |_, s| both_orders_arrived(s),
        Situation::CreditsRace => |_, s| credits_race(s),
        Situation::OpeningsRace => |_, s| openings_race(s),
        Situation::StockTooLowToSell => |m, s| stock_is_too_low_to_sell(&m.0, s),
        Situation::AnotherBucketTried => {
            |m, s| is_trying(m, s, |a| matches!(a, Attempt::Another(_)))
        }
        Situation::AllBucketsTried => |m, s| is_trying(m, s, |a| a == Attempt::All),
        Situation::UnusedBucketTried => |m, s| {
            let is_unused = |bucket| bucket >= usize::from(s.database.buckets_in_use);
            is_trying(m, s, |a| matches!(a, Attempt::Own(bucket) if is_unused(bucket)))
        },
        Situation::RepeatedInAnotherBucket => |m, s| is_repeated_in_another_bucket(m, s),
        Situation::SoldFromSeveralBuckets => {
            |_, s| s.database.sales.iter().any(|sale| sale.part > 0)
        }
        Situation::CrossingToClaim => |m, s| {
            let is_unclaimed = s.database.has_unclaimed_crossing(&m.0);
            is_unclaimed && s.purchases.contains(&PurchaseExecution::Sold)
        },
    }
}

fn has_callback(state: &State, is_wanted: fn(CallbackClass) -> bool) -> bool {
    state.completions.iter().any(|completion| match completion.position {
        CompletionPosition::Recording(class) | CompletionPosition::Ended(class) => is_wanted(class),
        _ => false,
    })
}

fn has_ended(state: &State, outcome: RestockOutcome) -> bool {
    has_execution_at(state, RestockPosition::Ended(outcome), |_| true)
}

fn has_execution_at(
    state: &State,
    position: RestockPosition,
    is_wanted: impl Fn(&RestockExecution) -> bool,
) -> bool {
    state.restocks.iter().any(|x| x.position == position && is_wanted(x))
}

fn token_is_closed(state: &State) -> bool {
    state.completions.iter().any(|completion| match completion.position {
        CompletionPosition::CompleteTask(token) => !state.waits(token),
        _ => false,
    })
}

fn order_of<'a>(state: &'a State, execution: &RestockExecution) -> Option<&'a ProductionOrder> {
    execution.order.and_then(|order| state.database.orders.get(order))
}

fn has_uncredited_order(state: &State, execution: &RestockExecution) -> bool {
    execution.order.is_some_and(|order| state.database.is_uncredited(order))
}

fn arrived_before_wait(state: &State) -> bool {
    let position = RestockPosition::AwaitCompletion;
    has_execution_at(state, position, |x| has_uncredited_order(state, x))
}

/// About to credit, and the latest task token was not stored.
fn arrival_seen_by_await(state: &State) -> bool {
    let stored = |x: &RestockExecution| order_of(state, x).and_then(|order| order.token);
    has_execution_at(state, RestockPosition::IncrementStock, |x| {
        x.tokens > stored(x).map_or(0, |token| token.number)
    })
}

fn arrived_before_next_order(state: &State) -> bool {
    has_execution_at(state, RestockPosition::OpenRestock, |x| {
        x.attempt > 1 && has_uncredited_order(state, x)
    })
}

/// About to credit an order of an earlier attempt than the current one.
fn arrival_seen_by_open(state: &State) -> bool {
    has_execution_at(state, RestockPosition::IncrementStock, |x| {
        order_of(state, x).is_some_and(|order| x.attempt > order.attempt)
    })
}

fn arrived_before_closing(state: &State) -> bool {
    let executions = state.restocks.iter().enumerate();
    let mut closing = executions.filter(|(_, x)| x.position == RestockPosition::CloseRestock);
    closing.any(|(id, _)| state.database.arrived_for(id).is_some())
}

fn attempts_are_exhausted(scenario: &Scenario, state: &State) -> bool {
    let allowed = scenario.attempts_allowed;
    has_execution_at(state, RestockPosition::CloseRestock, |x| x.attempt > allowed)
}

fn request_is_outdated(state: &State) -> bool {
    has_execution_at(state, RestockPosition::OpenRestock, |x| {
        x.attempt == 1 && x.reason == Reason::Purchase && x.cycle < state.database.cycle
    })
}

fn abandoned_restock_is_closed(state: &State) -> bool {
    let stopped = RestockPosition::Ended(RestockOutcome::Stopped);
    let mut restocks = state.database.restocks.iter();
    restocks.any(|restock| {
        restock.status == RestockStatus::Failed && state.restocks[restock.owner].position == stopped
    })
}

fn arrived_after_failure(state: &State) -> bool {
    let failed = |order: &ProductionOrder| {
        let restock = state.database.restock_of(order);
        restock.is_some_and(|restock| restock.status == RestockStatus::Failed)
    };
    state.database.orders.iter().any(|order| order.credits > 0 && failed(order))
}

fn both_orders_arrived(state: &State) -> bool {
    let credited: Vec<_> = state.database.orders.iter().filter(|o| o.credits > 0).collect();
    credited.windows(2).any(|pair| pair[0].cycle == pair[1].cycle)
}

fn credits_race(state: &State) -> bool {
    let credits = |order: OrderId| {
        state
            .completions
            .iter()
            .any(|c| c.order == order && c.position == CompletionPosition::IncrementStock)
    };
    has_execution_at(state, RestockPosition::IncrementStock, |x| {
        has_uncredited_order(state, x) && x.order.is_some_and(credits)
    })
}

fn openings_race(state: &State) -> bool {
    let opens = |x: &&RestockExecution| x.position == RestockPosition::OpenRestock;
    let is_open = state.database.open_restocks().next().is_some();
    !is_open && state.restocks.iter().filter(opens).count() > 1
}

fn stock_is_too_low_to_sell(scenario: &Scenario, state: &State) -> bool {
    let mut purchases = state.purchases.iter().zip(&scenario.purchases);
    purchases.any(|(purchase, checkout)| {
        *purchase == PurchaseExecution::DecrementStock && state.database.stock() < checkout.quantity
    })
}

/// The attempts that purchases are about to make.
fn attempts<'a>(
    model: &'a Protocol,
    state: &'a State,
) -> impl Iterator<Item = (Checkout, Attempt)> + 'a {
    let purchases = state.purchases.iter().zip(&model.0.purchases);
    purchases.filter_map(|(purchase, checkout)| match purchase {
        PurchaseExecution::Selling { attempt, .. } => Some((*checkout, *attempt)),
        _ => None,
    })
}

fn is_trying(model: &Protocol, state: &State, is_wanted: impl Fn(Attempt) -> bool) -> bool {
    attempts(model, state).any(|(_, attempt)| is_wanted(attempt))
}

fn is_repeated_in_another_bucket(model: &Protocol, state: &State) -> bool {
    attempts(model, state).any(|(checkout, attempt)| match attempt {
        Attempt::Own(bucket) | Attempt::Another(bucket) => {
            let mut sales = state.database.sales.iter();
            sales.any(|sale| sale.purchase_id == checkout.purchase_id && sale.bucket != bucket)
        }
        _ => false,
    })
}
