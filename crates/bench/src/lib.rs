//! `restock bench`: how fast the system is on this machine, and how near to what the machine allows.
//!
//! - [`run`] measures the parts that the options name. Start here.
//! - `packages`: the release binaries of the functions, built or given.
//! - `functions`: start, latency, CPU and memory of each function.
//! - `cloud`: whole purchases and restocks on the local cloud.
//! - `refused`: purchases of a product that is sold out.
//! - `rows`: sales of one row and of many rows, against the ceiling that the plainest client reaches. `buckets`: of one product in
//!   several rows. `network`: a network
//!   with a round trip of some length. `seller`, `shop`: who sells, and what.
//! - `report`: the figures. `compare`: what got slower. `plots`: pictures. `statistics`: medians, spreads and percentiles.
//!   `usage`: CPU and memory of a process. `machine`: where the figures were measured.
//!
//! All clients of a measurement run on one thread, so that they take as little as possible from what they measure.

mod buckets;
mod cloud;
mod compare;
mod functions;
mod machine;
mod network;
mod options;
mod packages;
mod plots;
mod products;
mod refused;
mod report;
mod rows;
mod seller;
mod shop;
mod statistics;
mod usage;

use anyhow::{Result, ensure};
use local_programs::console::Console;
use tokio::{runtime::Builder, sync::oneshot};

pub use compare::{Comparison, Figures};
pub use options::{Options, Part, Scale};
pub use report::Report;

/// Measures on a thread of its own. When the future is dropped, the thread ends with the process.
///
/// # Errors
/// If something cannot be built or started, or if a measured purchase is not sold.
pub async fn run(options: Options, console: Console) -> Result<Report> {
    ensure!(cfg!(target_os = "linux"), "the bench reads CPU and memory from /proc: it needs Linux");
    let (send, measured) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        let report = runtime.map_err(Into::into);
        let report = report.and_then(|runtime| runtime.block_on(measure(&options, console)));
        // Nobody waits any more after a signal.
        let _ = send.send(report);
    });
    measured.await?
}

async fn measure(options: &Options, console: Console) -> Result<Report> {
    let mut report = Report::new(machine::describe(console).await?);
    let packages = packages::find(options, console).await?;
    if options.has(Part::Functions) {
        functions::measure(options, &packages, console, &mut report).await?;
    }
    if [Part::HotRow, Part::ManyRows, Part::Buckets].into_iter().any(|part| options.has(part)) {
        rows::measure(options, &packages, console, &mut report).await?;
    }
    if options.has(Part::Refused) {
        refused::measure(options, &packages, console, &mut report).await?;
    }
    if options.has(Part::Purchases) || options.has(Part::Restock) {
        cloud::measure(options, &packages, console, &mut report).await?;
    }
    Ok(report)
}
