//! Kills functions, on this machine only: see `emulator/crashes.py`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::ErrorKind,
    path::PathBuf,
};

use anyhow::{Context, Result, ensure};
use deployment::outputs::Outputs;
use system::System;

/// The functions, and whether a kill waits for their next invocation. Empty on AWS.
///
/// # Errors
/// If `system.json` cannot be read.
pub fn requests(outputs: &Outputs) -> Result<BTreeMap<String, bool>> {
    let Some(folder) = &outputs.crash_folder else { return Ok(BTreeMap::new()) };
    let functions = System::read()?.functions.into_keys();
    Ok(functions.map(|name| (name.clone(), folder.join(&name).exists())).collect())
}

/// Asks for a kill in the next invocation.
///
/// # Errors
/// On AWS, and if there is no such function.
pub fn request(outputs: &Outputs, function: &str) -> Result<()> {
    File::create(file(outputs, function)?).context("the request cannot be written")?;
    Ok(())
}

/// Takes back a request that still waits. Does nothing if none waits.
///
/// # Errors
/// As [`request`].
pub fn take_back(outputs: &Outputs, function: &str) -> Result<()> {
    match fs::remove_file(file(outputs, function)?) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).context("the request cannot be taken back")
        }
        _ => Ok(()),
    }
}

fn file(outputs: &Outputs, function: &str) -> Result<PathBuf> {
    let folder = outputs.crash_folder.as_ref();
    let folder = folder.context("functions can be killed only on this machine")?;
    let is_function = System::read()?.functions.contains_key(function);
    ensure!(is_function, "there is no function {function}");
    Ok(folder.join(function))
}
