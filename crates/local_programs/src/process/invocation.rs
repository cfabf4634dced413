use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result};
use tokio::process::Command;

/// A program with its arguments and its environment.
#[derive(Debug, Clone)]
pub struct Invocation {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, OsString)>,
    folder: Option<PathBuf>,
}

impl Invocation {
    /// A program whose environment contains only `PATH`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: vec![("PATH".to_owned(), path)],
            folder: None,
        }
    }

    /// A program that inherits the whole environment. Needed by programs that use the network: mirrors, proxies and
    /// certificates are configured there.
    pub fn inheriting(program: impl Into<PathBuf>) -> Self {
        let environment = std::env::vars_os();
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self { environment: environment.filter_map(named).collect(), ..Self::new(program) }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds an argument of the form `--name=path`.
    #[must_use]
    pub fn option(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut argument = OsString::from(format!("--{name}="));
        argument.push(value);
        self.arg(argument)
    }

    /// Adds an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs the program in a folder.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The program and its arguments, which identify the invocation.
    pub fn command_line(&self) -> (&Path, &[OsString]) {
        (&self.program, &self.arguments)
    }

    /// The command, not started yet.
    pub(super) fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.arguments).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Runs the program to its end and returns what it printed to stdout. Errors contain its output.
    pub async fn run(&self, what: &str) -> Result<String> {
        let done = Command::from(self.command())
            .stdin(Stdio::null())
            .output()
            .await
            .with_context(|| format!("{what}: {} cannot be started", self.program.display()))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let (out, err) = (text(&done.stdout), text(&done.stderr));
        anyhow::ensure!(done.status.success(), "{what}: {}: {out}\n{err}", done.status);
        Ok(out)
    }
}
