//! The ledger of a product: the movements of each bucket, and when they may have been made.

use std::{collections::BTreeMap, time::Duration};

use domain::Sku;
use warehouse::StockMovement;

use super::{
    FinalState, Rule, Violation, described, ledger,
    requested::RequestedMovements,
    timeline::{Bounds, Timeline},
    totals::Totals,
    transactions::Transactions,
};

/// The ledgers of all products.
pub(super) struct ProductLedgers<'a> {
    /// When each transaction may have been made.
    pub bounds: Vec<Bounds>,
    products: BTreeMap<&'a Sku, ProductLedger<'a>>,
}

/// The ledger of one product.
#[derive(Default)]
pub(super) struct ProductLedger<'a> {
    buckets: BTreeMap<u8, BucketLedger<'a>>,
    /// `None` if the product has one bucket. Then its timeline says more.
    totals: Option<Totals>,
}

struct BucketLedger<'a> {
    movements: Vec<&'a StockMovement>,
    timeline: Timeline,
}

/// The movements of each bucket, with the numbers of their transactions.
type Buckets<'a> = BTreeMap<(&'a Sku, u8), Vec<(&'a StockMovement, usize)>>;

impl<'a> ProductLedgers<'a> {
    pub fn of(
        requested: &RequestedMovements<'_>,
        transactions: &Transactions<'a>,
        state: &'a FinalState,
    ) -> Self {
        let buckets = buckets(transactions, state);
        let own = transactions.all.iter().map(|transaction| requested.bounds(transaction));
        let (bounds, timelines) = narrowed(&buckets, own.collect());
        let mut products: BTreeMap<&Sku, ProductLedger<'_>> =
            state.stocks.keys().map(|sku| (sku, ProductLedger::default())).collect();
        for (((sku, bucket), movements), timeline) in buckets.into_iter().zip(timelines) {
            let movements = movements.into_iter().map(|(movement, _)| movement).collect();
            let ledger = BucketLedger { movements, timeline };
            products.entry(sku).or_default().buckets.insert(bucket, ledger);
        }
        let mut ledgers = Self { bounds, products };
        ledgers.add_up(transactions);
        ledgers
    }

    fn add_up(&mut self, transactions: &Transactions<'_>) {
        for (sku, product) in &mut self.products {
            let all = transactions.all.iter().zip(&self.bounds);
            let own = all.filter(|(made, _)| made.sku == *sku);
            product.add_up(own.map(|(made, bounds)| (made.quantity(), *bounds)).collect());
        }
    }

    /// The ledger of a product of the round.
    pub fn get(&self, sku: &Sku) -> Option<&ProductLedger<'a>> {
        self.products.get(sku)
    }

    pub fn check(&self, stocks: &BTreeMap<Sku, i64>) -> Vec<Violation> {
        let checked = self
            .products
            .iter()
            .map(|(sku, product)| product.check(stocks.get(*sku).copied().unwrap_or_default()));
        checked.flatten().collect()
    }
}

fn buckets<'a>(transactions: &Transactions<'a>, state: &'a FinalState) -> Buckets<'a> {
    let mut buckets = Buckets::new();
    for (movement, number) in state.movements.iter().zip(&transactions.of_movements) {
        let bucket = buckets.entry((&movement.sku, movement.bucket)).or_default();
        bucket.push((movement, *number));
    }
    buckets
}

/// Narrows the bounds of each transaction. Each bucket bounds the transactions that touched it, and a transaction that
/// touched several buckets passes the bounds of one on to the others, until nothing changes any more.
fn narrowed(buckets: &Buckets<'_>, mut bounds: Vec<Bounds>) -> (Vec<Bounds>, Vec<Timeline>) {
    loop {
        let mut narrower = bounds.clone();
        let mut timelines = Vec::new();
        for movements in buckets.values() {
            let bounded = movements.iter().map(|(it, number)| (it.quantity, bounds[*number]));
            let timeline = Timeline::new(&bounded.collect::<Vec<_>>());
            for ((_, number), of_movement) in movements.iter().zip(timeline.bounds()) {
                narrower[*number] = narrower[*number].together(*of_movement);
            }
            timelines.push(timeline);
        }
        if narrower == bounds {
            return (bounds, timelines);
        }
        bounds = narrower;
    }
}

impl ProductLedger<'_> {
    fn add_up(&mut self, transactions: Vec<(i64, Bounds)>) {
        let timelines = self.buckets.values().map(|bucket| &bucket.timeline);
        self.totals = (self.buckets.len() > 1).then(|| Totals::of(timelines, &transactions));
    }

    /// Whether the product has more than one bucket, or had at some time.
    pub fn has_several_buckets(&self) -> bool {
        self.totals.is_some()
    }

    /// Whether the product may have had this stock at one moment between two.
    pub fn may_have_had(&self, stock: i64, (began, ended): (Duration, Duration)) -> bool {
        self.may_have_had_after(|_| true, stock, (began, ended))
    }

    /// Whether the product may have had, between two moments, less than `wanted`, and then or later this stock.
    pub fn may_have_refused(
        &self,
        wanted: i64,
        stock: i64,
        (began, ended): (Duration, Duration),
    ) -> bool {
        self.may_have_had_after(|had| had < wanted, stock, (began, ended))
    }

    fn may_have_had_after(
        &self,
        is_first: impl Fn(i64) -> bool,
        stock: i64,
        (began, ended): (Duration, Duration),
    ) -> bool {
        let Some(totals) = &self.totals else {
            let one = self.buckets.values().next();
            let had = one.map(|one| one.timeline.between(began, ended)).unwrap_or(&[0]);
            return had.iter().skip_while(|had| !is_first(**had)).any(|had| *had == stock);
        };
        let mut had = totals.between(began, ended).iter();
        let mut had = had.by_ref().skip_while(|had| !had.iter().any(|had| is_first(*had)));
        had.any(|had| had.contains(&stock))
    }

    fn check(&self, stock: i64) -> Vec<Violation> {
        let mut wrong = Vec::new();
        for bucket in self.buckets.values() {
            wrong.extend(ledger::sums(&bucket.movements));
            wrong.extend(bucket.out_of_order());
        }
        let movements = self.buckets.values().flat_map(|bucket| &bucket.movements);
        let sum = movements.map(|movement| movement.quantity).sum();
        wrong.extend(ledger::final_stock(stock, sum));
        wrong
    }
}

impl BucketLedger<'_> {
    fn out_of_order(&self) -> Option<Violation> {
        let first = self.timeline.contradiction()?;
        let Bounds { earliest, latest } = self.timeline.bounds()[first];
        let movement = described(self.movements[first]);
        let found =
            format!("{movement}: it must have been made after {earliest:?} and before {latest:?}");
        Some(Violation { rule: Rule::OutOfOrder, found })
    }
}
