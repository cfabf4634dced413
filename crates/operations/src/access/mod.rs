//! The way to the database of a deployment: directly, or through the functions `inspect-warehouse` and
//! `change-warehouse`. Both ways run the same operations and return the same.

mod functions;
mod operator;

use std::collections::HashSet;

use anyhow::{Context, Result};
use deployment::outputs::Outputs;
use domain::Sku;
use errors::{ErrorName, NamedError};
use serde::de::DeserializeOwned;
use tokio::{runtime::Handle, task::spawn_blocking};
use warehouse::{
    ChangeError, ChangeRequest, Changed, DatabaseUrl, Factory, Warehouse,
    audit::{
        Audited, Goods, History, Limits, OpenOrder, OpenRestock, Overview, ProductDemand, Question,
        Snapshot,
    },
};

use functions::{FunctionFailed, Functions};
pub use operator::operator;

/// The way to the database.
#[derive(Debug, Clone)]
pub enum WarehouseAccess {
    /// With a URL that works from this machine.
    Database(Box<DatabaseUrl>),
    /// Through the functions, with the credentials of whoever runs the command.
    Functions(Functions),
}

impl WarehouseAccess {
    /// The way to the database of a deployment; through its functions if no URL is known.
    pub async fn of(outputs: &Outputs, database: Option<DatabaseUrl>) -> Self {
        match database {
            Some(url) => Self::Database(Box::new(url)),
            None => Self::Functions(Functions::of(outputs).await),
        }
    }

    /// See [`Snapshot::audit`], as for all questions.
    ///
    /// # Errors
    /// If the database cannot be reached or read, as for all questions.
    pub async fn audit(&self, limits: Limits) -> Result<Audited> {
        self.ask(Question::Audit { limits }).await
    }

    /// See [`Snapshot::overview`].
    pub async fn overview(&self) -> Result<Overview> {
        self.ask(Question::Overview).await
    }

    /// See [`Snapshot::history`].
    pub async fn history(&self, sku: &Sku) -> Result<History> {
        self.ask(Question::History { sku: sku.clone() }).await
    }

    /// See [`Snapshot::goods`].
    pub async fn goods(&self, sku: &Sku) -> Result<Goods> {
        self.ask(Question::Goods { sku: sku.clone() }).await
    }

    /// See [`Snapshot::demand`].
    pub async fn demand(&self, sku: &Sku, weeks: u32) -> Result<ProductDemand> {
        self.ask(Question::Demand { sku: sku.clone(), weeks }).await
    }

    /// See [`Snapshot::factories`].
    pub async fn factories(&self) -> Result<Vec<Factory>> {
        self.ask(Question::Factories).await
    }

    /// See [`Snapshot::executions`].
    pub async fn executions(&self) -> Result<HashSet<String>> {
        self.ask(Question::Executions).await
    }

    /// See [`Snapshot::open_orders`].
    pub async fn open_orders(&self) -> Result<Vec<OpenOrder>> {
        self.ask(Question::OpenOrders).await
    }

    /// See [`Snapshot::open_restocks`].
    pub async fn open_restocks(&self) -> Result<Vec<OpenRestock>> {
        self.ask(Question::OpenRestocks).await
    }

    /// See [`Snapshot::is_settled`].
    pub async fn is_settled(&self, order: &str) -> Result<bool> {
        self.ask(Question::IsSettled { order: order.to_owned() }).await
    }

    /// See [`Snapshot::unreported`].
    pub async fn unreported(&self) -> Result<Vec<String>> {
        self.ask(Question::Unreported).await
    }

    /// See [`Warehouse::change`].
    ///
    /// # Errors
    /// If the change is refused. Otherwise it is unknown whether it was made: the same request may be sent again.
    pub async fn change(&self, request: &ChangeRequest) -> Result<Changed> {
        match self {
            Self::Database(url) => change_directly((**url).clone(), request.clone()).await,
            Self::Functions(functions) => functions.change(request).await,
        }
    }

    async fn ask<T: DeserializeOwned>(&self, question: Question) -> Result<T> {
        let answer = match self {
            Self::Database(url) => {
                let mut snapshot = Snapshot::take(url).await?;
                serde_json::to_value(question.ask(&mut snapshot).await?)?
            }
            Self::Functions(functions) => functions.inspect(&question).await?,
        };
        serde_json::from_value(answer).context(
            "the answer of the database has another form: use the command of the deployed release",
        )
    }
}

/// Whether the shop has refused a change. Then nothing was changed, and the same request is refused again.
pub fn is_refused(error: &anyhow::Error) -> bool {
    let refusals = [ErrorName::ChangeRefused, ErrorName::ProductUnknown].map(ErrorName::as_str);
    let direct = error.downcast_ref::<ChangeError>().map(|error| error.name().as_str());
    let of_function = error.downcast_ref::<FunctionFailed>().map(|error| error.name.as_str());
    direct.or(of_function).is_some_and(|name| refusals.contains(&name))
}

/// On a thread of its own: the compiler cannot prove that the future of a transaction may move between threads.
async fn change_directly(url: DatabaseUrl, request: ChangeRequest) -> Result<Changed> {
    let change = move || {
        Handle::current().block_on(async { Warehouse::open(url).await.change(&request).await })
    };
    Ok(spawn_blocking(change).await??)
}
