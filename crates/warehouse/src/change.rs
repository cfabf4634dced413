//! Changes by operators: each in one transaction with a row that says who made it and why.

mod product;
mod refusals;
mod sent_orders;
mod texts;

use std::time::Duration;

use domain::{Buckets, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::{
    ChangeError, Error, Factory, FactoryChange, FactoryError, NewProduct, Result, Warehouse,
    factory, ledger,
};

pub use product::ProductUpdate;
pub use sent_orders::{SentOrder, SentOrders};
pub use texts::{Operator, Reason};

use refusals::{exists, is_duplicate, is_worth_another_try, not_found, refusal, reused};

/// Shorter than the time-out of the function, so that the operator learns why there is no answer.
const LONGEST_CHANGE: Duration = Duration::from_secs(8);

/// How often a change is tried. Each may wait 1 s for a lock.
const TRIES: u32 = 3;

/// Long enough for what does not wait for a lock, such as a procedure that a deployment replaces.
const PAUSE: Duration = Duration::from_millis(200);

/// What an operator changes, with who and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    /// Chosen by whoever asks. The same request again changes nothing more.
    pub id: Uuid,
    pub by: Operator,
    pub reason: Reason,
    pub change: Change,
}

/// What an operator changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Adds units to the stock, or removes them if negative. The ledger gets a movement of the kind `count`.
    AdjustStock {
        sku: Sku,
        units: i32,
    },
    /// Changes the number of buckets that hold the stock, and levels them. With the number that the product has, only
    /// levels them.
    SetBuckets {
        sku: Sku,
        buckets: Buckets,
    },
    AddProduct(NewProduct),
    ChangeProduct(ProductUpdate),
    /// The product is neither sold nor restocked any more.
    RetireProduct {
        sku: Sku,
    },
    /// A retired product is sold and restocked again.
    ReturnProduct {
        sku: Sku,
    },
    AddFactory(Factory),
    ChangeFactory(FactoryChange),
    /// Records what an execution of `restock` has ordered and the database has lost.
    RecordSentOrders(SentOrders),
    /// Only recorded here: an operator stops the execution of the open restock.
    StopRestock {
        sku: Sku,
        execution: String,
    },
    /// Only recorded here: an operator deletes a dead letter of the product.
    DeleteLetter {
        sku: Sku,
        /// The id of its message.
        letter: String,
    },
    /// Only recorded here: an operator redrives the dead letters of the product.
    Redrive {
        sku: Sku,
        letters: u32,
    },
}

/// The result of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The product that was changed. `None` for a factory.
    pub sku: Option<Sku>,
    /// The stock of the product now.
    pub stock: Option<Stock>,
    /// Whether the same request had been carried out before. Then nothing was changed now.
    pub repeated: bool,
}

impl Change {
    /// The product or the factory that is changed.
    pub fn about(&self) -> String {
        match self {
            Self::AddFactory(factory) => factory.id.to_string(),
            Self::ChangeFactory(change) => change.id.to_string(),
            _ => self.sku().map(Sku::to_string).unwrap_or_default(),
        }
    }

    /// The product that is changed. `None` for a factory.
    pub fn sku(&self) -> Option<&Sku> {
        match self {
            Self::AddProduct(product) => Some(&product.sku),
            Self::ChangeProduct(update) => Some(&update.sku),
            Self::RecordSentOrders(sent) => Some(&sent.sku),
            Self::AdjustStock { sku, .. }
            | Self::SetBuckets { sku, .. }
            | Self::RetireProduct { sku }
            | Self::ReturnProduct { sku }
            | Self::StopRestock { sku, .. }
            | Self::DeleteLetter { sku, .. }
            | Self::Redrive { sku, .. } => Some(sku),
            Self::AddFactory(_) | Self::ChangeFactory(_) => None,
        }
    }
}

impl Warehouse {
    /// Makes a change and records it, or does nothing if the same request was carried out before. Tries again if the
    /// database is busy or cannot be reached.
    ///
    /// # Errors
    /// If the product is unknown, or a rule of the shop refuses the change. Then nothing is changed or recorded. After another
    /// error, it is not known whether the change was made: the same request may be sent again.
    pub async fn change(&self, request: &ChangeRequest) -> Result<Changed, ChangeError> {
        let change = async {
            let repeated = self.make(request).await?;
            self.changed(request.change.sku(), repeated).await
        };
        let changed = timeout(LONGEST_CHANGE, change).await;
        changed.unwrap_or_else(|_| Err(Error::Slow(LONGEST_CHANGE).into()))
    }

    /// Returns whether the change had been made before.
    async fn make(&self, request: &ChangeRequest) -> Result<bool, ChangeError> {
        for _ in 1..TRIES {
            match self.make_once(request).await {
                Err(error) if is_worth_another_try(&error) => sleep(PAUSE).await,
                other => return other,
            }
        }
        match self.make_once(request).await {
            Err(error) if is_duplicate(&error) => Err(exists(&request.change)),
            other => other,
        }
    }

    async fn make_once(&self, request: &ChangeRequest) -> Result<bool, ChangeError> {
        let content = serde_json::to_string(&request.change)
            .map_err(|error| ChangeError::Refused(error.to_string()))?;
        let made = self.long_transaction(async |connection| {
            Ok(match recorded(connection, request.id).await? {
                Some(earlier) if earlier != content => Err(reused(request.id)),
                Some(_) => Ok(true),
                None => carry_out(connection, request, &content).await?.map(|()| false),
            })
        });
        made.await?
    }

    /// Reads the stock after the commit: the change has locked all buckets of the product.
    async fn changed(&self, sku: Option<&Sku>, repeated: bool) -> Result<Changed, ChangeError> {
        let Some(sku) = sku else { return Ok(Changed { sku: None, stock: None, repeated }) };
        let stock = self.run(async |connection| ledger::stock(connection, sku).await).await?;
        let stock = Some(crate::sale::stock(stock));
        Ok(Changed { sku: Some(sku.clone()), stock, repeated })
    }
}

/// A refusal of the shop's rules, inside a result of the database.
type Outcome<T> = Result<Result<T, ChangeError>>;

/// The change is the last statement of the transaction, because it may lock all buckets of a product: purchases wait until the
/// commit.
async fn carry_out(
    connection: &mut MySqlConnection,
    request: &ChangeRequest,
    content: &str,
) -> Outcome<()> {
    let existing =
        request.change.sku().filter(|_| !matches!(request.change, Change::AddProduct(_)));
    if let Some(sku) = existing
        && !product::is_known(connection, sku).await?
    {
        return Ok(Err(ChangeError::Unknown(sku.clone())));
    }
    record(connection, request, content).await?;
    match apply(connection, request).await {
        Err(Error::Failed(error)) => Ok(Err(refusal(&error).ok_or(Error::Failed(error))?)),
        other => other,
    }
}

async fn apply(connection: &mut MySqlConnection, request: &ChangeRequest) -> Outcome<()> {
    let found = match &request.change {
        Change::AddProduct(new) => product::add(connection, new).await?,
        Change::AdjustStock { sku, units } => {
            ledger::adjust(connection, sku, (*units).into(), &request.id.to_string())
                .await?
                .is_some()
        }
        Change::SetBuckets { sku, buckets } => {
            product::set_buckets(connection, sku, *buckets, request.id).await?;
            true
        }
        Change::ChangeProduct(update) => product::update(connection, update).await?,
        Change::RecordSentOrders(sent) => match sent_orders::record(connection, sent).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        },
        Change::RetireProduct { sku } => product::retire(connection, sku).await?,
        Change::ReturnProduct { sku } => product::bring_back(connection, sku).await?,
        Change::AddFactory(new) => return Ok(refused(factory::add(connection, new).await?)),
        Change::ChangeFactory(change) => {
            return Ok(refused(factory::apply(connection, change).await?.map(|_| ())));
        }
        Change::StopRestock { .. } | Change::DeleteLetter { .. } | Change::Redrive { .. } => true,
    };
    Ok(if found { Ok(()) } else { Err(not_found(&request.change)) })
}

fn refused(done: Result<(), FactoryError>) -> Result<(), ChangeError> {
    done.map_err(|error| match error {
        FactoryError::Database(error) => ChangeError::Database(error),
        rule => ChangeError::Refused(rule.to_string()),
    })
}

/// The content of the change that was recorded under an id.
async fn recorded(connection: &mut MySqlConnection, id: Uuid) -> Result<Option<String>> {
    let content =
        sqlx::query_scalar!("SELECT content FROM operator_change WHERE id = ?", id.to_string());
    Ok(content.fetch_optional(connection).await?)
}

async fn record(
    connection: &mut MySqlConnection,
    request: &ChangeRequest,
    content: &str,
) -> Result<()> {
    let insert = sqlx::query!(
        "INSERT INTO operator_change (id, sku, content, changed_by, reason) VALUES (?, ?, ?, ?, ?)",
        request.id.to_string(),
        request.change.sku().map(Sku::as_str),
        content,
        request.by.to_string(),
        request.reason.to_string()
    );
    insert.execute(connection).await?;
    Ok(())
}
