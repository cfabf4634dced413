//! Cleans up after this process, however it ended: kills process groups and removes folders.
//!
//! `PR_SET_PDEATHSIG` (see `starter`) is not enough: the kernel forgets it when a child changes its user, as
//! `mysqld --user=...` does, it does not reach grandchildren, and it removes no folder. Destructors are not enough
//! either: statics, such as a server that all tests share, are never dropped.
//!
//! So a small shell, the reaper, reads instructions from a pipe whose other end only this process holds. When this
//! process ends, the kernel closes the pipe, and the reaper kills and removes everything that is still registered.
//! Clean-up at the next start would be no substitute: until then a database would keep running.

use std::{
    io::Write,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use nix::unistd::Pid;

/// Instructions, one per line: `kill GROUP`, `spare GROUP`, `remove FOLDER`. They are carried out at the end of input.
/// A removal is repeated, because a process may still write while it is being killed. (`kill -KILL` instead of `-s KILL`
/// would not work: Debian's shell then accepts no group.)
const REAPER: &str = r#"
groups=' '
while IFS=' ' read -r verb object; do
  case $verb in
    kill) groups="$groups$object " ;;
    spare) groups="${groups%% $object *} ${groups#* $object }" ;;
    remove) set -- "$@" "$object" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
for try in 1 2 3; do rm -rf -- "$@" && break; sleep 1; done
"#;

static PIPE: Mutex<Option<ChildStdin>> = Mutex::new(None);

/// Kills the process group after the end of this process.
pub(super) fn kill_group(group: Pid) -> Result<()> {
    write(format!("kill {group}\n").as_bytes())
}

/// Unregisters a process group that has ended. The kernel may reuse its id from now on.
pub(super) fn forget_group(group: Pid) {
    // Fails only if the reaper is gone, and then nobody kills the group anyway.
    let _ = write(format!("spare {group}\n").as_bytes());
}

/// Removes the folder after the end of this process, if it still exists.
pub(super) fn remove_folder(folder: &Path) -> Result<()> {
    let path = folder.as_os_str().as_bytes();
    ensure!(!path.contains(&b'\n'), "the path {} has a line break", folder.display());
    write(&[b"remove ", path, b"\n"].concat())
}

fn write(line: &[u8]) -> Result<()> {
    let mut pipe = PIPE.lock().unwrap_or_else(PoisonError::into_inner);
    let pipe = match &mut *pipe {
        Some(pipe) => pipe,
        none => none.insert(start_reaper()?),
    };
    pipe.write_all(line).context("the clean-up shell of this program was killed")
}

/// Starts the reaper in a process group of its own, so that Ctrl-C does not reach it. No other child inherits the pipe:
/// the standard library opens pipes with close-on-exec.
fn start_reaper() -> Result<ChildStdin> {
    let mut shell = Command::new("/bin/sh")
        .args(["-c", REAPER, "restock-process-reaper"])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("/bin/sh cannot be started, which cleans up after this program")?;
    shell.stdin.take().context("the clean-up shell has no input")
}
