use std::time::Duration;

use domain::Sku;
use serde::Serialize;
use warehouse::ProductTotals;

use deployment::crowd::Answers;

/// The numbers at the end of the demo. As JSON, the output of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whether all numbers are as expected.
    pub ok: bool,
    /// The number of products. The numbers below are the sums over all products.
    pub products: usize,
    /// Purchases that were answered `sold`.
    pub sold: u32,
    /// Purchases that were answered `sold_out`.
    pub refused: u32,
    /// The stock.
    pub stock: i64,
    /// The sum of the ledger.
    pub ledger: i64,
    /// Closed restocks by status.
    pub restocks: Restocks,
    /// Production orders.
    pub production_orders: i64,
    /// Dead letters, redriven ones included.
    pub dead_letters: usize,
    /// Mails to operations.
    pub mails: usize,
    /// The duration of the demo.
    pub seconds: u64,
    /// The checks that failed, each as a sentence.
    #[serde(skip)]
    pub unexpected: Vec<String>,
}

/// Closed restocks by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Restocks {
    /// Restocks whose goods arrived.
    pub completed: i64,
    /// Restocks that failed.
    pub failed: i64,
}

/// What was observed, on all sides.
pub(super) struct Observed {
    pub products: Vec<Product>,
    pub letters_left: usize,
    pub letters_redriven: usize,
    pub mails: usize,
    pub took: Duration,
}

/// What was observed of one product, and how many restocks it should have.
pub(super) struct Product {
    pub sku: Sku,
    pub answers: Answers,
    pub totals: ProductTotals,
    pub completed: i64,
    pub failed: i64,
}

impl Summary {
    pub(super) fn of(observed: &Observed) -> Self {
        let unexpected = unexpected(observed);
        let mut answers = Answers::default();
        observed.products.iter().for_each(|product| answers += product.answers);
        let sum = |number: fn(&ProductTotals) -> i64| {
            observed.products.iter().map(|product| number(&product.totals)).sum()
        };
        Self {
            ok: unexpected.is_empty(),
            products: observed.products.len(),
            sold: answers.sold,
            refused: answers.sold_out,
            stock: sum(|totals| totals.stock),
            ledger: sum(|totals| totals.ledger),
            restocks: Restocks {
                completed: sum(|totals| totals.completed_restocks),
                failed: sum(|totals| totals.failed_restocks),
            },
            production_orders: sum(|totals| totals.production_orders),
            dead_letters: observed.letters_left + observed.letters_redriven,
            mails: observed.mails,
            seconds: observed.took.as_secs(),
            unexpected,
        }
    }

    /// The numbers as a table, followed by the failed checks.
    pub fn table(&self) -> String {
        let mut table = format!(
            "   products              {}\n   purchases sold        {}\n   purchases refused     {}\n   \
             stock                 {}\n   sum of the ledger     {}\n   restocks completed    {}\n   \
             restocks failed       {}\n   production orders     {}\n   dead letters          {}\n   \
             mails to operations   {}\n   seconds               {}\n",
            self.products,
            self.sold,
            self.refused,
            self.stock,
            self.ledger,
            self.restocks.completed,
            self.restocks.failed,
            self.production_orders,
            self.dead_letters,
            self.mails,
            self.seconds
        );
        for sentence in &self.unexpected {
            table += &format!("\n   UNEXPECTED: {sentence}");
        }
        table
    }
}

/// The checks that failed.
fn unexpected(observed: &Observed) -> Vec<String> {
    let checks = [
        (observed.letters_redriven == 1, "not exactly one dead letter was redriven"),
        (observed.letters_left == 0, "a dead letter is left"),
        (
            observed.mails == 2,
            "operations did not get two mails: one about the failure, one about the recovery",
        ),
    ];
    let of_all = checks.into_iter().filter(|(holds, _)| !holds);
    let of_all = of_all.map(|(_, sentence)| sentence.to_owned());
    observed.products.iter().flat_map(Product::unexpected).chain(of_all).collect()
}

impl Product {
    /// The checks of one product that failed.
    fn unexpected(&self) -> Vec<String> {
        let Self { answers, totals, .. } = self;
        let orders = self.completed + self.failed;
        let checks = [
            (answers.other == 0, "a purchase was answered neither sold nor sold_out"),
            (
                i64::from(answers.sold) == totals.sold,
                "the sales in the ledger differ from the answers to customers",
            ),
            (answers.sold_out > 0, "no purchase was answered sold_out"),
            (totals.stock == totals.ledger, "the stock is not the sum of the ledger"),
            (totals.stock > 0, "the stock is 0 at the end"),
            (
                totals.completed_restocks == self.completed,
                "the number of completed restocks is wrong",
            ),
            (totals.failed_restocks == self.failed, "the number of failed restocks is wrong"),
            (totals.open_restocks == 0, "a restock is still open"),
            (totals.production_orders == orders, "the number of production orders is wrong"),
        ];
        let failed = checks.into_iter().filter(|(holds, _)| !holds);
        failed.map(|(_, sentence)| format!("{}: {sentence}", self.sku)).collect()
    }
}
