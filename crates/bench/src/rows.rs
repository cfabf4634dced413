//! Sales of one product and of many, through many environments of `decrement-stock`, against the ceiling: what the plainest
//! client reaches with the same update and insert. Both are measured in turn, on the same server.

use std::{path::Path, time::Duration};

use anyhow::Result;
use database_server::DatabaseServer;
use domain::PurchaseOutcome;
use local_programs::console::Console;

use crate::{
    Options, Part, Report, Scale, buckets,
    packages::Packages,
    products::PLENTY,
    report::{Conditions, RowSales},
    seller::rate,
    shop::Shop,
    statistics::milliseconds,
};

pub(crate) const FUNCTION: &str = "decrement-stock";

/// The number of environments that sell at once.
const ENVIRONMENTS: [u32; 3] = [1, 8, 32];
const ROUND_TRIPS: [Duration; 2] = [Duration::ZERO, Duration::from_micros(500)];
const FLUSHES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(2)];

/// The number of products that sell in the part `many-rows`.
const MANY: u32 = 100;

pub(crate) async fn measure(
    options: &Options,
    packages: &Packages,
    console: Console,
    report: &mut Report,
) -> Result<()> {
    let binary = packages.binary(FUNCTION)?;
    for flush in FLUSHES {
        let server = server(flush, console).await?;
        for round_trip in ROUND_TRIPS {
            let conditions = Conditions {
                round_trip_ms: milliseconds(round_trip),
                flush_ms: milliseconds(flush),
            };
            console.note(format_args!("sales with {conditions}"));
            let shop = Shop::open(&server, round_trip, (MANY, PLENTY)).await?;
            for (part, rows, figures) in [
                (Part::HotRow, 1, &mut report.hot_row),
                (Part::ManyRows, MANY, &mut report.many_rows),
            ] {
                if options.has(part) {
                    let measured = contests(&shop, binary, rows, options.scale).await?;
                    let all = measured.into_iter();
                    figures.extend(
                        all.map(|(number, repeats)| RowSales::new(number, conditions, &repeats)),
                    );
                }
            }
        }
        if options.has(Part::Buckets) {
            let conditions = Conditions { round_trip_ms: 0.0, flush_ms: milliseconds(flush) };
            console.note(format_args!("sales from buckets with {conditions}"));
            let measured = buckets::measure(&server, conditions, binary, options.scale).await?;
            report.buckets.extend(measured);
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

/// Sales and ceiling of each repeat, by the number of environments.
type Contest = (u32, Vec<(f64, f64)>);

/// Measures each number of environments in each repeat, so that a disturbance of the machine does not fall on one of them.
async fn contests(shop: &Shop, binary: &Path, rows: u32, scale: Scale) -> Result<Vec<Contest>> {
    let most = usize::try_from(ENVIRONMENTS.into_iter().max().unwrap_or_default())?;
    let mut ours = shop.environments(FUNCTION, binary, (most, PurchaseOutcome::Sold)).await?;
    let mut plain = shop.plain_clients(most).await?;
    rate(&mut ours, rows, scale.warm_up).await?;
    rate(&mut plain, rows, scale.warm_up).await?;
    let mut measured = ENVIRONMENTS.map(|environments| (environments, Vec::new()));
    for _ in 0..scale.repeats {
        for (environments, repeats) in &mut measured {
            let number = usize::try_from(*environments)?;
            let sales = rate(&mut ours[..number], rows, scale.slice).await?;
            let ceiling = rate(&mut plain[..number], rows, scale.slice).await?;
            repeats.push((sales, ceiling));
        }
    }
    Ok(measured.into())
}
