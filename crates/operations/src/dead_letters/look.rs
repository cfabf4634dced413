//! A look at all dead letters.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use tokio::time::Instant;

use super::{
    DeadLetter, HIDDEN_SECONDS, Queues, SourceQueue,
    counts::{Counts, InFlight},
};
use crate::stop::Stop;

/// Letters are hidden again after this time, long before they reappear.
const EXTEND_AFTER: Duration = Duration::from_secs(10);

/// What a look has seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The oldest first.
    pub letters: Vec<DeadLetter>,
    /// The letters that others have received.
    pub in_flight: Option<InFlight>,
}

/// All dead letters that were there when the look began. Others do not see them until the look puts them back.
#[derive(Debug)]
pub struct Look {
    queues: Queues,
    stop: Stop,
    /// The oldest first.
    held: Vec<DeadLetter>,
    before: Counts,
    began: u64,
    received: usize,
    extended: Instant,
}

impl Look {
    pub(super) async fn begin(queues: Queues, stop: &Stop) -> Result<Self> {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let before = queues.count().await?;
        let mut look = Self {
            queues,
            stop: stop.clone(),
            held: Vec::new(),
            before,
            began: began.as_millis().try_into().unwrap_or(u64::MAX),
            received: 0,
            extended: Instant::now(),
        };
        match look.receive_all().await {
            Ok(()) => Ok(look),
            Err(error) => Err(look.end_after(error).await),
        }
    }

    /// The letters that the look holds.
    pub fn letters(&self) -> &[DeadLetter] {
        &self.held
    }

    pub(super) fn queues(&self) -> &Queues {
        &self.queues
    }

    async fn receive_all(&mut self) -> Result<()> {
        while self.receive_more().await? {}
        self.received = self.held.len();
        self.held.sort_by_key(|letter| letter.sent_at);
        let late = self.held.iter().skip(self.before.visible);
        let late: Vec<String> = late.filter(|l| self.is_late(l)).map(|l| l.id.clone()).collect();
        self.put_back(|letter| late.contains(&letter.id)).await
    }

    /// Whether a letter was sent after the look had begun. The clock of this machine may be wrong, so a letter is late
    /// only if as many letters as SQS had counted are older.
    fn is_late(&self, letter: &DeadLetter) -> bool {
        letter.sent_at.is_some_and(|sent| sent > self.began)
    }

    /// Receives a batch. Returns false if there is nothing more that was there when the look began. A letter may come
    /// twice: SQS delivers at least once.
    async fn receive_more(&mut self) -> Result<bool> {
        self.keep_hidden().await?;
        let known: HashSet<String> = self.held.iter().map(|letter| letter.id.clone()).collect();
        let batch: Vec<DeadLetter> =
            self.queues.receive().await?.into_iter().map(DeadLetter::read).collect();
        let enough = self.held.len() >= self.before.visible;
        let is_done = |l: &DeadLetter| known.contains(&l.id) || (enough && self.is_late(l));
        let more = !batch.iter().all(is_done);
        for letter in batch {
            // The latest receipt counts.
            self.held.retain(|held| held.id != letter.id);
            self.held.push(letter);
        }
        Ok(more)
    }

    /// Hides the letters for longer, if it is time. Fails if the look shall stop.
    async fn keep_hidden(&mut self) -> Result<()> {
        self.stop.check()?;
        if self.extended.elapsed() > EXTEND_AFTER {
            let hide = self.queues.hide(&self.held, HIDDEN_SECONDS).await;
            hide.context("the dead letters cannot be kept hidden while they are read")?;
            self.extended = Instant::now();
        }
        Ok(())
    }

    /// Puts back the letters that a condition selects.
    pub async fn put_back(&mut self, selects: impl Fn(&DeadLetter) -> bool) -> Result<()> {
        let (back, held) = std::mem::take(&mut self.held).into_iter().partition(|l| selects(l));
        self.held = held;
        let back: Vec<DeadLetter> = back;
        self.queues.hide(&back, 0).await.with_context(|| {
            format!("dead letters cannot be put back: they reappear after {HIDDEN_SECONDS} seconds")
        })
    }

    /// Moves the oldest letter to the queue it came from. `None` if no letter is held.
    pub async fn redrive_oldest(&mut self) -> Result<Option<(DeadLetter, SourceQueue)>> {
        self.keep_hidden().await?;
        let oldest = self.held.first().and_then(|l| Some((l.clone(), l.redriven_to()?)));
        let Some((letter, source)) = oldest else { return Ok(None) };
        self.queues.redrive(&letter, source).await?;
        self.held.remove(0);
        Ok(Some((letter, source)))
    }

    /// The letters that others had received when the look began and have not put back.
    pub async fn in_flight(&self) -> Result<Option<InFlight>> {
        Ok(InFlight::of(self.before, self.received, self.queues.count().await?))
    }

    /// Puts all letters back.
    pub async fn end(mut self) -> Result<Seen> {
        let letters = self.held.clone();
        self.put_back(|_| true).await?;
        Ok(Seen { letters, in_flight: self.in_flight().await? })
    }

    /// Puts all letters back after an error, and returns that error.
    pub async fn end_after(mut self, error: anyhow::Error) -> anyhow::Error {
        match self.put_back(|_| true).await {
            Ok(()) => error,
            Err(second) => error.context(second.to_string()),
        }
    }
}
