//! A database user for each function that uses the database, as on AWS, but with a password instead of an IAM token.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use reqwest::Url;
use sha2::{Digest, Sha256};
use warehouse::{
    Authentication, DatabaseUrl, UserName, create_users, functions_with_database_user,
};

/// The functions' users of one database.
#[derive(Clone)]
pub struct DatabaseUsers {
    database: Url,
    users: BTreeMap<String, UserName>,
    password: String,
}

impl DatabaseUsers {
    /// Creates the users. Their names and password are derived from the URL: a second system on the same database then
    /// uses the same users and does not lock out the first one.
    pub async fn create(database_url: &str) -> Result<Self> {
        let database = Url::parse(database_url).context("the database URL cannot be read")?;
        let users = names(&digest(database.path())[..8])?;
        let database_users = Self { users, password: digest(database_url), database };
        let authentication = Authentication::Password(database_users.password.clone().try_into()?);
        let url: DatabaseUrl = database_url.parse()?;
        create_users(&url, &database_users.users, &authentication).await.context(
            "the database users of the functions cannot be created: the user in the database URL needs the \
             privileges CREATE USER and GRANT OPTION",
        )?;
        Ok(database_users)
    }

    /// The database URL for one function.
    pub fn url(&self, function: &str) -> Result<String> {
        let mut url = self.database.clone();
        let user = self
            .users
            .get(function)
            .with_context(|| format!("the function {function} has no database user"))?;
        url.set_username(user.as_str())
            .and_then(|()| url.set_password(Some(&self.password)))
            .map_err(|()| anyhow!("the database URL has no host"))?;
        Ok(url.into())
    }
}

/// The user name of each function. The prefix distinguishes the users of several databases on one server.
fn names(prefix: &str) -> Result<BTreeMap<String, UserName>> {
    let name = |function: &str| format!("r{prefix}_{}", function.replace('-', "_"));
    functions_with_database_user()
        .map(|function| Ok((function.to_owned(), name(function).try_into()?)))
        .collect()
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..16])
}
