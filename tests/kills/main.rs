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

#[path = "../support/audit.rs"]
mod audit;
mod awaits;
#[path = "../support/callback.rs"]
#[allow(dead_code, reason = "the tests of callbacks use the rest of it")]
mod callback;
#[path = "../support/cloud.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod cloud;
#[path = "../support/database.rs"]
#[allow(dead_code, reason = "the tests of the warehouse use the rest of it")]
mod database;
mod floor;
#[path = "../support/logs.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod logs;
#[path = "../support/observe.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod observe;
#[allow(dead_code, reason = "what passes a place is compiled into the functions")]
mod place;
mod processes;
mod stage;
mod stories;
#[path = "../support/traces.rs"]
#[allow(dead_code, reason = "other tests of the whole system use the rest of it")]
mod traces;
mod workspace;

use std::{
    cell::RefCell,
    collections::{BTreeSet, VecDeque},
};

use futures::future::join_all;
use tokio::sync::OnceCell;

use stage::Stage;
use stories::{STORIES, Story};
use workspace::Functions;

/// Places that no function's process passes, and why.
const UNPASSED: [(&str, &str); 3] = [
    ("warehouse/ledger.rs ", "people count the stock, and no function"),
    ("warehouse/migrations.rs ", "whoever deploys migrates, and no function"),
    ("step/lib.rs run 1", "a function serves events until its process ends"),
];

/// Systems in which stories are told at the same time.
const STAGES: usize = 3;

/// A death: at which place of which function, and in which story.
struct Death {
    story: &'static Story,
    place: String,
}

async fn functions() -> &'static Functions {
    static FUNCTIONS: OnceCell<Functions> = OnceCell::const_new();
    FUNCTIONS.get_or_init(Functions::with_places).await
}

/// Each place that a function passes, with the first story in which it does.
async fn deaths() -> Vec<Death> {
    let stage = Stage::with(functions().await).await;
    let mut known = BTreeSet::new();
    let mut deaths = Vec::new();
    for story in STORIES {
        let t = std::time::Instant::now();
        stage.play(story).await;
        let mut n = 0;
        for place in stage.processes.passed() {
            if known.insert(place.clone()) {
                n += 1;
                deaths.push(Death { story, place });
            }
        }
        eprintln!("TIME {} {:?} {n}", story.name, t.elapsed());
    }
    stage.strike().await;
    deaths
}

#[tokio::test]
async fn wherever_a_process_is_killed_nothing_is_lost_and_nothing_counted_twice() {
    let deaths = deaths().await;
    let passed: BTreeSet<&str> =
        deaths.iter().filter_map(|death| Some(death.place.split_once(' ')?.1)).collect();
    let unpassed: Vec<_> = functions().await.places.iter().filter(|p| !passed.contains(p.as_str())).collect();
    eprintln!("{} deaths, unpassed: {unpassed:#?}", deaths.len());
    let deaths = RefCell::new(VecDeque::from(deaths));
    join_all((0..STAGES).map(|_| die(&deaths))).await;
}

async fn die(deaths: &RefCell<VecDeque<Death>>) {
    let stage = Stage::with(functions().await).await;
    loop {
        let Some(Death { story, place }) = deaths.borrow_mut().pop_front() else { break };
        let t = std::time::Instant::now();
        eprintln!("{}: {place}", story.name);
        stage.play_with_a_death(story, &place).await;
        eprintln!("TIME {} {place} {:?}", story.name, t.elapsed());
    }
    stage.strike().await;
}
