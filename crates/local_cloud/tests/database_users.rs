//! Each step logs in as a user that may do what it needs, and nothing else.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it must be"
)]

use std::collections::BTreeSet;

use domain::{Arrival, ProductionOrder, Purchase, Sku};
use errors::{ErrorName, NamedError};
use local_cloud::database_users::DatabaseUsers;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, Row};
use system::Placement;
use system::System;
use warehouse::{AwaitError, CloseReason, Deadlines, OpenRestock, Warehouse};

use testkit::database::{Stocked, open, open_request, ordered, purchase};

/// Why the work failed, whatever the operation's own error type is.
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

/// A function's own login, beside one that may do everything.
struct Desk {
    function: &'static str,
    stocked: Stocked,
    user: String,
    step: Warehouse,
    products: u32,
}

impl Desk {
    async fn of(function: &'static str) -> Self {
        let stocked = Stocked::with(0).await;
        let url =
            DatabaseUsers::create(&stocked.url).await.expect("users").url(function).expect("a URL");
        let user = url.split([':', '/']).nth(3).expect("a user").to_owned();
        Self { function, step: open(&url).await, stocked, user, products: 0 }
    }

    /// A product that nothing has happened to.
    async fn product(&mut self) -> Sku {
        self.products += 1;
        let sku = format!("P-{}", self.products);
        let insert = "INSERT INTO product (sku, name, price, reorder_point, target_stock, factory)
                      SELECT ?, name, price, reorder_point, target_stock, factory
                      FROM product WHERE sku = 'CP-502101'";
        let insert = sqlx::query(insert).bind(&sku);
        insert.execute(&mut self.stocked.admin_connection().await).await.expect("a product");
        sku.parse().expect("an SKU")
    }

    async fn order(&self, sku: &Sku, cycle: u32) -> ProductionOrder {
        let opened = self.stocked.warehouse.open_restock(&request(sku, cycle, 1)).await;
        ordered(opened.expect("an answer"))
    }

    async fn goods_arrive(&self, order: &ProductionOrder) {
        self.stocked.warehouse.record_arrival(&arrival(order)).await.expect("an arrival");
    }

    /// Everything that the step ever asks of the database.
    async fn work(&mut self) -> Result<(), Failed> {
        let sku = self.product().await;
        match self.function {
            "check-stock" => drop(self.step.check_stock(&wish(&sku)).await?),
            "decrement-stock" => drop(self.step.sell(&wish(&sku)).await?),
            "show-product" => {
                self.order(&sku, 1).await;
                drop(self.step.show_product(&sku).await?);
            }
            "open-restock" => self.open(&sku).await?,
            "await-completion" => self.wait(&sku).await?,
            "increment-stock" => {
                let order = self.order(&sku, 1).await;
                self.goods_arrive(&order).await;
                drop(self.step.increment_stock(order.production_order).await?);
            }
            "close-restock" => self.close(&sku).await?,
            "record-arrival" => {
                let order = self.order(&sku, 1).await;
                self.step.record_arrival(&arrival(&order)).await?;
                drop(self.step.refused_arrival(order.production_order).await?);
            }
            "find-depleted" => {
                let now = Deadlines {
                    restock_abandoned_after_seconds: 0,
                    arrival_forgotten_after_seconds: 0,
                };
                drop(self.step.sweep(now).await?);
            }
            unknown => panic!("what does {unknown} do?"),
        }
        Ok(())
    }

    async fn open(&self, sku: &Sku) -> Result<(), Failed> {
        self.step.open_restock(&request(sku, 1, 1)).await?;
        self.step.open_restock(&request(sku, 1, 2)).await?;
        self.stocked.warehouse.count_stock(sku, 50, sku.as_str()).await.expect("stock");
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
        Ok(())
    }

    /// The user's privileges, one for each column, and what each is for.
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

/// `GRANT SELECT (a, b), UPDATE (c) ON db.t TO user` as `(SELECT (a), db.t)` and so on.
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

fn wish(sku: &Sku) -> Purchase {
    Purchase { sku: sku.clone(), ..purchase(sku.as_str(), 1) }
}

fn request(sku: &Sku, cycle: u32, attempt: u32) -> OpenRestock {
    OpenRestock {
        sku: sku.clone(),
        attempts_allowed: 3,
        ..open_request(&format!("{sku}_{cycle}"), cycle, attempt)
    }
}

fn reason(sku: &Sku, cycle: u32) -> CloseReason {
    CloseReason {
        sku: sku.clone(),
        restock_cycle: cycle.try_into().expect("a cycle"),
        execution: format!("{sku}_{cycle}"),
        failure: "Factory.Refused".to_owned(),
    }
}

fn arrival(order: &ProductionOrder) -> Arrival {
    Arrival { production_order: order.production_order, delivered: order.quantity }
}

async fn change(
    connection: &mut MySqlConnection,
    verb: &str,
    desk: &Desk,
    grant: &(String, String),
) {
    let to = if verb == "GRANT" { "TO" } else { "FROM" };
    let ((privilege, object), user) = (grant, &desk.user);
    let change = AssertSqlSafe(format!("{verb} {privilege} ON {object} {to} '{user}'@'%'"));
    connection.execute(sqlx::query(change)).await.expect("a change");
}

#[test]
fn each_function_of_the_warehouse_has_a_user_and_no_other_has() {
    let system = System::read().expect("system.json").functions;
    let warehouse = system.iter().filter(|(_, function)| function.placement == Placement::Vpc);
    let expected: BTreeSet<&str> = warehouse.map(|(name, _)| name.as_str()).collect();
    assert_eq!(warehouse::functions_with_a_user().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn each_function_can_do_its_work_as_its_user_and_needs_each_thing_that_it_may_do() {
    for function in warehouse::functions_with_a_user() {
        let mut desk = Desk::of(function).await;
        desk.work().await.unwrap_or_else(|error| panic!("{function}: {error:?}"));
        let mut connection = desk.stocked.admin_connection().await;
        for grant in desk.grants().await {
            change(&mut connection, "REVOKE", &desk, &grant).await;
            let without = desk.work().await.err().map(|Failed { name, .. }| name);
            change(&mut connection, "GRANT", &desk, &grant).await;
            assert_eq!(
                without,
                Some(ErrorName::DatabaseFailed),
                "{function} does not need {grant:?}"
            );
        }
    }
}

#[tokio::test]
async fn no_function_can_change_the_stock_or_the_ledger_by_its_own_statement() {
    let desk = Desk::of("find-depleted").await;
    let database_users = DatabaseUsers::create(&desk.stocked.url).await.expect("users");
    for function in warehouse::functions_with_a_user() {
        let url = database_users.url(function).expect("a URL");
        let mut connection = MySqlConnection::connect(&url).await.expect("a login");
        for statement in [
            "UPDATE product SET stock = 1",
            "INSERT INTO stock_movement (sku, kind, quantity, reference, stock_after)
             VALUES ('CP-502101', 'count', 1, 'mine', 1)",
            "DELETE FROM stock_movement",
            "UPDATE stock_movement SET quantity = 1",
            "DELETE FROM production_order",
            "DROP TABLE product",
            "CREATE USER mine",
        ] {
            let done = connection.execute(statement).await;
            let error = done.expect_err(statement).to_string();
            assert!(error.to_lowercase().contains("denied"), "{function}: {statement}: {error}");
        }
    }
}
