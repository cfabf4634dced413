//! Each correction of the emulator works and is needed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use std::fs;

use futures::{StreamExt, stream};
use local_cloud::emulator::python;
use local_programs::console::Console;

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/tests");

/// How many files are tested at once: more than a small machine has processors, because the tests mostly wait.
const AT_ONCE: usize = 3;

#[tokio::test]
async fn every_correction_of_the_emulator_works_and_is_needed() {
    let entries = fs::read_dir(TESTS).expect("a folder");
    let files = entries.map(|entry| entry.expect("a file").path());
    let names = files.map(|file| file.file_name().expect("a name").to_string_lossy().into_owned());
    let tests: Vec<_> = names.filter(|name| name.starts_with("test_")).collect();
    assert!(tests.len() > 10, "{tests:?}");
    stream::iter(tests).for_each_concurrent(AT_ONCE, run).await;
}

/// Runs the tests of one file.
async fn run(file: String) {
    let python = python(Console::on_stderr()).await.expect("the emulator's Python");
    let arguments = ["-m", "unittest", "discover", "--start-directory", TESTS, "--pattern", &file];
    let unittest = arguments.into_iter().fold(python, |python, argument| python.arg(argument));
    unittest.run(&file).await.expect("all tests of the corrections pass");
}
