//! The release binaries of the functions: built, or taken from a folder.

use std::{
    collections::BTreeMap,
    fs::File,
    io::copy,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use local_programs::{build, console::Console, packages, process::RunFolder};
use zip::ZipArchive;

use crate::{Options, Part, functions::NAMES};

/// The binaries of the functions that are measured. Folders of unpacked packages are removed when this is dropped.
pub(crate) struct Packages {
    binaries: BTreeMap<String, PathBuf>,
    _unpacked: RunFolder,
}

impl Packages {
    /// The path of each binary, by the name of the function.
    pub fn all(&self) -> &BTreeMap<String, PathBuf> {
        &self.binaries
    }

    pub fn binary(&self, name: &str) -> Result<&Path> {
        let binary = self.binaries.get(name);
        Ok(binary.with_context(|| format!("the function {name} is not among the packages"))?)
    }

    /// The size of the function's package in bytes: its binary in a ZIP file, as Lambda gets it.
    pub fn zipped(&self, name: &str) -> Result<usize> {
        Ok(packages::zipped(&std::fs::read(self.binary(name)?)?)?.len())
    }
}

/// The names of the functions that the parts of these options need.
fn names(options: &Options) -> Vec<&'static str> {
    let needs_all = |part: &Part| {
        !matches!(part, Part::HotRow | Part::ManyRows | Part::Buckets | Part::Refused)
    };
    if options.parts.iter().any(needs_all) {
        return NAMES.to_vec();
    }
    vec!["check-stock", "decrement-stock"]
}

/// Finds the functions that the options need. Builds them unless the options name a folder.
pub(crate) async fn find(options: &Options, console: Console) -> Result<Packages> {
    let names = names(options);
    let unpacked = RunFolder::create("packages")?;
    let binaries = match &options.functions {
        Some(folder) => given(&names, folder, unpacked.path())?,
        None => {
            console.note(format_args!("building {} functions for release", names.len()));
            build::release(&names).await?
        }
    };
    Ok(Packages { binaries, _unpacked: unpacked })
}

fn given(names: &[&str], folder: &Path, unpacked: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let located =
        names.iter().map(|name| Ok(((*name).to_owned(), located(name, folder, unpacked)?)));
    located.collect()
}

/// The binary of a function: itself, in a folder with its name, or in a ZIP file in that folder as cargo-lambda makes it.
fn located(name: &str, folder: &Path, unpacked: &Path) -> Result<PathBuf> {
    let (itself, bootstrap) = (folder.join(name), folder.join(name).join("bootstrap"));
    for binary in [&bootstrap, &itself] {
        if binary.is_file() {
            return Ok(binary.canonicalize()?);
        }
    }
    let package = folder.join(name).join("bootstrap.zip");
    if !package.is_file() {
        bail!(
            "{} has neither the binary {name} nor the package {name}/bootstrap.zip: build it, or leave out --functions",
            folder.display()
        );
    }
    unpack(&package, &unpacked.join(name)).with_context(|| package.display().to_string())
}

fn unpack(package: &Path, binary: &Path) -> Result<PathBuf> {
    let mut zip = ZipArchive::new(File::open(package)?)?;
    let mut file = File::create(binary)?;
    copy(&mut zip.by_name("bootstrap")?, &mut file)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o755))?;
    Ok(binary.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn file(path: &Path, content: &[u8]) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    #[test]
    fn a_folder_may_hold_binaries_and_packages() {
        let folder = RunFolder::create("test").unwrap();
        let unpacked = RunFolder::create("test").unwrap();
        file(&folder.path().join("sales-api"), b"binary");
        file(&folder.path().join("check-stock/bootstrap"), b"in a folder");
        file(
            &folder.path().join("report/bootstrap.zip"),
            &packages::zipped(b"in a package").unwrap(),
        );
        let content = |name| {
            let binary = located(name, folder.path(), unpacked.path()).unwrap();
            String::from_utf8(std::fs::read(binary).unwrap()).unwrap()
        };
        assert_eq!(content("sales-api"), "binary");
        assert_eq!(content("check-stock"), "in a folder");
        assert_eq!(content("report"), "in a package");
    }

    #[test]
    fn a_function_that_is_missing_in_the_folder_is_named() {
        let folder = RunFolder::create("test").unwrap();
        let error = located("sales-api", folder.path(), folder.path()).unwrap_err();
        assert!(error.to_string().contains("neither the binary sales-api"), "{error}");
    }
}
