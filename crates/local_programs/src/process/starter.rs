//! Starts commands so that the kernel kills them when this process dies.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command},
    sync::{LazyLock, mpsc},
    thread,
};

use anyhow::{Context, Result};
use tokio::sync::oneshot;

type Started = std::io::Result<Child>;
type Order = (Command, oneshot::Sender<Started>);

/// The kernel's "kill me when my parent dies" (`PR_SET_PDEATHSIG`) means the parent *thread*. Were a
/// child started from a worker of an async runtime, it would be killed when that worker ends, though
/// our process lives on. So all children are started from one thread, which ends only with the process:
/// the sender of its channel is a static.
static STARTER: LazyLock<mpsc::Sender<Order>> = LazyLock::new(|| {
    let (sender, orders) = mpsc::channel::<Order>();
    thread::spawn(move || {
        for (mut command, reply) in orders {
            // A caller that gave up must not leave a child behind.
            if let Err(Ok(mut child)) = reply.send(command.spawn()) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    });
    sender
});

/// Starts `command` as the leader of a new process group.
pub(super) async fn start(mut command: Command) -> Result<Child> {
    command.process_group(0);
    die_with_us(&mut command);
    let (reply, started) = oneshot::channel();
    STARTER.send((command, reply)).ok().context("the thread that starts processes has ended")?;
    Ok(started.await.context("the thread that starts processes has ended")??)
}

#[cfg(target_os = "linux")]
fn die_with_us(command: &mut Command) {
    use nix::{errno::Errno, sys::prctl::set_pdeathsig, sys::signal::Signal, unistd::getppid};

    let parent = std::process::id();
    // SAFETY: this runs between fork and exec, where only async-signal-safe work is sound: `prctl` and
    // `getppid` are plain system calls, and nothing is allocated, locked or unwound (an `Errno` becomes
    // an `io::Error` without an allocation).
    unsafe {
        command.pre_exec(move || {
            set_pdeathsig(Signal::SIGKILL)?;
            // Our process may have died before the request was made: then nobody would be told.
            if u32::try_from(getppid().as_raw()) == Ok(parent) {
                Ok(())
            } else {
                Err(Errno::ESRCH.into())
            }
        });
    }
}

/// Other systems have no such request; there the last will alone ends the child.
#[cfg(not(target_os = "linux"))]
fn die_with_us(_command: &mut Command) {}
