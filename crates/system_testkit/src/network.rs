//! A network between the system and its database that can fail in the ways in which a network fails without a word.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};
use url::Url;

/// What the network does with the bytes of all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Works,
    /// Every packet is late by this time, in both directions.
    IsSlow(Duration),
    /// Nothing gets through, and neither end gets an error. What was sent arrives when the network works again.
    SwallowsAll,
    /// Requests get through, and answers do not.
    SwallowsAnswers,
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Request,
    Answer,
}

/// A proxy in front of a database server. It runs until the test ends.
#[derive(Debug)]
pub struct DatabaseNetwork {
    url: String,
    network: watch::Sender<Network>,
}

impl DatabaseNetwork {
    /// A network that works, in front of the database of this URL.
    pub async fn before(database_url: &str) -> Self {
        let mut url = Url::parse(database_url).expect("a URL");
        let server = (url.host_str().expect("a host").to_owned(), url.port().expect("a port"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        url.set_port(Some(listener.local_addr().expect("an address").port())).expect("a URL");
        let (network, condition) = watch::channel(Network::Works);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, server.clone(), condition.clone()));
            }
        });
        Self { url: url.into(), network }
    }

    /// The URL of the database behind the network.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes what the network does, also with the connections that exist.
    pub fn set(&self, network: Network) {
        self.network.send_replace(network);
    }
}

async fn connect(client: TcpStream, server: (String, u16), network: watch::Receiver<Network>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (requests, to_client) = client.into_split();
    let (answers, to_server) = server.into_split();
    tokio::spawn(forward(requests, to_server, Direction::Request, network.clone()));
    tokio::spawn(forward(answers, to_client, Direction::Answer, network));
}

/// Forwards until one end closes the connection.
async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    direction: Direction,
    mut network: watch::Receiver<Network>,
) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let passes = network.wait_for(|network| network.passes(direction)).await.map(|now| *now);
        // The sender is gone when the test has ended.
        let Ok(condition) = passes else { return };
        if let Network::IsSlow(delay) = condition {
            sleep(delay).await;
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}

impl Network {
    fn passes(self, direction: Direction) -> bool {
        match self {
            Self::Works | Self::IsSlow(_) => true,
            Self::SwallowsAll => false,
            Self::SwallowsAnswers => matches!(direction, Direction::Request),
        }
    }
}
