//! Stock in several buckets: every path, and what each guard of the buckets is for.
//!
//! Most of these checks run without the sweep and without lost messages. Then the sale that crosses the reorder point is
//! the only one that asks for a restock, so no crossing may be missed.

mod common;

use common::{holds, needs};
use model::{Checkout, FaultKind, Guards, Scenario, Situation, properties};

#[test]
fn the_invariants_hold_in_two_buckets() {
    let scenario = without_sweep(Scenario::two_buckets()).reaching(&[
        Situation::AnotherBucketTried,
        Situation::AllBucketsTried,
        Situation::SoldFromSeveralBuckets,
        Situation::CrossingToClaim,
    ]);
    holds("2 buckets", scenario, 2_900);
}

#[test]
fn the_invariants_hold_in_four_buckets() {
    let scenario = without_sweep(Scenario::four_buckets()).reaching(&[
        Situation::AnotherBucketTried,
        Situation::AllBucketsTried,
        Situation::SoldFromSeveralBuckets,
        Situation::CrossingToClaim,
    ]);
    holds("4 buckets", scenario, 3_000);
}

#[test]
fn the_invariants_hold_while_the_number_of_buckets_changes() {
    let scenario = without_sweep(Scenario::changing_buckets()).reaching(&[
        Situation::AnotherBucketTried,
        Situation::AllBucketsTried,
        Situation::UnusedBucketTried,
        Situation::RepeatedInAnotherBucket,
        Situation::SoldFromSeveralBuckets,
        Situation::CrossingToClaim,
    ]);
    holds("changing buckets", scenario, 15_000);
    let to_four = Scenario { bucket_changes: vec![4, 2], ..Scenario::changing_buckets() };
    holds("1, 4 and 2 buckets", without_sweep(to_four), 25_000);
}

/// A customer repeats a purchase after each lost response, so one request of each customer is enough.
#[test]
fn the_invariants_hold_while_the_number_of_buckets_changes_with_any_one_fault_of_a_purchase() {
    let faults = [FaultKind::ResponseLost, FaultKind::ExecutionStops];
    let purchases = Scenario::changing_buckets().purchases.split_off(1);
    let once = Scenario { purchases, bucket_changes: vec![2], ..Scenario::changing_buckets() };
    let once = once.with_only(&faults, 1).reaching(&[Situation::RepeatedInAnotherBucket]);
    holds("changing buckets, 1 fault", once, 100_000);
}

#[test]
fn without_other_buckets_a_purchase_is_refused_wrongly() {
    let purchases = without_sweep(Scenario::two_buckets());
    let remove = |guards: &mut Guards| guards.buckets.other_buckets = false;
    needs(purchases, remove, properties::REFUSED_RIGHTLY);
}

/// A purchase that is larger than each bucket; and one of a single item: goods arrive in the bucket that it has tried, and
/// another customer takes those that it has not tried yet.
#[test]
fn without_the_lock_of_all_buckets_a_purchase_is_refused_wrongly() {
    let remove = |guards: &mut Guards| guards.buckets.lock_of_all = false;
    let larger_than_a_bucket = without_sweep(Scenario::two_buckets());
    needs(larger_than_a_bucket, remove, properties::REFUSED_RIGHTLY);
    let purchases = vec![one_item(1), one_item(3), two_items(2)];
    let arriving = Scenario { stock: 2, target_stock: 3, purchases, ..Scenario::two_buckets() };
    needs(without_sweep(arriving), remove, properties::REFUSED_RIGHTLY);
}

#[test]
fn without_part_zero_in_the_unique_key_a_purchase_is_sold_twice_in_two_buckets() {
    let purchases = vec![one_item(1), one_item(1)];
    let repeated = without_sweep(Scenario { purchases, ..Scenario::changing_buckets() });
    let remove = |guards: &mut Guards| guards.buckets.part_zero = false;
    needs(repeated, remove, properties::ONE_SALE);
}

#[test]
fn without_a_second_read_a_claim_is_made_after_the_goods_have_come_and_the_next_crossing_is_missed()
{
    let remove = |guards: &mut Guards| guards.buckets.claim_reads_again = false;
    needs(crossing_twice(), remove, properties::CLAIM_IS_TRUE);
    needs(crossing_twice(), remove, properties::NOT_FORGOTTEN);
}

#[test]
fn without_its_reset_by_an_arrival_a_claim_hides_the_next_crossing() {
    let remove = |guards: &mut Guards| guards.buckets.arrival_resets_claim = false;
    needs(crossing_twice(), remove, properties::CLAIM_IS_TRUE);
    needs(crossing_twice(), remove, properties::NOT_FORGOTTEN);
}

/// Each sale crosses the reorder point, except one of a single item after a restock.
fn crossing_twice() -> Scenario {
    let purchases = vec![one_item(1), two_items(2), two_items(3)];
    without_sweep(Scenario { stock: 2, target_stock: 3, purchases, ..Scenario::two_buckets() })
}

fn one_item(purchase_id: u8) -> Checkout {
    Checkout { purchase_id, quantity: 1 }
}

fn two_items(purchase_id: u8) -> Checkout {
    Checkout { purchase_id, quantity: 2 }
}

fn without_sweep(scenario: Scenario) -> Scenario {
    scenario.guarded_by(Guards { sweep: false, ..Guards::ALL })
}
