//! Changes by operators: each in one transaction with a row that says who made it and why.

mod product;
mod refusals;
mod sent_orders;
mod texts;

use domain::{Buckets, Sku, Stock};
use serde::{Deserialize, Serialize};
use sqlx::MySqlConnection;
use uuid::Uuid;

use crate::{
    ChangeError, Error, Factory, FactoryChange, FactoryError, NewProduct, Result, Warehouse,
    factory, ledger,
};

pub use product::ProductUpdate;
pub use sent_orders::{SentOrder, SentOrders};
pub use texts::{Operator, Reason};

use refusals::{exists, is_duplicate, refusal, reused};

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
    /// Makes a change and records it, or does nothing if the same request was carried out before.
    ///
    /// # Errors
    /// If the product is unknown, or a rule of the shop refuses the change. Then nothing is changed or recorded.
    pub async fn change(&self, request: &ChangeRequest) -> Result<Changed, ChangeError> {
        match self.change_once(request).await {
            // Another call with the same id may have made the change since this one began.
            Err(error) if is_duplicate(&error) => match self.change_once(request).await {
                Err(error) if is_duplicate(&error) => Err(exists(&request.change)),
                other => other,
            },
            other => other,
        }
    }

    async fn change_once(&self, request: &ChangeRequest) -> Result<Changed, ChangeError> {
        let content = serde_json::to_string(&request.change)
            .map_err(|error| ChangeError::Refused(error.to_string()))?;
        let done = self.transaction(async |connection| {
            Ok(match recorded(connection, request.id).await? {
                Some(earlier) if earlier != content => Err(reused(request.id)),
                Some(_) => changed(connection, request.change.sku(), true).await?,
                None => carry_out(connection, request, &content).await?,
            })
        });
        done.await?
    }
}

/// A refusal of the shop's rules, inside a result of the database.
type Outcome<T> = Result<Result<T, ChangeError>>;

/// A transaction that ends with a refusal has changed nothing: the change comes first, and its record last.
async fn carry_out(
    connection: &mut MySqlConnection,
    request: &ChangeRequest,
    content: &str,
) -> Outcome<Changed> {
    let applied = match apply(connection, request).await {
        Err(Error::Failed(error)) => Err(refusal(&error).ok_or(Error::Failed(error))?),
        other => other?,
    };
    if let Err(refused) = applied {
        return Ok(Err(refused));
    }
    record(connection, request, content).await?;
    changed(connection, request.change.sku(), false).await
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
            product::set_buckets(connection, sku, *buckets, request.id).await?
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
    match request.change.sku() {
        Some(sku) if !found => Ok(Err(not_found(connection, &request.change, sku).await?)),
        _ => Ok(Ok(())),
    }
}

/// Why a change found no row that it could change.
async fn not_found(
    connection: &mut MySqlConnection,
    change: &Change,
    sku: &Sku,
) -> Result<ChangeError> {
    let was = match change {
        Change::RetireProduct { .. } => "was retired already",
        _ => "is not retired",
    };
    Ok(match product::is_known(connection, sku).await? {
        true => ChangeError::Refused(format!("{sku} {was}. Nothing was changed")),
        false => ChangeError::Unknown(sku.clone()),
    })
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

async fn changed(
    connection: &mut MySqlConnection,
    sku: Option<&Sku>,
    repeated: bool,
) -> Outcome<Changed> {
    let Some(sku) = sku else { return Ok(Ok(Changed { sku: None, stock: None, repeated })) };
    if !product::is_known(connection, sku).await? {
        return Ok(Err(ChangeError::Unknown(sku.clone())));
    }
    let stock = Some(crate::sale::stock(ledger::stock(connection, sku).await?));
    Ok(Ok(Changed { sku: Some(sku.clone()), stock, repeated }))
}
