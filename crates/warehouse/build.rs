//! `sqlx::migrate!` reads the folder of the migrations at compile time, and cargo does not see a new file there.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
