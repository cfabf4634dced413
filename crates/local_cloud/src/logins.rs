//! The users that functions log in as, on the laptop's database.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use reqwest::Url;
use sha2::{Digest, Sha256};
use warehouse::{
    Authentication, DatabaseUrl, UserName, create_users, functions_with_database_user,
};

/// The users of one database, made by who may do everything in it.
#[derive(Clone)]
pub struct Logins {
    database: Url,
    users: BTreeMap<String, UserName>,
    password: String,
}

impl Logins {
    /// Makes the users. Their names and their password follow from the URL, so that who starts the
    /// system once more on the same database does not lock the first one out.
    pub async fn create(database_url: &str) -> Result<Self> {
        let database = Url::parse(database_url).context("the database URL cannot be read")?;
        let users = names(&digest(database.path())[..8])?;
        let logins = Self { users, password: digest(database_url), database };
        let proof = Authentication::Password(logins.password.clone().try_into()?);
        let url: DatabaseUrl = database_url.parse()?;
        create_users(&url, &logins.users, &proof).await.context(
            "the functions' users cannot be made: who logs in by the database URL must be allowed \
             to CREATE USER, and to GRANT what it may do itself",
        )?;
        Ok(logins)
    }

    /// Where a function finds the database.
    pub fn url(&self, function: &str) -> Result<String> {
        let mut url = self.database.clone();
        let user = self.users.get(function).with_context(|| format!("{function} has no user"))?;
        url.set_username(user.as_str())
            .and_then(|()| url.set_password(Some(&self.password)))
            .map_err(|()| anyhow!("the database URL has no host"))?;
        Ok(url.into())
    }
}

/// Names that set the users of several databases on one server apart.
fn names(mark: &str) -> Result<BTreeMap<String, UserName>> {
    let name = |function: &str| format!("r{mark}_{}", function.replace('-', "_"));
    functions_with_database_user()
        .map(|function| Ok((function.to_owned(), name(function).try_into()?)))
        .collect()
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..16])
}
