//! The local AWS: ministack, with the corrections of `emulator/`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::{net::TcpListener, time::Instant};

use local_programs::{
    console::Console,
    prerequisites::PythonPackages,
    process::{Invocation, Program, RunFolder, free_port},
};
use system::REGION;

const LAUNCHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/launch.py");

const PACKAGES: PythonPackages = PythonPackages {
    name: "emulator",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/requirements.txt"),
    about: "the local AWS (ministack)",
};

/// Another program may take the port between our looking for a free one and the emulator's taking it.
const STARTS: u32 = 3;

/// It is up in less than a second, unless the machine is very busy.
const STARTING: Duration = Duration::from_secs(30);

/// A Python that knows the emulator's packages, which are installed first where they are not there.
pub async fn python(console: Console) -> Result<Invocation> {
    PACKAGES.python(console).await
}

/// What is written down of what happens in the emulator, and where.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Which ways through the state machines executions take.
    pub transitions: Option<PathBuf>,
    /// What roles are used for. Where that is written down, nobody may do what his role does not allow; else
    /// roles are there, and not looked at.
    pub permissions: Option<PathBuf>,
}

impl Records {
    fn asked_of(&self, launcher: Invocation) -> Invocation {
        let records = [("record", &self.transitions), ("record-permissions", &self.permissions)];
        records.into_iter().fold(launcher, |launcher, (name, file)| match file {
            Some(file) => launcher.option(name, file),
            None => launcher,
        })
    }
}

/// An emulator that runs until it is stopped, or until we end.
#[derive(Debug)]
pub struct Emulator {
    // It ends before its folder goes: fields are dropped in this order.
    program: Program,
    folder: RunFolder,
    endpoint: String,
}

impl Emulator {
    /// Starts it on the port, or on any free one.
    pub async fn start(port: Option<u16>, records: &Records, console: Console) -> Result<Self> {
        let python = python(console).await?;
        if let Some(port) = port {
            return Self::start_at(unless_in_use(port).await?, records, python).await;
        }
        let mut last = None;
        for _ in 0..STARTS {
            match Self::start_at(free_port().await?, records, python.clone()).await {
                Ok(emulator) => return Ok(emulator),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("no emulator was started")?)
    }

    async fn start_at(port: u16, records: &Records, python: Invocation) -> Result<Self> {
        let endpoint = format!("http://127.0.0.1:{port}");
        let folder = RunFolder::create("emulator")?;
        // A clean environment, because every function inherits the emulator's: what a function lacks
        // would otherwise be found in our shell's, and be missing on AWS.
        let home = folder.path();
        let invocation = records
            .asked_of(python.arg(LAUNCHER))
            .env("HOME", home)
            .env("TMPDIR", home)
            .env("STATE_DIR", home.join("state"))
            .env("S3_DATA_DIR", home.join("s3"))
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_REGION", REGION)
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("LOG_LEVEL", "WARNING");
        let program = Program::start("emulator", folder.path(), &invocation).await?;
        Self { program, folder, endpoint }.ready().await
    }

    /// Waits until it has the port, and answers there.
    async fn ready(self) -> Result<Self> {
        let deadline = Instant::now() + STARTING;
        let listening = self.folder.path().join("listening");
        let health = format!("{}/_ministack/health", self.endpoint);
        let client = http_client::client()?;
        while !listening.exists() || client.get(&health).send().await.is_err() {
            if self.program.has_ended() || Instant::now() > deadline {
                bail!("the local AWS did not come up:\n{}", self.program.last_words());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(self)
    }

    /// Where it answers: `http://127.0.0.1:port`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where it and the functions print to.
    pub fn log(&self) -> &Path {
        self.program.log()
    }

    /// Ends it, and all functions with it.
    pub async fn stop(self) {
        self.program.stop().await;
    }
}

async fn unless_in_use(port: u16) -> Result<u16> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port} is in use: choose another with --port"))?;
    Ok(port)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn it_answers_until_it_is_stopped_and_leaves_nothing() {
        let emulator =
            Emulator::start(None, &Records::default(), Console::on_stderr()).await.unwrap();
        let (endpoint, log) = (emulator.endpoint().to_owned(), emulator.log().to_owned());
        let address = endpoint.strip_prefix("http://").unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_ok());
        emulator.stop().await;
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
        assert!(!log.exists());
    }

    #[tokio::test]
    async fn a_port_in_use_is_told_with_what_to_do() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let records = Records::default();
        let error = Emulator::start(Some(port), &records, Console::on_stderr());
        let error = error.await.unwrap_err();
        assert_eq!(error.to_string(), format!("port {port} is in use: choose another with --port"));
    }
}
