//! What a round does, as it follows from the seed. How the requests interleave is not planned: every order must be right.

use std::{num::NonZeroUsize, time::Duration};

use domain::{Error, Purchase, Quantity, Sku};
use fastrand::Rng;

/// The size of a round.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// The number of concurrent buyers.
    pub buyers: usize,
    /// The number of products. Half of the purchases are for the first one.
    pub products: NonZeroUsize,
    /// The number of purchases of each buyer, repetitions included.
    pub purchases: usize,
}

impl Scale {
    /// The command that runs a round of this size with a seed.
    pub fn command(&self, seed: u64) -> String {
        let Self { buyers, products, purchases } = self;
        format!(
            "cargo run -- stress --seed {seed} --buyers {buyers} --products {products} \
             --purchases {purchases}"
        )
    }
}

/// The plan of a round.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub products: Vec<PlannedProduct>,
    pub buyers: Vec<Vec<PlannedPurchase>>,
    /// When the database server crashes. It is restarted at once.
    pub crash: Duration,
}

/// A product and its restocks, which are repeated from the first when the list ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlannedProduct {
    pub sku: Sku,
    pub opening_stock: u32,
    pub reorder_point: u32,
    pub target_stock: u32,
    pub restocks: Vec<PlannedRestock>,
}

/// A purchase, new or repeated, and the faults of each of its concurrent senders.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlannedPurchase {
    pub purchase: Purchase,
    pub senders: Vec<InjectedFaults>,
}

/// A restock that several executions request concurrently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedRestock {
    /// The time before the restock begins.
    pub pause: Duration,
    /// The faults of each execution.
    pub executions: Vec<InjectedFaults>,
    /// Whether each execution sends a second order without waiting for the first. Both orders arrive.
    pub second_attempt: bool,
    /// The concurrent callbacks for each order.
    pub callbacks: Vec<PlannedCallback>,
}

/// A callback that reports a part of the ordered quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedCallback {
    pub percent: u32,
    pub faults: InjectedFaults,
}

/// The faults of a call and its repetitions, in order. Calls after the last fault have none.
pub(super) type InjectedFaults = Vec<InjectedFault>;

/// A fault of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InjectedFault {
    /// The function answers, but the answer is lost.
    AnswerLost,
    /// The process is killed this long after it received the event: before it has called the database, while the
    /// database works, or after its work. There is no answer.
    Killed(Duration),
}

impl Plan {
    pub fn of(seed: u64, scale: Scale) -> Result<Self, Error> {
        let mut rng = Rng::with_seed(seed);
        let skus = (1..=scale.products.get()).map(|n| format!("STRESS-{n}").parse());
        let skus: Vec<Sku> = skus.collect::<Result<_, _>>()?;
        let products = skus.iter().map(|sku| product(&mut rng, sku)).collect();
        let mut buyers: Vec<Vec<PlannedPurchase>> = (0..scale.buyers).map(|_| Vec::new()).collect();
        let mut earlier = Vec::new();
        for _ in 0..scale.purchases {
            for buyer in &mut buyers {
                let purchase = purchase(&mut rng, &skus, &earlier, scale.buyers * 2)?;
                let senders = several(&mut rng, faults);
                buyer.push(PlannedPurchase { senders, purchase: purchase.clone() });
                earlier.push(purchase);
            }
        }
        Ok(Self { products, buyers, crash: Duration::from_millis(rng.u64(300..=2000)) })
    }
}

fn product(rng: &mut Rng, sku: &Sku) -> PlannedProduct {
    PlannedProduct {
        sku: sku.clone(),
        opening_stock: rng.u32(10..=40),
        reorder_point: rng.u32(5..=15),
        target_stock: rng.u32(20..=60),
        restocks: (0..100).map(|_| restock(rng)).collect(),
    }
}

fn restock(rng: &mut Rng) -> PlannedRestock {
    PlannedRestock {
        pause: Duration::from_millis(rng.u64(0..=250)),
        executions: several(rng, faults),
        second_attempt: one_in(rng, 5),
        callbacks: several(rng, |rng| PlannedCallback {
            percent: rng.u32(1..=100),
            faults: faults(rng),
        }),
    }
}

/// A new purchase, or one of the latest again, which other buyers may be sending at the same time.
fn purchase(
    rng: &mut Rng,
    skus: &[Sku],
    earlier: &[Purchase],
    latest: usize,
) -> Result<Purchase, Error> {
    let latest = &earlier[earlier.len().saturating_sub(latest)..];
    if one_in(rng, 4)
        && let Some(again) = rng.choice(latest)
    {
        // Sometimes with another quantity under the same key.
        let quantity = if one_in(rng, 4) { quantity(rng)? } else { again.quantity };
        return Ok(Purchase { quantity, ..again.clone() });
    }
    let first = rng.bool();
    let sku = if first { 0 } else { rng.usize(0..skus.len()) };
    Ok(Purchase {
        purchase_id: format!("purchase-{}", earlier.len()).parse()?,
        sku: skus[sku].clone(),
        quantity: quantity(rng)?,
    })
}

fn quantity(rng: &mut Rng) -> Result<Quantity, Error> {
    rng.u32(1..=5).try_into()
}

/// One in four of five cases, otherwise two to four.
fn several<T>(rng: &mut Rng, mut draw: impl FnMut(&mut Rng) -> T) -> Vec<T> {
    let number = if one_in(rng, 5) { rng.usize(2..=4) } else { 1 };
    (0..number).map(|_| draw(rng)).collect()
}

/// One call in ten has a fault, and so has one repetition in ten.
fn faults(rng: &mut Rng) -> InjectedFaults {
    let mut faults = InjectedFaults::new();
    while one_in(rng, 10) {
        // From 0.1 ms to 6.4 ms, about as long as a call takes.
        let after = Duration::from_micros(100 << rng.u32(0..7));
        let killed = rng.bool();
        faults.push(if killed { InjectedFault::Killed(after) } else { InjectedFault::AnswerLost });
    }
    faults
}

fn one_in(rng: &mut Rng, number: u32) -> bool {
    rng.u32(0..number) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale =
        Scale { buyers: 8, products: NonZeroUsize::MIN.saturating_add(2), purchases: 50 };

    #[test]
    fn the_same_seed_gives_the_same_plan_and_another_seed_another_plan() {
        let plan = |seed| Plan::of(seed, SCALE).expect("a plan");
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1).buyers, plan(2).buyers);
    }

    #[test]
    fn a_plan_has_repetitions_reused_keys_kills_lost_answers_and_concurrent_senders() {
        let plan = Plan::of(1, SCALE).expect("a plan");
        let planned: Vec<&PlannedPurchase> = plan.buyers.iter().flatten().collect();
        let repeated = |same: bool| {
            let is_repeated = |one: &&&PlannedPurchase| {
                planned.iter().any(|other| {
                    other.purchase.purchase_id == one.purchase.purchase_id
                        && (other.purchase == one.purchase) == same
                        && !std::ptr::eq(**one, *other)
                })
            };
            planned.iter().filter(is_repeated).count()
        };
        let (same, reused) = (repeated(true), repeated(false));
        assert!(same > 20 && reused > 5, "{same} {reused}");
        let faults: Vec<&InjectedFault> =
            planned.iter().flat_map(|one| one.senders.iter().flatten()).collect();
        assert!(faults.iter().any(|fault| matches!(fault, InjectedFault::Killed(_))));
        assert!(faults.contains(&&InjectedFault::AnswerLost));
        assert!(planned.iter().any(|one| one.senders.len() > 1));
    }
}
