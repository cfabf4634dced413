//! `restock stress`

use std::{num::NonZeroUsize, time::Duration};

use anyhow::Result;
use clap::Args;
use domain::Buckets;
use stress::Scale;

use super::{changes::parse_buckets, signals::until_signal};

/// Arguments of `restock stress`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The seed of every random choice; a random one by default. Each round takes the next seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Run rounds for this long, for example 10m. Without it, one round.
    #[arg(long = "for", value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    /// The number of buyers who buy at the same time.
    #[arg(long, default_value = "32")]
    buyers: NonZeroUsize,
    /// The number of products. Half of the purchases are for the first product.
    #[arg(long, default_value = "4")]
    products: NonZeroUsize,
    /// The number of purchases of each buyer in a round, repetitions included.
    #[arg(long, default_value = "50")]
    purchases: NonZeroUsize,
    /// The number of buckets of each product at the beginning; 1, 4 or 16 by default. Unless it is 1, it changes during
    /// the round.
    #[arg(long, allow_negative_numbers = true, value_parser = parse_buckets)]
    buckets: Option<Buckets>,
}

/// Runs rounds until the time is over, a violation is found, or a signal arrives.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { seed, time, buyers, products, purchases, buckets } = arguments;
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    let scale = Scale { buyers: buyers.get(), products, purchases: purchases.get(), buckets };
    until_signal(stress::run(seed, time, scale)).await
}
