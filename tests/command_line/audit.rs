//! `restock audit` and `restock why`.

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, MySqlConnection};

use crate::{run::Ended, run::Place};
use testkit::outputs::outputs;

const NOWHERE: &str = "mysql://shop:very-secret@127.0.0.1:1/shop";

#[test]
fn without_a_deployment_both_fail_with_one_line() {
    let place = Place::new();
    for (arguments, status) in [(vec!["audit"], 2), (vec!["why", "CP-502101"], 1)] {
        let ended = place.run(&arguments);
        assert_eq!(ended.status.code(), Some(status), "{ended:?}");
        assert!(ended.stderr.contains(".restock/outputs.json cannot be read"), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
}

/// The outputs of a system that was killed stay behind.
#[test]
fn a_system_that_is_gone_is_named_with_its_url() {
    let place = Place::new();
    let mut outputs = outputs();
    outputs["endpoint_url"] = json!("http://127.0.0.1:1");
    outputs["database_url"] = json!(NOWHERE);
    std::fs::write(place.here().join("gone.json"), outputs.to_string()).expect("outputs");
    for (command, status) in
        [(vec!["audit"], 2), (vec!["why", "CP-502101"], 1), (vec!["dead-letters", "list"], 1)]
    {
        let ended = place.run(&[command, vec!["--outputs", "gone.json"]].concat());
        assert_eq!(ended.status.code(), Some(status), "{ended:?}");
        let sentence = "restock: nothing answers at http://127.0.0.1:1 (Connection refused";
        assert!(ended.stderr.starts_with(sentence), "{ended:?}");
        assert!(ended.stderr.ends_with("is `restock up` running?\n"), "{ended:?}");
    }
}

#[test]
fn an_invalid_sku_is_refused() {
    let ended = Place::new().run(&["why", "cp"]);
    assert_eq!(ended.status.code(), Some(2), "{ended:?}");
    assert!(ended.stderr.contains("SKU must be 1 to 40 characters"), "{ended:?}");
}

async fn change(database: &str, statement: &'static str) {
    let mut connection = MySqlConnection::connect(database).await.expect("a connection");
    connection.execute(statement).await.expect(statement);
}

fn printed(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).expect("JSON")
}

#[tokio::test]
async fn both_use_the_deployment_that_up_has_started() {
    let place = Place::new();
    let up = place.up(&["--stock", "20"]);
    let clean = place.run(&["audit"]);
    assert_eq!(clean.status.code(), Some(0), "{clean:?}");
    let all =
        "No findings. Products: 3, stock movements: 3, open restocks: 0, running executions: 0.\n";
    assert_eq!(clean.stdout, all);
    let why = place.run(&["why", "CP-502101"]);
    assert_eq!(why.status.code(), Some(0), "{why:?}");
    assert!(why.stdout.contains("    20 in stock  counted by hand: +20, opening "), "{why:?}");
    let end = "\nNow: 20 in stock, which is the sum of the ledger.\n\
               Next: nothing. The stock is above the reorder point of 10.\n";
    assert!(why.stdout.ends_with(end), "{why:?}");
    let unknown = place.run(&["why", "NO-SUCH"]);
    assert_eq!(unknown.stderr, "restock: there is no product NO-SUCH\n");

    let database = up.outputs().database_url.expect("a database");
    change(&database, "UPDATE stock_bucket SET stock = 17").await;
    let found = place.run(&["audit", "--json"]);
    assert_eq!(found.status.code(), Some(1), "{found:?}");
    let finding = &printed(&found)["findings"][0];
    assert_eq!(finding["finding"], "unexplained_stock");
    assert_eq!((&finding["stock"], &finding["ledger"]), (&17.into(), &20.into()));
    assert!(place.run(&["why", "CP-502101"]).stdout.contains("BUT THE SUM OF THE LEDGER IS 20"));

    let other = place.run(&["audit", "--database-url", "postgres://x"]);
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    assert!(
        other.stderr.starts_with("restock: the database URL must begin with mysql://"),
        "{other:?}"
    );
    let away = place.run(&["audit", "--database-url", NOWHERE]);
    assert_eq!(away.status.code(), Some(2), "{away:?}");
    assert!(away.stderr.starts_with("restock: the database cannot be reached: "), "{away:?}");
    assert!(!format!("{away:?}").contains("very-secret"), "{away:?}");
    assert_eq!(away.stderr.matches("Connection refused").count(), 1, "{away:?}");
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}

#[test]
fn without_a_database_url_the_audit_asks_through_the_functions() {
    let place = Place::new();
    let up = place.up(&[]);
    let mut outputs = up.outputs();
    outputs.database_url = None;
    outputs.write(&place.here().join("on-aws.json")).expect("outputs");
    let ended = place.run(&["audit", "--outputs", "on-aws.json"]);
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let database = up.outputs().database_url.expect("a database");
    let mut command = place.command(&["audit", "--outputs", "on-aws.json"]);
    command.env("DATABASE_URL", database);
    let ended = crate::run::Running::start(command).ended();
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    up.signal(Signal::SIGTERM);
    assert!(up.ended().status.success());
}
