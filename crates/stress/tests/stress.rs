//! Short stress runs, and runs in which a guard is removed and the history checker must find it.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

use std::num::NonZeroUsize;

use database_server::DatabaseServer;
use local_programs::console::Console;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use stress::{Round, RoundResult, Rule, Scale};

const SCALE: Scale =
    Scale { buyers: 8, products: NonZeroUsize::MIN.saturating_add(2), purchases: 30 };

/// Runs a round on its own server. Executes the statements in its database before.
async fn run(seed: u64, sabotage: &[String]) -> RoundResult {
    println!("to repeat this round: {}", SCALE.command(seed));
    let server = DatabaseServer::start(Console::on_stderr()).await.expect("a server");
    let round = Round::prepare(&server, seed, SCALE).await.expect("a round");
    let mut connection =
        MySqlConnection::connect(round.database_url()).await.expect("a connection");
    for statement in sabotage {
        connection.execute(AssertSqlSafe(statement.clone())).await.expect("a sabotage");
    }
    connection.close().await.expect("closed");
    let result = round.run().await.expect("a result");
    server.stop().await;
    println!("{}", result.figures);
    result
}

async fn has_no_violation(seed: u64) {
    let RoundResult { violations, figures } = run(seed, &[]).await;
    assert!(violations.is_empty(), "{violations:#?}");
    let happened = [
        figures.sold,
        figures.sold_out,
        figures.reused,
        figures.lost,
        figures.arrivals,
        figures.sold - figures.sales,
    ];
    assert!(happened.iter().all(|number| *number > 0), "too little happened: {figures}");
}

#[tokio::test]
async fn every_response_of_a_round_with_a_fixed_seed_agrees_with_the_ledger() {
    has_no_violation(1).await;
}

#[tokio::test]
async fn every_response_of_a_round_with_a_random_seed_agrees_with_the_ledger() {
    // The only source of randomness in the standard library.
    let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), ());
    has_no_violation(seed).await;
}

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
    procedure("sell", "0006_sell.sql", replacements)
}

/// Adds statements that drop constraints and keys, which would otherwise prevent the fault.
fn without(mut sabotage: Vec<String>, guards: &[(&str, &str)]) -> Vec<String> {
    sabotage
        .extend(guards.iter().map(|(table, guard)| format!("ALTER TABLE {table} DROP {guard}")));
    sabotage
}

const NOT_NEGATIVE: [(&str, &str); 2] = [
    ("product", "CONSTRAINT stock_not_negative"),
    ("stock_movement", "CONSTRAINT stock_after_not_negative"),
];
const ONE_MOVEMENT: [(&str, &str); 1] = [("stock_movement", "INDEX one_movement_per_reference")];

/// Runs a round and expects violations of the rule.
async fn is_found(sabotage: Vec<String>, rule: Rule) {
    let result = run(1, &sabotage).await;
    let found = result.violations.iter().filter(|violation| violation.rule == rule).count();
    println!("{rule:?} was found {found} times");
    assert!(found > 0, "{rule:?} was not found: {:#?}", result.violations);
}

#[tokio::test]
async fn a_sale_without_its_condition_is_found() {
    let sabotage = sell(&[("AND stock >= the_quantity", "")]);
    is_found(without(sabotage, &NOT_NEGATIVE), Rule::Oversold).await;
}

#[tokio::test]
async fn a_sale_that_reads_the_stock_and_writes_it_later_is_found() {
    let two_steps = (
        "UPDATE product SET stock = stock - the_quantity
            WHERE sku = the_sku AND stock >= the_quantity AND retired_at IS NULL;",
        "SELECT stock INTO @had FROM product WHERE sku = the_sku;
         DO SLEEP(0.005);
         UPDATE product SET stock = @had - the_quantity
            WHERE sku = the_sku AND @had >= the_quantity;",
    );
    is_found(sell(&[two_steps]), Rule::NotExplained).await;
}

/// The procedure checks whether the purchase was made before, but nothing prevents a concurrent one.
#[tokio::test]
async fn a_sale_without_its_unique_key_is_found() {
    let slow = ("START TRANSACTION;", "DO SLEEP(0.005); START TRANSACTION;");
    is_found(without(sell(&[slow]), &ONE_MOVEMENT), Rule::MovedTwice).await;
}

#[tokio::test]
async fn a_sale_that_is_confirmed_before_it_is_committed_is_found() {
    let late = ("        COMMIT;\n    END;", "    END;");
    let end = "(product.retired_at IS NULL OR movement.id IS NOT NULL);";
    let forgetful = format!("{end} IF RAND() < 0.2 THEN ROLLBACK; ELSE COMMIT; END IF;");
    is_found(sell(&[late, (end, &forgetful)]), Rule::SoldWithoutSale).await;
}

#[tokio::test]
async fn a_refusal_with_sufficient_stock_is_found() {
    let moody = ("AND stock >= the_quantity", "AND stock >= the_quantity AND RAND() < 0.5");
    is_found(sell(&[moody]), Rule::WronglySoldOut).await;
}

#[tokio::test]
async fn an_arrival_that_is_credited_again_is_found() {
    let eager = (
        "AND NOT EXISTS (SELECT 1 FROM stock_movement WHERE kind = 'arrival' AND reference = the_order)",
        "",
    );
    let sabotage = procedure("increment_stock", "0007_increment_stock.sql", &[eager]);
    is_found(without(sabotage, &ONE_MOVEMENT), Rule::MovedTwice).await;
}
