use std::{collections::HashSet, fmt, time::Duration};

use domain::{MovementKind, PurchaseOutcome};

use super::{
    history::{Exchange, History, Response},
    history_checker::FinalState,
};

/// How much happened in a round. A round in which little happened shows little.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Requests of purchases, including repeated ones.
    pub requests: usize,
    /// Different purchase ids.
    pub keys: usize,
    /// Responses `sold`.
    pub sold: usize,
    /// Responses `sold_out`.
    pub sold_out: usize,
    /// Responses `key_reused`.
    pub reused: usize,
    /// Requests to all functions without a response: killed, response lost, or database not available.
    pub lost: usize,
    /// Sales in the ledger.
    pub sales: usize,
    /// Arrivals in the ledger.
    pub arrivals: usize,
    /// Time from the first request to the last response.
    pub took: Duration,
}

impl Figures {
    pub(super) fn of(history: &History, state: &FinalState, took: Duration) -> Self {
        let purchases = &history.purchases;
        let with_outcome = |outcome: PurchaseOutcome| {
            let received = purchases.iter().filter_map(Exchange::received);
            received.filter(|result| result.outcome == outcome).count()
        };
        let moved = |kind: MovementKind| {
            state.movements.iter().filter(|movement| movement.kind == kind).count()
        };
        let keys: HashSet<_> =
            purchases.iter().map(|exchange| &exchange.request.purchase_id).collect();
        Self {
            requests: purchases.len(),
            keys: keys.len(),
            sold: with_outcome(PurchaseOutcome::Sold),
            sold_out: with_outcome(PurchaseOutcome::SoldOut),
            reused: with_outcome(PurchaseOutcome::KeyReused),
            lost: lost(purchases)
                + lost(&history.restocks)
                + lost(&history.arrivals)
                + lost(&history.credits),
            sales: moved(MovementKind::Sale),
            arrivals: moved(MovementKind::Arrival),
            took,
        }
    }
}

fn lost<Q, A>(exchanges: &[Exchange<Q, A>]) -> usize {
    exchanges.iter().filter(|exchange| matches!(exchange.response, Response::Lost)).count()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, keys, sold, sold_out, reused, lost, sales, arrivals, took } = self;
        write!(
            f,
            "{requests} requests with {keys} purchase ids in {:.1} s. Responses: {sold} sold, {sold_out} sold \
             out, {reused} key reused, {lost} lost. Ledger: {sales} sales, {arrivals} arrivals.",
            took.as_secs_f64()
        )
    }
}
