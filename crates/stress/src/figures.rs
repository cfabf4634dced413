use std::{collections::HashSet, fmt, time::Duration};

use domain::{MovementKind, Purchase, PurchaseOutcome};

use super::{
    history::{Decided, Exchange, History, Response},
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
    /// Sales in the ledger that took goods from several buckets.
    pub from_several: usize,
    /// Different purchase ids whose response said that the sale crossed the reorder point.
    pub crossed: usize,
    /// Changes of the number of buckets that moved goods.
    pub moves: usize,
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
        let moved = |kind: MovementKind, part: u8| {
            let all = state.movements.iter();
            all.filter(|movement| movement.kind == kind && movement.part == part).count()
        };
        let keys: HashSet<_> =
            purchases.iter().map(|exchange| &exchange.request.purchase_id).collect();
        let crossed = purchases.iter().filter(|exchange| has_crossed(exchange));
        let crossed: HashSet<_> = crossed.map(|exchange| &exchange.request.purchase_id).collect();
        Self {
            requests: purchases.len(),
            keys: keys.len(),
            sold: with_outcome(PurchaseOutcome::Sold),
            sold_out: with_outcome(PurchaseOutcome::SoldOut),
            reused: with_outcome(PurchaseOutcome::KeyReused),
            lost: lost(purchases)
                + lost(&history.restocks)
                + lost(&history.arrivals)
                + lost(&history.credits)
                + lost(&history.bucket_changes),
            sales: moved(MovementKind::Sale, 0),
            arrivals: moved(MovementKind::Arrival, 0),
            from_several: moved(MovementKind::Sale, 1),
            crossed: crossed.len(),
            moves: moved(MovementKind::Move, 0),
            took,
        }
    }
}

fn has_crossed(exchange: &Exchange<Purchase, Decided>) -> bool {
    exchange.received().is_some_and(|decided| decided.crossed_reorder_point)
}

fn lost<Q, A>(exchanges: &[Exchange<Q, A>]) -> usize {
    exchanges.iter().filter(|exchange| matches!(exchange.response, Response::Lost)).count()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, keys, sold, sold_out, reused, lost, .. } = self;
        let Self { sales, arrivals, from_several, moves, took, .. } = self;
        write!(
            f,
            "{requests} requests with {keys} purchase ids in {:.1} s. Responses: {sold} sold, {sold_out} sold \
             out, {reused} key reused, {lost} lost. Ledger: {sales} sales, {from_several} from several buckets; \
             {arrivals} arrivals; {moves} moves between buckets.",
            took.as_secs_f64()
        )
    }
}
