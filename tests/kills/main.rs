//! Functions that are killed, one at a time, after each await.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

mod awaits;
mod place;
mod workspace;

#[tokio::test]
async fn t() {
    let f = workspace::Functions::with_places().await;
    for p in &f.places { println!("{p}"); }
    println!("{} {:?}", f.places.len(), f.binaries);
}
