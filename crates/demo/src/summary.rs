use std::time::Duration;

use serde::Serialize;
use warehouse::ProductTotals;

use crate::crowd::Answers;

/// The numbers at the end of the demo. As JSON, the output of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whether all numbers are as expected.
    pub ok: bool,
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
    pub unexpected: Vec<&'static str>,
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
    pub answers: Answers,
    pub totals: ProductTotals,
    pub letters_left: usize,
    pub letters_redriven: usize,
    pub mails: usize,
    pub took: Duration,
}

impl Summary {
    pub(super) fn of(observed: &Observed) -> Self {
        let Observed { answers, totals, .. } = observed;
        let unexpected = unexpected(observed);
        Self {
            ok: unexpected.is_empty(),
            sold: answers.sold,
            refused: answers.sold_out,
            stock: totals.stock,
            ledger: totals.ledger,
            restocks: Restocks {
                completed: totals.completed_restocks,
                failed: totals.failed_restocks,
            },
            production_orders: totals.production_orders,
            dead_letters: observed.letters_left + observed.letters_redriven,
            mails: observed.mails,
            seconds: observed.took.as_secs(),
            unexpected,
        }
    }

    /// The numbers as a table, followed by the failed checks.
    pub fn table(&self) -> String {
        let mut table = format!(
            "   purchases sold        {}\n   purchases refused     {}\n   stock                 {}\n   \
             sum of the ledger     {}\n   restocks completed    {}\n   restocks failed       {}\n   \
             production orders     {}\n   dead letters          {}\n   mails to operations   {}\n   \
             seconds               {}\n",
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
fn unexpected(observed: &Observed) -> Vec<&'static str> {
    let Observed { answers, totals, .. } = observed;
    let checks = [
        (answers.other == 0, "a purchase was answered neither sold nor sold_out"),
        (
            i64::from(answers.sold) == totals.sold,
            "the sales in the ledger differ from the answers to customers",
        ),
        (answers.sold_out > 0, "no purchase was answered sold_out"),
        (totals.stock == totals.ledger, "the stock is not the sum of the ledger"),
        (totals.stock > 0, "the stock is 0 at the end"),
        (totals.completed_restocks == 2, "there are not two completed restocks"),
        (totals.failed_restocks == 1, "there is not one failed restock"),
        (totals.open_restocks == 0, "a restock is still open"),
        (totals.production_orders == 3, "there are not three production orders"),
        (observed.letters_redriven == 1, "not exactly one dead letter was redriven"),
        (observed.letters_left == 0, "a dead letter is left"),
        (
            observed.mails == 2,
            "operations did not get two mails: one about the failure, one about the recovery",
        ),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, sentence)| sentence).collect()
}
