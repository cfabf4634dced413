//! A function's process may be killed after any await of any function: nothing is lost, and nothing
//! counted twice.
//!
//! The places are not written by hand: the functions are built once more from their own sources with a place
//! after each `.await` (`awaits`, `workspace`). Each story is told once to see which function passes which
//! place, and then once for each of them, with a SIGKILL there.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod awaits;
mod floor;
#[allow(dead_code, reason = "what passes a place is compiled into the functions")]
mod place;
mod processes;
mod stage;
mod stories;
mod workspace;

use std::{
    cell::RefCell,
    collections::{BTreeSet, VecDeque},
};

use futures::future::join_all;
use system;
use tokio::sync::OnceCell;

use stage::Stage;
use stories::{STORIES, Story};
use workspace::Functions;

/// Places that no function's process passes, by a part of their names, and why.
const UNPASSED: [(&str, &str); 11] = [
    (" lambda_support::run", "a function serves events until its process ends"),
    (" lambda_runtime::run", "a function serves events until its process ends"),
    ("warehouse/ledger.rs ", "people count the stock, and no function"),
    ("migration/", "tests/warehouse/migrations.rs cuts each migration off, and runs it again"),
    ("warehouse/migrations.rs ", "the same"),
    (" connect_to_server ", "whoever deploys makes the database, and no function"),
    ("warehouse/users.rs ", "whoever deploys makes the users, and no function"),
    ("warehouse/audit/", "people look, and no function"),
    ("warehouse/assortment.rs ", "the proof of the stock makes products, and no function"),
    ("warehouse/history.rs ", "the proof of the stock reads the ledger, and no function"),
    ("restock/factory/public.rs ", "the stand-in is on this machine, so that no name is looked up"),
];

/// Systems in which stories are told at the same time.
const STAGES: usize = 3;

/// A death: at which place of which function, and in which story.
struct Death {
    story: &'static Story,
    function: String,
    place: String,
}

async fn functions() -> &'static Functions {
    static FUNCTIONS: OnceCell<Functions> = OnceCell::const_new();
    FUNCTIONS.get_or_init(Functions::with_places).await
}

/// Each place that a function passes, with the first story in which it does.
async fn deaths() -> &'static [Death] {
    static DEATHS: OnceCell<Vec<Death>> = OnceCell::const_new();
    DEATHS.get_or_init(tell_all).await
}

async fn tell_all() -> Vec<Death> {
    let stage = Stage::with(functions().await).await;
    let functions = system::System::read().expect("system.json").functions;
    let mut known = BTreeSet::new();
    let mut deaths = Vec::new();
    for story in STORIES {
        functions.keys().for_each(|function| stage.processes.end(function));
        stage.play(story).await;
        for function in functions.keys() {
            for place in stage.processes.passed(function) {
                if known.insert((function.clone(), place.clone())) {
                    deaths.push(Death { story, function: function.clone(), place });
                }
            }
        }
    }
    stage.strike().await;
    deaths
}

#[tokio::test]
async fn every_place_after_an_await_is_passed_in_a_story_or_it_is_said_why_not() {
    let passed: BTreeSet<&String> = deaths().await.iter().map(|death| &death.place).collect();
    for place in &functions().await.places {
        let excused = UNPASSED.iter().any(|(part, _)| place.contains(part));
        assert_ne!(passed.contains(place), excused, "{place}: (passed, or there is a reason)");
    }
}

#[tokio::test]
async fn wherever_a_process_is_killed_nothing_is_lost_and_nothing_counted_twice() {
    let deaths = RefCell::new(VecDeque::from_iter(deaths().await));
    join_all((0..STAGES).map(|_| die(&deaths))).await;
}

/// Dies one death after the other, until none is left.
async fn die(deaths: &RefCell<VecDeque<&Death>>) {
    let stage = Stage::with(functions().await).await;
    loop {
        let Some(Death { story, function, place }) = deaths.borrow_mut().pop_front() else { break };
        eprintln!("{}, and {function} dies: {place}", story.name);
        stage.play_with_a_death(story, function, place).await;
    }
    stage.strike().await;
}
