//! Sends what a login writes at once.
//!
//! sqlx 0.9.0 leaves Nagle's algorithm on. A login with TLS writes several small packets in a row, of which the kernel then
//! holds all but the first back until the server has acknowledged it, which takes 40 ms: eight times as long as everything else
//! at the start of a function. sqlx has mended it after 0.9.0 (<https://github.com/transact-rs/sqlx/pull/4336>) and shows its
//! socket to nobody, so the socket is looked for. Delete this module with the next release of sqlx.

use std::{
    fs,
    future::poll_fn,
    mem::ManuallyDrop,
    net::TcpStream,
    os::fd::{FromRawFd, RawFd},
    pin::pin,
};

/// Runs a login to a server on this port. As soon as its connection exists, turns Nagle's algorithm off.
pub(crate) async fn without_delay<T>(port: u16, login: impl Future<Output = T>) -> T {
    let mut login = pin!(login);
    let mut is_off = false;
    poll_fn(|context| {
        let polled = login.as_mut().poll(context);
        if polled.is_pending() && !is_off {
            is_off = turn_off(port);
        }
        polled
    })
    .await
}

/// Turns Nagle's algorithm off for all connections to this port. Returns whether there is one.
fn turn_off(port: u16) -> bool {
    // A system without this folder keeps the delay.
    let files = fs::read_dir("/dev/fd").into_iter().flatten().flatten();
    let numbers = files.filter_map(|file| file.file_name().to_str()?.parse::<RawFd>().ok());
    numbers.filter(|number| turn_off_for(*number, port)).count() > 0
}

fn turn_off_for(number: RawFd, port: u16) -> bool {
    // SAFETY: the number is only used for two system calls, which fail if it is no connection, and it is never closed here.
    // Should another thread close it meanwhile and open another connection to this port, that one is set as well.
    let connection = ManuallyDrop::new(unsafe { TcpStream::from_raw_fd(number) });
    let leads_there = connection.peer_addr().is_ok_and(|peer| peer.port() == port);
    leads_there && connection.set_nodelay(true).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    #[tokio::test]
    async fn a_connection_that_a_login_opens_sends_at_once() {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let other = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = server.local_addr().unwrap();
        let elsewhere = TcpStream::connect(other.local_addr().unwrap()).await.unwrap();
        let login = async {
            let connection = TcpStream::connect(address).await.unwrap();
            tokio::task::yield_now().await;
            connection
        };
        assert!(without_delay(address.port(), login).await.nodelay().unwrap());
        assert!(!elsewhere.nodelay().unwrap());
    }
}
