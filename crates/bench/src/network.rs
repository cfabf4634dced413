//! A network between clients and a database server, with a round trip of some length.

use std::{
    io::{self, Read, Write, copy},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

/// A URL of the same server behind a network. Each request is late by `round_trip`, and answers are not late: a client that
/// waits for each answer sees the same as if both were late by the half. The network exists as long as this process.
///
/// Each connection has two threads that block. The timers of tokio are too coarse: they count milliseconds.
pub(crate) fn before(database_url: &str, round_trip: Duration) -> Result<String> {
    let (login, rest) = database_url.split_once('@').context("a URL with a user")?;
    let (server, database) = rest.split_once('/').context("a URL with a database")?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    let address = listener.local_addr()?;
    let server = server.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // The client sees a closed connection.
            let _ = connect(client, &server, round_trip);
        }
    });
    Ok(format!("{login}@{address}/{database}"))
}

fn connect(client: TcpStream, server: &str, round_trip: Duration) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        // Either end may close the connection.
        let _ = copy(&mut answers, &mut to_client);
        let _ = to_client.shutdown(std::net::Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = delay(&client, &server, round_trip);
        let _ = server.shutdown(std::net::Shutdown::Both);
    });
    Ok(())
}

fn delay(mut from: &TcpStream, mut to: &TcpStream, round_trip: Duration) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let length = from.read(&mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        thread::sleep(round_trip);
        to.write_all(&bytes[..length])?;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Instant;

    use super::*;

    /// Measures what the network adds, not how fast this machine is: an answer cannot come before the delay.
    #[test]
    fn an_answer_comes_after_the_round_trip_and_is_unchanged() {
        let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = server.local_addr().unwrap();
        thread::spawn(move || {
            let (connection, _) = server.accept().unwrap();
            copy(&mut &connection, &mut &connection).unwrap();
        });
        let round_trip = Duration::from_millis(20);
        let url = before(&format!("mysql://me@{address}/shop"), round_trip).unwrap();
        let behind = url.strip_prefix("mysql://me@").unwrap().strip_suffix("/shop").unwrap();
        let mut client = TcpStream::connect(behind).unwrap();
        let began = Instant::now();
        client.write_all(b"donut").unwrap();
        let mut answer = [0; 5];
        client.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"donut");
        assert!(began.elapsed() >= round_trip);
    }
}
