//! How a token gets to the server. RDS asks for it with a plugin that no server here has: so a stand-in
//! speaks as much of MySQL's protocol as that takes.

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
/// The protocol of this century, secure passwords, and plugins.
const CAPABILITIES: u32 = 1 << 9 | 1 << 15 | 1 << 19;

/// What the client said: its reply to the greeting (over TLS where there is any), then the password.
type Heard = Vec<Vec<u8>>;

/// A packet: its length, its number, and what it says.
fn send(stream: &mut impl Write, number: u8, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("a short packet").to_le_bytes();
    let packet = [&length[..3], &[number], payload].concat();
    stream.write_all(&packet).and_then(|()| stream.flush()).expect("sent");
}

/// The next packet; nothing, where the client has gone.
fn receive(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut header = [0; 4];
    stream.read_exact(&mut header).ok()?;
    let length = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    let mut payload = vec![0; usize::try_from(length).expect("a short packet")];
    stream.read_exact(&mut payload).ok()?;
    Some(payload)
}

/// What a server says first, with these capabilities.
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

/// Asks for the password as it is, as RDS does, and refuses it.
fn ask_for_the_password(stream: &mut (impl Read + Write), number: u8) -> Heard {
    let Some(reply) = receive(stream) else { return Heard::new() };
    send(stream, number + 1, b"\xfemysql_clear_password\0");
    let Some(password) = receive(stream) else { return vec![reply] };
    send(stream, number + 3, b"\xff\x15\x04#28000Access denied");
    vec![reply, password]
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

/// Takes one connection. Without an authority it has no TLS.
fn stand_in(authority: Option<&Authority>) -> (u16, JoinHandle<Heard>) {
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
        let request = receive(&mut stream).expect("a wish for TLS");
        assert_eq!(request.len(), 32, "nothing but the wish is said before TLS");
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

async fn heard(stand_in: JoinHandle<Heard>) -> Heard {
    tokio::task::spawn_blocking(|| stand_in.join().expect("the stand-in")).await.expect("joined")
}

#[tokio::test]
async fn over_tls_the_server_is_sent_a_token_that_is_for_it_and_for_the_user() {
    let authority = Authority::new();
    let (port, stand_in) = stand_in(Some(&authority));
    let url = format!(
        "mysql://check_stock@127.0.0.1:{port}/restock?ssl-mode=VERIFY_IDENTITY&ssl-ca={}",
        authority.file().display()
    );
    drop(Warehouse::open(with_tokens(url.parse().expect("a URL"))).await);
    let heard = heard(stand_in).await;
    let [reply, password] = &heard[..] else { panic!("{heard:?}") };
    let token = String::from_utf8(password.clone()).expect("text");
    let beginning = format!("127.0.0.1:{port}/?Action=connect&DBUser=check_stock&X-Amz-Algorithm=");
    assert!(token.starts_with(&beginning) && token.ends_with('\0'), "{token}");
    assert!(!String::from_utf8_lossy(reply).contains("X-Amz-"), "not before it is asked for");
}

#[tokio::test]
async fn a_server_without_tls_is_sent_nothing() {
    let (port, stand_in) = stand_in(None);
    drop(Warehouse::open(with_tokens(url(port))).await);
    assert_eq!(heard(stand_in).await, Heard::new());
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_sent_nothing() {
    let (port, stand_in) = stand_in(Some(&Authority::new()));
    drop(Warehouse::open(with_tokens(url(port))).await);
    assert_eq!(heard(stand_in).await, Heard::new());
}

#[tokio::test]
async fn a_password_of_a_url_is_never_sent_as_it_is() {
    let (port, stand_in) = stand_in(None);
    let url = format!("mysql://check_stock:mine@127.0.0.1:{port}/restock");
    drop(Warehouse::open(url.parse().expect("a URL")).await);
    let heard = heard(stand_in).await;
    assert_eq!(heard.len(), 1, "asked for the password, the client goes");
    assert!(!String::from_utf8_lossy(&heard[0]).contains("mine"));
}
