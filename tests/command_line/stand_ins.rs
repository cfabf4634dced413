//! `restock stand-ins`: what Terraform is told of them is so.

use std::{collections::BTreeMap, path::Path};

use nix::sys::signal::Signal;
use restock::{cloud::deployment::System, shop::Shop};
use sqlx::{Connection, MySqlConnection};

use crate::run::{Place, Running, all_end};

/// What is written for `-var-file`.
fn variables(stand_ins: &Running) -> BTreeMap<String, String> {
    let apply = stand_ins.told("terraform -chdir=terraform apply");
    let path = apply.strip_prefix("-var-file=").expect("a file");
    let text = std::fs::read_to_string(path).expect("variables");
    serde_json::from_str(&text).expect("only text")
}

async fn answers(url: &str) -> u16 {
    Shop::new(url).expect("a client").product("x").await.expect("an answer").status.as_u16()
}

#[tokio::test]
async fn stand_ins_are_where_terraform_is_told_that_they_are_until_they_are_ended() {
    let place = Place::new();
    let stand_ins = place.until_up(&["stand-ins", "--factory-stage", "50ms"]);
    let variables = variables(&stand_ins);
    let declared = include_str!("../../terraform/variables.tf");
    for name in variables.keys() {
        assert!(declared.contains(&format!("variable \"{name}\" {{")), "{name}");
    }
    assert!(stand_ins.told("aws").contains(&variables["endpoint_url"]));
    assert!(variables["public_url"].starts_with(&variables["endpoint_url"]));
    for url in ["endpoint_url", "factory_url"] {
        assert!(matches!(answers(&variables[url]).await, 400..500), "{url}");
    }
    let mut database = MySqlConnection::connect(&variables["database_url"]).await.expect("a login");
    let tables = sqlx::query("SHOW TABLES").fetch_all(&mut database).await.expect("an answer");
    assert!(tables.is_empty(), "the migrations are Terraform's to run");
    let functions = System::read().expect("system.json").functions;
    for name in functions.keys().map(String::as_str).chain(["migrate", "start-migration"]) {
        let package = variables["packages"].replace("{function}", name);
        assert!(Path::new(&package).is_file(), "{package}");
    }
    let started = stand_ins.descendants();
    stand_ins.signal(Signal::SIGINT);
    assert_eq!(stand_ins.ended().status.code(), Some(0));
    all_end(&started);
    assert!(place.notes().is_empty() && place.leftovers().is_empty());
}
