//! The processes of one system. A test pauses them with SIGSTOP: they hang, and later they continue as if no time had
//! passed.

use std::{fs, path::Path};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, getpgid},
};

use crate::{System, eventually, sockets::sockets_of};

/// A running process.
#[derive(Debug, Clone)]
pub struct Process {
    /// The function, `emulator` or `database`.
    pub name: String,
    id: Pid,
}

/// A process that is paused until this value is dropped.
#[derive(Debug)]
pub struct Paused(Process);

impl Drop for Paused {
    fn drop(&mut self) {
        // Fails if Lambda has killed the function meanwhile. Another process with the same id is not disturbed: the signal
        // has no effect on a process that runs.
        let _ = kill(self.0.id, Signal::SIGCONT);
    }
}

impl Process {
    /// Pauses the process. `None` if it has ended.
    pub async fn pause(&self) -> Option<Paused> {
        kill(self.id, Signal::SIGSTOP).ok()?;
        let paused = Paused(self.clone());
        let what = format!("{} is paused or has ended", self.name);
        let is_paused = eventually(&what, async || match self.state() {
            Some('T') => Some(true),
            Some('Z' | 'X') | None => Some(false),
            Some(_) => None,
        });
        is_paused.await.then_some(paused)
    }

    /// The state in `/proc`: `T` is paused, `Z` and `X` are ended.
    fn state(&self) -> Option<char> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id)).ok()?;
        // The name of the program, in parentheses, may contain anything.
        stat.rsplit_once(") ")?.1.chars().next()
    }

    /// The port of the Runtime API, from which a function gets its invocations.
    pub fn runtime_api_port(&self) -> u16 {
        let address = variable(self.id, "AWS_LAMBDA_RUNTIME_API").expect("a function");
        address.rsplit(':').next().expect("a port").parse().expect("a number")
    }

    /// Whether the process has an open TCP connection to this port of this machine.
    pub fn is_connected_to(&self, port: u16) -> bool {
        sockets_of(self.id.as_raw()).iter().any(|socket| socket.is_connected_to(port))
    }
}

impl System {
    /// The processes of functions that run now, busy or idle.
    pub fn function_processes(&self) -> Vec<Process> {
        let home = self.emulator_home();
        let named = |id| Some(Process { name: variable(id, "AWS_LAMBDA_FUNCTION_NAME")?, id });
        all_processes().filter(|id| has_home(*id, &home)).filter_map(named).collect()
    }

    /// The process of the local AWS.
    pub fn emulator_process(&self) -> Process {
        let home = self.emulator_home();
        // Only the emulator itself leads its process group: a child that it has just forked does not.
        let leads = |id: &Pid| getpgid(Some(*id)) == Ok(*id);
        let id = all_processes().find(|id| leads(id) && has_home(*id, &home));
        Process { name: "emulator".to_owned(), id: id.expect("the emulator runs") }
    }

    /// The process of the database server, which must be the system's own.
    pub fn database_process(&self) -> Process {
        assert!(self.cloud.backing_services.database.is_some(), "other tests use the server");
        let url = self.cloud.backing_services.database_url();
        let port = url.rsplit(':').next().and_then(|rest| rest.split('/').next());
        let option = format!("--port={}", port.expect("a port"));
        let has_option = |id: &Pid| {
            let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            arguments.split(|byte| *byte == 0).any(|argument| argument == option.as_bytes())
        };
        let id = all_processes().find(has_option).expect("the database server runs");
        Process { name: "database".to_owned(), id }
    }

    fn emulator_home(&self) -> String {
        let home = self.cloud.backing_services.log_path().parent();
        home.and_then(Path::to_str).expect("a home").to_owned()
    }
}

fn all_processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    entries.filter_map(|entry| Some(Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)))
}

fn has_home(id: Pid, home: &str) -> bool {
    variable(id, "HOME").is_some_and(|value| value == home)
}

/// A variable of the environment that the process was started with. `None` also if the process has ended.
fn variable(id: Pid, name: &str) -> Option<String> {
    let environment = fs::read(format!("/proc/{id}/environ")).ok()?;
    let prefix = format!("{name}=");
    let mut variables = environment.split(|byte| *byte == 0);
    let value = variables.find_map(|variable| variable.strip_prefix(prefix.as_bytes()))?;
    String::from_utf8(value.to_vec()).ok()
}
