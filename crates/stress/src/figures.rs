use std::{collections::HashSet, fmt, time::Duration};

use super::{
    history::{Answer, Exchange, History, Sale},
    history_checker::Books,
};

/// How much was done in a round: a proof in which nothing happened proves nothing.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// Purchases that were sent, each time that they were.
    pub requests: usize,
    /// Different keys among them.
    pub keys: usize,
    /// Answers that were `sold`.
    pub sold: usize,
    /// Answers that were `sold_out`.
    pub sold_out: usize,
    /// Answers that were `key_reused`.
    pub reused: usize,
    /// Requests of all functions that were killed, not heard, or failed for want of a database.
    pub lost: usize,
    /// Sales in the ledger.
    pub sales: usize,
    /// Arrivals in the ledger.
    pub arrivals: usize,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Figures {
    pub(super) fn of(history: &History, books: &Books, took: Duration) -> Self {
        let purchases = &history.purchases;
        let told = |is: fn(&Sale) -> bool| {
            purchases.iter().filter_map(Exchange::known).filter(|sale| is(sale)).count()
        };
        let moved = |kind: &str| books.movements.iter().filter(|all| all.kind == kind).count();
        let keys: HashSet<_> =
            purchases.iter().map(|exchange| &exchange.question.purchase_id).collect();
        Self {
            requests: purchases.len(),
            keys: keys.len(),
            sold: told(|sale| matches!(sale, Sale::Sold { .. })),
            sold_out: told(|sale| matches!(sale, Sale::SoldOut { .. })),
            reused: told(|sale| matches!(sale, Sale::KeyReused)),
            lost: lost(purchases)
                + lost(&history.restocks)
                + lost(&history.arrivals)
                + lost(&history.credits),
            sales: moved("sale"),
            arrivals: moved("arrival"),
            took,
        }
    }
}

fn lost<Q, A>(exchanges: &[Exchange<Q, A>]) -> usize {
    exchanges.iter().filter(|exchange| matches!(exchange.answer, Answer::Lost)).count()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, keys, sold, sold_out, reused, lost, sales, arrivals, took } = self;
        write!(
            f,
            "{requests} requests under {keys} keys in {:.1} s: {sold} times sold, {sold_out} sold out, \
             {reused} key reused, {lost} lost; {sales} sales and {arrivals} arrivals in the ledger",
            took.as_secs_f64()
        )
    }
}
