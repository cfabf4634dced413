//! `restock sandbox`: the printed commands and variables are right.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use deployment::api_client::ApiClient;
use nix::sys::signal::Signal;
use sqlx::{Connection, MySqlConnection};
use system::System;

use crate::{run::Place, run::Running, run::all_end};

/// The value of an option in a printed Terraform command.
fn option_of(sandbox: &Running, command: &str, option: &str) -> String {
    let line = sandbox.printed(&format!("terraform -chdir=terraform {command}"));
    let mut words = line.split(' ');
    words.find_map(|word| word.strip_prefix(option)).expect(option).to_owned()
}

fn variables(sandbox: &Running) -> BTreeMap<String, String> {
    let path = option_of(sandbox, "apply", "-var-file=");
    let text = std::fs::read_to_string(path).expect("variables");
    serde_json::from_str(&text).expect("only text")
}

/// All variables of the Terraform configuration, and those without a default.
fn declared() -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let text = concat!(
        include_str!("../../terraform/variables.tf"),
        include_str!("../../terraform/variables_api.tf"),
        include_str!("../../terraform/variables_database.tf")
    );
    let blocks = text.split("\nvariable \"").skip(1);
    let named = blocks.map(|block| (block.split('"').next().unwrap_or_default(), block));
    let (optional, asked): (Vec<_>, Vec<_>) =
        named.partition(|(_, block)| block.contains("\n  default "));
    let names = |blocks: &[(&'static str, _)]| blocks.iter().map(|(name, _)| *name).collect();
    let asked: BTreeSet<&str> = names(&asked);
    (&asked | &names(&optional), asked)
}

async fn answers(url: &str) -> u16 {
    ApiClient::new(url).expect("a client").product("x").await.expect("an answer").status.as_u16()
}

#[tokio::test]
async fn the_variables_lead_to_the_services_until_the_sandbox_stops() {
    let place = Place::new();
    let sandbox = place.until_up(&["sandbox", "--factory-stage", "50ms"]);
    let variables = variables(&sandbox);
    let given: BTreeSet<&str> = variables.keys().map(String::as_str).collect();
    let (known, asked) = declared();
    assert!(
        asked.contains("factory_url") && known.is_superset(&given) && given.is_superset(&asked)
    );
    assert!(sandbox.stdout().contains(&format!("AWS_ENDPOINT_URL={} ", variables["endpoint_url"])));
    assert!(variables["public_url"].starts_with(&variables["endpoint_url"]));
    for url in ["endpoint_url", "factory_url"] {
        assert!(matches!(answers(&variables[url]).await, 400..500), "{url}");
    }
    let mut database = MySqlConnection::connect(&variables["database_url"]).await.expect("a login");
    let tables = sqlx::query("SHOW TABLES").fetch_all(&mut database).await.expect("an answer");
    assert!(tables.is_empty(), "Terraform runs the migrations");
    let functions = System::read().expect("system.json").functions;
    for name in functions.keys().map(String::as_str).chain(["migrate", "start-migration"]) {
        let package = variables["packages"].replace("{function}", name);
        assert!(Path::new(&package).is_file(), "{package}");
    }
    let started = sandbox.descendants();
    sandbox.signal(Signal::SIGINT);
    assert_eq!(sandbox.ended().status.code(), Some(0));
    all_end(&started);
    assert!(place.outputs_files().is_empty() && place.leftovers().is_empty());
}

#[test]
fn two_sandboxes_use_different_terraform_states() {
    let place = Place::new();
    let [one, other] = [(), ()].map(|()| place.until_up(&["sandbox"]));
    for command in ["apply", "output", "destroy"] {
        assert_ne!(option_of(&one, command, "-state="), option_of(&other, command, "-state="));
    }
    for sandbox in [one, other] {
        sandbox.signal(Signal::SIGTERM);
        assert_eq!(sandbox.ended().status.code(), Some(0));
    }
    assert!(place.leftovers().is_empty());
}
