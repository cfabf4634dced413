use std::time::Duration;

use anyhow::{Context, Result};
use system::{Settings, System};
use warehouse::audit::Limits;

/// Time from the start of a sweep until the restock that it requests is open.
const STARTING: Duration = Duration::from_secs(120);

/// Time that an execution may spend before it opens its restock and after it has closed it, retries included.
const CLOSING: Duration = Duration::from_secs(600);

/// How long a state may last before the audit reports it.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    /// The settings of the state machines.
    pub settings: Settings,
    /// The interval of the sweep's schedule.
    pub sweep_every: Duration,
    /// The longest time from the start of a sweep until a restock is open.
    pub starting: Duration,
    /// The longest time that an execution may run without an open restock.
    pub closing: Duration,
}

impl Thresholds {
    /// The thresholds that follow from `system.json`.
    pub fn of(system: &System) -> Result<Self> {
        let sweep = system.schedules.get("sweep").context("system.json has no schedule `sweep`")?;
        Ok(Self {
            settings: system.settings,
            sweep_every: sweep.every()?,
            starting: STARTING,
            closing: CLOSING,
        })
    }

    /// The limits for the checks within the database.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            arrival_forgotten_seconds: self.settings.arrival_forgotten_seconds,
            depletion_forgotten_seconds: seconds(self.sweep_every + self.starting),
            closed_lately_seconds: seconds(self.closing),
        }
    }
}

fn seconds(duration: Duration) -> u32 {
    duration.as_secs().try_into().unwrap_or(u32::MAX)
}
