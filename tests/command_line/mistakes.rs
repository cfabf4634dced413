//! Mistakes of users: each ends with one sentence that says what to do.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::PathBuf};

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
fn a_database_server_that_is_too_old_is_refused_with_its_version() {
    let place = Place::new();
    let server = place.here().join("mysqld");
    let version =
        "#!/bin/sh\necho 'mysqld  Ver 10.6.18-MariaDB-0ubuntu0.22.04.1 for debian-linux-gnu'\n";
    fs::write(&server, version).expect("written");
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).expect("a program");
    let mut command = place.command(&["up"]);
    command.env("RESTOCK_MYSQLD", &server);
    let ended = Running::start(command).ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let sentence = "restock: the database server is MariaDB 10.6.18, which is too old: install MariaDB 10.11 or \
                    MySQL 8.4, or later, or set RESTOCK_MYSQLD=/path/to/mysqld";
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
fn a_wrong_value_is_refused_with_what_is_allowed() {
    let place = Place::new();
    let long = "x".repeat(201);
    let add = ["product", "add", "CP-9", "--price", "1", "--factory", "FF-1", "--reason", "new"];
    let product = |rest: &[&'static str]| [&add[..], rest].concat();
    let rest = ["--reorder-point", "1", "--target-stock", "2", "--name"];
    let named = |name: &str| {
        let arguments = [&add[..], &rest].concat();
        arguments.into_iter().map(str::to_owned).chain([name.to_owned()]).collect::<Vec<_>>()
    };
    let owned = |arguments: &[&str]| arguments.iter().map(|one| (*one).to_owned()).collect();
    let name = "the name must be 1 to 200 characters on one line";
    let factory = ["factory", "change", "FF-1", "--reason", "x"];
    let adjust = "the units must be a whole number from -1000000 to 1000000, other than 0";
    let cases: [(Vec<String>, &str); 21] = [
        (named(""), name),
        (named("two\nlines"), name),
        (named(&long), name),
        (owned(&product(&["--name", "x", "--reorder-point", "many"])), "the stock must be"),
        (owned(&[&factory[..], &["--name", " "]].concat()), name),
        (owned(&[&factory[..], &["--contact", "a\nb"]].concat()), "the contact must be 1 to 200"),
        (owned(&[&factory[..], &["--lead-time", "100days"]].concat()), "must be 1s to 30days"),
        (owned(&["adjust", "CP-9", "+2147483647", "--reason", "x"]), adjust),
        (owned(&["adjust", "CP-9", "0", "--reason", "x"]), adjust),
        (owned(&["product", "buckets", "CP-9", "-1", "--reason", "x"]), "from 1 to 64"),
        (owned(&product(&["--name", "x", "--reorder-point", "-1"])), "the stock must be"),
        (owned(&["bench", "--quick", "--compare"]), "cannot be used with"),
        (owned(&["bench", "--compare", "/dev/null"]), "not the output of restock bench --json"),
        (owned(&["load", "--rate", "0"]), "at least 1 and at most 10000"),
        (owned(&["load", "--rate", "-5"]), "at least 1 and at most 10000"),
        (owned(&["load", "--rate", "5", "--for", "0s"]), "at least 3s and at most 24h"),
        (owned(&["load", "--rate", "5", "--for", "-5s"]), "at least 3s and at most 24h"),
        (owned(&["load", "crowd", "--buyers", "-5"]), "at least 1 and at most 500"),
        (owned(&["adjust", "CP-9", "+1", "--reason", "x", "--id", "zz"]), "the id must be a UUID"),
        (owned(&["up", "--factory-host", "https://x"]), "it must be a host in lower case"),
        (owned(&["up", "--factory-host", "a,b"]), "it must be a host in lower case"),
    ];
    for (arguments, sentence) in cases {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = place.run(&arguments);
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        assert!(ended.stderr.contains(sentence), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn a_change_of_nothing_is_refused_and_names_the_options() {
    let place = Place::new();
    for (arguments, option) in [
        (["product", "change", "CP-502101", "--reason", "x"], "--target-stock"),
        (["factory", "change", "FF-500293", "--reason", "x"], "--no-secret"),
    ] {
        let ended = place.run(&arguments);
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        let message = ended.error_message();
        assert!(message.starts_with("restock: nothing to change: give at least"), "{ended:?}");
        assert!(message.contains(option), "{ended:?}");
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

/// A folder with links to a few programs of this machine: the PATH of a machine that lacks the others.
fn path_with(place: &Place, programs: &[&str]) -> PathBuf {
    let folder = place.here().join("bin");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = std::env::var_os("PATH").expect("a PATH");
    for program in programs {
        let found = std::env::split_paths(&path).map(|folder| folder.join(program));
        let found = found.into_iter().find(|file| file.is_file()).expect("a program");
        std::os::unix::fs::symlink(found, folder.join(program)).expect("a link");
    }
    folder
}

/// What `restock` says on a machine with only these programs and an empty cache.
fn said_without(programs: &[&str], arguments: &[&str]) -> String {
    let place = Place::new();
    let mut command = place.command(arguments);
    command.env("PATH", path_with(&place, programs)).env_remove("PYTHON");
    command.env("XDG_CACHE_HOME", place.here().join("cache"));
    let ended = Running::start(command).ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(!ended.stdout.contains("building the functions"), "{ended:?}");
    assert_eq!(ended.error_message().lines().count(), 1, "{ended:?}");
    assert!(place.outputs_files().is_empty() && place.leftovers().is_empty());
    ended.error_message().to_owned()
}

#[test]
fn everything_that_is_missing_is_named_in_one_sentence_before_anything_is_built() {
    for arguments in [&[][..], &["up"], &["sandbox"]] {
        let said = said_without(&["sh", "cp"], arguments);
        let list =
            "restock: Restock needs what this machine does not have: Python 3.10 or later; pip";
        assert!(said.starts_with(list) && said.contains("Install it with"), "{said}");
    }
}

#[test]
fn an_old_python_without_pip_is_named_before_anything_is_built() {
    let place = Place::new();
    let python = place.here().join("python3");
    let script = "#!/bin/sh\n[ \"$1\" = -c ] && printf '/old/python3\\nPython 3.9.2'\n";
    std::fs::write(&python, script).expect("a script");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&python, executable).expect("permissions");
    let mut command = place.command(&["up"]);
    command.env("PYTHON", python).env("XDG_CACHE_HOME", place.here().join("cache"));
    let ended = Running::start(command).ended();
    assert!(ended.error_message().contains("(python3 is Python 3.9.2: set PYTHON="), "{ended:?}");
    assert!(ended.error_message().contains("; pip. Install it with"), "{ended:?}");
    assert!(!ended.stdout.contains("building the functions"), "{ended:?}");
}
