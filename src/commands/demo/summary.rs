use std::time::Duration;

use serde::Serialize;
use warehouse::ProductTotals;

use super::crowd::Sales;

/// The result of the demo. `--json` prints it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whether the demo ended as expected.
    pub ok: bool,
    /// Purchases with the outcome `sold`.
    pub sold: u32,
    /// Purchases with the outcome `sold_out`.
    pub refused: u32,
    pub stock: i64,
    /// Sum of the ledger.
    pub ledger: i64,
    pub restocks: Restocks,
    pub production_orders: i64,
    /// All dead letters, including redriven ones.
    pub dead_letters: usize,
    /// Mails to operations.
    pub mails: usize,
    pub seconds: u64,
    /// What was not as expected.
    #[serde(skip)]
    pub wrong: Vec<&'static str>,
}

/// Number of closed restocks by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Restocks {
    pub completed: i64,
    pub failed: i64,
}

/// What the demo has observed at its end.
pub(super) struct Observed {
    pub sales: Sales,
    pub totals: ProductTotals,
    pub letters_left: usize,
    pub letters_redriven: usize,
    pub mails: usize,
    pub took: Duration,
}

impl Summary {
    pub(super) fn of(observed: &Observed) -> Self {
        let Observed { sales, totals, .. } = observed;
        let wrong = wrong(observed);
        Self {
            ok: wrong.is_empty(),
            sold: sales.sold,
            refused: sales.refused,
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
            wrong,
        }
    }

    /// The summary as a table for people.
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
        for wrong in &self.wrong {
            table += &format!("\n   NOT AS EXPECTED: {wrong}");
        }
        table
    }
}

/// Lists what is not as expected.
fn wrong(observed: &Observed) -> Vec<&'static str> {
    let Observed { sales, totals, .. } = observed;
    let expected = [
        (sales.other == 0, "a purchase had another outcome than sold or sold_out"),
        (
            i64::from(sales.sold) == totals.sold,
            "the sales in the ledger differ from the purchases of customers",
        ),
        (sales.refused > 0, "no purchase was refused as sold out"),
        (totals.stock == totals.ledger, "the ledger does not explain the stock"),
        (totals.stock > 0, "the stock is 0 at the end"),
        (totals.completed_restocks == 2, "there should be two completed restocks"),
        (totals.failed_restocks == 1, "there should be one failed restock"),
        (totals.open_restocks == 0, "a restock is still open"),
        (totals.production_orders == 3, "there should be three production orders"),
        (observed.letters_redriven == 1, "there should have been one dead letter"),
        (observed.letters_left == 0, "a dead letter is left"),
        (
            observed.mails == 2,
            "operations should have received two mails: one for the failure and one for the recovery",
        ),
    ];
    expected.into_iter().filter(|(holds, _)| !holds).map(|(_, wrong)| wrong).collect()
}
