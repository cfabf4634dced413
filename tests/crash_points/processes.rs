//! The processes of one system's functions: the crash points that they passed, and crashes.

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

use crate::crash_point::{ARMED, CRASHED, PASSED};

/// The processes of the functions whose emulator has this home folder.
pub struct Processes(PathBuf);

impl Processes {
    pub fn with_home(home: &Path) -> Self {
        Self(home.to_owned())
    }

    /// Kills the processes of a function, so that its next invocation starts a new one. Forgets what they passed.
    pub fn kill(&self, function: &str) {
        let log = self.0.join(format!("{PASSED}{function}"));
        let Ok(passed) = fs::read_to_string(&log) else { return };
        let pids: BTreeSet<i32> =
            passed.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
        for pid in pids.into_iter().filter(|pid| self.is_ours(*pid)) {
            kill(Pid::from_raw(pid), Signal::SIGKILL).expect("the process is killed");
        }
        fs::remove_file(log).expect("the log is removed");
    }

    /// Whether the process id still belongs to a function of this system: ids are reused.
    fn is_ours(&self, pid: i32) -> bool {
        let home = [b"HOME=", self.0.as_os_str().as_bytes(), b"\0"].concat();
        fs::read(format!("/proc/{pid}/environ"))
            .is_ok_and(|environment| memmem::find(&environment, &home).is_some())
    }

    /// The crash points that a function has passed since [`Processes::kill`].
    pub fn passed(&self, function: &str) -> BTreeSet<String> {
        let passed = fs::read_to_string(self.0.join(format!("{PASSED}{function}")));
        let passed = passed.unwrap_or_default();
        passed.lines().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect()
    }

    /// The next process of the function that passes the crash point will crash there.
    pub fn arm(&self, function: &str, crash_point: &str) {
        // Renamed when complete, so that no process reads half of it.
        let new = self.0.join("crash-point-to-be-armed");
        fs::write(&new, format!("{function} {crash_point}")).expect("a file");
        fs::rename(new, self.0.join(ARMED)).expect("a file");
    }

    /// Whether a process has crashed since [`Processes::arm`].
    pub fn has_crashed(&self) -> bool {
        fs::remove_file(self.0.join(CRASHED)).is_ok()
    }
}
