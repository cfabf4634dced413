//! However it is ended, nothing of it is left.

use nix::sys::signal::Signal;

use crate::{run::Place, run::Running, run::all_end, run::eventually, run::is_database};

/// Brings it up, sells something so that functions run, and ends it.
fn nothing_is_left_after(signal: Signal) {
    let place = Place::new();
    let up = place.up(&[]);
    let buy = std::process::Command::new("sh").args(["-c", &up.told("buy")]).output();
    assert!(buy.expect("curl runs").status.success());
    let started = up.descendants();
    let programs: Vec<&str> = started.values().map(String::as_str).collect();
    for program in ["python", "sales-api", "decrement-stock"] {
        assert!(programs.iter().any(|name| name.starts_with(program)), "{program}: {programs:?}");
    }
    assert!(programs.iter().any(|name| is_database(name)), "{programs:?}");
    assert_eq!(place.notes().len(), 1, "{:?}", place.notes());
    assert!(place.leftovers().len() >= 2, "{:?}", place.leftovers());

    up.signal(signal);
    let ended = up.ended();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    assert!(ended.stdout.ends_with("ending all that was started\n"), "{ended:?}");
    all_end(&started);
    assert!(place.notes().is_empty(), "{:?}", place.notes());
    assert!(place.leftovers().is_empty(), "{:?}", place.leftovers());
}

#[test]
fn sigterm_ends_all_that_was_started() {
    nothing_is_left_after(Signal::SIGTERM);
}

#[test]
fn sigint_ends_all_that_was_started() {
    nothing_is_left_after(Signal::SIGINT);
}

#[test]
fn a_signal_while_it_starts_ends_what_was_started_so_far() {
    let place = Place::new();
    let up = Running::start(place.command(&["up"]));
    let started = eventually("the database server runs", || {
        let started = up.descendants();
        started.values().any(|name| is_database(name)).then_some(started)
    });
    up.signal(Signal::SIGINT);
    let ended = up.ended();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert_eq!(ended.complaint(), "restock: ended by a signal; nothing is left running");
    all_end(&started);
    assert!(place.notes().is_empty(), "{:?}", place.notes());
    eventually("the temporary files are gone", || place.leftovers().is_empty().then_some(()));
}

/// Nobody can clean up after `kill -9` but its last will.
#[test]
fn a_killed_one_leaves_no_process_behind() {
    let place = Place::new();
    let up = place.up(&[]);
    let started = up.descendants();
    assert!(started.len() > 2, "{started:?}");
    up.signal(Signal::SIGKILL);
    all_end(&started);
    assert_eq!(up.ended().status.code(), None);
    eventually("the temporary files are gone", || place.leftovers().is_empty().then_some(()));
}
