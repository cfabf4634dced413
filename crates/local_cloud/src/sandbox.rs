//! Backing services for Terraform: an empty local AWS that enforces roles, an empty database, and a factory.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use local_programs::{build, console::Console, process::RunFolder};
use serde_json::{Value, json};

use crate::{
    backing_services::BackingServices,
    deploy::{MAIL_FROM, MAIL_TO, api_url, package},
    emulator::{RecordFiles, check_prerequisites},
    options::Options,
};

/// Terraform's variables, in the folder of the sandbox.
const VARIABLES: &str = "variables.tfvars.json";

/// Backing services, the functions' packages, and the variables for Terraform.
pub struct Sandbox {
    /// The services.
    pub backing_services: BackingServices,
    folder: RunFolder,
}

impl Sandbox {
    /// Checks what this machine has, builds and packs the functions, starts the services and writes the variables.
    pub async fn start(options: Options, console: Console) -> Result<Self> {
        check_prerequisites(options.database_url.is_none()).await?;
        let folder = RunFolder::create("sandbox")?;
        // The folder will contain passwords and keys.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700))?;
        console.note("building the functions");
        pack(build::functions().await?, folder.path())?;
        let permissions = Some(folder.path().join("permissions"));
        let records = RecordFiles { permissions, ..options.records };
        let options = Options { records, ..options };
        let backing_services = BackingServices::start(&options, console).await?;
        let variables = variables(&backing_services, folder.path());
        let text = serde_json::to_string_pretty(&variables)?;
        write(&folder.path().join(VARIABLES), text)?;
        Ok(Self { backing_services, folder })
    }

    /// The folder for Terraform's state and outputs. It is removed when the sandbox stops.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file with the values for `terraform/variables.tf`.
    pub fn variables_file(&self) -> PathBuf {
        self.folder().join(VARIABLES)
    }

    /// Stops the services and removes the folder.
    pub async fn stop(self) {
        self.backing_services.stop().await;
    }
}

/// Writes the package of each function.
fn pack(binaries: &BTreeMap<String, PathBuf>, folder: &Path) -> Result<()> {
    for (name, binary) in binaries {
        write(&folder.join(format!("{name}.zip")), package(binary)?)?;
    }
    Ok(())
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}

/// The values for `terraform/variables.tf`.
fn variables(backing_services: &BackingServices, packages: &Path) -> Value {
    let endpoint = backing_services.endpoint();
    json!({
        "factory_url": backing_services.factory_url().to_string(),
        "checkout_authorization": "NONE",
        "mail_from": MAIL_FROM,
        "mail_to": MAIL_TO,
        "packages": packages.join("{function}.zip"),
        "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" },
        "database_url": backing_services.database_url(),
        "endpoint_url": endpoint,
        "public_url": api_url(endpoint, "{api_id}"),
    })
}
