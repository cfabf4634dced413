//! What is done when this process is no more, however it ended.
//!
//! The kernel's own help (see `starter`) is not enough: the request is void once a child changes its
//! user, as `mysqld --user=...` does, it does not reach grandchildren, and it removes no folder. And
//! statics, such as a server that all tests share, are never dropped. So a small shell waits at a pipe
//! whose other end is ours alone. When the kernel closes that end, the shell kills and removes what
//! stands in the will. That is preferred to clean-up at the next start, which may never come and would
//! leave a database running until then.

use std::{
    io::Write,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result, ensure};
use nix::unistd::Pid;

/// Lines: `kill GROUP`, `spare GROUP`, `remove FOLDER`. What stands at the end of input is carried out.
/// A removal is tried again, since a killed process may have been writing when it was killed. (`kill -KILL`
/// instead of `-s KILL` does not do: Debian's shell then takes no group.)
const EXECUTOR: &str = r#"
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

static WILL: Mutex<Option<ChildStdin>> = Mutex::new(None);

/// After our death, kills the process group.
pub(super) fn kill_group(group: Pid) -> Result<()> {
    write(format!("kill {group}\n").as_bytes())
}

/// Takes the group out of the will: its id is free for others from now on.
pub(super) fn forget_group(group: Pid) {
    // A failure means that nobody reads the will any more, so nothing in it will be done.
    let _ = write(format!("spare {group}\n").as_bytes());
}

/// After our death, removes the folder if it is still there.
pub(super) fn remove_folder(folder: &Path) -> Result<()> {
    let path = folder.as_os_str().as_bytes();
    ensure!(!path.contains(&b'\n'), "the path {} has a line break", folder.display());
    write(&[b"remove ", path, b"\n"].concat())
}

fn write(line: &[u8]) -> Result<()> {
    let mut will = WILL.lock().unwrap_or_else(PoisonError::into_inner);
    let pipe = match &mut *will {
        Some(pipe) => pipe,
        none => none.insert(appoint_executor()?),
    };
    pipe.write_all(line).context("the shell that cleans up after this program was killed")
}

/// In a group of its own, so that Ctrl-C at the terminal does not reach it. Its input is closed in every
/// other child, as the standard library opens pipes.
fn appoint_executor() -> Result<ChildStdin> {
    let mut shell = Command::new("/bin/sh")
        .args(["-c", EXECUTOR, "restock-last-will"])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start /bin/sh, which cleans up after this program")?;
    shell.stdin.take().context("the clean-up shell has no input")
}
