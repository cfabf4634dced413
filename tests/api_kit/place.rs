//! A system on this machine, and a folder in which the lines of the page can be pasted.

use std::{
    fs,
    os::unix::fs::symlink,
    path::PathBuf,
    process::{Output, Stdio},
};

use deployment::outputs::Outputs;
use system_testkit::{LONG_WAIT, System};
use tempfile::TempDir;
use tokio::process::{Child, Command};

pub struct Place {
    pub system: System,
    folder: TempDir,
}

impl Place {
    /// With the products and the stock of `restock up`.
    pub async fn new() -> Self {
        let system = System::with_two_factories(50, LONG_WAIT).await;
        let folder = TempDir::with_prefix("restock-api-kit-").expect("a folder");
        fs::create_dir(folder.path().join(".restock")).expect("a folder");
        let api = concat!(env!("CARGO_MANIFEST_DIR"), "/api");
        symlink(api, folder.path().join("api")).expect("a link");
        let place = Self { system, folder };
        place.write(&place.system.cloud.outputs);
        place
    }

    pub fn outputs_file(&self) -> PathBuf {
        self.folder.path().join(".restock/outputs.json")
    }

    pub fn write(&self, outputs: &Outputs) {
        outputs.write(&self.outputs_file()).expect("outputs.json");
    }

    /// Runs lines as a shell does in which they are pasted. Its standard output, if it succeeds.
    pub async fn paste(&self, lines: &str) -> Result<String, String> {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", lines]).current_dir(self.folder.path());
        let Output { status, stdout, stderr } = shell.output().await.expect("a shell");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match status.success() {
            true => Ok(text(&stdout)),
            false => Err(format!("{lines}\n{status}\n{}{}", text(&stdout), text(&stderr))),
        }
    }

    /// Runs the command `restock` in the folder.
    pub async fn restock(&self, arguments: &[&str]) -> Output {
        self.start(arguments).wait_with_output().await.expect("restock")
    }

    /// Starts the command `restock` in the folder.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut restock = Command::new(env!("CARGO_BIN_EXE_restock"));
        restock.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        restock.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        restock.spawn().expect("restock")
    }
}
