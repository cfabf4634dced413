//! Each step logs in as a database user with exactly the privileges that the step needs.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]

mod operators;

use std::collections::BTreeSet;

use domain::{Arrival, PageLimit, ProductionOrder, Purchase, Sku, Stock};
use errors::{ErrorName, NamedError};
use local_cloud::database_users::DatabaseUsers;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};
use system::Placement;
use system::System;
use warehouse::{AwaitError, CloseRequest, OpenRequest, ReportSubject, SweepRequest, Warehouse};

use testkit::{
    database::{Stocked, open, open_request, ordered, purchase},
    invalid::add_unreadable_product,
};

/// The error of an operation, without its type.
#[derive(Debug)]
struct Failed {
    name: ErrorName,
    #[allow(dead_code, reason = "shown by Debug")]
    message: String,
}

impl<E: NamedError> From<E> for Failed {
    fn from(error: E) -> Self {
        Self { name: error.name(), message: error.to_string() }
    }
}

/// A database with the login of one function and a login with all privileges.
struct FunctionLogin {
    function: &'static str,
    stocked: Stocked,
    user: String,
    step: Warehouse,
    url: String,
    products: u32,
}

impl FunctionLogin {
    async fn of(function: &'static str) -> Self {
        let stocked = Stocked::with(0).await;
        let url =
            DatabaseUsers::create(&stocked.url).await.expect("users").url(function).expect("a URL");
        let user = url.split([':', '/']).nth(3).expect("a user").to_owned();
        Self { function, step: open(&url).await, stocked, user, url, products: 0 }
    }

    /// Adds a product without history.
    async fn product(&mut self) -> Sku {
        self.products += 1;
        let sku = format!("P-{}", self.products);
        let insert = "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
                      SELECT ?, name, price, reorder_point, target_stock, factory
                      FROM product WHERE sku = 'CP-502101'";
        let insert = sqlx::query(insert).bind(&sku);
        let mut connection = self.stocked.admin_connection().await;
        insert.execute(&mut connection).await.expect("a product");
        let buckets = sqlx::query("CALL insert_missing_buckets(?)").bind(&sku);
        buckets.execute(&mut connection).await.expect("its bucket");
        sku.parse().expect("an SKU")
    }

    async fn order(&self, sku: &Sku, cycle: u32) -> ProductionOrder {
        let opened = self.stocked.warehouse.open_restock(&request(sku, cycle, 1)).await;
        ordered(opened.expect("an answer"))
    }

    async fn goods_arrive(&self, order: &ProductionOrder) {
        self.stocked.warehouse.record_arrival(&arrival(order)).await.expect("an arrival");
    }

    /// Runs every database operation of the step.
    async fn work(&mut self) -> Result<(), Failed> {
        let sku = self.product().await;
        match self.function {
            "check-stock" => {
                self.step.check_stock(&purchase_of(&sku)).await?;
                self.count_refusals(&sku).await?;
            }
            "decrement-stock" => {
                self.step.sell(&purchase_of(&sku)).await?;
                self.count_refusals(&sku).await?;
            }
            "show-product" => {
                self.order(&sku, 1).await;
                self.step.show_product(&sku).await?;
            }
            "list-products" => {
                self.order(&sku, 1).await;
                self.step.list_products(None, PageLimit::default()).await?;
            }
            "open-restock" => self.open(&sku).await?,
            "await-completion" => self.wait(&sku).await?,
            "increment-stock" => {
                let order = self.order(&sku, 1).await;
                self.goods_arrive(&order).await;
                self.step.increment_stock(order.production_order).await?;
            }
            "close-restock" => self.close(&sku).await?,
            "record-arrival" => {
                let order = self.order(&sku, 1).await;
                self.step.record_arrival(&arrival(&order)).await?;
                self.step.refused_callback(order.production_order).await?;
            }
            "find-depleted" => {
                self.add_an_unreadable_row().await;
                let now = SweepRequest { arrival_forgotten_after_seconds: 0, ended: None };
                self.step.sweep(now).await?;
            }
            "record-report" => {
                let execution = format!("{sku}_1");
                let rows = vec![format!("product {sku}")];
                self.step.record_report(&ReportSubject::Restock { sku, execution }).await?;
                self.step.record_report(&ReportSubject::Unreadable(rows)).await?;
            }
            "inspect-warehouse" => self.inspect(&sku).await?,
            "change-warehouse" => self.change_all(&sku).await?,
            unknown => panic!("add the operations of {unknown} here"),
        }
        Ok(())
    }

    /// Without one, the sweep does not ask which rows operations were told of.
    async fn add_an_unreadable_row(&self) {
        add_unreadable_product(&mut self.stocked.admin_connection().await, "cp-9").await;
    }

    async fn open(&self, sku: &Sku) -> Result<(), Failed> {
        self.step.open_restock(&request(sku, 1, 1)).await?;
        self.step.open_restock(&request(sku, 1, 2)).await?;
        self.stocked.warehouse.count_stock(sku, Stock::new(50), sku.as_str()).await.expect("stock");
        self.step.open_restock(&request(sku, 1, 3)).await?;
        Ok(())
    }

    async fn wait(&self, sku: &Sku) -> Result<(), Failed> {
        let order = self.order(sku, 1).await;
        self.step.await_arrival(order.production_order, "token").await?;
        self.goods_arrive(&order).await;
        match self.step.await_arrival(order.production_order, "token").await {
            Err(AwaitError::AlreadyArrived(_)) => Ok(()),
            other => Ok(other?),
        }
    }

    async fn close(&self, sku: &Sku) -> Result<(), Failed> {
        self.order(sku, 1).await;
        self.step.close_restock(&reason(sku, 1)).await?;
        let order = self.order(sku, 2).await;
        self.goods_arrive(&order).await;
        self.step.close_restock(&reason(sku, 2)).await?;
        // This execution has no restock, so it gets one that has failed.
        self.step.close_restock(&reason(sku, 3)).await?;
        Ok(())
    }

    /// The privileges of the user, split by column, each with its object.
    async fn grants(&self) -> Vec<(String, String)> {
        let show = AssertSqlSafe(format!("SHOW GRANTS FOR '{}'@'%'", self.user));
        let rows = self
            .stocked
            .admin_connection()
            .await
            .fetch_all(sqlx::query(show))
            .await
            .expect("grants");
        let lines = rows.into_iter().map(|row| row.get::<String, _>(0).replace('`', ""));
        lines.filter(|line| !line.contains("GRANT USAGE")).flat_map(|line| split(&line)).collect()
    }
}

/// Splits `GRANT SELECT (a, b), UPDATE (c) ON db.t TO user` into `(SELECT (a), db.t)` and so on.
fn split(line: &str) -> Vec<(String, String)> {
    let (privileges, rest) = line.trim_start_matches("GRANT ").split_once(" ON ").expect("ON");
    let object = rest.split(" TO ").next().expect("TO").to_owned();
    let mut split = Vec::new();
    for privilege in privileges.split_inclusive(')').map(|text| text.trim_start_matches(", ")) {
        match privilege.split_once(" (") {
            Some((verb, columns)) => split.extend(
                columns
                    .trim_end_matches(')')
                    .split(", ")
                    .map(|column| format!("{verb} ({column})")),
            ),
            None => split.extend(privilege.split(", ").map(str::to_owned)),
        }
    }
    split.into_iter().map(|privilege| (privilege, object.clone())).collect()
}

fn purchase_of(sku: &Sku) -> Purchase {
    Purchase { sku: sku.clone(), ..purchase(sku.as_str(), 1) }
}

fn request(sku: &Sku, cycle: u32, attempt: u32) -> OpenRequest {
    OpenRequest {
        sku: sku.clone(),
        attempts_allowed: 3,
        ..open_request(&format!("{sku}_{cycle}"), cycle, attempt)
    }
}

fn reason(sku: &Sku, cycle: u32) -> CloseRequest {
    CloseRequest {
        sku: sku.clone(),
        restock_cycle: cycle.try_into().expect("a cycle"),
        execution: format!("{sku}_{cycle}"),
        failure: "Factory.Refused".to_owned(),
    }
}

fn arrival(order: &ProductionOrder) -> Arrival {
    Arrival { production_order: order.production_order, quantity: order.quantity }
}

async fn change(
    connection: &mut MySqlConnection,
    verb: &str,
    login: &FunctionLogin,
    grant: &(String, String),
) {
    let to = if verb == "GRANT" { "TO" } else { "FROM" };
    let ((privilege, object), user) = (grant, &login.user);
    let change = AssertSqlSafe(format!("{verb} {privilege} ON {object} {to} '{user}'@'%'"));
    connection.execute(sqlx::query(change)).await.expect("a change");
}

#[test]
fn exactly_the_vpc_functions_have_a_database_user() {
    let system = System::read().expect("system.json").functions;
    let warehouse = system.iter().filter(|(_, function)| function.placement == Placement::Vpc);
    let expected: BTreeSet<&str> = warehouse.map(|(name, _)| name.as_str()).collect();
    assert_eq!(warehouse::functions_with_database_user().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn each_function_needs_every_privilege_of_its_user_and_no_other() {
    for function in warehouse::functions_with_database_user() {
        let mut login = FunctionLogin::of(function).await;
        login.work().await.unwrap_or_else(|error| panic!("{function}: {error:?}"));
        let mut connection = login.stocked.admin_connection().await;
        for grant in login.grants().await {
            change(&mut connection, "REVOKE", &login, &grant).await;
            let without = login.work().await.err().map(|Failed { name, .. }| name);
            change(&mut connection, "GRANT", &login, &grant).await;
            // A procedure without a grant may be one that a migration replaces at this moment.
            let is_procedure = grant.0 == "EXECUTE";
            let expected =
                if is_procedure { ErrorName::DatabaseBusy } else { ErrorName::DatabaseFailed };
            assert_eq!(without, Some(expected), "{function} does not need {grant:?}");
        }
    }
}

#[tokio::test]
async fn no_function_can_change_stock_or_ledger_without_the_procedures() {
    let login = FunctionLogin::of("find-depleted").await;
    let database_users = DatabaseUsers::create(&login.stocked.url).await.expect("users");
    for function in warehouse::functions_with_database_user() {
        let url = database_users.url(function).expect("a URL");
        let mut connection = MySqlConnection::connect(&url).await.expect("a login");
        for statement in [
            "UPDATE stock_bucket SET stock = 1",
            "INSERT INTO stock_bucket (sku, bucket, stock) VALUES ('CP-502101', 1, 1)",
            "UPDATE product SET buckets = 2",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
             VALUES ('CP-502101', 'count', 1, 'mine', 1)",
            "DELETE FROM stock_movement",
            "UPDATE stock_movement SET quantity = 1",
            "DELETE FROM production_order",
            "DROP TABLE product",
            "CREATE USER mine",
            "UPDATE operator_change SET reason = 'other'",
            "DELETE FROM operator_change",
        ] {
            let done = connection.execute(statement).await;
            let error = done.expect_err(statement).to_string();
            assert!(error.to_lowercase().contains("denied"), "{function}: {statement}: {error}");
        }
    }
}
