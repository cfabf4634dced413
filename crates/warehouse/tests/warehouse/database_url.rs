//! Database URLs, and the passwords of connections.

use std::{error::Error, sync::Arc};

use errors::{ErrorName, NamedError};
use warehouse::{DatabaseUrl, PasswordProvider, UrlError, Warehouse};

use testkit::database::{purchase, sku};

const WITH_PASSWORD: &str = "mysql://shop:secret@127.0.0.1:9/none";
const VERIFIED: &str = "mysql://shop@127.0.0.1:9/none?ssl-mode=VERIFY_IDENTITY";

fn parsed(url: &str) -> DatabaseUrl {
    url.parse().expect("a URL")
}

/// Has no password to give, so that a connection that asks for one fails before it reaches a server.
struct NoPasswords;

impl PasswordProvider for NoPasswords {
    fn password(&self) -> Result<String, Box<dyn Error + Send + Sync>> {
        Err("no password".into())
    }
}

/// The error of a connection to a port on which no server listens.
async fn connection_error(url: DatabaseUrl) -> ErrorName {
    let sale = Warehouse::open(url).await.sell(&purchase("k", 1)).await;
    sale.expect_err("no server is there").name()
}

#[test]
fn the_url_of_another_kind_of_server_is_refused() {
    for url in ["http://x", "postgres://shop:secret@127.0.0.1/none", "https://127.0.0.1:3306/none"]
    {
        assert_eq!(url.parse::<DatabaseUrl>().err(), Some(UrlError::Scheme), "{url}");
    }
    parsed("mariadb://shop:secret@127.0.0.1:9/none");
    assert_eq!("127.0.0.1".parse::<DatabaseUrl>().err(), Some(UrlError::Malformed));
}

#[test]
fn debug_output_of_a_url_shows_no_part_of_it() {
    assert_eq!(format!("{:?}", parsed(WITH_PASSWORD)), "DatabaseUrl(…)");
}

#[test]
fn a_url_knows_whether_it_has_a_password_and_asks_for_tls() {
    assert!(parsed(WITH_PASSWORD).has_password() && !parsed(VERIFIED).has_password());
    assert!(parsed(VERIFIED).log_in_as("other", "password").has_password());
    for (mode, asks) in [
        ("DISABLED", false),
        ("PREFERRED", false),
        ("REQUIRED", true),
        ("VERIFY_CA", true),
        ("VERIFY_IDENTITY", true),
    ] {
        let url = parsed(&format!("mysql://shop@127.0.0.1/none?ssl-mode={mode}"));
        assert_eq!(url.asks_for_tls(), asks, "{mode}");
    }
}

#[test]
fn changing_passwords_are_refused_for_a_server_whose_identity_is_not_verified() {
    for mode in ["DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA"] {
        let url = parsed(&format!("mysql://shop@127.0.0.1/none?ssl-mode={mode}"));
        let refused = url.with_passwords(Arc::new(NoPasswords)).err();
        assert_eq!(refused, Some(UrlError::UnverifiedServer), "{mode}");
    }
}

#[tokio::test]
async fn each_connection_asks_for_a_password_until_another_user_logs_in_with_one() {
    let url = parsed(VERIFIED).with_passwords(Arc::new(NoPasswords)).expect("a verified server");
    assert_eq!(connection_error(url.clone()).await, ErrorName::DatabasePassword);
    let other = url.log_in_as("other", "password");
    assert_eq!(connection_error(other).await, ErrorName::DatabaseUnavailable);
}

#[tokio::test]
async fn a_rejected_login_is_an_error_that_is_retried() {
    let url = testkit::database::fresh_database().await;
    let other = parsed(&url).log_in_as("nobody", "wrong");
    let error = Warehouse::open(other).await.totals(&sku()).await.expect_err("the login is wrong");
    assert_eq!(error.name(), ErrorName::DatabaseUnavailable, "{error}");
    assert!(error.to_string().contains("Access denied"), "{error}");
}
