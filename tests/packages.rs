//! The functions are built with what cargo has already compiled. The same binary gives the same package. The Lambda runtime
//! `provided.al2023` has glibc 2.34, so the packages that `restock package` has built, if any, need no newer one.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use local_programs::{build, packages};
use object::{Endianness, read::elf::ElfFile64};
use sha2::{Digest, Sha256};
use system::System;

/// The glibc of Lambda.
const GLIBC: (u32, u32) = (2, 34);

/// The newest glibc version that a program needs. `None` if it needs none.
fn glibc(program: &Path) -> Option<(u32, u32)> {
    let data = fs::read(program).expect("a program");
    let elf = ElfFile64::<Endianness>::parse(data.as_slice()).expect("a program of Linux");
    let (endian, sections) = (elf.endian(), elf.elf_section_table());
    let (mut libraries, link) = sections.gnu_verneed(endian, data.as_slice()).expect("versions")?;
    let names = sections.strings(endian, data.as_slice(), link).expect("names");
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next().expect("a library") {
        while let Some(version) = versions.next().expect("a version") {
            let name = version.name(endian, names).expect("a name");
            newest = newest.max(number(&String::from_utf8_lossy(name)));
        }
    }
    newest
}

/// The version in `GLIBC_2.34` or `GLIBC_2.2.5`.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix("GLIBC_")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The functions that were built for a named target, as cargo-lambda does.
fn built() -> Vec<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder");
    let functions = System::read().expect("system.json").functions;
    let functions = functions.keys().map(String::as_str).chain(["migrate", "start-migration"]);
    let functions: Vec<&str> = functions.collect();
    let machines = ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"];
    let release = machines.map(|machine| target.join(machine).join("release"));
    let all = release.iter().flat_map(|folder| functions.iter().map(|name| folder.join(name)));
    all.filter(|program| program.exists()).collect()
}

#[test]
fn functions_need_no_newer_glibc_than_lambda_has() {
    let built = built();
    if built.is_empty() {
        // `eprintln!` prints nothing if the test passes.
        let text = b"\n*** NOT TESTED: packages for Lambda. No package was built: see docs/deploy-aws.md, Deploy.\n\n";
        std::io::stderr().write_all(text).expect("stderr is open");
    }
    for program in built {
        let asks = glibc(&program);
        assert!(asks.is_some() && asks <= Some(GLIBC), "{}: {asks:?}", program.display());
    }
}

#[test]
fn the_glibc_that_a_program_needs_is_found() {
    let ourselves = std::env::current_exe().expect("a program");
    assert!(glibc(&ourselves) >= Some((2, 2)), "{:?}", glibc(&ourselves));
    assert_eq!((number("GLIBC_2.2.5"), number("GCC_3.0")), (Some((2, 2)), None));
}

/// Packs a folder with two functions that were built at this time. Returns the hash of each package.
fn hashes(built: SystemTime) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["check-stock", "migrate"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
        let binary = folder.path().join(name).join("bootstrap");
        fs::write(&binary, format!("the code of {name}")).expect("written");
        let file = fs::File::options().write(true).open(&binary).expect("a file");
        file.set_modified(built).expect("its time");
    }
    let packages = packages::pack(folder.path()).expect("packages");
    packages.iter().map(|p| Sha256::digest(fs::read(p).expect("a package")).to_vec()).collect()
}

/// Terraform compares the hashes of the packages. If a hash depended on the time, each apply would deploy every function again
/// and migrate the database again.
#[test]
fn binaries_that_are_built_again_without_a_change_have_packages_with_the_same_hash() {
    let now = SystemTime::now();
    let (first, again) = (hashes(now - Duration::from_secs(100_000)), hashes(now));
    assert_eq!(first, again);
    assert!(first.len() == 2 && first[0] != first[1], "other code has another hash");
}

/// Lambda starts the file `bootstrap` of a package.
#[test]
fn a_package_holds_the_binary_as_a_program() {
    let package = packages::zipped(b"binary").expect("a package");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("an archive");
    let mut bootstrap = archive.by_name("bootstrap").expect("the binary");
    let mut content = Vec::new();
    std::io::Read::read_to_end(&mut bootstrap, &mut content).expect("its content");
    assert_eq!((content.as_slice(), bootstrap.unix_mode()), (&b"binary"[..], Some(0o100_755)));
}

/// Builds as a person does, whose shell lacks what cargo sets for this test. Returns what was not compiled before.
fn compiled_by_a_person() -> Vec<String> {
    let set_by_cargo = |name: &str| {
        name == "OUT_DIR"
            || name.starts_with("CARGO_") && !["CARGO_HOME", "CARGO_TARGET_DIR"].contains(&name)
    };
    let mut cargo = Command::new("cargo");
    for (name, _) in std::env::vars().filter(|(name, _)| set_by_cargo(name)) {
        cargo.env_remove(name);
    }
    cargo.args(["build", "--workspace", "--bins", "--message-format=json"]);
    let built = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    let messages = String::from_utf8(built.stdout).expect("text");
    let message = |line| serde_json::from_str::<serde_json::Value>(line).expect("a message");
    let compiled = messages.lines().map(message).filter(|message| message["fresh"] == false);
    compiled.map(|artifact| artifact["target"]["name"].to_string()).collect()
}

/// Build scripts of some dependencies read variables that cargo sets for the programs it runs. If a build had them, `cargo run`
/// would compile half of the dependencies again after `cargo build`, and the other way round.
#[tokio::test]
async fn cargo_run_and_cargo_test_build_the_functions_with_what_cargo_build_has_compiled() {
    assert!(std::env::var_os("OUT_DIR").is_some(), "cargo sets it for this test");
    build::functions().await.expect("the functions");
    assert_eq!(compiled_by_a_person(), Vec::<String>::new());
}
