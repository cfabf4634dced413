//! Mistakes of users: each ends with one sentence that says what to do.

use std::net::TcpListener;

use crate::{run::Place, run::Running};

#[test]
fn up_on_a_port_in_use_fails_with_instructions_and_leaves_nothing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let place = Place::new();
    let ended = place.run(&["up", "--port", &port]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let sentence = format!("restock: port {port} is in use: choose another with --port");
    assert!(ended.error_message().starts_with(&sentence), "{ended:?}");
    assert_eq!(ended.error_message().lines().count(), 1, "{ended:?}");
    assert!(place.outputs_files().is_empty() && place.leftovers().is_empty());
}

#[test]
fn a_missing_database_server_is_reported_with_instructions() {
    let place = Place::new();
    let mut command = place.command(&["up"]);
    command.env("RESTOCK_MYSQLD", "/no/such");
    let ended = Running::start(command).ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let sentence = "restock: RESTOCK_MYSQLD is /no/such, which is not a file. Restock needs a MySQL or \
                    MariaDB server: install mariadb-server, or set RESTOCK_MYSQLD=/path/to/mysqld";
    assert_eq!(ended.error_message(), sentence);
    assert!(place.outputs_files().is_empty() && place.leftovers().is_empty());
}

#[test]
fn redrive_without_a_running_system_fails_with_instructions() {
    let place = Place::new();
    let ended = place.run(&["dead-letters", "redrive", "--reason", "mended"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(ended.stdout.is_empty(), "{ended:?}");
    let sentence = "restock: .restock/outputs.json cannot be read: start `restock up`, or pass the file of \
                    another deployment with --deployment";
    assert!(ended.stderr.starts_with(sentence), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn the_error_for_an_unreachable_database_contains_no_password() {
    let place = Place::new();
    let url = "mysql://shop:very-secret@127.0.0.1:1/shop";
    let ended = place.run(&["up", "--database-url", url]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(ended.error_message().lines().count(), 1, "{ended:?}");
    assert!(ended.error_message().contains("the migrations cannot be run"), "{ended:?}");
    assert!(!format!("{ended:?}").contains("very-secret"), "{ended:?}");
}

#[test]
fn a_database_url_of_another_product_is_refused_before_anything_is_started() {
    let place = Place::new();
    for command in ["up", "sandbox"] {
        let url = "postgres://shop:very-secret@127.0.0.1/shop";
        let ended = place.run(&[command, "--database-url", url]);
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        assert!(ended.stderr.starts_with("restock: --database-url: "), "{ended:?}");
        assert!(ended.stdout.is_empty() && !ended.stderr.contains("very-secret"), "{ended:?}");
        assert!(place.outputs_files().is_empty() && place.leftovers().is_empty());
    }
}

#[test]
fn invalid_arguments_are_refused() {
    let place = Place::new();
    let wrong: [&[&str]; 12] = [
        &["up", "--stock", "-1"],
        &["up", "--stock", "2147483648"],
        &["up", "--await-completion", "16m"],
        &["up", "--await-completion", "1500ms"],
        &["up", "--port", "0"],
        &["up", "--port", "70000"],
        &["up", "--factory-url", "garbage"],
        &["up", "--factory-url", "http://10.0.0.1"],
        &["stress", "--buyers", "0"],
        &["dead-letters", "redrive", "--sku", "cp", "--reason", "mended"],
        &["dead-letters", "redrive", "--sku", "CP-502101"],
        &["sell"],
    ];
    for arguments in wrong {
        let ended = place.run(arguments);
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{ended:?}");
        assert!(ended.stdout.is_empty(), "nothing was started: {ended:?}");
    }
    assert!(place.outputs_files().is_empty());
}
