use std::{collections::HashSet, fmt, time::Duration};

use super::{
    history::{Answer, Call, History, PurchaseOutcome},
    history_checker::FinalState,
};

/// How much a round has done. A round without sales, refusals or lost answers would test nothing.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Purchase requests, repetitions included.
    pub requests: usize,
    /// Different idempotency keys among them.
    pub keys: usize,
    /// Answers `sold`.
    pub sold: usize,
    /// Answers `sold_out`.
    pub sold_out: usize,
    /// Answers `key_reused`.
    pub reused: usize,
    /// Calls of all functions without an answer: killed, answer lost, or database unavailable.
    pub lost: usize,
    /// Sales in the ledger.
    pub sales: usize,
    /// Arrivals in the ledger.
    pub arrivals: usize,
    /// The time from the first request to the last answer.
    pub took: Duration,
}

impl Figures {
    pub(super) fn of(history: &History, state: &FinalState, took: Duration) -> Self {
        let purchases = &history.purchases;
        let answered = |is: fn(&PurchaseOutcome) -> bool| {
            purchases.iter().filter_map(Call::known).filter(|outcome| is(outcome)).count()
        };
        let in_ledger = |kind: &str| state.movements.iter().filter(|row| row.kind == kind).count();
        let keys: HashSet<_> = purchases.iter().map(|call| &call.input.purchase_id).collect();
        Self {
            requests: purchases.len(),
            keys: keys.len(),
            sold: answered(|outcome| matches!(outcome, PurchaseOutcome::Sold { .. })),
            sold_out: answered(|outcome| matches!(outcome, PurchaseOutcome::SoldOut { .. })),
            reused: answered(|outcome| matches!(outcome, PurchaseOutcome::KeyReused)),
            lost: lost(purchases)
                + lost(&history.restocks)
                + lost(&history.arrivals)
                + lost(&history.credits),
            sales: in_ledger("sale"),
            arrivals: in_ledger("arrival"),
            took,
        }
    }
}

fn lost<I, O>(calls: &[Call<I, O>]) -> usize {
    calls.iter().filter(|call| matches!(call.answer, Answer::Lost)).count()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, keys, sold, sold_out, reused, lost, sales, arrivals, took } = self;
        write!(
            f,
            "{requests} purchase requests with {keys} keys in {:.1} s; answers: {sold} sold, {sold_out} \
             sold_out, {reused} key_reused, {lost} lost; ledger: {sales} sales, {arrivals} arrivals",
            took.as_secs_f64()
        )
    }
}
