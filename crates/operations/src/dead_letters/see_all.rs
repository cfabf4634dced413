//! A look that also finds the letters that somebody else is looking at.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use tokio::time::{Instant, sleep};

use super::{DeadLetter, HIDDEN_SECONDS, Queues, Seen};
use crate::stop::Stop;

/// Pauses between two looks, in turn. Two operators who look at the same time must not keep the same pace.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_millis(700), Duration::from_millis(1_100)];

/// The passes of one operator's look.
#[derive(Default)]
struct Passes {
    found: BTreeMap<String, DeadLetter>,
}

impl Passes {
    /// What is known after another pass, and whether that is every letter. A pass that misses none needs no other.
    fn add(&mut self, seen: Seen) -> (Seen, bool) {
        let Some(in_flight) = seen.in_flight else { return (seen, true) };
        let there = seen.letters.len() + in_flight.count;
        self.found.extend(seen.letters.into_iter().map(|letter| (letter.id.clone(), letter)));
        let mut letters: Vec<DeadLetter> = self.found.values().cloned().collect();
        letters.sort_by_key(|letter| letter.sent_at);
        let complete = letters.len() >= there;
        let in_flight = (!complete).then_some(in_flight);
        (Seen { letters, in_flight }, complete)
    }
}

impl Queues {
    /// Receives all dead letters and puts them back. Letters that somebody else looks at come back after a moment: this
    /// look waits for them, at most as long as a look may hide a letter. Then `in_flight` says what is missing.
    ///
    /// # Errors
    /// If the queue cannot be read, or the look shall stop.
    pub async fn see_all(&self, stop: &Stop) -> Result<Seen> {
        let deadline = Instant::now() + Duration::from_secs(HIDDEN_SECONDS.unsigned_abs().into());
        let mut passes = Passes::default();
        let mut pauses = PAUSES.iter().cycle();
        loop {
            let (seen, complete) = passes.add(self.see(stop).await?);
            if complete || Instant::now() > deadline {
                return Ok(seen);
            }
            let pause = pauses.next().copied().unwrap_or_default();
            sleep(pause + Duration::from_millis(u64::from(std::process::id() % 97))).await;
        }
    }
}
