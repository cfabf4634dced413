//! Programs that we start, and that must end with us.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    time::timeout,
};

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A program under a guardian, which ends it when we end: a signal to us, even SIGKILL, closes the pipe
/// that the guardian reads. (Linux's parent death signal would not do: it is lost when a program changes
/// its user, as database servers do.)
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    guardian: Child,
    log: PathBuf,
}

impl Program {
    /// Starts a program whose working folder is removed when it has ended. What it prints goes to a
    /// file in that folder.
    pub fn start(name: &'static str, folder: TempDir, command: &Invocation) -> Result<Self> {
        let folder = folder.keep();
        let log = folder.join(format!("{name}.log"));
        let output =
            File::create(&log).with_context(|| format!("{} cannot be made", log.display()))?;
        let guardian = Command::new("sh")
            .arg("-c")
            .arg(include_str!("guardian.sh"))
            .arg(name)
            .arg(&folder)
            .arg(PATIENCE.as_secs().to_string())
            .arg(&command.program)
            .args(&command.arguments)
            .env_clear()
            .envs(command.environment.iter().map(|(name, value)| (name, value)))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.program.display()))?;
        Ok(Self { name, guardian, log })
    }

    /// Whether it has ended, though nobody asked it to.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.guardian.try_wait(), Ok(None))
    }

    /// Where it prints to.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The last lines that it printed.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }

    /// Ends it, and waits until it has.
    pub async fn stop(mut self) {
        drop(self.guardian.stdin.take());
        if timeout(2 * PATIENCE, self.guardian.wait()).await.is_err() {
            tracing::warn!("{} did not end in time", self.name);
        }
    }

    /// Kills it at once, as a crash would. Its folder stays.
    pub async fn kill(mut self) {
        if let Some(group) = self.guardian.id().and_then(|id| i32::try_from(id).ok()) {
            // It may have ended by itself in the meantime: then there is nobody to signal.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.guardian.wait().await;
    }
}

/// A program with its arguments and its whole environment.
#[derive(Debug, Clone)]
pub struct Invocation {
    program: PathBuf,
    arguments: Vec<std::ffi::OsString>,
    environment: Vec<(String, std::ffi::OsString)>,
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

    /// With an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// With an argument of the form `--name=path`.
    #[must_use]
    pub fn option(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut argument = std::ffi::OsString::from(format!("--{name}="));
        argument.push(value);
        self.arg(argument)
    }

    /// With a variable in its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.to_owned(), value.as_ref().to_owned()));
        self
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
