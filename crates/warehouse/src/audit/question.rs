//! What a snapshot of the database is asked, in a form that can be sent to the function `inspect-warehouse`.

use domain::Sku;
use serde::{Deserialize, Serialize};

use super::{
    Audited, Goods, History, Limits, OpenOrder, OpenRestock, Overview, ProductDemand, Snapshot,
};
use crate::{Factory, ProductError};

/// A question about the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
    /// [`Snapshot::audit`]
    Audit { limits: Limits },
    /// [`Snapshot::overview`]
    Overview,
    /// [`Snapshot::history`]
    History { sku: Sku },
    /// [`Snapshot::goods`]
    Goods { sku: Sku },
    /// [`Snapshot::demand`]
    Demand { sku: Sku, weeks: u32 },
    /// [`Snapshot::factories`]
    Factories,
    /// [`Snapshot::executions`]
    Executions,
    /// [`Snapshot::open_orders`]
    OpenOrders,
    /// [`Snapshot::open_restocks`]
    OpenRestocks,
    /// [`Snapshot::is_settled`]
    IsSettled { order: String },
    /// [`Snapshot::unreported`]
    Unreported,
}

/// The answer to a [`Question`]. As JSON, it is only what the method of [`Snapshot`] returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    Audit(Box<Audited>),
    Overview(Overview),
    History(Box<History>),
    Goods(Goods),
    Demand(ProductDemand),
    Factories(Vec<Factory>),
    Names(Vec<String>),
    OpenOrders(Vec<OpenOrder>),
    OpenRestocks(Vec<OpenRestock>),
    IsSettled(bool),
}

impl Question {
    /// Asks the snapshot.
    ///
    /// # Errors
    /// If the database does not answer, or the question is about an unknown product.
    pub async fn ask(&self, snapshot: &mut Snapshot) -> Result<Answer, ProductError> {
        Ok(match self {
            Self::Audit { limits } => Answer::Audit(Box::new(snapshot.audit(*limits).await?)),
            Self::Overview => Answer::Overview(snapshot.overview().await?),
            Self::History { sku } => Answer::History(Box::new(snapshot.history(sku).await?)),
            Self::Goods { sku } => Answer::Goods(snapshot.goods(sku).await?),
            Self::Demand { sku, weeks } => Answer::Demand(snapshot.demand(sku, *weeks).await?),
            Self::Factories => Answer::Factories(snapshot.factories().await?),
            Self::Executions => Answer::Names(snapshot.executions().await?.into_iter().collect()),
            Self::OpenOrders => Answer::OpenOrders(snapshot.open_orders().await?),
            Self::OpenRestocks => Answer::OpenRestocks(snapshot.open_restocks().await?),
            Self::IsSettled { order } => Answer::IsSettled(snapshot.is_settled(order).await?),
            Self::Unreported => Answer::Names(snapshot.unreported().await?),
        })
    }
}
