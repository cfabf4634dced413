//! Rights that functions have lost, and triggers.

use std::collections::BTreeMap;

use testkit::database::{Stocked, open, purchase};
use warehouse::{
    Authentication, DatabaseUrl, UserName, audit::Snapshot, create_users,
    functions_with_database_user,
};

use crate::harness::{LIMITS, findings, name, repair_all, run, tamper};

const PASSWORD: &str = "opens";

/// A shop whose functions have users of their own.
struct Shop {
    stocked: Stocked,
    prefix: String,
}

impl Shop {
    async fn open() -> Self {
        let stocked = Stocked::with(20).await;
        let database = stocked.url.rsplit('/').next().expect("a database");
        let prefix = database.split('?').next().expect("a name").replace("test_", "a");
        let shop = Self { stocked, prefix };
        let users: BTreeMap<String, UserName> = functions_with_database_user()
            .map(|function| (function.to_owned(), shop.user(function).try_into().expect("a name")))
            .collect();
        let password = Authentication::Password(PASSWORD.to_owned().try_into().expect("letters"));
        create_users(&shop.url(), &users, &password).await.expect("users");
        assert_eq!(findings(&shop.stocked).await, []);
        shop
    }

    fn url(&self) -> DatabaseUrl {
        self.stocked.url.parse().expect("a URL")
    }

    fn user(&self, function: &str) -> String {
        format!("{}_{}", self.prefix, function.replace('-', "_"))
    }

    async fn found(&self) -> Vec<String> {
        findings(&self.stocked).await.iter().map(name).collect()
    }

    /// Buys as the function's own user.
    async fn sells(&self, key: &str) {
        let user = self.user("decrement-stock");
        let (_, host) = self.stocked.url.split_once('@').expect("a host");
        let step = open(&format!("mysql://{user}:{PASSWORD}@{host}")).await;
        step.sell(&purchase(key, 1)).await.expect("sold");
    }
}

#[tokio::test]
async fn a_function_that_lost_a_right_is_found_and_gets_it_back() {
    let shop = Shop::open().await;
    for (revoke, function) in [
        ("REVOKE EXECUTE ON PROCEDURE sell", "decrement-stock"),
        ("REVOKE SELECT (reference) ON stock_movement", "check-stock"),
        ("REVOKE SELECT ON factory", "inspect-warehouse"),
        ("REVOKE UPDATE (task_token), SELECT (id) ON production_order", "await-completion"),
        ("REVOKE ALL PRIVILEGES, GRANT OPTION", "find-depleted"),
    ] {
        let user = shop.user(function);
        run(&shop.stocked, &[format!("{revoke} FROM '{user}'@'%'")]).await;
        let found = findings(&shop.stocked).await;
        let [one] = found.as_slice() else { panic!("{revoke}: {found:#?}") };
        assert!(one.what.contains(&format!("{user} of the function {function}")), "{one:?}");
        assert_eq!(repair_all(&shop.stocked).await, ["missing_rights"], "{revoke}");
    }
    shop.sells("after").await;
}

#[tokio::test]
async fn the_repair_of_a_dropped_or_changed_procedure_lets_the_functions_call_it() {
    let shop = Shop::open().await;
    for change in [
        &["DROP PROCEDURE sell"][..],
        &["DROP PROCEDURE sell", "CREATE PROCEDURE sell () BEGIN END"],
    ] {
        tamper(&shop.stocked, change).await;
        assert_eq!(repair_all(&shop.stocked).await, ["missing_guard"]);
        shop.sells("after").await;
    }
}

/// Only the parameters differ, or only the user whose rights the procedure has.
#[tokio::test]
async fn a_procedure_that_fails_though_its_text_is_right_is_found() {
    let shop = Shop::open().await;
    let text = warehouse::audit::expected_guards().into_iter().find(|guard| guard.name == "sell");
    let text = text.expect("the procedure").definition;
    let user = format!("{}_gone", shop.prefix);
    let narrow = text.replace("purchase_id VARCHAR(64)", "purchase_id VARCHAR(8)");
    let orphan =
        text.replace("CREATE PROCEDURE", &format!("CREATE DEFINER = '{user}'@'%' PROCEDURE"));
    for (text, after) in [(narrow, "DO 1".to_owned()), (orphan, format!("DROP USER '{user}'@'%'"))]
    {
        let create = format!("CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY 'gone'");
        run(&shop.stocked, &[create, "DROP PROCEDURE sell".to_owned(), text, after]).await;
        assert_eq!(repair_all(&shop.stocked).await, ["missing_guard"]);
        shop.sells("after").await;
    }
}

#[tokio::test]
async fn a_function_whose_user_is_not_recorded_is_not_examined() {
    let shop = Shop::open().await;
    tamper(&shop.stocked, &["DELETE FROM function_user WHERE function_name = 'decrement-stock'"])
        .await;
    let mut snapshot = Snapshot::take(&shop.url()).await.expect("a look");
    let [sentence] = &snapshot.audit(LIMITS).await.expect("an audit").not_examined[..] else {
        panic!("one sentence")
    };
    assert!(sentence.contains("the rights of decrement-stock:"), "{sentence}");
}

#[tokio::test]
async fn a_user_that_was_dropped_is_found() {
    let shop = Shop::open().await;
    run(&shop.stocked, &[format!("DROP USER '{}'@'%'", shop.user("show-product"))]).await;
    let found = findings(&shop.stocked).await;
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    assert!(one.repair.contains("The user does not exist. Deploy again"), "{one:?}");
}

#[tokio::test]
async fn the_procedure_that_shows_the_rights_can_be_lost_too() {
    let shop = Shop::open().await;
    let user = shop.user("inspect-warehouse");
    let revoke = format!("REVOKE SELECT ON factory FROM '{user}'@'%'");
    run(&shop.stocked, &["DROP PROCEDURE rights_of_functions".to_owned(), revoke]).await;
    assert_eq!(repair_all(&shop.stocked).await, ["missing_guard", "missing_rights"]);
}

#[tokio::test]
async fn a_trigger_is_found_before_the_damage_whose_repair_it_prevents() {
    let shop = Shop::open().await;
    tamper(
        &shop.stocked,
        &[
            "UPDATE stock_bucket SET stock = 3",
            "CREATE TRIGGER `no ``repairs` BEFORE INSERT ON stock_movement
             FOR EACH ROW SIGNAL SQLSTATE '45000'",
            "CREATE TRIGGER doubled BEFORE UPDATE ON stock_bucket FOR EACH ROW SET NEW.stock = 2 * NEW.stock",
        ],
    )
    .await;
    assert_eq!(shop.found().await[..2], ["unexpected_trigger", "unexpected_trigger"]);
    let repaired = repair_all(&shop.stocked).await;
    assert_eq!(repaired, ["unexpected_trigger", "unexpected_trigger", "unexplained_stock"]);
}
