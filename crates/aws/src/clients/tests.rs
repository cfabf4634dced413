#![allow(clippy::expect_used, reason = "a test fails by ending")]

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use aws_config::Region;
use aws_sdk_sfn::config::Credentials;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use super::*;

const STARTED: &str = r#"{"executionArn": "arn", "startDate": 1.0}"#;

/// Starts a server that answers one request on each connection and then never again, without closing it: a connection
/// that was lost without notice while the function was frozen. Returns its URL.
fn server_that_falls_silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || listener.incoming().flatten().for_each(answer_once));
    url
}

fn answer_once(connection: TcpStream) {
    thread::spawn(move || {
        let mut requests = BufReader::new(&connection);
        read_request(&mut requests);
        let length = STARTED.len();
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{STARTED}");
        (&connection).write_all(answer.as_bytes()).expect("the answer is sent");
        // Reads without an answer until the client closes the connection.
        requests.read_to_end(&mut Vec::new()).expect("the client closes the connection");
    });
}

fn read_request(requests: &mut impl BufRead) {
    let headers = requests.lines().map(|line| line.expect("a header"));
    let headers: Vec<String> = headers.take_while(|line| !line.is_empty()).collect();
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a number"));
    requests.read_exact(&mut vec![0; length]).expect("a body");
}

/// A client without retries, as `sales-api` has one.
async fn client(endpoint: String) -> aws_sdk_sfn::Client {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .endpoint_url(endpoint);
    let config = configured(loader, TrustStore::default())
        .await
        .into_builder()
        .retry_config(RetryConfig::disabled());
    step_functions(&config.build())
}

#[tokio::test]
async fn a_call_works_after_the_connection_of_the_call_before_was_lost_without_notice() {
    let client = client(server_that_falls_silent()).await;
    for call in ["first", "second", "third"] {
        let start = client.start_execution().state_machine_arn("arn").input("{}");
        start.send().await.expect(call);
    }
}

/// Names in the certificates of Amazon Trust Services: https://www.amazontrust.com/repository/
const OF_AWS: [&str; 2] = ["Amazon Root CA ", "Starfield Services Root Certificate Authority"];

fn is_of_aws(certificate: &CertificateDer<'_>) -> bool {
    let contains = |name: &str| certificate.windows(name.len()).any(|part| part == name.as_bytes());
    OF_AWS.into_iter().any(contains)
}

/// Fails when Mozilla has added or removed an authority of AWS: then change `certificates/aws.pem` as well.
#[test]
fn the_authorities_of_aws_are_those_that_mozilla_trusts() {
    let ours: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(AUTHORITIES).collect();
    let of_mozilla = TLS_SERVER_ROOT_CERTS.iter().filter(|certificate| is_of_aws(certificate));
    let ours: BTreeSet<Vec<u8>> =
        ours.expect("certificates").iter().map(|one| one.to_vec()).collect();
    assert_eq!(ours, of_mozilla.map(|one| one.to_vec()).collect());
    assert_eq!(ours.len(), 5);
}
