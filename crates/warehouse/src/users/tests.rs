#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use super::*;
use errors::NamedError;

fn named(functions: impl Iterator<Item = &'static str>) -> BTreeMap<String, UserName> {
    let name = |function: &str| format!("shop_{}", function.replace('-', "_"));
    functions.map(|f| (f.to_owned(), UserName::try_from(name(f)).unwrap())).collect()
}

/// No local server has the authentication plugin of RDS, so this test only compares the statements.
#[test]
fn on_rds_a_user_authenticates_by_token_and_over_tls_only() {
    let statements =
        all_statements(&named(functions_with_database_user()), &Authentication::IamToken).unwrap();
    let authentication = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";
    let of_one: Vec<_> = statements.iter().filter(|s| s.contains("shop_decrement_stock")).collect();
    assert_eq!(
        of_one,
        [
            &format!("CREATE USER IF NOT EXISTS 'shop_decrement_stock'@'%' {authentication}"),
            &format!("ALTER USER 'shop_decrement_stock'@'%' {authentication}"),
            "GRANT EXECUTE ON PROCEDURE sell TO 'shop_decrement_stock'@'%'",
            "GRANT EXECUTE ON PROCEDURE count_refusal TO 'shop_decrement_stock'@'%'",
        ]
    );
    let made = statements.iter().filter(|s| s.starts_with("CREATE USER"));
    assert_eq!(made.count(), functions_with_database_user().count());
}

#[test]
fn a_function_without_a_user_and_a_user_without_a_function_are_rejected_by_name() {
    let short = named(functions_with_database_user().filter(|f| *f != "check-stock"));
    let long = named(functions_with_database_user().chain(["bake-donuts"]));
    for (users, name) in [(short, "check-stock"), (long, "bake-donuts")] {
        let error = all_statements(&users, &Authentication::IamToken).unwrap_err();
        assert_eq!(error.name().as_str(), "Database.Users");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_name_that_could_end_a_quoted_string_is_rejected() {
    for text in ["", "a'b", "a b", "A", "a-b", &"a".repeat(33)] {
        assert!(UserName::try_from(text.to_owned()).is_err(), "{text}");
    }
}
