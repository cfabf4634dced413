//! How an IAM token is sent to the server. RDS asks for it with `mysql_clear_password`, an authentication plugin that
//! local servers do not have. A fake server speaks as much of the MySQL protocol as that needs.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread::{JoinHandle, spawn},
};

use aws_sdk_sfn::config::Credentials;
use iam_login::Signer;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use warehouse::{DatabaseUrl, Warehouse};

use crate::authority::Authority;

const SSL: u32 = 1 << 11;
/// `CLIENT_PROTOCOL_41`, `CLIENT_RESERVED2` (secure passwords) and `CLIENT_PLUGIN_AUTH`.
const CAPABILITIES: u32 = 1 << 9 | 1 << 15 | 1 << 19;

/// What the client sent: its response to the greeting (over TLS if there is any), then the password.
type Received = Vec<Vec<u8>>;

/// Sends a packet: length, number, payload.
fn send(stream: &mut impl Write, number: u8, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("a short packet").to_le_bytes();
    let packet = [&length[..3], &[number], payload].concat();
    stream.write_all(&packet).and_then(|()| stream.flush()).expect("sent");
}

/// The payload of the next packet. `None` if the client has closed the connection.
fn receive(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut header = [0; 4];
    stream.read_exact(&mut header).ok()?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    let mut payload = vec![0; usize::try_from(length).expect("a short packet")];
    stream.read_exact(&mut payload).ok()?;
    Some(payload)
}

/// The first packet of a server with these capabilities.
fn greeting(capabilities: u32) -> Vec<u8> {
    let capabilities = capabilities.to_le_bytes();
    [
        b"\x0a8.4.0\0".as_slice(),
        &[1, 0, 0, 0],
        b"12345678\0",
        &capabilities[..2],
        &[45, 2, 0],
        &capabilities[2..],
        &[21],
        &[0; 10],
        b"123456789012\0",
        b"caching_sha2_password\0",
    ]
    .concat()
}

/// Asks for the password in clear text, as RDS does, and rejects it.
fn ask_for_the_password(stream: &mut (impl Read + Write), number: u8) -> Received {
    let Some(response) = receive(stream) else { return Received::new() };
    send(stream, number + 1, b"\xfemysql_clear_password\0");
    let Some(password) = receive(stream) else { return vec![response] };
    send(stream, number + 3, b"\xff\x15\x04#28000Access denied");
    vec![response, password]
}

fn configuration(authority: &Authority) -> Arc<ServerConfig> {
    let (certificate, key) = authority.sign("127.0.0.1");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)
        });
    Arc::new(config.expect("a configuration"))
}

/// A server that accepts one connection. Without an authority it has no TLS.
fn fake_server(authority: Option<&Authority>) -> (u16, JoinHandle<Received>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let tls = authority.map(configuration);
    let serve = move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let Some(tls) = tls else {
            send(&mut stream, 0, &greeting(CAPABILITIES));
            return ask_for_the_password(&mut stream, 1);
        };
        send(&mut stream, 0, &greeting(CAPABILITIES | SSL));
        let request = receive(&mut stream).expect("a request for TLS");
        assert_eq!(request.len(), 32, "only the request for TLS is sent before TLS");
        let tls = ServerConnection::new(tls).expect("TLS");
        ask_for_the_password(&mut StreamOwned::new(tls, stream), 2)
    };
    (port, spawn(serve))
}

fn url(port: u16) -> DatabaseUrl {
    let url = format!("mysql://check_stock@127.0.0.1:{port}/restock?ssl-mode=VERIFY_IDENTITY");
    url.parse().expect("a URL")
}

fn with_tokens(url: DatabaseUrl) -> DatabaseUrl {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let signer = Signer { credentials, region: "ap-northeast-2".to_owned() };
    iam_login::with_tokens(url, signer).expect("tokens")
}

async fn received(server: JoinHandle<Received>) -> Received {
    tokio::task::spawn_blocking(|| server.join().expect("the fake server")).await.expect("joined")
}

#[tokio::test]
async fn over_tls_the_client_sends_a_token_for_this_server_and_this_user() {
    let authority = Authority::new();
    let (port, server) = fake_server(Some(&authority));
    let url = format!(
        "mysql://check_stock@127.0.0.1:{port}/restock?ssl-mode=VERIFY_IDENTITY&ssl-ca={}",
        authority.file().display()
    );
    drop(Warehouse::open(with_tokens(url.parse().expect("a URL"))).await);
    let received = received(server).await;
    let [response, password] = &received[..] else { panic!("{received:?}") };
    let token = String::from_utf8(password.clone()).expect("text");
    let beginning = format!("127.0.0.1:{port}/?Action=connect&DBUser=check_stock&X-Amz-Algorithm=");
    assert!(token.starts_with(&beginning) && token.ends_with('\0'), "{token}");
    assert!(
        !String::from_utf8_lossy(response).contains("X-Amz-"),
        "the token is sent only when it is asked for"
    );
}

#[tokio::test]
async fn a_server_without_tls_gets_no_token() {
    let (port, server) = fake_server(None);
    drop(Warehouse::open(with_tokens(url(port))).await);
    assert_eq!(received(server).await, Received::new());
}

#[tokio::test]
async fn a_server_with_an_unknown_authority_gets_no_token() {
    let (port, server) = fake_server(Some(&Authority::new()));
    drop(Warehouse::open(with_tokens(url(port))).await);
    assert_eq!(received(server).await, Received::new());
}

#[tokio::test]
async fn the_password_of_a_url_is_never_sent_in_clear_text() {
    let (port, server) = fake_server(None);
    let url = format!("mysql://check_stock:mine@127.0.0.1:{port}/restock");
    drop(Warehouse::open(url.parse().expect("a URL")).await);
    let received = received(server).await;
    assert_eq!(received.len(), 1, "asked for the password, the client closes the connection");
    assert!(!String::from_utf8_lossy(&received[0]).contains("mine"));
}
