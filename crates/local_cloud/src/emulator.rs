//! The local AWS: ministack with the corrections in `emulator/`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Error, Result, anyhow, bail};
use tokio::{net::TcpListener, time::Instant};

use local_programs::{
    console::Console,
    prerequisites::{self, PythonPackages},
    process::{Invocation, Program, RunFolder, free_port},
};
use system::REGION;

const LAUNCHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/launch.py");

const PACKAGES: PythonPackages = PythonPackages {
    name: "emulator",
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/requirements.txt"),
    about: "the local AWS (ministack)",
};

/// How often to try: another program may take the free port before the emulator does.
const START_ATTEMPTS: u32 = 3;

/// How long a start may take. It takes less than a second on an idle machine.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// A Python with the emulator's packages, which are installed first if necessary.
pub async fn python(console: Console) -> Result<Invocation> {
    PACKAGES.python(console).await
}

/// Fails with one sentence about everything that this machine lacks to run the local AWS and, if one is needed, a database
/// server.
pub async fn check_prerequisites(database_server: bool) -> Result<()> {
    prerequisites::check(PACKAGES, database_server).await
}

/// The files to which the emulator appends what happens.
#[derive(Debug, Clone, Default)]
pub struct RecordFiles {
    /// The transitions that executions take through the state machines.
    pub transitions: Option<PathBuf>,
    /// The actions for which roles are used. With this file, the emulator enforces roles as AWS does; without it, roles
    /// exist but are not enforced.
    pub permissions: Option<PathBuf>,
}

impl RecordFiles {
    fn add_to(&self, launcher: Invocation) -> Invocation {
        let records = [("record", &self.transitions), ("record-permissions", &self.permissions)];
        records.into_iter().fold(launcher, |launcher, (name, file)| match file {
            Some(file) => launcher.option(name, file),
            None => launcher,
        })
    }
}

/// An emulator that runs until it is stopped or dropped, or until this process ends.
#[derive(Debug)]
pub struct Emulator {
    // Before the folder: fields are dropped in this order, and the program must end before its folder is removed.
    program: Program,
    folder: RunFolder,
    endpoint: String,
}

impl Emulator {
    /// Starts the emulator on the given port or on a free one.
    pub async fn start(port: Option<u16>, records: &RecordFiles, console: Console) -> Result<Self> {
        let python = python(console).await?;
        if let Some(port) = port {
            return Self::start_at(unless_in_use(port).await?, records, python).await;
        }
        let mut last = None;
        for _ in 0..START_ATTEMPTS {
            match Self::start_at(free_port().await?, records, python.clone()).await {
                Ok(emulator) => return Ok(emulator),
                Err(error) => last = Some(error),
            }
        }
        Err(last.context("the emulator was not started")?)
    }

    async fn start_at(port: u16, records: &RecordFiles, python: Invocation) -> Result<Self> {
        let endpoint = format!("http://127.0.0.1:{port}");
        let folder = RunFolder::create("emulator")?;
        // A clean environment: every function inherits it, so a variable that a function lacks must not come from the
        // developer's shell.
        let home = folder.path();
        let invocation = records
            .add_to(python.arg(LAUNCHER))
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
            // Its listener for IoT would be open to the network.
            .env("IOT_MTLS_ENABLED", "0")
            .env("LOG_LEVEL", "WARNING");
        let program = Program::start("emulator", folder.path(), &invocation).await?;
        Self { program, folder, endpoint }.ready().await
    }

    /// Waits until the emulator has opened its port and answers.
    async fn ready(self) -> Result<Self> {
        let deadline = Instant::now() + START_TIMEOUT;
        let listening = self.folder.path().join("listening");
        let health = format!("{}/_ministack/health", self.endpoint);
        let client = http_client::client()?;
        while !listening.exists() || client.get(&health).send().await.is_err() {
            if self.program.has_ended() || Instant::now() > deadline {
                bail!("the local AWS did not start {}", self.program.status_and_log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(self)
    }

    /// The endpoint: `http://127.0.0.1:port`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The log of the emulator and the functions.
    pub fn log(&self) -> &Path {
        self.program.log()
    }

    /// The folder with requests for crashes: see `emulator/crashes.py`.
    pub fn crash_folder(&self) -> PathBuf {
        self.folder.path().join("crashes")
    }

    /// Waits until the emulator ends although nobody has stopped it. The error says how, with the last lines of its log.
    pub async fn ended(&self) -> Error {
        self.program.ended().await;
        anyhow!("the local AWS has ended {}", self.program.status_and_log())
    }

    /// Stops the emulator and all functions.
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
    async fn the_emulator_answers_until_it_is_stopped_and_leaves_nothing() {
        let emulator =
            Emulator::start(None, &RecordFiles::default(), Console::on_stderr()).await.unwrap();
        let (endpoint, log) = (emulator.endpoint().to_owned(), emulator.log().to_owned());
        let address = endpoint.strip_prefix("http://").unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_ok());
        emulator.stop().await;
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
        assert!(!log.exists());
    }

    #[tokio::test]
    async fn the_error_for_a_port_in_use_says_what_to_do() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let records = RecordFiles::default();
        let error = Emulator::start(Some(port), &records, Console::on_stderr());
        let error = error.await.unwrap_err();
        assert_eq!(error.to_string(), format!("port {port} is in use: choose another with --port"));
    }
}
