//! The protocol as it is: every path, every state.

mod common;

use common::holds;
use model::{Kind, Scenario};

#[test]
fn a_sale_and_a_restock_where_nothing_goes_wrong() {
    holds("quiet", Scenario::quiet(), 5_000);
}

#[test]
fn sales_and_restocks_whatever_goes_wrong_once() {
    holds("sales, 1 fault", Scenario::quiet().with_faults(1), 800_000);
}

#[test]
fn a_restock_whatever_goes_wrong_twice_and_everything_rare_is_reached() {
    let scenario = Scenario::restock_alone().with_faults(2);
    let scenario = Scenario { ask_for_rarities: true, ..scenario };
    holds("restock, 2 faults", scenario, 400_000);
}

#[test]
fn a_restock_whatever_is_lost_up_to_four_times() {
    let lost = [
        Kind::MessageLost,
        Kind::OrderLost,
        Kind::CallbackLost,
        Kind::FactoryCrashes,
        Kind::FewerDelivered,
    ];
    holds("restock, 4 losses", Scenario::restock_alone().with_only(&lost, 4), 5_000);
}

#[test]
fn a_restock_whatever_comes_twice_or_at_the_wrong_time_up_to_three_times() {
    let untimely = [Kind::CallbackRepeated, Kind::MessageRepeated, Kind::TimesOutEarly];
    let scenario = Scenario::restock_alone().with_only(&untimely, 3);
    holds("restock, 3 times untimely", scenario, 5_000);
}
