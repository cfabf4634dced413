//! Warns in the first seconds of the first build if this machine has no Python: the programs need it, and a person should not
//! wait for the build to hear of it. The programs themselves check more, and say more: `crates/local_programs`.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PYTHON");
    let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let pip = Command::new(&python).args(["-m", "pip", "--version"]).output();
    if !pip.is_ok_and(|pip| pip.status.success()) {
        let python = python.display();
        println!(
            "cargo::warning=This build goes on, but `cargo run` and `cargo test` will need Python 3.10 or later with pip, and \
             `{python} -m pip` fails. On Debian and Ubuntu: sudo apt-get install python3-pip"
        );
    }
}
