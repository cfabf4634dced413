//! What a test looks at and waits for: the database, the mails, and what was reported to operations.

use local_cloud::mailbox::{self, Mail};
use sqlx::{Connection, FromRow, MySqlConnection};
use testkit::database::{SKU, sku};
use warehouse::ProductTotals;

use crate::{System, eventually};

/// The restock of the product's first cycle.
pub const FIRST_RESTOCK: &str = "CP-502101_1";

/// The restock of the product's second cycle.
pub const SECOND_RESTOCK: &str = "CP-502101_2";

/// The number of reports that a mail is about.
pub fn mailed_reports(mail: &Mail) -> usize {
    let line = mail.text.lines().find_map(|line| line.strip_prefix("Reports:"));
    line.map_or(1, |number| number.trim().parse().expect("a number"))
}

/// A row of the table `production_order`.
#[derive(Debug, Clone, FromRow)]
pub struct OrderRow {
    pub id: String,
    pub attempt: u32,
    pub quantity: i32,
    pub task_token: Option<String>,
    pub arrived_quantity: Option<i32>,
}

impl System {
    /// The stock of the product, the sum of its ledger, and the numbers of its restocks and orders.
    pub async fn totals(&self) -> ProductTotals {
        self.cloud.warehouse.totals(&sku()).await.expect("the product's totals")
    }

    /// A connection that may do what no function may.
    pub async fn admin_connection(&self) -> MySqlConnection {
        let url = self.cloud.outputs.database_url.as_deref().expect("a database");
        MySqlConnection::connect(url).await.expect("a connection")
    }

    /// How many movements the ledger has for the product.
    pub async fn count_movements(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM stock_movement WHERE sku = ?");
        count.bind(SKU).fetch_one(&mut self.admin_connection().await).await.expect("a count")
    }

    /// All production orders, oldest first.
    pub async fn order_rows(&self) -> Vec<OrderRow> {
        let all = "SELECT id, attempt, quantity, task_token, arrived_quantity
                   FROM production_order ORDER BY cycle, attempt";
        sqlx::query_as(all).fetch_all(&mut self.admin_connection().await).await.expect("orders")
    }

    /// Waits until an execution waits for the goods of the n-th order, from 1. Returns the order's row.
    pub async fn wait_until_order_is_awaited(&self, number: usize) -> OrderRow {
        eventually(&format!("an execution waits for order {number}"), async || {
            let row = self.order_rows().await.get(number - 1)?.clone();
            row.task_token.is_some().then_some(row)
        })
        .await
    }

    /// Waits until this many units have been credited, in all.
    pub async fn wait_for_arrivals(&self, units: i64) {
        eventually(&format!("{units} units have arrived"), async || {
            (self.totals().await.arrived == units).then_some(())
        })
        .await;
    }

    /// All mails to operations, once every report so far has its mail.
    pub async fn mails(&self) -> Vec<Mail> {
        self.wait_until_mails_are_sent().await;
        self.mails_so_far().await
    }

    /// The mails that were sent so far.
    pub async fn mails_so_far(&self) -> Vec<Mail> {
        mailbox::mails(self.cloud.endpoint()).await.expect("mails")
    }

    /// Waits for the mail whose subject contains this.
    pub async fn wait_for_mail(&self, subject: &str) -> Mail {
        eventually(&format!("a mail has the subject {subject:?}"), async || {
            self.mails_so_far().await.into_iter().find(|mail| mail.subject.contains(subject))
        })
        .await
    }

    /// An error was reported to operations: by one dead letter that asks for `cycle`, and one mail.
    pub async fn assert_reported(&self, error: &str, cycle: u32, subject: &str) {
        let letters = self.dead_letters().await;
        let [letter] = letters.as_slice() else { panic!("one dead letter: {letters:?}") };
        assert_eq!(letter.error, error, "{letter:?}");
        let depletion = letter.depletion.as_ref().expect("a depletion");
        assert_eq!(depletion.restock_cycle.get(), cycle, "{letter:?}");
        let mails = self.mails().await;
        let reports: Vec<_> = mails.iter().filter(|mail| mail.subject.contains(subject)).collect();
        assert_eq!(reports.len(), 1, "one mail with the subject {subject:?}: {mails:?}");
        assert!(reports[0].text.contains("What to do now: "), "{mails:?}");
    }
}
