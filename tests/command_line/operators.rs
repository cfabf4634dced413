//! The commands of operators, on a deployment whose database they cannot reach: everything goes through the functions.

use serde_json::Value;

use crate::run::{Ended, Place, Running, eventually};

/// A running system, and the file of its deployment without the URL of the database.
struct Deployment {
    place: Place,
    _up: Running,
}

impl Deployment {
    fn start(arguments: &[&str]) -> Self {
        let place = Place::new();
        let up = place.up(arguments);
        let outputs = deployment::outputs::Outputs { database_url: None, ..up.outputs() };
        outputs.write(&place.here().join("aws.json")).expect("a file");
        Self { place, _up: up }
    }

    /// Runs the command on the deployment.
    fn run(&self, arguments: &[&str]) -> Ended {
        self.place.run(&[arguments, &["--deployment", "aws.json"]].concat())
    }

    /// The output of a command that must succeed.
    fn succeeds(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert!(ended.status.success(), "{arguments:?}: {ended:?}");
        ended.stdout
    }

    /// Runs a line that a command has printed, in a shell.
    fn paste(&self, line: &str) {
        let command = line.trim().strip_prefix("cargo run --").expect("a command");
        let line = format!("{} {command}", env!("CARGO_BIN_EXE_restock"));
        let shell = std::process::Command::new("sh").args(["-c", &line]).output().expect("a shell");
        assert!(shell.status.success(), "{line}\n{shell:?}");
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {ended:?}"))
    }

    /// The error message of a command that must fail with this status.
    fn fails(&self, status: i32, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.status.code(), Some(status), "{arguments:?}: {ended:?}");
        ended.error_message().to_owned()
    }
}

#[test]
fn an_operator_without_a_way_to_the_database_sees_adjusts_and_explains() {
    let deployed = Deployment::start(&["--stock", "20"]);
    assert!(deployed.succeeds(&["status"]).contains("All is well."));
    assert!(deployed.succeeds(&["buy", "CP-502101", "2"]).contains("sold: 2 CP-502101, 18 left"));
    let adjusted = deployed.succeeds(&["adjust", "CP-502101", "-3", "--reason", "stale ones"]);
    assert!(adjusted.contains("Stock now: 15."), "{adjusted}");
    let refused = deployed.fails(1, &["adjust", "CP-502101", "-99", "--reason", "wrong"]);
    assert!(refused.contains("below zero") && refused.contains("Change.Refused"), "{refused}");
    let why = deployed.succeeds(&["why", "CP-502101", "--utc"]);
    assert!(why.contains("adjusted the stock by -3: stale ones"), "{why}");
    assert!(deployed.succeeds(&["audit"]).starts_with("No findings."));
    let lines = deployed.succeeds(&["logs", "change-warehouse"]);
    assert!(lines.contains("stale ones") && lines.contains("Change.Refused"), "{lines}");
    // On AWS, these two migrate the database. On this machine, nobody has logged as them.
    for function in ["migrate", "start-migration"] {
        assert!(deployed.succeeds(&["logs", function, "--failures"]).starts_with("No function"));
    }
}

#[test]
fn a_product_is_added_sold_out_changed_and_retired_by_command_while_the_shop_sells() {
    let deployed = Deployment::start(&[]);
    let add = [
        "product",
        "add",
        "CP-7",
        "--name",
        "꽈배기",
        "--price",
        "900",
        "--reorder-point",
        "2",
        "--target-stock",
        "5",
        "--factory",
        "FF-500293",
        "--reason",
        "new",
    ];
    let id = ["--id", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"];
    deployed.succeeds(&[&add[..], &id[..]].concat());
    let again = deployed.succeeds(&[&add[..], &id[..]].concat());
    assert!(again.contains("was made before"), "{again}");
    let other = deployed.fails(1, &add);
    assert!(other.contains("the product CP-7 exists"), "{other}");
    deployed.succeeds(&["product", "change", "CP-7", "--price", "950", "--reason", "dearer"]);
    deployed.succeeds(&["adjust", "CP-7", "+4", "--reason", "first ones from another shop"]);
    deployed.succeeds(&["buy", "CP-7"]);
    deployed.succeeds(&["product", "retire", "CP-7", "--reason", "not liked"]);
    let products = deployed.json(&["product", "list"]);
    let retired = products.as_array().expect("a list").iter().find(|one| one["sku"] == "CP-7");
    assert_eq!(retired.expect("the product")["is_retired"], true);
    let twice = deployed.fails(1, &["product", "retire", "CP-7", "--reason", "not liked"]);
    assert!(twice.contains("CP-7 was retired already. Nothing was changed"), "{twice}");
    let status = deployed.succeeds(&["status"]);
    assert!(status.lines().any(|line| line.starts_with("CP-7 ") && line.ends_with("retired")));
    let gone = deployed.run(&["buy", "CP-7"]);
    assert_eq!(gone.status.code(), Some(1), "{gone:?}");
    assert!(gone.stdout.contains("unknown_product"), "{gone:?}");
}

#[test]
fn a_bad_night_is_seen_understood_and_ended_with_the_commands() {
    let deployed = Deployment::start(&["--stock", "11"]);
    deployed.succeeds(&["fault", "set", "refuses-connections", "--factory", "FF-500293"]);
    deployed.succeeds(&["buy", "CP-502101", "5"]);
    eventually("the failure is a dead letter", || {
        let letters = deployed.json(&["dead-letters", "list"]);
        (letters.as_array().is_some_and(|all| !all.is_empty())).then_some(())
    });
    let status = deployed.run(&["status"]);
    assert_eq!(status.status.code(), Some(1), "{status:?}");
    assert!(status.stdout.contains("Factory.Unavailable"), "{status:?}");
    let list = deployed.succeeds(&["dead-letters", "list"]);
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    let letter = &deployed.json(&["dead-letters", "explain", "CP-502101"])[0];
    assert_eq!(
        (&letter["prediction"], &letter["error"]),
        (&"fails_again".into(), &"Factory.Unavailable".into())
    );
    let mail = eventually("the mail", || {
        let mail = deployed.succeeds(&["mails", "--last", "1"]);
        mail.contains("restock CP-502101_1 failed: Factory.Unavailable").then_some(mail)
    });

    let cleared = deployed.succeeds(&["fault", "clear"]);
    assert_eq!(cleared.matches("The factory works as it should.").count(), 2, "{cleared}");
    deployed.paste(mail.lines().find(|line| line.contains("redrive --")).expect("a command"));
    eventually("the product is restocked", || {
        let product = &deployed.json(&["status"])["products"][0];
        (product["stock"] == 50).then_some(())
    });
    let why = deployed.succeeds(&["why", "CP-502101"]);
    assert!(why.contains("redrove dead letters: 1: the cause is mended"), "{why}");
    assert!(deployed.succeeds(&["status"]).contains("All is well."));
}

#[test]
fn a_dead_letter_that_nobody_needs_is_deleted_by_command_with_who_and_why() {
    let deployed = Deployment::start(&["--stock", "11"]);
    deployed.succeeds(&["fault", "set", "answers-400-not-taken", "--factory", "FF-500293"]);
    deployed.succeeds(&["buy", "CP-502101", "5"]);
    let id = eventually("the failure is a dead letter", || {
        deployed.json(&["dead-letters", "list"])[0]["id"].as_str().map(str::to_owned)
    });
    let reason = ["--reason", "counted by hand"];
    let unknown =
        deployed.fails(1, &[&["dead-letters", "delete", "no-such-id"], &reason[..]].concat());
    assert!(unknown.contains("no dead letter has the id no-such-id"), "{unknown}");
    let deleted = deployed.succeeds(&[&["dead-letters", "delete", &id[..8]], &reason[..]].concat());
    assert!(deleted.starts_with("CP-502101: restock 1 failed: deleted."), "{deleted}");
    let why = deployed.succeeds(&["why", "CP-502101"]);
    assert!(why.contains(&format!("deleted the dead letter {id}: counted by hand")), "{why}");
    assert_eq!(deployed.json(&["dead-letters", "list"]), serde_json::json!([]));
}

#[test]
fn a_restock_that_was_ordered_by_mistake_is_stopped_by_command() {
    let deployed = Deployment::start(&["--stock", "11"]);
    let none = deployed.fails(1, &["stop-restock", "CP-502101", "--reason", "none"]);
    assert!(none.contains("no restock of CP-502101 is open"), "{none}");
    deployed.succeeds(&["fault", "set", "drops-callback", "--factory", "FF-500293"]);
    deployed.succeeds(&["buy", "CP-502101", "5"]);
    eventually("the restock waits for its callback", || {
        let product = &deployed.json(&["status"])["products"][0];
        (product["restock"]["waiting"]["state"] == "callback").then_some(())
    });
    deployed.succeeds(&["stop-restock", "CP-502101", "--reason", "too early"]);
    eventually("the sweep has closed the restock", || {
        let status = deployed.json(&["status"]);
        (status["failures"][0]["failure"] == "Restock.Abandoned").then_some(())
    });
}

#[test]
fn a_factory_is_added_and_changed_by_command() {
    let deployed = Deployment::start(&[]);
    let add = [
        "factory",
        "add",
        "FF-9",
        "--name",
        "Ninth",
        "--url",
        "https://ninth.example",
        "--reason",
        "more",
    ];
    assert_eq!(deployed.succeeds(&add), "FF-9: added.\n");
    let other = [&add[..4], &["Tenth"], &add[5..]].concat();
    let exists = deployed.fails(1, &other);
    assert!(exists.contains("FF-9"), "{exists}");
    let change = ["factory", "change", "FF-9", "--lead-time", "2h", "--reason", "slow"];
    deployed.succeeds(&change);
    let all = deployed.json(&["factory", "list"]);
    let ninth = all.as_array().expect("a list").iter().find(|one| one["id"] == "FF-9");
    assert_eq!(ninth.expect("the factory")["lead_time_seconds"], 7_200);
    let unknown = ["factory", "change", "FF-8", "--lead-time", "2h", "--reason", "slow"];
    assert!(deployed.fails(1, &unknown).contains("there is no factory FF-8"));
}

#[test]
fn the_advice_is_computed_from_what_happened_and_applied_by_command() {
    let deployed = Deployment::start(&["--stock", "11"]);
    let none = deployed.succeeds(&["advise", "CP-502101"]);
    assert!(none.contains("nobody wanted to buy"), "{none}");
    deployed.succeeds(&["buy", "CP-502101", "5"]);
    eventually("the product is restocked", || {
        let product = &deployed.json(&["status"])["products"][0];
        (product["stock"] == 50).then_some(())
    });
    deployed.run(&["buy", "CP-502101", "51"]);
    let advice = &deployed.json(&["advise", "CP-502101"])[0]["result"]["Ok"];
    assert!(advice["fill_rate_with_advice"].as_f64().is_some_and(|rate| rate >= 0.95), "{advice}");
    let text = deployed.succeeds(&["advise", "CP-502101", "--apply"]);
    assert!(text.contains("changed as advised"), "{text}");
    let target = advice["policy"]["target_stock"].clone();
    assert_eq!(deployed.json(&["status"])["products"][0]["target_stock"], target);
    assert!(deployed.succeeds(&["why", "CP-502101"]).contains("advice for a service level of 95"));
}

#[test]
fn completions_and_the_manual_are_made_from_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&["completions", shell]);
        assert!(script.stdout.contains("dead-letters"), "{script:?}");
    }
    assert!(place.run(&["man"]).stdout.contains("stop\\-restock"));
    assert!(place.run(&["man", "--folder", "pages"]).status.success());
    assert!(place.here().join("pages/restock-dead-letters-redrive.1").is_file());
}

#[test]
fn colours_are_only_for_terminals_and_a_closed_output_is_no_error() {
    let deployed = Deployment::start(&[]);
    assert!(!deployed.succeeds(&["status"]).contains('\u{1b}'));
    let head = format!("{} status --deployment aws.json | head -1", env!("CARGO_BIN_EXE_restock"));
    let shell = std::process::Command::new("bash")
        .args(["-c", &format!("set -o pipefail; {head}")])
        .current_dir(deployed.place.here())
        .output()
        .expect("a shell");
    assert!(shell.status.success(), "{shell:?}");
}
