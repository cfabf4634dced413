//! The commands of docs/how-to.md, run in the order in which they stand there.

use std::process::Command;

use crate::run::{Place, eventually};

const HOW_TO: &str = include_str!("../../docs/how-to.md");

/// The command lines of a recipe: in blocks and in tables. A line that ends with a backslash goes on.
fn lines(heading: &str) -> Vec<String> {
    let (_, recipe) = HOW_TO.split_once(&format!("\n## {heading}\n")).expect(heading);
    let recipe = recipe.split("\n## ").next().unwrap_or_default().replace("\\\n", "");
    let commands = recipe.lines().filter_map(|line| {
        let (_, command) = line.split_once("cargo run -- ")?;
        let end = command.find(['`', '#']).unwrap_or(command.len());
        Some(command[..end].trim().to_owned())
    });
    commands.collect()
}

/// Runs a command line in a shell, as a reader who pastes it.
fn paste(place: &Place, line: &str) {
    let restock = env!("CARGO_BIN_EXE_restock");
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{restock} {line}")]).current_dir(place.here());
    let output = shell.output().expect("a shell");
    assert!(output.status.success(), "{line}\n{output:?}");
}

/// Not run: what stays up, what needs a terminal, and what needs a deployment on AWS.
fn is_run(line: &str) -> bool {
    !["up", "watch"].iter().any(|command| line.split(' ').next() == Some(command))
        && !line.contains("--deployment outputs.json")
}

#[test]
fn every_command_of_the_recipes_works_when_it_is_pasted_in_order() {
    let place = Place::new();
    let _up = place.up(&[]);
    let mut run = 0;
    for heading in [
        "Use the system on your machine",
        "Add a product",
        "Correct the stock after a count",
        "Add a factory",
        "Choose reorder point and target",
    ] {
        for line in lines(heading).iter().filter(|line| is_run(line)) {
            if line.starts_with("mails") {
                wait_for_the_failure(&place);
            }
            paste(&place, line);
            run += 1;
        }
    }
    assert!(run > 20, "{run} commands were run");
}

/// A reader waits for the mail, which comes within a minute.
fn wait_for_the_failure(place: &Place) {
    eventually("the restock has failed", || {
        let letters = place.run(&["dead-letters", "list", "--json"]);
        letters.stdout.contains("Factory.Unavailable").then_some(())
    });
}
