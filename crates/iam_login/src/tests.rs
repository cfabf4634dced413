#![allow(clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_credential_types::Credentials;
use warehouse::{Login, PasswordProvider};

use super::*;
use crate::token::sign_token;

fn login() -> Login {
    Login {
        host: "restock-warehouse.abc123.ap-northeast-2.rds.amazonaws.com".to_owned(),
        port: 3306,
        user: "restock_check_stock".to_owned(),
    }
}

fn signer(session: Option<&str>) -> Signer {
    let credentials = Credentials::new(
        "AKIDEXAMPLE",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session.map(str::to_owned),
        None,
        "test",
    );
    Signer { credentials, region: "ap-northeast-2".to_owned() }
}

/// 2026-07-02T03:04:05Z
fn then() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_782_961_445)
}

/// The order of the parameters does not matter.
fn parts(token: &str) -> BTreeSet<&str> {
    token.split(['?', '&']).collect()
}

/// The expected tokens are from `generate_db_auth_token` of botocore, with the same keys and time.
#[test]
fn a_token_is_the_same_as_that_of_the_python_sdk() {
    let beginning = "restock-warehouse.abc123.ap-northeast-2.rds.amazonaws.com:3306/?Action=connect\
        &DBUser=restock_check_stock&X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIDEXAMPLE%2F20260702%2Fap-northeast-2%2Frds-db%2Faws4_request\
        &X-Amz-Date=20260702T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host";
    for (session, end) in [
        (None, "&X-Amz-Signature=590eb50fac4af54b43ed7b55a5b2add3ac1505c3bb2a757c0215530aacd43c37"),
        (
            Some("IQoJb3JpZ2luX2VjEJ//+a=="),
            "&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJ%2F%2F%2Ba%3D%3D\
             &X-Amz-Signature=b2a0510ae2e32d7c87aaf739e71f5f24951dbe0b0b78f414d0d6d556c162a377",
        ),
    ] {
        let token = sign_token(&login(), &signer(session), then()).unwrap();
        assert_eq!(parts(&token), parts(&format!("{beginning}{end}")));
    }
}

#[test]
fn a_token_is_used_for_ten_minutes_and_then_another_is_signed() {
    let seconds = Arc::new(AtomicU64::new(0));
    let clock = {
        let seconds = seconds.clone();
        move || then() + Duration::from_secs(seconds.load(Ordering::Relaxed))
    };
    let tokens = Tokens::new(login(), signer(None), clock);
    let at = |second| {
        seconds.store(second, Ordering::Relaxed);
        tokens.password().unwrap()
    };
    let first = at(100);
    assert_eq!(at(699), first);
    let second = at(700);
    assert_ne!(second, first);
    assert_eq!(at(1299), second);
    assert_ne!(at(50), second, "the clock was set back");
}

#[test]
fn no_token_is_sent_to_a_server_that_need_not_prove_who_it_is() {
    for mode in ["", "?ssl-mode=DISABLED", "?ssl-mode=REQUIRED", "?ssl-mode=VERIFY_CA"] {
        let url = format!("mysql://check_stock@db.example:3306/restock{mode}").parse().unwrap();
        let error = with_tokens(url, signer(None)).unwrap_err();
        assert!(error.to_string().contains("ssl-mode=VERIFY_IDENTITY"), "{mode}: {error}");
    }
    let url = "mysql://check_stock@db.example:3306/restock?ssl-mode=VERIFY_IDENTITY";
    assert!(with_tokens(url.parse().unwrap(), signer(None)).is_ok());
}

/// No test has the keys of a role in its environment: to want some is an error.
#[test]
fn a_password_is_used_and_tls_without_one_takes_a_role() {
    let wants_a_role = |url: &str| match enable(url.parse().unwrap()) {
        Ok(_) => false,
        Err(Error::Missing(variable)) => variable.starts_with("AWS_"),
        Err(other) => panic!("{other}"),
    };
    assert!(!wants_a_role("mysql://me:mine@db.example/restock?ssl-mode=VERIFY_IDENTITY"));
    assert!(!wants_a_role("mysql://root@127.0.0.1:3306/restock"));
    assert!(wants_a_role("mysql://me@db.example/restock?ssl-mode=VERIFY_IDENTITY"));
}

#[test]
fn debug_output_does_not_show_the_secret_key() {
    assert!(!format!("{:?}", signer(Some("session"))).contains("EXAMPLEKEY"));
}

#[test]
fn the_certificates_include_all_regions_of_rds() {
    let pem = std::str::from_utf8(RDS).unwrap();
    assert!(pem.matches("-----BEGIN CERTIFICATE-----").count() > 70);
    for kind in ["RSA2048", "RSA4096", "ECC384"] {
        assert!(pem.contains(&format!("Amazon RDS ap-northeast-2 Root CA {kind} G1")));
    }
}
