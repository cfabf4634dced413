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

use crate::place::{ARMED, PASSED, TAKEN};

/// The functions of the system whose emulator lives in this home.
pub struct Processes(PathBuf);

impl Processes {
    pub fn at_home(home: &Path) -> Self {
        Self(home.to_owned())
    }

    /// Ends all of them, so that the next invocation of each begins with a new one.
    pub fn end(&self) {
        let passed = self.file(PASSED);
        let pids: BTreeSet<i32> =
            passed.lines().filter_map(|line| line.split(' ').next()?.parse().ok()).collect();
        for pid in pids.into_iter().filter(|pid| self.is_ours(*pid)) {
            kill(Pid::from_raw(pid), Signal::SIGKILL).expect("a process of ours");
        }
        for name in [PASSED, ARMED, TAKEN] {
            self.remove(name);
        }
    }

    /// Whether it is not another one by now, to which the number was given anew.
    fn is_ours(&self, pid: i32) -> bool {
        let home = [b"HOME=", self.0.as_os_str().as_bytes(), b"\0"].concat();
        fs::read(format!("/proc/{pid}/environ"))
            .is_ok_and(|environment| memmem::find(&environment, &home).is_some())
    }

    /// What was passed since, each as the function and the place.
    pub fn passed(&self) -> BTreeSet<String> {
        let passed = self.file(PASSED);
        passed.lines().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect()
    }

    /// Has the next process die that passes there.
    pub fn arm(&self, place: &str) {
        // Not written under its name, where it could be read by half.
        let new = self.0.join("place-to-be-armed");
        fs::write(&new, place).expect("a file");
        fs::rename(new, self.0.join(ARMED)).expect("a file");
    }

    /// Whether a process has died there.
    pub fn has_died(&self) -> bool {
        self.0.join(TAKEN).exists()
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    fn remove(&self, name: &str) {
        if self.0.join(name).exists() {
            fs::remove_file(self.0.join(name)).expect("a file less");
        }
    }
}
