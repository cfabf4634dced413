//! The plan of a round, generated from its seed. The order in which threads run is not planned, so a round with the
//! same plan may end differently. Every possible end must be correct.

use std::{num::NonZeroUsize, time::Duration};

use domain::{Buckets, Error, Purchase, Quantity, Sku, Stock};
use fastrand::Rng;

/// The size of one round.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Number of concurrent buyers.
    pub buyers: usize,
    /// Number of products. Half of the purchases are for the first product.
    pub products: NonZeroUsize,
    /// Purchases of each buyer, including repeated ones.
    pub purchases: usize,
    /// Number of buckets of each product at the beginning. `None`: 1, 4 or 16, from the seed.
    pub buckets: Option<Buckets>,
}

/// The numbers of buckets that a seed chooses from.
const BUCKETS: [u32; 3] = [1, 4, 16];

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub products: Vec<PlannedProduct>,
    /// The purchases of each buyer.
    pub buyers: Vec<Vec<PlannedPurchase>>,
    /// When the database server is killed and restarted.
    pub crash: Option<Duration>,
}

/// A product, its restocks and the changes of its buckets. After the last restock or change, the list starts again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedProduct {
    pub sku: Sku,
    pub opening_stock: Stock,
    pub reorder_point: Stock,
    pub target_stock: Stock,
    pub restocks: Vec<PlannedRestock>,
    pub buckets: Buckets,
    /// Empty if the product begins with one bucket. So some products keep one bucket, and the checks can be exact.
    pub bucket_changes: Vec<PlannedBuckets>,
}

/// A change of the number of buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedBuckets {
    pub pause: Duration,
    pub buckets: Buckets,
    pub faults: Faults,
}

/// A purchase, new or repeated, with the faults of each sender. All senders send it at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlannedPurchase {
    pub purchase: Purchase,
    pub senders: Vec<Faults>,
}

/// A restock that several executions open at once, with several callbacks at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedRestock {
    pub pause: Duration,
    /// The faults of each execution.
    pub executions: Vec<Faults>,
    /// Whether a second order is sent, so that the goods of both arrive.
    pub second_attempt: bool,
    pub callbacks: Vec<PlannedCallback>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlannedCallback {
    /// Reported quantity in percent of the ordered quantity.
    pub percent: u32,
    pub faults: Faults,
}

/// The faults of a request, one for each attempt. Later attempts have none.
pub(super) type Faults = Vec<InjectedFault>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InjectedFault {
    None,
    /// The function responds, but the response is lost.
    ResponseLost,
    /// The process is killed this long after it received the request: before, during or after its work in the database.
    Killed(Duration),
}

impl Plan {
    pub fn of(seed: u64, scale: Scale) -> Result<Self, Error> {
        let mut rng = Rng::with_seed(seed);
        let skus = (1..=scale.products.get()).map(|n| format!("STRESS-{n}").parse());
        let skus: Vec<Sku> = skus.collect::<Result<_, _>>()?;
        let products = skus.iter().map(|sku| product(&mut rng, sku, scale.buckets));
        let products = products.collect::<Result<_, _>>()?;
        let mut buyers: Vec<Vec<PlannedPurchase>> = (0..scale.buyers).map(|_| Vec::new()).collect();
        let mut made = Vec::new();
        for _ in 0..scale.purchases {
            for purchases in &mut buyers {
                let purchase = purchase(&mut rng, &skus, &made, scale.buyers * 2)?;
                let senders = several(&mut rng, faults);
                purchases.push(PlannedPurchase { senders, purchase: purchase.clone() });
                made.push(purchase);
            }
        }
        let crash = Some(Duration::from_millis(rng.u64(300..=2000)));
        Ok(Self { products, buyers, crash })
    }
}

impl Plan {
    /// With a second callback beside each one. Which restocks are needed depends on when the threads run, so only then it is
    /// certain that an arrival is credited again.
    pub fn with_repeated_callbacks(seed: u64, scale: Scale) -> Result<Self, Error> {
        let mut plan = Self::of(seed, scale)?;
        for restock in plan.products.iter_mut().flat_map(|product| &mut product.restocks) {
            restock.callbacks.extend_from_within(..);
        }
        Ok(plan)
    }

    /// Many buyers for 200 units in so many buckets, which change meanwhile. Nothing arrives, so the stock runs out.
    pub fn of_sell_out(seed: u64, buckets: Buckets) -> Result<Self, Error> {
        let scale =
            Scale { buyers: 64, products: NonZeroUsize::MIN, purchases: 3, buckets: Some(buckets) };
        let mut plan = Self { crash: None, ..Self::of(seed, scale)? };
        for product in &mut plan.products {
            product.opening_stock = Stock::new(200);
            product.restocks.clear();
        }
        Ok(plan)
    }
}

fn product(rng: &mut Rng, sku: &Sku, buckets: Option<Buckets>) -> Result<PlannedProduct, Error> {
    let buckets = buckets.map_or_else(|| one_of(rng, &BUCKETS).try_into(), Ok)?;
    Ok(PlannedProduct {
        sku: sku.clone(),
        opening_stock: Stock::new(rng.u32(10..=40)),
        reorder_point: Stock::new(rng.u32(5..=15)),
        target_stock: Stock::new(rng.u32(20..=60)),
        restocks: (0..100).map(|_| restock(rng)).collect(),
        buckets,
        bucket_changes: if buckets.get() == 1 { Vec::new() } else { bucket_changes(rng)? },
    })
}

fn bucket_changes(rng: &mut Rng) -> Result<Vec<PlannedBuckets>, Error> {
    let change = |_| {
        let pause = Duration::from_millis(rng.u64(0..=100));
        let buckets = one_of(rng, &BUCKETS).try_into()?;
        Ok(PlannedBuckets { pause, buckets, faults: faults(rng) })
    };
    (0..100).map(change).collect()
}

fn restock(rng: &mut Rng) -> PlannedRestock {
    PlannedRestock {
        pause: Duration::from_millis(rng.u64(0..=250)),
        executions: several(rng, faults),
        second_attempt: one_in(rng, 5),
        callbacks: several(rng, |rng| {
            let percent = rng.u32(1..=100);
            PlannedCallback { percent, faults: faults(rng) }
        }),
    }
}

/// Returns a new purchase, or repeats one of the latest, which other buyers may be making at the same time.
fn purchase(
    rng: &mut Rng,
    skus: &[Sku],
    made: &[Purchase],
    latest: usize,
) -> Result<Purchase, Error> {
    let latest = &made[made.len().saturating_sub(latest)..];
    if one_in(rng, 4)
        && let Some(again) = rng.choice(latest)
    {
        // Sometimes with another quantity under the same purchase id.
        let quantity = if one_in(rng, 4) { quantity(rng)? } else { again.quantity };
        return Ok(Purchase { quantity, ..again.clone() });
    }
    let hot = rng.bool();
    let sku = if hot { 0 } else { rng.usize(0..skus.len()) };
    Ok(Purchase {
        purchase_id: format!("purchase-{}", made.len()).parse()?,
        sku: skus[sku].clone(),
        quantity: quantity(rng)?,
    })
}

fn quantity(rng: &mut Rng) -> Result<Quantity, Error> {
    rng.u32(1..=5).try_into()
}

/// Usually one, sometimes up to four.
fn several<T>(rng: &mut Rng, mut draw: impl FnMut(&mut Rng) -> T) -> Vec<T> {
    let number = if one_in(rng, 5) { rng.usize(2..=4) } else { 1 };
    (0..number).map(|_| draw(rng)).collect()
}

/// Usually no fault. A request with a fault may have further ones.
fn faults(rng: &mut Rng) -> Faults {
    let mut faults = Faults::new();
    while one_in(rng, 10) {
        // From 0.1 ms to 6.4 ms: a request takes a few milliseconds.
        let moment = Duration::from_micros(100 << rng.u32(0..7));
        let killed = rng.bool();
        faults.push(if killed {
            InjectedFault::Killed(moment)
        } else {
            InjectedFault::ResponseLost
        });
    }
    faults
}

fn one_of(rng: &mut Rng, numbers: &[u32]) -> u32 {
    numbers[rng.usize(0..numbers.len())]
}

fn one_in(rng: &mut Rng, number: u32) -> bool {
    rng.u32(0..number) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale {
        buyers: 8,
        products: NonZeroUsize::MIN.saturating_add(2),
        purchases: 50,
        buckets: None,
    };

    #[test]
    fn the_same_seed_gives_the_same_plan_and_another_seed_another_one() {
        let plan = |seed| Plan::of(seed, SCALE).expect("a plan");
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1).buyers, plan(2).buyers);
    }

    #[test]
    fn a_plan_has_repeated_purchases_reused_keys_kills_and_lost_responses() {
        let plan = Plan::of(1, SCALE).expect("a plan");
        let purchases: Vec<&PlannedPurchase> = plan.buyers.iter().flatten().collect();
        let again = |same: bool| {
            let is_again = |one: &&&PlannedPurchase| {
                purchases.iter().any(|other| {
                    other.purchase.purchase_id == one.purchase.purchase_id
                        && (other.purchase == one.purchase) == same
                        && !std::ptr::eq(**one, *other)
                })
            };
            purchases.iter().filter(is_again).count()
        };
        assert!(again(true) > 20 && again(false) > 5, "{} {}", again(true), again(false));
        let faults: Vec<&InjectedFault> =
            purchases.iter().flat_map(|one| one.senders.iter().flatten()).collect();
        assert!(faults.iter().any(|fault| matches!(fault, InjectedFault::Killed(_))));
        assert!(faults.contains(&&InjectedFault::ResponseLost));
        assert!(purchases.iter().any(|one| one.senders.len() > 1));
    }

    #[test]
    fn the_number_of_buckets_comes_from_the_seed_and_changes_unless_it_is_one() {
        let products = |seed| Plan::of(seed, SCALE).expect("a plan").products;
        let products: Vec<_> = (1..=10).flat_map(products).collect();
        let numbers = products.iter().map(|product| product.buckets.get());
        assert_eq!(numbers.collect::<std::collections::BTreeSet<_>>(), BUCKETS.into());
        for product in products {
            assert_eq!(product.bucket_changes.is_empty(), product.buckets.get() == 1);
        }
    }
}
