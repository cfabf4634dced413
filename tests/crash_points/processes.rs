//! The processes of one system's functions: the places that they pass, and how they end.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use memchr::memmem;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{place::ARMED, place::PASSED, place::TAKEN};

/// The functions of the system whose emulator lives in this home.
pub struct Processes(PathBuf);

impl Processes {
    pub fn at_home(home: &Path) -> Self {
        Self(home.to_owned())
    }

    /// Ends those of a function, so that its next invocation begins with a new one.
    pub fn end(&self, function: &str) {
        let log = self.0.join(format!("{PASSED}{function}"));
        let Ok(passed) = fs::read_to_string(&log) else { return };
        let pids: BTreeSet<i32> =
            passed.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
        for pid in pids.into_iter().filter(|pid| self.is_ours(*pid)) {
            kill(Pid::from_raw(pid), Signal::SIGKILL).expect("a process of ours");
        }
        fs::remove_file(log).expect("a file less");
    }

    /// Whether it is not another one by now, to which the number was given anew.
    fn is_ours(&self, pid: i32) -> bool {
        let home = [b"HOME=", self.0.as_os_str().as_bytes(), b"\0"].concat();
        fs::read(format!("/proc/{pid}/environ"))
            .is_ok_and(|environment| memmem::find(&environment, &home).is_some())
    }

    /// The places that a function has passed since.
    pub fn passed(&self, function: &str) -> BTreeSet<String> {
        let passed = fs::read_to_string(self.0.join(format!("{PASSED}{function}")));
        let passed = passed.unwrap_or_default();
        passed.lines().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect()
    }

    /// Has the next process of a function die that passes the place.
    pub fn arm(&self, function: &str, place: &str) {
        // Not written under its name, where it could be read by half.
        let new = self.0.join("place-to-be-armed");
        fs::write(&new, format!("{function} {place}")).expect("a file");
        fs::rename(new, self.0.join(ARMED)).expect("a file");
    }

    /// Whether one has died since, where it was to.
    pub fn has_died(&self) -> bool {
        fs::remove_file(self.0.join(TAKEN)).is_ok()
    }
}
