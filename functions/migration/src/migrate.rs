//! Runs the migrations, then creates the database users.

use std::collections::BTreeMap;

use domain::FactoryUrl;
use lambda_support::StepOutput;
use serde::{Deserialize, Serialize};
use warehouse::{
    Authentication, DatabaseUrl, MigrationError, UserName, create_users, locate_first_factory,
};

use crate::MasterCredentials;

/// Input of `migrate`. `start-migration` passes names and URL on as text, because it does not link the database code.
#[derive(Debug, Serialize, Deserialize)]
pub struct MigrateRequest<Name = UserName, Url = FactoryUrl> {
    /// `None` if the database URL contains the user and the password.
    pub login: Option<MasterCredentials>,
    /// The database user of each function. Empty if the functions log in as the user of the database URL.
    pub users: BTreeMap<String, Name>,
    /// The URL of the first factory, if its row has none yet.
    pub factory_url: Url,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Migrated {
    /// Number of database users for functions.
    pub users: usize,
}

/// Migrates the database. Idempotent.
pub async fn handle(
    url: &DatabaseUrl,
    authentication: &Authentication,
    request: MigrateRequest,
) -> Result<StepOutput<Migrated>, MigrationError> {
    let url = match &request.login {
        Some(login) => url.clone().log_in_as(&login.username, &login.password),
        None => url.clone(),
    };
    warehouse::migrate(&url).await?;
    if !request.users.is_empty() {
        create_users(&url, &request.users, authentication).await?;
    }
    locate_first_factory(&url, &request.factory_url).await?;
    let users = request.users.len();
    let sentence = format!("the database is up to date and has {users} users for functions");
    Ok(StepOutput::new(Migrated { users }, sentence))
}
