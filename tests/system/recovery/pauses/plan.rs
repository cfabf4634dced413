//! What is paused, in which order and for how long. The seed determines the plan. Which functions run at the time of a
//! pause is not part of it.

use std::{ops::Range, time::Duration};

use fastrand::Rng;

/// How often a function is paused.
const FUNCTION_PAUSES: usize = 5;

/// The shortest and the longest pause, in milliseconds.
const SHORTEST: u64 = 1000;
const LONGEST: u64 = 8000;

/// While the database server is paused for this long, a purchase times out, so its outcome is unknown. In milliseconds.
const UNKNOWN_AFTER: u64 = 7000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Database,
    Emulator,
    /// The factory answers after the time of the pause.
    SlowFactory,
    /// The factory loses all its work, and what it is asked for meanwhile.
    LosingFactory,
}

#[derive(Debug)]
pub struct PlannedPause {
    /// The time since the end of the pause before.
    pub after: Duration,
    /// From 1 s to 8 s.
    pub length: Duration,
}

/// Functions are paused at the same time as services.
#[derive(Debug)]
pub struct Plan {
    /// Multiplies the delays between retries. With the smaller scale, retries are used up during a long pause, so that
    /// restocks fail.
    pub retry_delay_scale: f64,
    pub services: Vec<(Service, PlannedPause)>,
    pub functions: Vec<PlannedPause>,
}

impl Plan {
    /// Each service is paused once, the database server for long.
    pub fn random(rng: &mut Rng) -> Self {
        let mut services: Vec<_> =
            [Service::Emulator, Service::SlowFactory, Service::LosingFactory]
                .into_iter()
                .map(|service| (service, pause(rng, SHORTEST..LONGEST)))
                .collect();
        services.push((Service::Database, pause(rng, UNKNOWN_AFTER..LONGEST)));
        rng.shuffle(&mut services);
        let retry_delay_scale = if rng.bool() { 0.02 } else { 0.2 };
        Self {
            retry_delay_scale,
            services,
            functions: (0..FUNCTION_PAUSES).map(|_| pause(rng, SHORTEST..LONGEST)).collect(),
        }
    }
}

fn pause(rng: &mut Rng, length: Range<u64>) -> PlannedPause {
    PlannedPause {
        after: Duration::from_millis(rng.u64(200..1500)),
        length: Duration::from_millis(rng.u64(length)),
    }
}
