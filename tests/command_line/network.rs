//! `restock up` can be reached from this machine only.

use std::{collections::BTreeSet, fs};

use nix::sys::signal::Signal;

use crate::run::Place;
use system_testkit::eventually;

/// The tables of sockets, and the loopback address as each writes it.
const TABLES: [(&str, &str); 2] =
    [("/proc/net/tcp", "0100007F"), ("/proc/net/tcp6", "00000000000000000000000001000000")];

/// The state of a socket that listens.
const LISTENS: &str = "0A";

/// The inodes of the sockets of a process.
fn sockets(process: i32) -> Vec<String> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten();
    let targets = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    let names = targets.map(|target| target.to_string_lossy().into_owned());
    names
        .filter_map(|name| Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect()
}

/// The addresses at which these sockets listen, and whether each is a loopback address.
fn listening(sockets: &BTreeSet<String>) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (table, loopback) in TABLES {
        for line in fs::read_to_string(table).unwrap_or_default().lines() {
            let columns: Vec<&str> = line.split_whitespace().collect();
            if let [_, address, _, LISTENS, _, _, _, _, _, inode, ..] = columns[..]
                && sockets.contains(inode)
            {
                found.push((address.to_owned(), address.starts_with(&format!("{loopback}:"))));
            }
        }
    }
    found
}

#[tokio::test]
async fn everything_that_up_starts_listens_on_loopback_only() {
    let place = Place::new();
    let up = place.up(&[]);
    // Some listeners of the local AWS open after its port.
    let endpoint = up.outputs().endpoint_url.expect("an endpoint");
    let ready = format!("{endpoint}/_ministack/ready");
    let client = http_client::client().expect("a client");
    eventually("all listeners are open", async || {
        let answer = client.get(&ready).send().await.expect("an answer");
        answer.status().is_success().then_some(())
    })
    .await;
    let processes = up.descendants().into_keys().chain([up.id()]);
    let listening = listening(&processes.flat_map(sockets).collect());
    assert!(listening.len() >= 3, "the local AWS, the database, the factory: {listening:?}");
    assert!(listening.iter().all(|(_, is_loopback)| *is_loopback), "{listening:?}");
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}
