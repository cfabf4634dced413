//! Short stress runs, and runs in which a guard is removed and the history checker must find it.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

mod removed_guards;

use std::num::NonZeroUsize;

use database_server::DatabaseServer;
use local_programs::console::Console;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use stress::{Figures, Round, RoundResult, Scale};

const SCALE: Scale = Scale {
    buyers: 8,
    products: NonZeroUsize::MIN.saturating_add(2),
    purchases: 30,
    buckets: None,
};

/// One product in so many buckets. If there are several, their number changes.
fn in_buckets(number: u32) -> Scale {
    let buckets = Some(number.try_into().expect("a number of buckets"));
    Scale { products: NonZeroUsize::MIN, buckets, ..SCALE }
}

/// Runs a round on its own server. Executes the statements in its database before.
async fn run(seed: u64, scale: Scale, sabotage: &[String]) -> RoundResult {
    println!("to repeat this round: {}", scale.command(seed));
    let server = DatabaseServer::start(Console::on_stderr()).await.expect("a server");
    let round = Round::prepare(&server, seed, scale).await.expect("a round");
    let result = sabotaged(round, sabotage).await;
    server.stop().await;
    result
}

async fn sabotaged(round: Round<'_>, sabotage: &[String]) -> RoundResult {
    let mut connection =
        MySqlConnection::connect(round.database_url()).await.expect("a connection");
    for statement in sabotage {
        connection.execute(AssertSqlSafe(statement.clone())).await.expect("a sabotage");
    }
    connection.close().await.expect("closed");
    let result = round.run().await.expect("a result");
    println!("{}", result.figures);
    result
}

async fn has_no_violation(seed: u64, scale: Scale) -> Figures {
    let RoundResult { violations, figures } = run(seed, scale, &[]).await;
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
    figures
}

#[tokio::test]
async fn every_response_of_a_round_with_a_fixed_seed_agrees_with_the_ledger() {
    has_no_violation(1, SCALE).await;
}

#[tokio::test]
async fn every_response_of_a_round_with_a_random_seed_agrees_with_the_ledger() {
    // The only source of randomness in the standard library.
    let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), ());
    has_no_violation(seed, SCALE).await;
}

#[tokio::test]
async fn every_response_of_a_round_in_sixteen_buckets_agrees_with_the_ledger() {
    let figures = has_no_violation(1, in_buckets(16)).await;
    assert!(figures.from_several > 0 && figures.moves > 0, "too little happened: {figures}");
}

/// Processes are killed and the number of buckets changes, but nothing arrives: so one sale crosses the reorder point.
#[tokio::test]
async fn of_sixty_four_buyers_for_two_hundred_donuts_in_sixteen_buckets_exactly_one_crosses_the_reorder_point()
 {
    let server = DatabaseServer::start(Console::on_stderr()).await.expect("a server");
    let buckets = 16.try_into().expect("a number of buckets");
    let (mut from_several, mut moves) = (0, 0);
    for seed in 1..=5 {
        let round = Round::sell_out(&server, seed, buckets).await.expect("a round");
        let RoundResult { violations, figures } = round.run().await.expect("a result");
        println!("seed {seed}: {figures}");
        assert!(violations.is_empty(), "seed {seed}: {violations:#?}");
        assert_eq!(figures.crossed, 1, "seed {seed}: {figures}");
        assert!(figures.sold_out > 0 && figures.lost > 0, "too little happened: {figures}");
        from_several += figures.from_several;
        moves += figures.moves;
    }
    assert!(from_several > 0 && moves > 0, "{from_several} from several buckets, {moves} moves");
    server.stop().await;
}
