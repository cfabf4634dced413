//! Which server a function accepts as its database.

use errors::NamedError;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use warehouse::{DatabaseUrl, PasswordProvider, Warehouse};

use crate::{
    authority::Authority,
    server::{Secured, secured},
};

fn parsed(url: &str) -> DatabaseUrl {
    url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Logs in. The error says why that failed.
async fn log_in(url: DatabaseUrl) -> Result<(), String> {
    warehouse::migrate(&url).await.map_err(|error| error.to_string())
}

async fn database(secured: &Secured) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("tls_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    secured.server.create_database(&name).await.expect("a database");
    name
}

#[tokio::test]
async fn a_server_with_a_certificate_of_a_trusted_authority_is_accepted() {
    let secured = secured().await;
    let name = database(secured).await;
    let named_in_the_url = parsed(&secured.trusting_url(&name));
    let built_in = parsed(&secured.url(&name)).trusting(secured.authority.pem.as_bytes());
    let both = parsed(&secured.trusting_url(&name)).trusting(Authority::new().pem.as_bytes());
    for url in [named_in_the_url, built_in, both] {
        assert_eq!(log_in(url).await, Ok(()));
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_of_another_authority_is_rejected() {
    let secured = secured().await;
    let name = database(secured).await;
    let another = parsed(&secured.url(&name)).trusting(Authority::new().pem.as_bytes());
    let rds = iam_login::trust_rds(parsed(&secured.url(&name)));
    for url in [parsed(&secured.url(&name)), another, rds] {
        let error = log_in(url).await.expect_err("the authority is unknown");
        assert!(error.contains("UnknownIssuer"), "{error}");
    }
}

#[tokio::test]
async fn a_server_whose_certificate_is_for_another_host_is_rejected() {
    let secured = secured().await;
    let name = database(secured).await;
    let elsewhere = secured.trusting_url(&name).replace("@127.0.0.1:", "@localhost:");
    let error = log_in(parsed(&elsewhere)).await.expect_err("the certificate is not for localhost");
    assert!(error.contains("NotValidForName") || error.contains("not valid for name"), "{error}");
}

/// Passwords that change, as tokens do.
struct ChangingPassword(AtomicU32);

impl PasswordProvider for ChangingPassword {
    fn password(&self) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Ok(format!("token{}", self.0.load(Ordering::Relaxed)))
    }
}

async fn administrator(secured: &Secured) -> MySqlConnection {
    MySqlConnection::connect(&secured.server.url("")).await.expect("a connection")
}

async fn execute(secured: &Secured, statement: String) {
    let mut connection = administrator(secured).await;
    connection.execute(sqlx::query(AssertSqlSafe(statement))).await.expect("done");
}

#[tokio::test]
async fn each_new_connection_uses_the_current_password() {
    let secured = secured().await;
    let name = database(secured).await;
    warehouse::migrate(&parsed(&secured.trusting_url(&name))).await.expect("migrations");
    let user = format!("'{name}'@'%'");
    execute(secured, format!("CREATE USER {user} IDENTIFIED BY 'token2'")).await;
    execute(secured, format!("GRANT ALL ON {name}.* TO {user}")).await;
    let url = secured.trusting_url(&name);
    let host = url.split('@').nth(1).expect("a host");
    let passwords = Arc::new(ChangingPassword(AtomicU32::new(1)));
    let url = parsed(&format!("mysql://{name}@{host}"));
    let url = url.with_passwords(passwords.clone()).expect("a server that proves its identity");
    let warehouse = Warehouse::open(url).await;
    let sku = "CP-502101".parse().expect("an SKU");
    let error = warehouse.totals(&sku).await.expect_err("the first password is wrong");
    assert!(error.to_string().contains("Access denied"), "{error}");
    assert_eq!(
        error.name().as_str(),
        "Database.Unavailable",
        "it is retried with the next password"
    );
    passwords.0.store(2, Ordering::Relaxed);
    warehouse.totals(&sku).await.expect("the second password is right");
}
