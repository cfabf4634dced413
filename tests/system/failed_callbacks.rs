//! Callbacks that were accepted and could not be handled, in `restock status`.

use operations::{access::WarehouseAccess, status::Status, stop::Stop};
use system_testkit::System;

/// The failed callbacks in the status: their orders and errors.
pub async fn failed_callbacks(system: &System) -> Vec<(String, String)> {
    let url = system.cloud.outputs.database_url.as_deref().expect("a URL").parse().expect("a URL");
    let warehouse = WarehouseAccess::Database(Box::new(url));
    let status = Status::of(&system.cloud.outputs, &warehouse, &Stop::default()).await;
    let status = status.expect("a status");
    let is_named = |order: &str| status.attention.iter().any(|line| line.contains(order));
    assert!(status.failed_callbacks.iter().all(|failed| is_named(&failed.production_order)));
    let failed = status.failed_callbacks.into_iter();
    failed.map(|failed| (failed.production_order, failed.error)).collect()
}
