//! The last release: its sources from the history of git, and their build.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use local_programs::build;
use system::CHECKOUT;

/// The commit of the last release. Whoever makes a release changes it: see CONTRIBUTING.md.
const COMMIT: &str = include_str!("last_release.txt");

pub struct LastRelease {
    pub sources: PathBuf,
    /// The binary of each function by name.
    pub binaries: BTreeMap<String, PathBuf>,
}

/// Builds the last release, or the revision that `RESTOCK_LAST_RELEASE` names. A checkout without history does not have the last
/// release: then nothing is tested, which is said.
pub async fn build() -> Option<LastRelease> {
    let chosen = std::env::var("RESTOCK_LAST_RELEASE").ok();
    let revision = chosen.as_deref().unwrap_or(COMMIT.trim());
    let Some(commit) = commit(revision) else {
        assert!(chosen.is_none(), "git does not know the revision {revision}");
        say_not_tested(revision);
        return None;
    };
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let sources = own.join(format!("release-{commit}"));
    if !sources.exists() {
        unpack(&commit, &sources);
    }
    // The dependencies are mostly the same, so both releases share one build folder.
    let built = own.parent().expect("the target folder");
    let binaries = build::binaries_beside(&sources, built).await.expect("the last release");
    Some(LastRelease { sources, binaries })
}

/// The hash of a revision, if this checkout has it.
fn commit(revision: &str) -> Option<String> {
    let output = git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]);
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn git(arguments: &[&str]) -> Output {
    Command::new("git").args(["-C", CHECKOUT]).args(arguments).output().expect("git is installed")
}

/// Unpacks the sources of a commit beside their folder and then moves them, so that the folder is never incomplete.
fn unpack(commit: &str, sources: &Path) {
    let incomplete = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let archive = incomplete.path().join("sources.tar");
    let archived = git(&["archive", "--output", &archive.to_string_lossy(), commit]);
    assert!(archived.status.success(), "{}", String::from_utf8_lossy(&archived.stderr));
    let folder = incomplete.path().join("sources");
    fs::create_dir(&folder).expect("a folder");
    let unpacked = Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&folder).status();
    assert!(unpacked.expect("tar is installed").success(), "the sources are unpacked");
    name_version(&folder.join("Cargo.toml"), commit);
    fs::rename(folder, sources).expect("the sources are moved");
}

/// Gives the packages a version of their own. Without it, cargo takes them for the packages of this checkout, because both are
/// built in one folder.
fn name_version(manifest: &Path, commit: &str) {
    let text = fs::read_to_string(manifest).expect("a manifest");
    let (before, after) = text.split_once("[workspace.package]\nversion = \"").expect("a version");
    let named = format!("{before}[workspace.package]\nversion = \"0.0.0-{commit}+{after}");
    fs::write(manifest, named).expect("a manifest");
}

fn say_not_tested(revision: &str) {
    // `eprintln!` prints nothing if the test passes.
    let text = format!(
        "\n*** NOT TESTED: the upgrade from the last release. This checkout does not have {revision}.\n\n"
    );
    std::io::stderr().write_all(text.as_bytes()).expect("stderr is open");
}
