//! A steady rate in an open loop: each purchase has its moment, and is sent then whether or not earlier ones were answered.
//! Its time counts from that moment. So a slow answer neither holds back the next purchase nor hides how long that one waited.

mod customer;
mod open_files;
mod tally;

use std::{num::NonZeroU32, time::Duration};

use anyhow::Result;
use deployment::api_client::ApiClient;
use domain::Sku;
use tokio::{
    select,
    task::JoinSet,
    time::{Instant, interval_at, sleep_until},
};
use uuid::Uuid;

use super::{Answers, Control};
use customer::{Customer, Purchase};
use open_files::most_waiting;
use tally::Tally;

/// How often a run that waits says how many outcomes are missing.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

/// How many purchases a second, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SteadyRate {
    /// Purchases per second.
    pub rate: NonZeroU32,
    /// The length of the run.
    pub time: Duration,
}

impl SteadyRate {
    /// The number of all purchases.
    fn number(self) -> u64 {
        let purchases = self.time.as_nanos() * u128::from(self.rate.get());
        u64::try_from(purchases.div_ceil(1_000_000_000)).unwrap_or(u64::MAX)
    }

    /// The moments of all purchases, from the start.
    fn moments(self) -> impl Iterator<Item = Duration> {
        let rate = u64::from(self.rate.get());
        // Not a multiple of an interval in whole nanoseconds, which would be too short.
        let moment = move |number: u64| {
            Duration::from_secs(number / rate)
                + Duration::from_nanos(number % rate * 1_000_000_000 / rate)
        };
        (0..self.number()).map(moment)
    }

    /// Buys, and waits for every answer, or until it is stopped.
    pub(super) async fn buy(self, sku: &Sku, url: &str, control: Control<'_>) -> Result<Answers> {
        let (customer, start) =
            (Customer { api: ApiClient::new(url)?, sku: sku.clone() }, Instant::now());
        let run = Uuid::new_v4().simple().to_string();
        let mut waiting = Waiting::new(most_waiting())?;
        for (number, moment) in self.moments().enumerate() {
            waiting.until(start + moment).await?;
            if control.stop.is_requested() || waiting.tally.stops() {
                waiting.tally.left_out(self.number() - number as u64);
                break;
            }
            waiting.send(&customer, format!("{run}-{number}"), start + moment);
        }
        let tally = waiting.all(control).await?;
        Ok(tally.into_answers(self.rate, start.elapsed()))
    }
}

/// The purchases that wait for their answer, and the tally of those that do not any more.
struct Waiting {
    purchases: JoinSet<Purchase>,
    /// The most purchases that may wait.
    most: u64,
    tally: Tally,
}

impl Waiting {
    fn new(most: u64) -> Result<Self> {
        Ok(Self { purchases: JoinSet::new(), most, tally: Tally::new()? })
    }

    /// Counts the answers that come until then. If that moment has passed, counts those that have come: a purchase that has
    /// finished does not wait any more.
    async fn until(&mut self, moment: Instant) -> Result<()> {
        loop {
            select! {
                biased;
                Some(purchase) = self.purchases.join_next() => self.tally.count(&purchase?),
                () = sleep_until(moment) => return Ok(()),
            }
        }
    }

    fn send(&mut self, customer: &Customer, key: String, moment: Instant) {
        self.tally.due();
        if self.purchases.len() as u64 >= self.most {
            self.tally.not_started(self.most);
        } else {
            self.purchases.spawn(customer.clone().buy(key, moment));
        }
    }

    /// Waits for all answers, and reports progress. After a request to stop, gives up those that have not come.
    async fn all(mut self, control: Control<'_>) -> Result<Tally> {
        let mut progress = interval_at(Instant::now() + PROGRESS_INTERVAL, PROGRESS_INTERVAL);
        while !self.purchases.is_empty() {
            select! {
                () = control.stop.requested() => {
                    self.tally.under_way(self.purchases.len());
                    break;
                }
                Some(purchase) = self.purchases.join_next() => self.tally.count(&purchase?),
                _ = progress.tick() => {
                    let number = self.purchases.len();
                    control.console.note(format_args!("purchases that still wait for their outcome: {number}"));
                }
            }
        }
        Ok(self.tally)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, num::NonZeroU32, time::Duration};

    use local_programs::console::Console;
    use operations::stop::Stop;
    use tokio::{task::yield_now, time::Instant};

    use super::{
        Control, SteadyRate, Waiting,
        customer::{Outcome, Purchase},
    };

    const UNDER_WAY: &str =
        "purchases that were under way when the run was stopped, and may have been sold: 3";

    const RATE: NonZeroU32 = NonZeroU32::MIN;

    #[test]
    fn a_rate_that_does_not_divide_a_second_has_as_many_purchases_as_any_other() {
        for (rate, seconds) in [(7, 3), (3, 10), (9_999, 3)] {
            let (rate, time) =
                (NonZeroU32::new(rate).expect("not zero"), Duration::from_secs(seconds));
            let expected = u64::from(rate.get()) * seconds;
            let steady = SteadyRate { rate, time };
            assert_eq!(steady.moments().count() as u64, expected, "{rate}");
            assert_eq!(steady.number(), expected, "{rate}");
        }
    }

    #[tokio::test]
    async fn purchases_that_have_finished_are_counted_although_the_next_one_is_late() {
        let mut waiting = Waiting::new(5_000).expect("a tally");
        let (late, time) = (Duration::ZERO, Duration::from_millis(1));
        let outcome = Outcome::Sold(Some(1));
        let finishing: Vec<_> = (0..1_000)
            .map(|_| {
                let answers = vec!["200 sold".to_owned()];
                let purchase = Purchase { answers, outcome, late, time };
                waiting.purchases.spawn(async move { purchase })
            })
            .collect();
        while !finishing.iter().all(|purchase| purchase.is_finished()) {
            yield_now().await;
        }
        waiting.until(Instant::now()).await.expect("counted");
        assert_eq!(waiting.purchases.len(), 0);
        assert_eq!(waiting.tally.into_answers(RATE, Duration::from_secs(1)).sold, 1_000);
    }

    #[tokio::test]
    async fn a_run_that_is_stopped_counts_what_is_under_way_and_waits_for_nothing() {
        let mut waiting = Waiting::new(5_000).expect("a tally");
        (0..3).for_each(|_| drop(waiting.purchases.spawn(pending())));
        let stop = Stop::default();
        stop.request();
        let control = Control { stop: &stop, console: Console::on_stderr() };
        let tally = waiting.all(control).await.expect("a tally");
        let answers = tally.into_answers(RATE, Duration::from_secs(1));
        assert_eq!(answers.under_way, 3);
        assert_eq!(answers.problems.last().expect("a problem"), UNDER_WAY, "{answers:?}");
    }

    #[test]
    fn a_run_spreads_its_purchases_evenly_over_its_time() {
        let rate = NonZeroU32::new(4).expect("not zero");
        let moments: Vec<_> = SteadyRate { rate, time: Duration::from_secs(1) }.moments().collect();
        assert_eq!(moments, [0, 250, 500, 750].map(Duration::from_millis));
    }
}
