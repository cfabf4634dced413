//! `restock stand-ins`: what Terraform is told of them is so.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use deployment::api_client::ApiClient;
use nix::sys::signal::Signal;
use sqlx::{Connection, MySqlConnection};
use system::System;

use crate::{run::Place, run::Running, run::all_end};

/// What Terraform is told on the line that begins so, after `-OPTION=`.
fn told(backing_services: &Running, command: &str, option: &str) -> String {
    let line = backing_services.told(&format!("terraform -chdir=terraform {command}"));
    let mut words = line.split(' ');
    words.find_map(|word| word.strip_prefix(option)).expect(option).to_owned()
}

fn variables(backing_services: &Running) -> BTreeMap<String, String> {
    let path = told(backing_services, "apply", "-var-file=");
    let text = std::fs::read_to_string(path).expect("variables");
    serde_json::from_str(&text).expect("only text")
}

/// The variables that Terraform knows, and those of them that it asks for.
fn declared() -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let text = concat!(
        include_str!("../../terraform/variables.tf"),
        include_str!("../../terraform/variables_api.tf"),
        include_str!("../../terraform/variables_database.tf")
    );
    let blocks = text.split("\nvariable \"").skip(1);
    let named = blocks.map(|block| (block.split('"').next().unwrap_or_default(), block));
    let (given, asked): (Vec<_>, Vec<_>) =
        named.partition(|(_, block)| block.contains("\n  default "));
    let names = |blocks: &[(&'static str, _)]| blocks.iter().map(|(name, _)| *name).collect();
    let asked: BTreeSet<&str> = names(&asked);
    (&asked | &names(&given), asked)
}

async fn answers(url: &str) -> u16 {
    ApiClient::new(url).expect("a client").product("x").await.expect("an answer").status.as_u16()
}

#[tokio::test]
async fn stand_ins_are_where_terraform_is_told_that_they_are_until_they_are_ended() {
    let place = Place::new();
    let backing_services = place.until_up(&["stand-ins", "--factory-stage", "50ms"]);
    let variables = variables(&backing_services);
    let told: BTreeSet<&str> = variables.keys().map(String::as_str).collect();
    let (known, asked) = declared();
    assert!(asked.contains("factory_url") && known.is_superset(&told) && told.is_superset(&asked));
    assert!(
        backing_services
            .stdout()
            .contains(&format!("AWS_ENDPOINT_URL={} ", variables["endpoint_url"]))
    );
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
    let started = backing_services.descendants();
    backing_services.signal(Signal::SIGINT);
    assert_eq!(backing_services.ended().status.code(), Some(0));
    all_end(&started);
    assert!(place.notes().is_empty() && place.leftovers().is_empty());
}

#[test]
fn stand_ins_beside_each_other_have_each_a_state_of_their_own() {
    let place = Place::new();
    let [one, other] = [(), ()].map(|()| place.until_up(&["stand-ins"]));
    for command in ["apply", "output", "destroy"] {
        assert_ne!(told(&one, command, "-state="), told(&other, command, "-state="));
    }
    for backing_services in [one, other] {
        backing_services.signal(Signal::SIGTERM);
        assert_eq!(backing_services.ended().status.code(), Some(0));
    }
    assert!(place.leftovers().is_empty());
}
