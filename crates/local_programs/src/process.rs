//! Programs that we start, and that must end with us.

mod process_reaper;
mod program;
mod run_folder;
mod starter;
#[cfg(test)]
mod tests;

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result};
use tokio::{net::TcpListener, process::Command};

pub use program::Program;
pub use run_folder::RunFolder;

/// A program with its arguments and its whole environment.
#[derive(Debug, Clone)]
pub struct Invocation {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, OsString)>,
}

impl Invocation {
    /// A program that inherits nothing but where programs are found.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: vec![("PATH".to_owned(), path)],
        }
    }

    /// A program that inherits all of our environment: one that asks the network for something reads
    /// its mirrors, proxies and certificates from there.
    pub fn inheriting(program: impl Into<PathBuf>) -> Self {
        let environment = std::env::vars_os();
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self { environment: environment.filter_map(named).collect(), ..Self::new(program) }
    }

    /// With an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// With an argument of the form `--name=path`.
    #[must_use]
    pub fn option(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut argument = OsString::from(format!("--{name}="));
        argument.push(value);
        self.arg(argument)
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The program and its arguments: what makes one invocation another.
    pub fn words(&self) -> (&Path, &[OsString]) {
        (&self.program, &self.arguments)
    }

    /// What starts it, for whoever needs more than to run it to its end.
    fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it to its end. An error holds what it printed.
    pub async fn run(&self, what: &str) -> Result<String> {
        let done = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .await
            .with_context(|| format!("{what}: {} cannot be started", self.program.display()))?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let (out, err) = (said(&done.stdout), said(&done.stderr));
        anyhow::ensure!(done.status.success(), "{what}: {}: {out}\n{err}", done.status);
        Ok(out)
    }
}

/// A port that is free now. Another program may take it before ours does, so ours must say if it is
/// taken.
pub async fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
