//! What everyone is going to do, as the seed has it. How the threads take turns is not planned: the same
//! plan may end otherwise, and every end must be right.

use std::{num::NonZeroUsize, time::Duration};

use domain::{Error, Purchase, Quantity, Sku};
use fastrand::Rng;

/// How much is done in one round.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// How many buy at the same time.
    pub buyers: usize,
    /// How many products they buy; half of them want the first.
    pub products: NonZeroUsize,
    /// How many purchases each makes in a round, replays included.
    pub purchases: usize,
}

/// A round.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub products: Vec<Stand>,
    pub buyers: Vec<Vec<Wish>>,
    /// When the database server is crashed, and started again at once.
    pub crash: Duration,
}

/// A product, and what comes from its factory; when all of it has come, it begins anew.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stand {
    pub sku: Sku,
    pub opening: u32,
    pub reorder_point: u32,
    pub target_stock: u32,
    pub deliveries: Vec<Delivery>,
}

/// A purchase, new or of before, sent by so many at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub purchase: Purchase,
    pub senders: Vec<Fates>,
}

/// A restock that is asked for by some executions at once, and whose goods are reported some times at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delivery {
    pub pause: Duration,
    pub executions: Vec<Fates>,
    /// Whether the first order is not waited for, so that a second is sent and both come.
    pub second_attempt: bool,
    pub reports: Vec<Report>,
}

/// The factory says that this part of what was ordered has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    pub percent: u32,
    pub fates: Fates,
}

/// What becomes of a request each time that it is sent. After these it is answered.
pub(super) type Fates = Vec<Fate>;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is answered.
    Answered,
    /// It is answered, and the answer is lost on the way.
    Unheard,
    /// Its process is killed this long after it was handed the request: before it has asked the
    /// database, while the database works, or when all is done. Nobody hears of it.
    Killed(Duration),
}

impl Plan {
    pub fn of(seed: u64, scale: Scale) -> Result<Self, Error> {
        let mut rng = Rng::with_seed(seed);
        let skus = (1..=scale.products.get()).map(|n| format!("PROOF-{n}").parse());
        let skus: Vec<Sku> = skus.collect::<Result<_, _>>()?;
        let products = skus.iter().map(|sku| stand(&mut rng, sku)).collect();
        let mut buyers: Vec<Vec<Wish>> = (0..scale.buyers).map(|_| Vec::new()).collect();
        let mut made = Vec::new();
        for _ in 0..scale.purchases {
            for wishes in &mut buyers {
                let purchase = purchase(&mut rng, &skus, &made, scale.buyers * 2)?;
                wishes.push(Wish { senders: several(&mut rng, fates), purchase: purchase.clone() });
                made.push(purchase);
            }
        }
        Ok(Self { products, buyers, crash: Duration::from_millis(rng.u64(300..=2000)) })
    }
}

fn stand(rng: &mut Rng, sku: &Sku) -> Stand {
    Stand {
        sku: sku.clone(),
        opening: rng.u32(10..=40),
        reorder_point: rng.u32(5..=15),
        target_stock: rng.u32(20..=60),
        deliveries: (0..100).map(|_| delivery(rng)).collect(),
    }
}

fn delivery(rng: &mut Rng) -> Delivery {
    Delivery {
        pause: Duration::from_millis(rng.u64(0..=250)),
        executions: several(rng, fates),
        second_attempt: one_in(rng, 5),
        reports: several(rng, |rng| Report { percent: rng.u32(1..=100), fates: fates(rng) }),
    }
}

/// A new one; or one of the latest again, which others may be about to make at this moment.
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
        // Sometimes under the same key something else is asked for.
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

/// Mostly one, sometimes up to four.
fn several<T>(rng: &mut Rng, mut draw: impl FnMut(&mut Rng) -> T) -> Vec<T> {
    let number = if one_in(rng, 5) { rng.usize(2..=4) } else { 1 };
    (0..number).map(|_| draw(rng)).collect()
}

/// Mostly none but to be answered; where it is lost, it may be lost again.
fn fates(rng: &mut Rng) -> Fates {
    let mut fates = Fates::new();
    while one_in(rng, 10) {
        // From 0.1 ms to 6.4 ms: a request takes some.
        let moment = Duration::from_micros(100 << rng.u32(0..7));
        fates.push(if rng.bool() { Fate::Killed(moment) } else { Fate::Unheard });
    }
    fates
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
    fn a_seed_is_a_plan_and_another_seed_another() {
        let plan = |seed| Plan::of(seed, SCALE).expect("a plan");
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1).buyers, plan(2).buyers);
    }

    #[test]
    fn a_plan_holds_replays_other_bodies_under_a_key_kills_and_lost_answers() {
        let plan = Plan::of(1, SCALE).expect("a plan");
        let wishes: Vec<&Wish> = plan.buyers.iter().flatten().collect();
        let again = |same: bool| {
            let is_again = |wish: &&&Wish| {
                wishes.iter().any(|other| {
                    other.purchase.purchase_id == wish.purchase.purchase_id
                        && (other.purchase == wish.purchase) == same
                        && !std::ptr::eq(**wish, *other)
                })
            };
            wishes.iter().filter(is_again).count()
        };
        assert!(again(true) > 20 && again(false) > 5, "{} {}", again(true), again(false));
        let fates: Vec<&Fate> =
            wishes.iter().flat_map(|wish| wish.senders.iter().flatten()).collect();
        assert!(fates.iter().any(|fate| matches!(fate, Fate::Killed(_))));
        assert!(fates.contains(&&Fate::Unheard));
        assert!(wishes.iter().any(|wish| wish.senders.len() > 1));
    }
}
