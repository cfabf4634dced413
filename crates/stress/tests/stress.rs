//! The concurrent proof of the stock, in short; and that it sees what happens when a guard is taken out.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::num::NonZeroUsize;

use database_server::DatabaseServer;
use local_programs::console::Console;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use stress::Round;
use stress::Rule;
use stress::Scale;
use stress::Verdict;

const SCALE: Scale =
    Scale { buyers: 8, products: NonZeroUsize::MIN.saturating_add(2), purchases: 30 };

/// Plays a round on a server of its own, with some statements run against its database before.
async fn play(seed: u64, sabotage: &[String]) -> Verdict {
    println!("to play this again: {}", SCALE.command(seed));
    let server = DatabaseServer::start(Console::on_stderr()).await.expect("a server");
    let round = Round::prepare(&server, seed, SCALE).await.expect("a round");
    let mut connection =
        MySqlConnection::connect(round.database_url()).await.expect("a connection");
    for statement in sabotage {
        connection.execute(AssertSqlSafe(statement.clone())).await.expect("a sabotage");
    }
    connection.close().await.expect("closed");
    let verdict = round.run().await.expect("a verdict");
    server.stop().await;
    println!("{}", verdict.figures);
    verdict
}

async fn proves(seed: u64) {
    let Verdict { violations, figures } = play(seed, &[]).await;
    assert!(violations.is_empty(), "{violations:#?}");
    let happened = [
        figures.sold,
        figures.sold_out,
        figures.reused,
        figures.lost,
        figures.arrivals,
        figures.sold - figures.sales,
    ];
    assert!(happened.iter().all(|number| *number > 0), "too little has happened: {figures}");
}

#[tokio::test]
async fn every_answer_of_a_known_round_is_explained_by_the_ledger() {
    proves(1).await;
}

#[tokio::test]
async fn every_answer_of_any_other_round_is_explained_by_the_ledger() {
    // The standard library's only source of chance.
    let chance = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), ());
    proves(chance).await;
}

/// A procedure as the migrations make it, with some passages replaced.
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

/// Without the constraint, or the key, that would stop what a procedure no longer does.
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

/// Plays a round that must be found wrong, also in this way.
async fn is_found(sabotage: Vec<String>, rule: Rule) {
    let verdict = play(1, &sabotage).await;
    let found = verdict.violations.iter().filter(|violation| violation.rule == rule).count();
    println!("{rule:?} was found {found} times");
    assert!(found > 0, "{rule:?} was not found: {:#?}", verdict.violations);
}

#[tokio::test]
async fn a_sale_without_its_condition_is_found() {
    let sabotage = sell(&[("AND stock >= the_quantity", "")]);
    is_found(without(sabotage, &NOT_NEGATIVE), Rule::Oversold).await;
}

#[tokio::test]
async fn a_sale_that_reads_first_and_writes_then_is_found() {
    let two_steps = (
        "UPDATE product SET stock = stock - the_quantity
            WHERE sku = the_sku AND stock >= the_quantity;",
        "SELECT stock INTO @had FROM product WHERE sku = the_sku;
         DO SLEEP(0.005);
         UPDATE product SET stock = @had - the_quantity
            WHERE sku = the_sku AND @had >= the_quantity;",
    );
    is_found(sell(&[two_steps]), Rule::NotExplained).await;
}

/// It looks whether the purchase was made before, but nothing stops one that is made meanwhile.
#[tokio::test]
async fn a_sale_without_its_unique_key_is_found() {
    let slow = ("START TRANSACTION;", "DO SLEEP(0.005); START TRANSACTION;");
    is_found(without(sell(&[slow]), &ONE_MOVEMENT), Rule::MovedTwice).await;
}

#[tokio::test]
async fn a_sale_that_is_told_before_it_is_kept_is_found() {
    let late = ("        COMMIT;\n    END;", "    END;");
    let told = "AND movement.reference = the_purchase;";
    let forgetful = format!("{told} IF RAND() < 0.2 THEN ROLLBACK; ELSE COMMIT; END IF;");
    is_found(sell(&[late, (told, &forgetful)]), Rule::SoldWithoutSale).await;
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_found() {
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
