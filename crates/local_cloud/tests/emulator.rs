//! Each correction of the emulator works and is needed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

use local_cloud::emulator::python;
use local_programs::console::Console;

#[tokio::test]
async fn every_correction_of_the_emulator_works_and_is_needed() {
    let python = python(Console::on_stderr()).await.expect("the emulator's Python");
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../../emulator/tests");
    let arguments = ["-m", "unittest", "discover", "--start-directory", tests];
    arguments
        .into_iter()
        .fold(python, |python, argument| python.arg(argument))
        .run("emulator/tests")
        .await
        .expect("all tests of the corrections pass");
}
