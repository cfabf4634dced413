//! A steady rate in an open loop: each purchase has its moment, and is sent then whether or not earlier ones were answered.
//! Its time counts from that moment. So a slow answer neither holds back the next purchase nor hides how long that one waited.

mod customer;
mod tally;

use std::{num::NonZeroU32, time::Duration};

use anyhow::Result;
use deployment::api_client::ApiClient;
use domain::Sku;
use tokio::{
    select,
    task::JoinSet,
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use super::Answers;
use customer::{Customer, Purchase};
use tally::Tally;

/// So many purchases may wait for their answer. Each has a connection.
const MOST_WAITING: usize = 5_000;

/// How many purchases a second, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SteadyRate {
    /// Purchases per second.
    pub rate: NonZeroU32,
    /// The length of the run.
    pub time: Duration,
}

impl SteadyRate {
    /// The moments of all purchases, from the start.
    fn moments(self) -> impl Iterator<Item = Duration> {
        let rate = u64::from(self.rate.get());
        // Not a multiple of an interval in whole nanoseconds, which would be too short.
        let moment = move |number: u64| {
            Duration::from_secs(number / rate)
                + Duration::from_nanos(number % rate * 1_000_000_000 / rate)
        };
        (0..).map(moment).take_while(move |moment| *moment < self.time)
    }

    /// Buys, and waits for every answer.
    pub(super) async fn buy(self, sku: &Sku, url: &str) -> Result<Answers> {
        let (customer, start) =
            (Customer { api: ApiClient::new(url)?, sku: sku.clone() }, Instant::now());
        let run = Uuid::new_v4().simple().to_string();
        let mut waiting = Waiting { purchases: JoinSet::new(), tally: Tally::new()? };
        for (number, moment) in self.moments().enumerate() {
            waiting.until(start + moment).await?;
            if waiting.tally.stops() {
                break;
            }
            waiting.send(&customer, format!("{run}-{number}"), start + moment);
        }
        waiting.all().await
    }
}

/// The purchases that wait for their answer, and the tally of those that do not any more.
struct Waiting {
    purchases: JoinSet<Purchase>,
    tally: Tally,
}

impl Waiting {
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
        if self.purchases.len() >= MOST_WAITING {
            self.tally.not_started();
        } else {
            self.purchases.spawn(customer.clone().buy(key, moment));
        }
    }

    async fn all(mut self) -> Result<Answers> {
        while let Some(purchase) = self.purchases.join_next().await {
            self.tally.count(&purchase?);
        }
        Ok(self.tally.into_answers())
    }
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, time::Duration};

    use tokio::{
        task::{JoinSet, yield_now},
        time::Instant,
    };

    use super::{
        SteadyRate, Waiting,
        customer::{Outcome, Purchase},
        tally::Tally,
    };

    #[test]
    fn a_rate_that_does_not_divide_a_second_has_as_many_purchases_as_any_other() {
        for (rate, seconds) in [(7, 3), (3, 10), (9_999, 3)] {
            let (rate, time) =
                (NonZeroU32::new(rate).expect("not zero"), Duration::from_secs(seconds));
            let expected = u64::from(rate.get()) * seconds;
            assert_eq!(SteadyRate { rate, time }.moments().count() as u64, expected, "{rate}");
        }
    }

    #[tokio::test]
    async fn purchases_that_have_finished_are_counted_although_the_next_one_is_late() {
        let mut waiting =
            Waiting { purchases: JoinSet::new(), tally: Tally::new().expect("a tally") };
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
        assert_eq!(waiting.all().await.expect("answers").sold, 1_000);
    }

    #[test]
    fn a_run_spreads_its_purchases_evenly_over_its_time() {
        let rate = NonZeroU32::new(4).expect("not zero");
        let moments: Vec<_> = SteadyRate { rate, time: Duration::from_secs(1) }.moments().collect();
        assert_eq!(moments, [0, 250, 500, 750].map(Duration::from_millis));
    }
}
