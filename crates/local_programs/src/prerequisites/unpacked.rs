//! MariaDB from the packages of Debian or Ubuntu, downloaded and unpacked without root.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{Cache, apt};
use crate::{console::Console, process::Invocation};

/// `mariadb-install-db` needs tools of the client package.
const PACKAGES: [&str; 2] = ["mariadb-server-core", "mariadb-client-core"];

/// Never unpacked: a C library works only with the dynamic loader of the same version, which is that of the machine.
const C_LIBRARY: &str = "libc6";

/// Whether this machine has the programs that download and unpack packages.
pub(super) fn is_possible() -> bool {
    ["apt-get", "dpkg-deb"].iter().all(|name| apt::installed(&[name], &[]).is_some())
}

/// The folder with the unpacked packages, for this release of the system.
pub(super) async fn mariadb(console: Console) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    fs::read_to_string("/etc/os-release").unwrap_or_default().hash(&mut hasher);
    let name = format!("mariadb-{:016x}", hasher.finish());
    let make = async |folder: &Path| {
        console.note("downloading MariaDB (with apt-get, into the cache): once, about 20 s");
        unpack(folder).await.context("MariaDB cannot be downloaded from the mirror of apt-get")
    };
    Cache::open()?.folder(&name, make).await
}

async fn unpack(folder: &Path) -> Result<()> {
    let work = TempDir::new_in(folder)?;
    // apt-get does not create them.
    for name in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(work.path().join(name))?;
    }
    // Fails also if one of several mirrors cannot be reached; the others may have all that is needed.
    let updated = apt_get(work.path()).arg("update").run("apt-get update").await;
    let downloaded = download(work.path()).await;
    downloaded.map_err(|error| updated.err().unwrap_or(error))?;
    for entry in fs::read_dir(work.path())? {
        let package = entry?.path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            let unpack = Invocation::new("dpkg-deb").arg("--extract").arg(package).arg(folder);
            unpack.run("dpkg-deb --extract").await?;
        }
    }
    Ok(())
}

/// Downloads what the server needs and what is not installed, or not in the needed version.
async fn download(work: &Path) -> Result<()> {
    let simulate = ["install", "--simulate", "--no-install-recommends"];
    let simulate = simulate.iter().chain(&PACKAGES).fold(apt_get(work), Invocation::arg);
    let plan = simulate.run("apt-get install --simulate").await?;
    let download = names(&plan).iter().fold(apt_get(work).arg("download"), Invocation::arg);
    download.run("apt-get download").await.map(drop)
}

/// The packages that a simulation of apt-get would install, and the server's own in any case.
fn names(plan: &str) -> BTreeSet<String> {
    let lines = plan.lines().filter_map(|line| line.strip_prefix("Inst "));
    let names = lines.filter_map(|line| line.split(' ').next());
    let names = names.filter(|name| name.split(':').next() != Some(C_LIBRARY));
    names.chain(PACKAGES).map(ToOwned::to_owned).collect()
}

/// apt-get with package lists of its own in `work`: those of the machine belong to root, and a container has none.
fn apt_get(work: &Path) -> Invocation {
    let lists = format!("Dir::State::Lists={}", work.join("lists").display());
    let cache = format!("Dir::Cache={}", work.join("cache").display());
    // As root, apt-get would download as another user, who cannot write into `work`.
    let options = [lists, cache, "APT::Sandbox::User=root".to_owned()];
    let apt_get = Invocation::inheriting("apt-get").in_folder(work).env("LC_ALL", "C").arg("-qq");
    options.iter().fold(apt_get, |apt_get, option| apt_get.arg("--option").arg(option))
}

/// The folders with shared libraries, for `LD_LIBRARY_PATH`.
pub(super) fn library_path(root: &Path) -> OsString {
    let folders = ["usr/lib", "lib"].map(|folder| root.join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let libraries = paths.filter(|path| path.to_string_lossy().contains("-linux-gnu"));
    // Fails only for a path with a colon, which the loader cannot read either.
    std::env::join_paths(libraries).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn all_missing_packages_are_unpacked_but_the_c_library() {
        let plan = "Inst libnuma1 (2.0.16-1 Debian:12/oldstable [amd64])\n\
                    Inst libc6:i386 [2.36-9] (2.36-9+deb12u13 Debian:12/oldstable [i386])\n\
                    Inst libc6 [2.36-9] (2.36-9+deb12u13 Debian:12/oldstable [amd64])\n\
                    Conf libc6 (2.36-9+deb12u13 Debian:12/oldstable [amd64])\n";
        let names: Vec<String> = names(plan).into_iter().collect();
        assert_eq!(names, ["libnuma1", "mariadb-client-core", "mariadb-server-core"]);
    }
}
