//! A running program with all its child processes.

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

use super::{invocation::Invocation, process_reaper, starter};

/// How long a program may take to end after SIGTERM.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a drop waits for a killed program. The kernel needs some milliseconds.
const DROP_TIMEOUT: Duration = Duration::from_secs(2);
/// How many lines of the log an error contains.
const SHOWN_LINES: usize = 12;

/// A running program, the leader of a process group. Dropping it kills the group.
///
/// Not tied to an async runtime: tests with a runtime each share one program.
#[derive(Debug)]
pub struct Program {
    group: Arc<Group>,
    log: PathBuf,
    ended: watch::Receiver<Option<ExitStatus>>,
}

impl Program {
    /// Starts a program. Its output is appended to `NAME.log` in `folder`.
    pub async fn start(name: &str, folder: &Path, invocation: &Invocation) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let output = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("{} cannot be made", log.display()))?;
        let mut command = invocation.command();
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = starter::start(command).await.with_context(|| {
            format!("{} cannot be started", invocation.command_line().0.display())
        })?;
        let group = Arc::new(Group::of(&child)?);
        let ended = watch_end(child, Arc::clone(&group));
        Ok(Self { group, log, ended })
    }

    /// The process id, which is also the id of the group.
    pub fn id(&self) -> i32 {
        self.group.id.as_raw()
    }

    /// Whether the program has ended.
    pub fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// The file with its output.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// A description for errors: the exit status and the last lines of the log.
    pub fn status_and_log(&self) -> String {
        let end =
            self.ended.borrow().map_or_else(|| "still running".to_owned(), |end| end.to_string());
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
        format!("({end})\n{last}")
    }

    /// Sends SIGTERM to the group, and SIGKILL after 5 s. Returns when the program has ended.
    pub async fn stop(&self) {
        self.stop_within(STOP_TIMEOUT).await;
    }

    pub(super) async fn stop_within(&self, limit: Duration) {
        self.group.signal(Signal::SIGTERM);
        if timeout(limit, self.ended()).await.is_err() {
            self.kill().await;
        }
    }

    /// Kills the group with SIGKILL, as in a crash. Returns when the program has ended and its locks are released.
    pub async fn kill(&self) {
        self.group.signal(Signal::SIGKILL);
        self.ended().await;
    }

    /// Waits until the program has ended.
    pub async fn ended(&self) {
        // The sender is dropped only after it has sent the status, so a closed channel also means the end.
        let _ = self.ended.clone().wait_for(Option::is_some).await;
    }
}

impl Drop for Program {
    /// Waits for the end: the caller may remove the folder next.
    fn drop(&mut self) {
        self.group.signal(Signal::SIGKILL);
        let deadline = Instant::now() + DROP_TIMEOUT;
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A process group. While it is open, its leader is not reaped, so the kernel cannot give its id to others.
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
            // Fails only if the group has no process left.
            let _ = killpg(self.id, signal);
        }
    }

    /// Kills the remaining processes of the group. Afterwards the kernel may reuse its id.
    fn close(&self) {
        self.signal(Signal::SIGKILL);
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = false;
        process_reaper::forget_group(self.id);
    }
}

/// Waits for the child on a thread of its own: no async runtime is certain to live as long as the child.
fn watch_end(mut child: Child, group: Arc<Group>) -> watch::Receiver<Option<ExitStatus>> {
    let (sender, receiver) = watch::channel(None);
    thread::spawn(move || {
        await_end(&mut child);
        group.close();
        sender.send_replace(child.wait().ok());
    });
    receiver
}

/// Waits without reaping, so that the kernel does not reuse the id of the group yet.
#[cfg(target_os = "linux")]
fn await_end(child: &mut Child) {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    let Ok(id) = i32::try_from(child.id()) else { return };
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    while waitid(Id::Pid(Pid::from_raw(id)), flags) == Err(nix::errno::Errno::EINTR) {}
}

/// Other systems reap the child here, a moment too early; `Child` keeps its status.
#[cfg(not(target_os = "linux"))]
fn await_end(child: &mut Child) {
    let _ = child.wait();
}
