//! A running program with everything it started.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{sync::watch, time::timeout};

use super::{Invocation, process_reaper, starter};

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a drop waits for a killed program; the kernel needs some milliseconds.
const DROP_PATIENCE: Duration = Duration::from_secs(2);
/// How many lines of a log an error shows.
const SHOWN_LINES: usize = 12;

/// A running program, the leader of a process group. Dropping it kills the group.
///
/// It is not tied to an async runtime: many tests, each with a runtime of its own, share one.
#[derive(Debug)]
pub struct Program {
    group: Arc<Group>,
    log: PathBuf,
    ended: watch::Receiver<Option<ExitStatus>>,
}

impl Program {
    /// Starts a program. What it prints is appended to `NAME.log` in `folder`.
    pub async fn start(name: &str, folder: &Path, invocation: &Invocation) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let output = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("{} cannot be made", log.display()))?;
        let mut command = invocation.command();
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = starter::start(command)
            .await
            .with_context(|| format!("{} cannot be started", invocation.program.display()))?;
        let group = Arc::new(Group::of(&child)?);
        let ended = announce_end(child, Arc::clone(&group));
        Ok(Self { group, log, ended })
    }

    #[cfg(test)]
    /// The process id, which is also the id of the group.
    pub fn id(&self) -> i32 {
        self.group.id.as_raw()
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// Where it prints to.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it did, where its log is, and the last lines of that.
    pub fn last_words(&self) -> String {
        let end =
            self.ended.borrow().map_or_else(|| "it still runs".to_owned(), |end| end.to_string());
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
        format!("({end}; {})\n{last}", self.log.display())
    }

    /// Asks the group to end, kills it if it does not within 5 s, and returns when it has ended.
    pub async fn stop(&self) {
        self.stop_within(PATIENCE).await;
    }

    pub(super) async fn stop_within(&self, patience: Duration) {
        self.group.signal(Signal::SIGTERM);
        if timeout(patience, self.ended()).await.is_err() {
            self.kill().await;
        }
    }

    /// Kills the group at once, as a crash would, and returns when the program is gone with its locks.
    pub async fn kill(&self) {
        self.group.signal(Signal::SIGKILL);
        self.ended().await;
    }

    /// Returns when it has ended, however that came.
    pub async fn ended(&self) {
        // The sender is dropped only after the end was announced, so a closed channel is an end too.
        let _ = self.ended.clone().wait_for(Option::is_some).await;
    }
}

impl Drop for Program {
    /// Waits for the end, so that whoever removes its folder next finds nobody in it.
    fn drop(&mut self) {
        self.group.signal(Signal::SIGKILL);
        let deadline = Instant::now() + DROP_PATIENCE;
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A process group whose id is certainly ours: its leader is not reaped while it is open.
#[derive(Debug)]
struct Group {
    id: Pid,
    open: Mutex<bool>,
}

impl Group {
    fn of(leader: &Child) -> Result<Self> {
        let id = Pid::from_raw(i32::try_from(leader.id()).context("a process id out of range")?);
        let group = Self { id, open: Mutex::new(true) };
        if let Err(error) = process_reaper::kill_group(id) {
            group.signal(Signal::SIGKILL);
            return Err(error);
        }
        Ok(group)
    }

    fn signal(&self, signal: Signal) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if *open {
            // It fails only where the group has no process left, which is what a signal is for.
            let _ = killpg(self.id, signal);
        }
    }

    /// Kills what the leader left behind. Afterwards the id may belong to others.
    fn close(&self) {
        self.signal(Signal::SIGKILL);
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = false;
        process_reaper::forget_group(self.id);
    }
}

/// Reaps `child` on a thread of its own, since no runtime lives as long as the child may.
fn announce_end(mut child: Child, group: Arc<Group>) -> watch::Receiver<Option<ExitStatus>> {
    let (sender, receiver) = watch::channel(None);
    thread::spawn(move || {
        await_end(&mut child);
        group.close();
        sender.send_replace(child.wait().ok());
    });
    receiver
}

/// Waits without reaping: until then the kernel gives the group's id to nobody else.
#[cfg(target_os = "linux")]
fn await_end(child: &mut Child) {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    let Ok(id) = i32::try_from(child.id()) else { return };
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    while waitid(Id::Pid(Pid::from_raw(id)), flags) == Err(nix::errno::Errno::EINTR) {}
}

/// Elsewhere the child is reaped a moment too early; `Child` keeps its status.
#[cfg(not(target_os = "linux"))]
fn await_end(child: &mut Child) {
    let _ = child.wait();
}
