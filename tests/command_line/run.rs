//! Runs the binary, collects its output, and finds all processes that it started.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use deployment::outputs::Outputs;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;

/// The longest wait for anything. The functions may have to be built first.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A folder in which the binary runs, and a folder for its temporary files.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("restock-command-line-").expect("a folder");
        for name in ["here", "temporary"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        // A database server that changes its user must reach its data in this folder.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o711);
        fs::set_permissions(folder.path(), open).expect("an open folder");
        Self { folder }
    }

    /// The folder in which the binary runs.
    pub fn here(&self) -> PathBuf {
        self.folder.path().join("here")
    }

    /// The files in `.restock`.
    pub fn outputs_files(&self) -> BTreeSet<String> {
        names(&self.here().join(".restock"))
    }

    /// The remaining temporary files.
    pub fn leftovers(&self) -> BTreeSet<String> {
        names(&self.folder.path().join("temporary"))
    }

    /// The command, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restock"));
        command.args(arguments).current_dir(self.here());
        command.env("TMPDIR", self.folder.path().join("temporary"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Running::start(self.command(arguments)).ended()
    }

    /// Starts `restock up` and waits until it has printed its instructions.
    pub fn up(&self, arguments: &[&str]) -> Running {
        self.until_up(&[&["up"], arguments].concat())
    }

    /// Starts a command that stays up and waits until it has printed its instructions.
    pub fn until_up(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments)).until_up()
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The output and the exit status.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// The error message on stderr, without the output of cargo, which builds the functions.
    pub fn error_message(&self) -> &str {
        let start = self.stderr.find("restock: ").unwrap_or_default();
        self.stderr[start..].trim_end()
    }
}

type Output = std::sync::Arc<std::sync::Mutex<Vec<u8>>>;

/// A running binary. Dropping it kills the binary; its process reaper kills the rest.
pub struct Running {
    child: std::sync::Mutex<Child>,
    stdout: Output,
    stderr: Output,
    listeners: Vec<thread::JoinHandle<()>>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the binary runs");
        let (stdout, first) = listen(child.stdout.take().expect("its stdout"));
        let (stderr, second) = listen(child.stderr.take().expect("its stderr"));
        let child = std::sync::Mutex::new(child);
        Self { child, stdout, stderr, listeners: vec![first, second] }
    }

    /// Waits until it has printed its instructions.
    pub fn until_up(self) -> Self {
        eventually("it is up", || {
            let over = self.has_ended();
            assert!(!over, "it has ended: {}{}", self.stdout(), self.stderr());
            self.stdout().contains("Press Ctrl-C to stop.").then_some(())
        });
        self
    }

    pub fn stdout(&self) -> String {
        text(&self.stdout)
    }

    pub fn stderr(&self) -> String {
        text(&self.stderr)
    }

    /// The process id.
    pub fn id(&self) -> i32 {
        self.child.lock().expect("a child").id().try_into().expect("an id")
    }

    fn has_ended(&self) -> bool {
        self.child.lock().expect("a child").try_wait().expect("a status").is_some()
    }

    /// The value after a name in the output of `up`.
    pub fn printed(&self, name: &str) -> String {
        let stdout = self.stdout();
        let line = stdout.lines().find(|line| line.starts_with(&format!("{name} ")));
        line.expect(name)[name.len()..].trim().to_owned()
    }

    /// The outputs of the system.
    pub fn outputs(&self) -> Outputs {
        Outputs::read(Path::new(&self.printed("outputs file"))).expect("outputs")
    }

    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.id()), signal).expect("a signal");
    }

    /// Waits for the end of the process.
    pub fn ended(mut self) -> Ended {
        eventually("it has ended", || self.has_ended().then_some(()));
        for listener in self.listeners.drain(..) {
            listener.join().expect("all output");
        }
        let status = self.child.lock().expect("a child").wait().expect("a status");
        Ended { status, stdout: self.stdout(), stderr: self.stderr() }
    }

    /// All descendants of the process, by id.
    pub fn descendants(&self) -> BTreeMap<i32, String> {
        descendants_of(self.id())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let child = self.child.get_mut().expect("a child");
        // Fails if the child has already ended.
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn listen(mut pipe: impl Read + Send + 'static) -> (Output, thread::JoinHandle<()>) {
    let output = Output::default();
    let shared = Output::clone(&output);
    let listener = thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(size @ 1..) = pipe.read(&mut buffer) {
            shared.lock().expect("a lock").extend_from_slice(&buffer[..size]);
        }
    });
    (output, listener)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.lock().expect("a lock")).into_owned()
}

/// Waits until a check returns a value.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A process that has not ended, from `/proc`.
#[derive(Debug)]
struct Process {
    name: String,
    parent: i32,
}

fn process(id: i32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (start, rest) = stat.rsplit_once(") ")?;
    let mut rest = rest.split(' ');
    // A zombie counts as ended: in a container, init may never reap it.
    if matches!(rest.next()?, "Z" | "X") {
        return None;
    }
    let name = start.split_once('(')?.1.to_owned();
    Some(Process { name, parent: rest.next()?.parse().ok()? })
}

fn descendants_of(ancestor: i32) -> BTreeMap<i32, String> {
    let ids = names(Path::new("/proc")).into_iter().filter_map(|name| name.parse().ok());
    let all: BTreeMap<i32, Process> = ids.filter_map(|id| Some((id, process(id)?))).collect();
    let mut found = BTreeMap::new();
    let mut parents = vec![ancestor];
    while let Some(parent) = parents.pop() {
        for (id, process) in all.iter().filter(|(_, process)| process.parent == parent) {
            parents.push(*id);
            found.insert(*id, process.name.clone());
        }
    }
    found
}

/// Whether a process with this name is a database server. MySQL may run under the name of its dynamic loader.
pub fn is_database(name: &str) -> bool {
    ["mariadbd", "mysqld", "ld-linux"].iter().any(|server| name.starts_with(server))
}

/// Waits until all these processes have ended.
pub fn all_end(processes: &BTreeMap<i32, String>) {
    for (id, name) in processes {
        eventually(&format!("{name} ({id}) has ended"), || {
            process(*id).is_none_or(|now| now.name != *name).then_some(())
        });
    }
}
