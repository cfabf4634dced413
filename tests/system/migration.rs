//! The two functions that run the migrations for Terraform, deployed into the local AWS. The local cloud itself does
//! not need them.

use aws_sdk_lambda::{
    primitives::Blob,
    types::{Environment, FunctionCode, Runtime},
};
use local_cloud::deploy::package;
use local_programs::build;
use serde_json::{Value, json};

use system_testkit::System;
use testkit::{database::open, database::server, database::sku};

/// At least what `terraform/migrations.tf` gives both functions.
const TIMEOUT_SECONDS: i32 = 60;

async fn deploy(system: &System, name: &str, setting: (&str, &str)) {
    let binaries = build::functions().await.expect("the functions");
    let package = Blob::new(package(&binaries[name]).expect("a package"));
    let settings = [setting, ("METRICS_NAMESPACE", "applied")];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let create = system.cloud.clients.functions.create_function();
    let create = create
        .function_name(name)
        .runtime(Runtime::Providedal2023)
        .handler("bootstrap")
        .role("arn:aws:iam::000000000000:role/any")
        .timeout(TIMEOUT_SECONDS)
        .environment(Environment::builder().set_variables(Some(settings)).build())
        .code(FunctionCode::builder().zip_file(package).build());
    create.send().await.expect("a function");
}

/// Invokes the migration as `terraform apply` does for a database that is not on RDS.
async fn migrate(system: &System) -> Value {
    let invoke = system.cloud.clients.functions.invoke().function_name("start-migration");
    let event =
        json!({ "secret_arn": null, "users": {}, "factory_url": "https://factory.example" });
    let answer = invoke.payload(Blob::new(event.to_string())).send().await.expect("an answer");
    assert!(answer.function_error().is_none(), "{answer:?}");
    serde_json::from_slice(answer.payload().expect("a payload").as_ref()).expect("JSON")
}

#[tokio::test]
async fn an_apply_migrates_an_empty_database_and_the_next_apply_changes_nothing() {
    let system = System::with_stock(20).await;
    let url = server().await.create_database("applied").await.expect("a database");
    deploy(&system, "migrate", ("DATABASE_URL", &url)).await;
    deploy(&system, "start-migration", ("MIGRATE_FUNCTION", "migrate")).await;
    for apply in ["first", "second"] {
        assert_eq!(migrate(&system).await, json!({ "users": 0 }), "{apply}");
        let totals = open(&url).await.totals(&sku()).await.expect("the product of the migrations");
        assert_eq!(totals.stock, totals.ledger, "{apply}");
    }
    for function in ["migrate", "start-migration"] {
        let log = system.log(function).await;
        assert_eq!(log.invocations().len(), 2, "{function}");
        assert!(!log.contains("secret_arn") && !log.contains(&url), "{function}");
    }
    system.finish().await;
}
