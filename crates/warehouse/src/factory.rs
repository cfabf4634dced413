//! Factories: list, add and change them.
//!
//! A row cannot make a function send an order to an address that nobody allowed: the function checks the host against the
//! list of its deployment.

use domain::{
    Contact, DisplayName, FactoryAddress, FactoryId, FactoryNetwork, FactoryUrl, LeadTime,
    SecretName,
};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, MySqlConnection};

use crate::{
    DatabaseUrl, FactoryError, MigrationError, Result, Warehouse, database_url::SETUP_TIMEOUT,
};

/// The factory that the migrations insert, which makes the first product.
pub const FIRST_FACTORY: &str = "FF-500293";

/// The URL that the migrations give to the first factory: no host has this name.
const NOT_LOCATED: &str = "https://factory.invalid";

/// A factory. As a request: the factory to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factory {
    pub id: FactoryId,
    /// Display name.
    pub name: DisplayName,
    pub url: FactoryUrl,
    pub network: FactoryNetwork,
    pub lead_time_seconds: LeadTime,
    /// Whom to ask about an order.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// The secret with the header that the factory requires.
    #[serde(default)]
    pub secret: Option<SecretName>,
}

/// A change of a factory. What is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactoryChange {
    pub id: FactoryId,
    #[serde(default)]
    pub name: Option<DisplayName>,
    #[serde(default)]
    pub url: Option<FactoryUrl>,
    #[serde(default)]
    pub network: Option<FactoryNetwork>,
    #[serde(default)]
    pub lead_time_seconds: Option<LeadTime>,
    #[serde(default)]
    pub contact: Option<Contact>,
    #[serde(default)]
    pub authentication: Option<AuthenticationChange>,
}

/// What a factory requires from now on. As JSON: `"none"` or `{"secret": "NAME"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationChange {
    None,
    /// The header in this secret.
    Secret(SecretName),
}

impl FactoryChange {
    /// A change of nothing.
    pub fn of(id: FactoryId) -> Self {
        Self {
            id,
            name: None,
            url: None,
            network: None,
            lead_time_seconds: None,
            contact: None,
            authentication: None,
        }
    }

    fn apply(&self, factory: Factory) -> Factory {
        let change = self.clone();
        Factory {
            id: factory.id,
            name: change.name.unwrap_or(factory.name),
            url: change.url.unwrap_or(factory.url),
            network: change.network.unwrap_or(factory.network),
            lead_time_seconds: change.lead_time_seconds.unwrap_or(factory.lead_time_seconds),
            contact: change.contact.or(factory.contact),
            secret: match change.authentication {
                None => factory.secret,
                Some(AuthenticationChange::None) => None,
                Some(AuthenticationChange::Secret(secret)) => Some(secret),
            },
        }
    }
}

impl Warehouse {
    /// All factories, by id.
    pub async fn factories(&self) -> Result<Vec<Factory>> {
        self.run(async |connection| all(connection).await).await
    }

    /// Adds a factory. If the same factory exists, nothing is changed.
    pub async fn add_factory(&self, new: &Factory) -> Result<(), FactoryError> {
        self.transaction(async |connection| add(connection, new).await).await?
    }

    /// Changes a factory, and returns it as it is then. The next order is sent as the change says.
    pub async fn change_factory(&self, change: &FactoryChange) -> Result<Factory, FactoryError> {
        self.transaction(async |connection| apply(connection, change).await).await?
    }
}

/// All factories, by id.
pub(crate) async fn all(connection: &mut MySqlConnection) -> Result<Vec<Factory>> {
    let ids = sqlx::query_scalar!("SELECT id FROM factory ORDER BY id");
    let mut factories = Vec::new();
    for id in ids.fetch_all(&mut *connection).await? {
        factories.extend(factory(connection, &id.parse()?).await?);
    }
    Ok(factories)
}

/// Adds a factory within a transaction. If the same factory exists, nothing is changed.
pub(crate) async fn add(
    connection: &mut MySqlConnection,
    new: &Factory,
) -> Result<Result<(), FactoryError>> {
    if let Err(error) = new.network.admits(&new.url) {
        return Ok(Err(FactoryError::Url(error)));
    }
    Ok(match factory(connection, &new.id).await? {
        Some(existing) if existing != *new => Err(FactoryError::Exists(new.id.clone())),
        Some(_) => Ok(()),
        None => Ok(insert(connection, new).await?),
    })
}

/// Changes a factory within a transaction.
pub(crate) async fn apply(
    connection: &mut MySqlConnection,
    change: &FactoryChange,
) -> Result<Result<Factory, FactoryError>> {
    let Some(factory) = factory(connection, &change.id).await? else {
        return Ok(Err(FactoryError::Unknown(change.id.clone())));
    };
    let changed = change.apply(factory);
    if let Err(error) = changed.network.admits(&changed.url) {
        return Ok(Err(FactoryError::Url(error)));
    }
    update(connection, &changed).await?;
    Ok(Ok(changed))
}

/// Gives the first factory the URL of the deployment, unless it has one already. Called after the migrations.
pub async fn locate_first_factory(
    database: &DatabaseUrl,
    url: &FactoryUrl,
) -> Result<(), MigrationError> {
    let mut connection = database.connect_within(SETUP_TIMEOUT).await?;
    let locate = sqlx::query!(
        "UPDATE factory SET url = ? WHERE id = ? AND url = ?",
        url.to_string(),
        FIRST_FACTORY,
        NOT_LOCATED
    );
    locate.execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Where and how orders are sent to the factory.
pub(crate) async fn address(
    connection: &mut MySqlConnection,
    id: &FactoryId,
) -> Result<FactoryAddress> {
    let row = sqlx::query!(
        r#"SELECT url, network AS "network: String", contact, secret FROM factory WHERE id = ?"#,
        id.to_string()
    )
    .fetch_one(connection)
    .await?;
    Ok(FactoryAddress {
        url: row.url.parse()?,
        network: row.network.parse()?,
        secret: row.secret.map(|secret| secret.parse()).transpose()?,
        contact: row.contact,
    })
}

async fn factory(connection: &mut MySqlConnection, id: &FactoryId) -> Result<Option<Factory>> {
    let row =
        sqlx::query!("SELECT name, lead_time_seconds FROM factory WHERE id = ?", id.to_string());
    let Some(row) = row.fetch_optional(&mut *connection).await? else { return Ok(None) };
    let FactoryAddress { url, network, secret, contact } = address(connection, id).await?;
    let (name, lead_time_seconds) =
        (DisplayName::of_row(&row.name), row.lead_time_seconds.try_into()?);
    let contact = contact.as_deref().map(Contact::of_row);
    Ok(Some(Factory { id: id.clone(), name, url, network, lead_time_seconds, contact, secret }))
}

async fn insert(connection: &mut MySqlConnection, new: &Factory) -> Result<()> {
    let insert = sqlx::query!(
        "INSERT INTO factory (id, name, url, network, lead_time_seconds, contact, secret)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        new.id.to_string(),
        new.name.as_str(),
        new.url.to_string(),
        new.network.to_string(),
        new.lead_time_seconds.get(),
        new.contact.as_ref().map(Contact::as_str),
        new.secret.as_ref().map(SecretName::as_str)
    );
    insert.execute(connection).await?;
    Ok(())
}

async fn update(connection: &mut MySqlConnection, changed: &Factory) -> Result<()> {
    let update = sqlx::query!(
        "UPDATE factory SET name = ?, url = ?, network = ?, lead_time_seconds = ?, contact = ?, secret = ?
         WHERE id = ?",
        changed.name.as_str(),
        changed.url.to_string(),
        changed.network.to_string(),
        changed.lead_time_seconds.get(),
        changed.contact.as_ref().map(Contact::as_str),
        changed.secret.as_ref().map(SecretName::as_str),
        changed.id.to_string()
    );
    update.execute(connection).await?;
    Ok(())
}
