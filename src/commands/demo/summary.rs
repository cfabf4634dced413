use std::time::Duration;

use serde::Serialize;
use warehouse::Books;

use super::crowd::Sales;

/// How the story ended. As JSON it is what `--json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Whether everything was as told.
    pub ok: bool,
    /// Customers who were told that they bought.
    pub sold: u32,
    /// Customers who were told that the product is sold out.
    pub refused: u32,
    /// Goods on hand.
    pub stock: i64,
    /// The sum of the ledger.
    pub ledger: i64,
    /// Restocks by how they ended.
    pub restocks: Restocks,
    /// Orders to the factory.
    pub production_orders: i64,
    /// Dead letters that there were.
    pub dead_letters: usize,
    /// Mails to operations.
    pub mails: usize,
    /// How long the story took.
    pub seconds: u64,
    /// What was not as told.
    #[serde(skip)]
    pub wrong: Vec<&'static str>,
}

/// Restocks by how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Restocks {
    /// Their goods came.
    pub completed: i64,
    /// They did not.
    pub failed: i64,
}

/// What there is at the end.
pub(super) struct Ended {
    pub sales: Sales,
    pub books: Books,
    pub letters_left: usize,
    pub letters_redriven: usize,
    pub mails: usize,
    pub took: Duration,
}

impl Summary {
    pub(super) fn of(ended: &Ended) -> Self {
        let Ended { sales, books, .. } = ended;
        let wrong = wrong(ended);
        Self {
            ok: wrong.is_empty(),
            sold: sales.sold,
            refused: sales.refused,
            stock: books.stock,
            ledger: books.ledger,
            restocks: Restocks {
                completed: books.completed_restocks,
                failed: books.failed_restocks,
            },
            production_orders: books.production_orders,
            dead_letters: ended.letters_left + ended.letters_redriven,
            mails: ended.mails,
            seconds: ended.took.as_secs(),
            wrong,
        }
    }

    /// For people.
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
            table += &format!("\n   NOT AS TOLD: {wrong}");
        }
        table
    }
}

/// What is not as it was told.
fn wrong(ended: &Ended) -> Vec<&'static str> {
    let Ended { sales, books, .. } = ended;
    let told = [
        (sales.other == 0, "a customer was answered neither sold nor sold_out"),
        (
            i64::from(sales.sold) == books.sold,
            "the sales in the ledger are not those that customers saw",
        ),
        (sales.refused > 0, "nobody was told that the product is sold out"),
        (books.stock == books.ledger, "the ledger does not explain the stock"),
        (books.stock > 0, "nothing is in stock at the end"),
        (books.completed_restocks == 2, "there should be two completed restocks"),
        (books.failed_restocks == 1, "there should be one failed restock"),
        (books.open_restocks == 0, "a restock is still open"),
        (books.production_orders == 3, "there should be three production orders"),
        (ended.letters_redriven == 1, "there should have been one dead letter"),
        (ended.letters_left == 0, "a dead letter is left"),
        (
            ended.mails == 2,
            "operations should have had two mails: that it failed, and that it is over",
        ),
    ];
    told.into_iter().filter(|(holds, _)| !holds).map(|(_, wrong)| wrong).collect()
}
