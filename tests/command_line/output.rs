//! Readers of the output that close it early, such as `head`.

use std::{
    io::pipe,
    process::{Child, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::run::{Place, eventually};

/// The command, whose output nobody reads any more.
fn unread(place: &Place, arguments: &[&str]) -> Child {
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    let mut command = place.command(arguments);
    command.stdout(writer).stderr(Stdio::piped()).spawn().expect("the binary runs")
}

#[test]
fn a_command_whose_output_is_closed_ends_quietly() {
    let place = Place::new();
    for arguments in [&["cost"][..], &["man"], &["completions", "bash"], &["fault", "list"]] {
        let ended = unread(&place, arguments).wait_with_output().expect("an end");
        let problem = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && problem.is_empty(), "{arguments:?}: {problem}");
    }
}

#[test]
fn up_goes_on_when_its_output_is_closed() {
    let place = Place::new();
    let mut up = unread(&place, &["up"]);
    let id = Pid::from_raw(up.id().try_into().expect("an id"));
    eventually("it is up", || {
        assert!(up.try_wait().expect("a status").is_none(), "it has ended");
        place.outputs_files().contains("outputs.json").then_some(())
    });
    eventually("it answers", || place.run(&["buy", "CP-502101"]).status.success().then_some(()));
    kill(id, Signal::SIGTERM).expect("a signal");
    let ended = up.wait_with_output().expect("an end");
    let problem = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && !problem.contains("panicked"), "{problem}");
}
