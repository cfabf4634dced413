//! Starts child processes that the kernel kills when this process ends.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command},
    sync::{LazyLock, mpsc},
    thread,
};

use anyhow::{Context, Result};
use tokio::sync::oneshot;

type Started = std::io::Result<Child>;
type Request = (Command, oneshot::Sender<Started>);

/// One thread that starts all children and lives as long as this process. `PR_SET_PDEATHSIG` refers to the parent
/// *thread*: a child that was started by a worker thread of an async runtime would be killed when that worker ends.
static STARTER: LazyLock<mpsc::Sender<Request>> = LazyLock::new(|| {
    let (sender, requests) = mpsc::channel::<Request>();
    thread::spawn(move || {
        for (mut command, reply) in requests {
            // The caller no longer waits: nobody would stop the child.
            if let Err(Ok(mut child)) = reply.send(command.spawn()) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    });
    sender
});

/// Starts a command as the leader of a new process group.
pub(super) async fn start(mut command: Command) -> Result<Child> {
    command.process_group(0);
    kill_with_parent(&mut command);
    let (reply, started) = oneshot::channel();
    STARTER.send((command, reply)).ok().context("the thread that starts processes has ended")?;
    Ok(started.await.context("the thread that starts processes has ended")??)
}

#[cfg(target_os = "linux")]
fn kill_with_parent(command: &mut Command) {
    use nix::{errno::Errno, sys::prctl::set_pdeathsig, sys::signal::Signal, unistd::getppid};

    let parent = std::process::id();
    // SAFETY: the closure runs between fork and exec, where only async-signal-safe functions are allowed. `prctl` and
    // `getppid` are plain system calls, and nothing allocates, locks or unwinds (an `Errno` becomes an `io::Error`
    // without an allocation).
    unsafe {
        command.pre_exec(move || {
            set_pdeathsig(Signal::SIGKILL)?;
            // The parent may have ended before this call; the kernel would then never send the signal.
            if u32::try_from(getppid().as_raw()) == Ok(parent) {
                Ok(())
            } else {
                Err(Errno::ESRCH.into())
            }
        });
    }
}

/// Other systems have no such call; there only the reaper ends the child.
#[cfg(not(target_os = "linux"))]
fn kill_with_parent(_command: &mut Command) {}
