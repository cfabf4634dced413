//! A crash point: a place after an await where a process can be told to crash. This file is compiled into the
//! instrumented functions, and into the tests, which read and write the same files.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use nix::sys::signal::{Signal, raise};

/// The crash points that a function passed: the beginning of a file name, which the function's name ends. Each line of
/// the file has the process id and the crash point.
pub const PASSED: &str = "crash-points-passed-by-";

/// The file with the function and the crash point at which the next process crashes.
pub const ARMED: &str = "crash-point-armed";

/// The new name of `ARMED` once a process has crashed there.
pub const CRASHED: &str = "crash-point-crashed";

/// Returns the value of an await, unless the process must crash here.
pub fn passed<T>(crash_point: &str, value: T) -> T {
    // The emulator sets another HOME for the functions of each system.
    if let (Some(home), Ok(function)) = (env::var_os("HOME"), env::var("AWS_LAMBDA_FUNCTION_NAME"))
    {
        pass(&PathBuf::from(home), &function, crash_point);
    }
    value
}

fn pass(home: &Path, function: &str, crash_point: &str) {
    let log = home.join(format!("{PASSED}{function}"));
    let log = fs::File::options().append(true).create(true).open(log);
    let line = format!("{} {crash_point}\n", std::process::id());
    log.and_then(|mut log| log.write_all(line.as_bytes())).expect("the log is written");
    let here = format!("{function} {crash_point}");
    let is_armed = fs::read_to_string(home.join(ARMED)).is_ok_and(|armed| armed == here);
    // Only one process crashes: the first that renames the file.
    if is_armed && fs::rename(home.join(ARMED), home.join(CRASHED)).is_ok() {
        raise(Signal::SIGKILL).expect("the process is killed");
    }
}
