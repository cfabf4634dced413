use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::process::Invocation;

/// The first program with one of these names on the PATH or in one of these folders.
pub(super) fn installed(names: &[&str], folders: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(folders.iter().map(PathBuf::from));
    let candidates = folders.flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    candidates.into_iter().find(|candidate| candidate.is_file())
}

/// Installs Debian packages, as root or with sudo.
pub(super) async fn install(packages: &[&str]) -> Result<()> {
    ensure!(Path::new("/usr/bin/apt-get").exists(), "apt-get does not exist on this machine");
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    if apt_get(&install).await.is_ok() {
        return Ok(());
    }
    // The list of packages may be outdated or missing.
    apt_get(&["update"]).await?;
    apt_get(&install).await
}

async fn apt_get(arguments: &[&str]) -> Result<()> {
    let apt_get = if nix::unistd::Uid::effective().is_root() {
        Invocation::inheriting("apt-get")
    } else {
        Invocation::inheriting("sudo").arg("--non-interactive").arg("apt-get")
    };
    let apt_get = apt_get
        .env("DEBIAN_FRONTEND", "noninteractive")
        .arg("--option")
        .arg("DPkg::Lock::Timeout=120");
    arguments.iter().fold(apt_get, Invocation::arg).run("apt-get").await.map(drop)
}
