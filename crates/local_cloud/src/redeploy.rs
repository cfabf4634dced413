//! Builds and redeploys what was saved, while the system runs: the code of functions, and the definitions of state machines.
//! Not `system.json`, the migrations or the emulator: these are read once, at the start.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use aws_sdk_lambda::primitives::Blob;
use local_programs::{build, console::Console};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use system::{CHECKOUT, Settings, System, machine_arn};
use tokio::{select, sync::mpsc, time::timeout};

use crate::{LocalCloud, deploy::package};

/// Editors write several files at once.
const QUIET: Duration = Duration::from_millis(300);

/// What is built and redeployed.
const SOURCES: [&str; 3] = ["crates", "functions", "statemachines"];

/// What is read once, at the start.
const READ_ONCE: [&str; 3] = ["emulator", "migrations", "system.json"];

/// Redeploys after each save, until it is dropped. A version that cannot be built or deployed leaves the last one running.
///
/// # Errors
/// If the folders cannot be watched.
pub async fn on_save(
    cloud: &LocalCloud,
    settings: Option<&Settings>,
    console: Console,
) -> Result<Infallible> {
    // One save that waits is enough: a build takes all that was saved before it.
    let (_sources, mut saved) = saves(&SOURCES)?;
    let (_read_once, mut saved_read_once) = saves(&READ_ONCE)?;
    let mut deployed = Deployed::now(settings).await?;
    loop {
        let needs_restart = select! {
            save = saved.recv() => save.map(|()| false),
            save = saved_read_once.recv() => save.map(|()| true),
        };
        if needs_restart.context("the folders are no longer watched")? {
            console.note(RESTART);
            while timeout(QUIET, saved_read_once.recv()).await.is_ok() {}
            continue;
        }
        while timeout(QUIET, saved.recv()).await.is_ok() {}
        console.note("a file was saved: building");
        match deployed.renew(cloud, settings).await {
            Ok(names) if names.is_empty() => console.note("nothing that runs has changed"),
            Ok(names) => console.note(format_args!("redeployed: {}", names.join(", "))),
            Err(error) => console.note(format_args!("{error:#}. The last version still runs")),
        }
    }
}

/// Said once for each save of [`READ_ONCE`].
const RESTART: &str = "system.json, a migration or the emulator was saved, which takes effect at the next start: end this and start it again";

/// A message for each save under these paths, until the watcher is dropped. Saves that nobody has received yet are one message.
fn saves(paths: &[&str]) -> Result<(RecommendedWatcher, mpsc::Receiver<()>)> {
    let (sender, saved) = mpsc::channel(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| is_save(event.kind)) {
            let _ = sender.try_send(());
        }
    })?;
    for path in paths {
        watcher.watch(&Path::new(CHECKOUT).join(path), RecursiveMode::Recursive)?;
    }
    Ok((watcher, saved))
}

/// A build reads the files too.
fn is_save(kind: EventKind) -> bool {
    kind.is_create() || kind.is_modify() || kind.is_remove()
}

/// What runs.
struct Deployed {
    /// When the binary of each function was built.
    functions: BTreeMap<String, SystemTime>,
    /// The definition of each state machine.
    machines: BTreeMap<String, String>,
}

impl Deployed {
    async fn now(settings: Option<&Settings>) -> Result<Self> {
        Ok(Self {
            functions: built(build::functions().await?)?,
            machines: definitions(CHECKOUT.as_ref(), settings)?,
        })
    }

    /// Builds, and redeploys what differs. Returns its names.
    async fn renew(
        &mut self,
        cloud: &LocalCloud,
        settings: Option<&Settings>,
    ) -> Result<Vec<String>> {
        let binaries = build::binaries(Path::new(CHECKOUT)).await?;
        let (functions, machines) = (built(&binaries)?, definitions(CHECKOUT.as_ref(), settings)?);
        let mut names = Vec::new();
        for name in System::read()?.functions.keys() {
            if functions.get(name) != self.functions.get(name) {
                let binary = binaries.get(name).context("the build has no such binary")?;
                replace_code(cloud, name, binary).await?;
                names.push(name.clone());
            }
        }
        for (name, definition) in &machines {
            if self.machines.get(name) != Some(definition) {
                replace_definition(cloud, name, definition).await?;
                names.push(format!("state machine {name}"));
            }
        }
        *self = Self { functions, machines };
        Ok(names)
    }
}

fn built(binaries: &BTreeMap<String, PathBuf>) -> Result<BTreeMap<String, SystemTime>> {
    let time = |(name, path): (&String, &PathBuf)| Ok((name.clone(), path.metadata()?.modified()?));
    binaries.iter().map(time).collect()
}

/// The definitions in a checkout, by the names of the state machines.
fn definitions(checkout: &Path, settings: Option<&Settings>) -> Result<BTreeMap<String, String>> {
    let mut system = System::read()?;
    system.settings = settings.cloned().unwrap_or(system.settings);
    let definition = |name: &String| Ok((name.clone(), system.definition_in(checkout, name)?));
    system.state_machines.keys().map(definition).collect()
}

/// The functions and the state machines of one release.
#[derive(Debug)]
pub struct Release {
    /// The binary of each function by name.
    binaries: BTreeMap<String, PathBuf>,
    /// The definition of each state machine by name.
    definitions: BTreeMap<String, String>,
}

impl Release {
    /// The release whose sources are in `checkout`, with the binaries that were built from them. The settings are those of the
    /// system that it will be deployed to.
    ///
    /// # Errors
    /// If a definition cannot be read, or needs a name or a setting that this release does not have.
    pub fn new(
        checkout: &Path,
        binaries: BTreeMap<String, PathBuf>,
        settings: Settings,
    ) -> Result<Self> {
        Ok(Self { binaries, definitions: definitions(checkout, Some(&settings))? })
    }

    /// Deploys the release in the order of Terraform: functions, then the definitions that invoke them. A function that only
    /// the other release has stays.
    ///
    /// # Errors
    /// If the local AWS rejects the code of a function or a definition.
    pub async fn deploy(&self, cloud: &LocalCloud) -> Result<()> {
        let functions = System::read()?.functions;
        for (name, binary) in self.binaries.iter().filter(|(name, _)| functions.contains_key(*name))
        {
            replace_code(cloud, name, binary).await?;
        }
        for (name, definition) in &self.definitions {
            replace_definition(cloud, name, definition).await?;
        }
        Ok(())
    }
}

/// The package executes the binary where it is. New code ends the environments that run the old binary.
async fn replace_code(cloud: &LocalCloud, name: &str, binary: &Path) -> Result<()> {
    let update = cloud.clients.functions.update_function_code().function_name(name);
    let update = update.zip_file(Blob::new(package(binary)?)).send().await;
    update.with_context(|| format!("the function {name} cannot be redeployed"))?;
    Ok(())
}

async fn replace_definition(cloud: &LocalCloud, name: &str, definition: &str) -> Result<()> {
    let update = cloud.clients.machines.update_state_machine();
    let update = update.state_machine_arn(machine_arn(name)).definition(definition).send().await;
    update.with_context(|| format!("the state machine {name} cannot be redeployed"))?;
    Ok(())
}
