//! Removes a guard of the database, in rounds with one bucket and with sixteen. The history checker must find the fault.

use database_server::DatabaseServer;
use local_programs::console::Console;
use stress::{Round, RoundResult, Rule, Scale};

use super::{in_buckets, run, sabotaged};

/// The statements that replace a procedure by a changed version of the one in the migrations.
fn procedure(name: &str, migration: &str, replacements: &[(&str, &str)]) -> Vec<String> {
    let path = format!("{}/../../migrations/{migration}", env!("CARGO_MANIFEST_DIR"));
    let mut text = std::fs::read_to_string(path).expect("a migration");
    for (passage, replacement) in replacements {
        assert_eq!(text.matches(passage).count(), 1, "{passage}");
        text = text.replace(passage, replacement);
    }
    vec![format!("DROP PROCEDURE {name}"), text]
}

fn sell(replacements: &[(&str, &str)]) -> Vec<String> {
    procedure("sell", "0007_sell.sql", replacements)
}

fn sell_from_all_buckets(replacements: &[(&str, &str)]) -> Vec<String> {
    procedure("sell_from_all_buckets", "0008_sell_from_all_buckets.sql", replacements)
}

/// Adds statements that drop constraints and keys, which would otherwise prevent the fault.
fn without(mut sabotage: Vec<String>, guards: &[(&str, &str)]) -> Vec<String> {
    sabotage
        .extend(guards.iter().map(|(table, guard)| format!("ALTER TABLE {table} DROP {guard}")));
    sabotage
}

const NOT_NEGATIVE: [(&str, &str); 2] = [
    ("stock_bucket", "CONSTRAINT stock_not_negative"),
    ("stock_movement", "CONSTRAINT stock_after_not_negative"),
];
/// What goes wrong if buckets change after they were read depends on the moment: the transaction takes or moves what is left
/// then, or overwrites what another one has written.
const UNLOCKED: [Rule; 3] = [Rule::NotRequested, Rule::NotExplained, Rule::Oversold];
const ONE_MOVEMENT: [(&str, &str); 1] = [("stock_movement", "INDEX one_movement_per_reference")];

/// Runs a round and expects violations of one of the rules.
async fn is_found_in(scale: Scale, sabotage: &[String], rules: &[Rule]) {
    assert_found(&run(1, scale, sabotage).await, rules);
}

#[track_caller]
fn assert_found(result: &RoundResult, rules: &[Rule]) {
    let found =
        result.violations.iter().filter(|violation| rules.contains(&violation.rule)).count();
    println!("{rules:?} was found {found} times");
    assert!(found > 0, "{rules:?} was not found: {:#?}", result.violations);
}

/// Runs a round with one bucket and one with sixteen.
async fn is_found(sabotage: Vec<String>, rule: Rule) {
    is_found_in(in_buckets(1), &sabotage, &[rule]).await;
    is_found_in(in_buckets(16), &sabotage, &[rule]).await;
}

#[tokio::test]
async fn a_sale_without_its_condition_is_found() {
    let sabotage = sell(&[
        ("bucket = the_bucket AND stock >= the_quantity", "bucket = the_bucket"),
        ("LAST_INSERT_ID(stock - the_quantity)", "stock - the_quantity"),
        (
            "SET left_in_bucket = LAST_INSERT_ID();",
            "SELECT stock INTO left_in_bucket FROM stock_bucket
             WHERE sku = the_sku AND bucket = the_bucket;",
        ),
    ]);
    is_found(without(sabotage, &NOT_NEGATIVE), Rule::Oversold).await;
}

#[tokio::test]
async fn a_sale_that_reads_the_stock_and_writes_it_later_is_found() {
    let two_steps = (
        "UPDATE stock_bucket SET stock = LAST_INSERT_ID(stock - the_quantity)
                WHERE sku = the_sku AND bucket = the_bucket AND stock >= the_quantity;",
        "SELECT stock INTO @had FROM stock_bucket WHERE sku = the_sku AND bucket = the_bucket;
         DO SLEEP(0.005);
         UPDATE stock_bucket SET stock = LAST_INSERT_ID(@had - the_quantity)
            WHERE sku = the_sku AND bucket = the_bucket AND @had >= the_quantity;",
    );
    is_found(sell(&[two_steps]), Rule::NotExplained).await;
}

#[tokio::test]
async fn a_sale_without_its_unique_key_is_found() {
    is_found(without(Vec::new(), &ONE_MOVEMENT), Rule::MovedTwice).await;
}

/// A purchase that is repeated can begin with another bucket, as after a change of their number.
#[tokio::test]
async fn a_unique_key_over_buckets_instead_of_parts_is_found() {
    let any_bucket = ("CRC32(purchase_id) MOD buckets", "FLOOR(RAND() * buckets)");
    let mut sabotage = without(sell(&[any_bucket]), &ONE_MOVEMENT);
    sabotage.push("ALTER TABLE stock_movement ADD UNIQUE (kind, reference, bucket)".to_owned());
    is_found_in(in_buckets(16), &sabotage, &[Rule::MovedTwice]).await;
}

#[tokio::test]
async fn a_sale_that_is_confirmed_before_it_is_committed_is_found() {
    let late = (
        "            COMMIT;\n            IF sold THEN",
        "            IF NOT sold THEN COMMIT; END IF;\n            IF sold THEN",
    );
    let end = "claimed_by <=> purchase_id AS crossed;";
    let forgetful = format!("{end} IF RAND() < 0.2 THEN ROLLBACK; ELSE COMMIT; END IF;");
    is_found(sell(&[late, (end, &forgetful)]), Rule::SoldWithoutSale).await;
}

/// The stock that `sell` returns. If it suffices, a refusal is decided again: a wrong refusal needs a wrong stock.
const RETURNED_STOCK: &str =
    "(SELECT COALESCE(SUM(stock), 0) FROM stock_bucket WHERE stock_bucket.sku = product.sku)";

#[tokio::test]
async fn a_refusal_with_sufficient_stock_is_found() {
    let own = (
        "the_bucket AND stock >= the_quantity",
        "the_bucket AND stock >= the_quantity AND RAND() < 0.5",
    );
    let all =
        ("IF the_stock >= the_quantity THEN", "IF the_stock >= the_quantity AND RAND() < 0.5 THEN");
    let sell = sell(&[own, (RETURNED_STOCK, "0")]);
    is_found([sell, sell_from_all_buckets(&[all])].concat(), Rule::WronglySoldOut).await;
}

#[tokio::test]
async fn a_refusal_without_a_look_at_all_buckets_is_found() {
    let one_bucket = "(SELECT stock FROM stock_bucket WHERE sku = the_sku AND bucket = own_bucket)";
    let sabotage =
        sell(&[("IF own_bucket IS NOT NULL THEN", "IF FALSE THEN"), (RETURNED_STOCK, one_bucket)]);
    is_found_in(in_buckets(16), &sabotage, &[Rule::WronglySoldOut]).await;
}

#[tokio::test]
async fn a_sale_from_several_buckets_without_their_locks_is_found() {
    let unlocked = ("WHERE sku = the_sku FOR UPDATE;", "WHERE sku = the_sku; DO SLEEP(0.05);");
    let sabotage = sell_from_all_buckets(&[unlocked]);
    is_found_in(in_buckets(16), &sabotage, &UNLOCKED).await;
}

#[tokio::test]
async fn a_change_of_the_number_of_buckets_without_their_locks_is_found() {
    let unlocked = ("WHERE sku = the_sku FOR UPDATE;", "WHERE sku = the_sku; DO SLEEP(0.05);");
    let sabotage = procedure("set_buckets", "0022_set_buckets.sql", &[unlocked]);
    is_found_in(in_buckets(16), &sabotage, &UNLOCKED).await;
}

#[tokio::test]
async fn an_arrival_that_is_credited_again_is_found() {
    let eager = (
        "AND NOT EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'arrival' AND reference = the_order)",
        "",
    );
    let sabotage = procedure("increment_stock", "0011_increment_stock.sql", &[eager]);
    let sabotage = without(sabotage, &ONE_MOVEMENT);
    let server = DatabaseServer::start(Console::on_stderr()).await.expect("a server");
    for buckets in [1, 16] {
        let round = Round::with_repeated_callbacks(&server, 1, in_buckets(buckets)).await;
        let result = sabotaged(round.expect("a round"), &sabotage).await;
        assert_found(&result, &[Rule::MovedTwice]);
    }
    server.stop().await;
}
