//! Sales of one product and of many, through many environments of `decrement-stock`, against the ceiling: what the plainest
//! client reaches with the same update and insert. Both are measured in turn, on the same server.

mod seller;
mod shop;

use std::time::{Duration, Instant};

use anyhow::Result;
use database_server::DatabaseServer;
use futures::future::try_join_all;
use local_programs::console::Console;

use crate::{
    Options, Part, Report, Scale, packages::Packages, report::RowSales, statistics::milliseconds,
};
use seller::Seller;
use shop::Shop;

/// The number of environments that sell at once.
const ENVIRONMENTS: [usize; 3] = [1, 8, 32];
const ROUND_TRIPS: [Duration; 2] = [Duration::ZERO, Duration::from_micros(500)];
const FLUSHES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(2)];

/// The number of products that sell in the part `many-rows`.
pub(crate) const MANY: u32 = 100;

pub(crate) async fn measure(
    options: &Options,
    packages: &Packages,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    for flush in FLUSHES {
        let server = server(flush, console).await?;
        for round_trip in ROUND_TRIPS {
            console.note(format_args!(
                "rows: {} ms of network, {} ms for a flush",
                milliseconds(round_trip),
                milliseconds(flush)
            ));
            let shop = Shop::open(&server, round_trip, packages.binary("decrement-stock")?).await?;
            let conditions = (milliseconds(round_trip), milliseconds(flush));
            for (part, rows, figures) in [
                (Part::HotRow, 1, &mut report.hot_row),
                (Part::ManyRows, MANY, &mut report.many_rows),
            ] {
                if options.has(part) {
                    figures.extend(contests(&shop, rows, conditions, options.scale).await?);
                }
            }
        }
        server.stop().await;
    }
    Ok(())
}

/// Without a time for flushes, the server is that of the tests: it flushes its log once a second, so the figures show what the
/// server computes.
async fn server(flush: Duration, console: Console) -> Result<DatabaseServer> {
    match flush {
        Duration::ZERO => DatabaseServer::start(console).await,
        flush => DatabaseServer::start_with_slow_flushes(console, flush).await,
    }
}

/// Measures each number of environments in each repeat, so that a disturbance of the machine does not fall on one of them.
async fn contests(
    shop: &Shop,
    rows: u32,
    (round_trip, flush): (f64, f64),
    scale: Scale,
) -> Result<Vec<RowSales>> {
    let most = ENVIRONMENTS.into_iter().max().unwrap_or_default();
    let (mut ours, mut plain) = (shop.environments(most).await?, shop.plain_clients(most).await?);
    rate(&mut ours, rows, scale.warm_up).await?;
    rate(&mut plain, rows, scale.warm_up).await?;
    let mut measured = ENVIRONMENTS.map(|environments| (environments, Vec::new()));
    for _ in 0..scale.repeats {
        for (environments, repeats) in &mut measured {
            let sales = rate(&mut ours[..*environments], rows, scale.slice).await?;
            let ceiling = rate(&mut plain[..*environments], rows, scale.slice).await?;
            repeats.push((sales, ceiling));
        }
    }
    let figures = measured
        .into_iter()
        .map(|(environments, repeats)| RowSales::new((environments, round_trip, flush), &repeats));
    Ok(figures.collect())
}

/// The sales a second of all sellers together, each of which makes one sale after the other.
async fn rate(sellers: &mut [impl Seller], rows: u32, slice: Duration) -> Result<f64> {
    let began = Instant::now();
    let selling = sellers.iter_mut().map(async |seller| {
        let mut sales = 0_u32;
        while began.elapsed() < slice {
            sales += u32::from(seller.sell(fastrand::u32(0..rows)).await?);
        }
        anyhow::Ok(sales)
    });
    let sales: u32 = try_join_all(selling).await?.into_iter().sum();
    Ok(f64::from(sales) / began.elapsed().as_secs_f64())
}
