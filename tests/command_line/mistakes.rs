//! Mistakes that people make, and the one sentence that they are told.

use std::net::TcpListener;

use crate::{run::Place, run::Running};

#[test]
fn up_on_a_port_in_use_says_so_and_leaves_nothing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let place = Place::new();
    let ended = place.run(&["up", "--port", &port]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let sentence = format!("restock: port {port} is in use: choose another with --port");
    assert!(ended.complaint().starts_with(&sentence), "{ended:?}");
    assert_eq!(ended.complaint().lines().count(), 1, "{ended:?}");
    assert!(place.notes().is_empty() && place.leftovers().is_empty());
}

#[test]
fn a_database_server_that_is_not_there_is_named_with_what_to_do() {
    let place = Place::new();
    let mut command = place.command(&["up"]);
    command.env("RESTOCK_MYSQLD", "/no/such");
    let ended = Running::start(command).ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let sentence = "restock: RESTOCK_MYSQLD is /no/such, and that is no file. Restock needs a MySQL or \
                    MariaDB server: install mariadb-server, or set RESTOCK_MYSQLD=/path/to/mysqld";
    assert_eq!(ended.complaint(), sentence);
    assert!(place.notes().is_empty() && place.leftovers().is_empty());
}

#[test]
fn redrive_where_no_system_is_up_says_so() {
    let place = Place::new();
    let ended = place.run(&["redrive"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(ended.stdout.is_empty(), "{ended:?}");
    let sentence = "restock: .restock/outputs.json cannot be read: is `restock up` running, or is it \
                    elsewhere (--outputs)?";
    assert!(ended.stderr.starts_with(sentence), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let place = Place::new();
    let url = "mysql://shop:very-secret@127.0.0.1:1/shop";
    let ended = place.run(&["up", "--database-url", url]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(ended.complaint().lines().count(), 1, "{ended:?}");
    assert!(ended.complaint().contains("the migrations cannot be run"), "{ended:?}");
    assert!(!format!("{ended:?}").contains("very-secret"), "{ended:?}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let place = Place::new();
    let wrong: [&[&str]; 5] = [
        &["up", "--stock", "-1"],
        &["up", "--await-completion", "16m"],
        &["up", "--port", "70000"],
        &["redrive", "--sku", "cp"],
        &["sell"],
    ];
    for arguments in wrong {
        let ended = place.run(arguments);
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{ended:?}");
    }
    assert!(place.notes().is_empty());
}
