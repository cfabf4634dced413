//! However the command ends, no process and no file is left.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{run::Place, run::Running, run::all_end, run::eventually, run::is_database};

/// Starts the system, buys something so that functions run, and sends the signal.
fn nothing_is_left_after(signal: Signal) {
    let place = Place::new();
    let up = place.up(&[]);
    let buy = std::process::Command::new("sh").args(["-c", &up.printed("with curl")]).output();
    assert!(buy.expect("curl runs").status.success());
    let started = up.descendants();
    let programs: Vec<&str> = started.values().map(String::as_str).collect();
    for program in ["python", "sales-api", "decrement-stock"] {
        assert!(programs.iter().any(|name| name.starts_with(program)), "{program}: {programs:?}");
    }
    assert!(programs.iter().any(|name| is_database(name)), "{programs:?}");
    assert_eq!(place.outputs_files().len(), 1, "{:?}", place.outputs_files());
    assert!(place.leftovers().len() >= 2, "{:?}", place.leftovers());

    up.signal(signal);
    let ended = up.ended();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stdout.ends_with("stopping everything that was started\n"), "{ended:?}");
    all_end(&started);
    assert!(place.outputs_files().is_empty(), "{:?}", place.outputs_files());
    assert!(place.leftovers().is_empty(), "{:?}", place.leftovers());
}

#[test]
fn sigterm_stops_everything() {
    nothing_is_left_after(Signal::SIGTERM);
}

#[test]
fn sigint_stops_everything() {
    nothing_is_left_after(Signal::SIGINT);
}

#[test]
fn a_signal_during_the_start_stops_what_has_started() {
    let place = Place::new();
    let up = Running::start(place.command(&["up"]));
    let started = eventually("the database server runs", || {
        let started = up.descendants();
        started.values().any(|name| is_database(name)).then_some(started)
    });
    up.signal(Signal::SIGINT);
    let ended = up.ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(ended.error_message(), "restock: stopped by a signal; nothing is left running");
    all_end(&started);
    assert!(place.outputs_files().is_empty(), "{:?}", place.outputs_files());
    eventually("the temporary files are gone", || place.leftovers().is_empty().then_some(()));
}

/// After `kill -9` only the process reaper can clean up.
#[test]
fn a_killed_command_leaves_no_process_behind() {
    let place = Place::new();
    let up = place.up(&[]);
    let started = up.descendants();
    assert!(started.len() > 2, "{started:?}");
    up.signal(Signal::SIGKILL);
    all_end(&started);
    assert_eq!(up.ended().status.code(), None);
    eventually("the temporary files are gone", || place.leftovers().is_empty().then_some(()));
}

/// Starts the system, kills one of its programs as in a crash, and returns the error message.
fn error_after_the_end_of(is_program: fn(&str) -> bool) -> String {
    let place = Place::new();
    let up = place.up(&[]);
    let started = up.descendants();
    let program = started.iter().find(|(_, name)| is_program(name)).expect("the program runs");
    kill(Pid::from_raw(*program.0), Signal::SIGKILL).expect("a signal");
    let ended = up.ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    all_end(&started);
    assert!(place.outputs_files().is_empty(), "{:?}", place.outputs_files());
    assert!(place.leftovers().is_empty(), "{:?}", place.leftovers());
    ended.error_message().to_owned()
}

#[test]
fn up_says_that_the_database_server_has_ended_and_stops() {
    let message = error_after_the_end_of(is_database);
    assert!(message.starts_with("restock: the database server has ended (signal: 9"), "{message}");
}

#[test]
fn up_says_that_the_local_aws_has_ended_and_stops() {
    let message = error_after_the_end_of(|name| name.starts_with("python"));
    assert!(message.starts_with("restock: the local AWS has ended (signal: 9"), "{message}");
}
