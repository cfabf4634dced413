//! The users that functions log in as, on the laptop's database.

use anyhow::{Context, Result, anyhow};
use reqwest::Url;
use sha2::{Digest, Sha256};
use warehouse::{DatabaseUrl, Prefix, Proof, create_users};

/// The users of one database, made by who may do everything in it.
#[derive(Clone)]
pub struct Logins {
    database: Url,
    prefix: Prefix,
    password: String,
}

impl Logins {
    /// Makes the users. Their names and their password follow from the URL, so that who starts the
    /// system once more on the same database does not lock the first one out.
    pub async fn create(database_url: &str) -> Result<Self> {
        let database = Url::parse(database_url).context("the database URL cannot be read")?;
        let prefix = format!("r{}_", &digest(database.path())[..8]).parse()?;
        let logins = Self { prefix, password: digest(database_url), database };
        let proof = Proof::Password(logins.password.clone());
        let url: DatabaseUrl = database_url.parse()?;
        create_users(&url, &logins.prefix, &proof).await.context(
            "the functions' users cannot be made: who logs in by the database URL must be allowed \
             to CREATE USER, and to GRANT what it may do itself",
        )?;
        Ok(logins)
    }

    /// Where a function finds the database.
    pub fn url(&self, function: &str) -> Result<String> {
        let mut url = self.database.clone();
        url.set_username(&self.prefix.user(function))
            .and_then(|()| url.set_password(Some(&self.password)))
            .map_err(|()| anyhow!("the database URL has no host"))?;
        Ok(url.into())
    }
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text)[..16])
}
