//! The two functions that run the migrations: `start-migration` invokes `migrate`.

use errors::NamedError;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use aws::{Readiness, Secrets};
use aws_sdk_sfn::config::{Credentials, Region, SharedCredentialsProvider};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use migration::{
    migrate,
    start_migration::{self, StartRequest, Starter, patient_client},
};
use reqwest::Url;
use serde_json::{Value, json};
use sqlx::{Connection, MySqlConnection};
use tokio::net::TcpListener;
use warehouse::{Authentication, DatabaseUrl, Warehouse};

use crate::server::secured;

const SECRET: &str = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-1";

/// No test waits for this time, unless it fails.
const LONG: Duration = Duration::from_secs(300);

/// A fake AWS: Secrets Manager with one secret, and Lambda with the function `migrate`.
struct FakeAws {
    secret: String,
    database: DatabaseUrl,
    proof: Authentication,
    /// The errors with which Lambda refuses the first invocations.
    refusals: Mutex<VecDeque<(u16, &'static str)>>,
}

impl FakeAws {
    fn new(secret: String, database: DatabaseUrl) -> Self {
        Self { secret, database, proof: password(), refusals: Mutex::default() }
    }
}

async fn secret(State(aws): State<Arc<FakeAws>>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    let request: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(request["SecretId"], SECRET);
    Json(json!({ "ARN": SECRET, "SecretString": aws.secret })).into_response()
}

/// Answers as Lambda does: with the output of the function, or with its error.
async fn invoke(
    State(aws): State<Arc<FakeAws>>,
    Path(function): Path<String>,
    event: Bytes,
) -> Response {
    assert_eq!(function, "restock-migrate");
    if let Some((status, error)) = aws.refusals.lock().expect("no panic").pop_front() {
        let status = StatusCode::from_u16(status).expect("a status");
        return (status, [("x-amzn-errortype", error)], Json(json!({}))).into_response();
    }
    let request = serde_json::from_slice(&event).expect("an event of migrate");
    match migrate::handle(&aws.database, &aws.proof, request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => {
            let said =
                json!({ "errorType": error.name().as_str(), "errorMessage": error.to_string() });
            ([("X-Amz-Function-Error", "Unhandled")], Json(said)).into_response()
        }
    }
}

async fn starter(aws: FakeAws) -> Starter {
    let app = Router::new()
        .route("/", post(secret))
        .route("/2015-03-31/functions/{function}/invocations", post(invoke))
        .with_state(Arc::new(aws));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let credentials = Credentials::new("test", "test", None, None, "test");
    let config = aws::aws().await.into_builder();
    let config = config
        .region(Region::from_static("ap-northeast-2"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    Starter {
        secrets: Secrets::within(LONG, &config),
        lambda: patient_client(&(&config).into()),
        migrate: "restock-migrate".to_owned(),
        readiness: Readiness { every: Duration::from_millis(10), ..Readiness::OF_LAMBDA },
        within: LONG,
    }
}

/// The database user of each function, as Terraform names them.
fn users(prefix: &str) -> BTreeMap<String, String> {
    let name = |function: &str| format!("{prefix}_{}", function.replace('-', "_"));
    warehouse::functions_with_database_user().map(|f| (f.to_owned(), name(f))).collect()
}

/// The secret of the master user, as RDS stores it, and the URL of a database without user and password.
fn master(name: &str, url: &str) -> (String, Url) {
    let mut url = Url::parse(url).expect("a URL");
    let password = url.password().expect("a password").to_owned();
    let secret = json!({ "username": url.username(), "password": password });
    url.set_username("").expect("no user");
    url.set_password(None).expect("no password");
    url.set_path(name);
    (secret.to_string(), url)
}

fn password() -> Authentication {
    Authentication::Password("letters0and1digits".to_owned().try_into().expect("a password"))
}

const FACTORY: &str = "https://factory.example";

fn request(name: &str) -> StartRequest {
    StartRequest {
        secret_arn: Some(SECRET.to_owned()),
        users: users(name),
        factory_url: FACTORY.to_owned(),
    }
}

#[tokio::test]
async fn the_migration_creates_the_database_and_a_user_for_each_function_and_can_be_repeated() {
    let secured = secured().await;
    let (secret, url) = master("shop", &secured.trusting_url("shop"));
    let database = url.as_str().parse().expect("a URL");
    let starter = starter(FakeAws::new(secret, database)).await;
    for _ in 0..2 {
        let (one, other) = tokio::join!(
            start_migration::handle(&starter, request("shop")),
            start_migration::handle(&starter, request("shop")),
        );
        for answer in [one, other] {
            let answer = serde_json::to_value(answer.expect("an answer")).expect("JSON");
            assert_eq!(
                answer,
                json!({ "users": warehouse::functions_with_database_user().count() })
            );
        }
    }
    let rest = url.as_str().trim_start_matches("mysql://");
    let check_stock = format!("mysql://shop_check_stock:letters0and1digits@{rest}");
    let step = Warehouse::open(check_stock.parse().expect("a URL")).await;
    let purchase = domain::Purchase {
        purchase_id: "k".parse().expect("a key"),
        sku: "CP-502101".parse().expect("an SKU"),
        quantity: 1.try_into().expect("a quantity"),
    };
    step.check_stock(&purchase).await.expect("the function's user can do its work");
}

#[tokio::test]
async fn a_database_that_is_not_on_rds_is_migrated_with_its_url_and_gets_no_users() {
    let secured = secured().await;
    let database = secured.trusting_url("trial").parse().expect("a URL");
    let aws = FakeAws::new(String::new(), database);
    let answer =
        start_migration::handle(&starter(aws).await, without_users()).await.expect("an answer");
    assert_eq!(serde_json::to_value(answer).expect("JSON"), json!({ "users": 0 }));
    let mut connection =
        MySqlConnection::connect(&secured.server.url("trial")).await.expect("a database");
    sqlx::query("SELECT 1 FROM product").fetch_one(&mut connection).await.expect("a product");
}

/// A starter of an empty database whose `migrate` is refused with these errors first.
async fn refused_first(name: &str, refusals: Vec<(u16, &'static str)>) -> Starter {
    let secured = secured().await;
    let database = secured.trusting_url(name).parse().expect("a URL");
    let aws = FakeAws::new(String::new(), database);
    starter(FakeAws { refusals: Mutex::new(refusals.into()), ..aws }).await
}

fn without_users() -> StartRequest {
    StartRequest { secret_arn: None, users: BTreeMap::new(), factory_url: FACTORY.to_owned() }
}

#[tokio::test]
async fn a_migrate_that_was_idle_for_weeks_is_called_until_lambda_has_attached_it_again() {
    let idle = vec![
        (502, "ResourceNotReadyException"),
        (502, "ENINotReadyException"),
        (409, "ResourceConflictException"),
        (409, "ResourceConflictException"),
    ];
    let starter = refused_first("idle", idle).await;
    let answer = start_migration::handle(&starter, without_users()).await.expect("an answer");
    assert_eq!(serde_json::to_value(answer).expect("JSON"), json!({ "users": 0 }));
}

#[tokio::test]
async fn a_migrate_that_does_not_become_ready_fails_the_apply_with_the_error_of_lambda() {
    let never = vec![(409, "ResourceConflictException"); 10_000];
    let mut starter = refused_first("never", never).await;
    starter.readiness.within = Duration::from_millis(50);
    let error = start_migration::handle(&starter, without_users()).await.expect_err("not ready");
    assert_eq!(error.name().as_str(), "Aws.Refused");
    assert!(error.to_string().contains("ResourceConflictException"), "{error}");
}

#[tokio::test]
async fn if_migrate_does_not_answer_in_time_the_apply_fails_with_an_error_that_says_to_wait() {
    let never = vec![(409, "ResourceConflictException"); 10_000];
    let mut starter = refused_first("unanswered", never).await;
    starter.within = Duration::from_millis(50);
    let error = start_migration::handle(&starter, without_users()).await.expect_err("no answer");
    assert_eq!(error.name().as_str(), "Migration.Unanswered");
    assert!(error.to_string().contains("wait a quarter of an hour"), "{error}");
}

#[tokio::test]
async fn if_migrate_fails_start_migration_fails_with_its_reason_and_without_the_password() {
    let secured = secured().await;
    let (_, url) = master("nothing", &secured.trusting_url("nothing"));
    let secret = json!({ "username": "restock", "password": "wrong-and-secret" }).to_string();
    let database: DatabaseUrl = url.as_str().parse().expect("a URL");
    let starter = starter(FakeAws::new(secret, database)).await;
    let error = start_migration::handle(&starter, request("nothing")).await.expect_err("no login");
    assert_eq!(error.name().as_str(), "Migration.Failed");
    let text = format!("{error} {error:?}");
    assert!(text.contains("Access denied") && !text.contains("wrong-and-secret"), "{text}");
}

#[tokio::test]
async fn a_secret_in_another_format_is_an_error_that_does_not_show_it() {
    for secret in ["only-the-password", r#"{"username": "restock", "secret": "only-the-password"}"#]
    {
        let database = "mysql://127.0.0.1:9/none".parse().expect("a URL");
        let aws = FakeAws::new(secret.to_owned(), database);
        let error = start_migration::handle(&starter(aws).await, request("none")).await;
        let error = error.expect_err("no login");
        assert_eq!(error.name().as_str(), "Migration.Secret");
        assert!(!format!("{error} {error:?}").contains("only-the-password"), "{error}");
    }
}

#[test]
fn debug_output_of_a_request_does_not_show_the_password() {
    let event = json!({ "login": { "username": "me", "password": "mine" }, "users": {}, "factory_url": FACTORY });
    let request: migrate::MigrateRequest = serde_json::from_value(event).expect("an event");
    assert!(!format!("{request:?}").contains("mine"));
}
