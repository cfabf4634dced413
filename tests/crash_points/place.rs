//! A place after an await, where a process may be told to die. Compiled into the functions that the kill
//! tests run, and into the tests themselves, which read and write the same files.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use nix::sys::signal::{Signal, raise};

/// What a function has passed, in a file that is named after it: a line for each passing, with the process
/// and the place.
pub const PASSED: &str = "places-passed-by-";

/// The function and the place at which the next process that passes it is to die.
pub const ARMED: &str = "place-armed";

/// What `ARMED` is called once a process has taken it for its own.
pub const TAKEN: &str = "place-taken";

/// Hands on what an await has brought, unless this is where the process is to die.
pub fn passed<T>(place: &str, value: T) -> T {
    // The emulator gives each function its own home, which is another for each system.
    if let (Some(home), Ok(function)) = (env::var_os("HOME"), env::var("AWS_LAMBDA_FUNCTION_NAME"))
    {
        pass(&PathBuf::from(home), &function, place);
    }
    value
}

fn pass(home: &Path, function: &str, place: &str) {
    let log = home.join(format!("{PASSED}{function}"));
    let log = fs::File::options().append(true).create(true).open(log);
    let line = format!("{} {place}\n", std::process::id());
    log.and_then(|mut log| log.write_all(line.as_bytes())).expect("a line more");
    let here = format!("{function} {place}");
    let armed = fs::read_to_string(home.join(ARMED)).is_ok_and(|armed| armed == here);
    // One process only: whoever is first to rename it.
    if armed && fs::rename(home.join(ARMED), home.join(TAKEN)).is_ok() {
        raise(Signal::SIGKILL).expect("nobody survives this");
    }
}
