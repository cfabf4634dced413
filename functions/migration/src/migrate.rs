//! The warehouse's side: makes tables and procedures, then the users.

use std::collections::BTreeMap;

use lambda_support::Answer;
use serde::{Deserialize, Serialize};
use warehouse::{DatabaseUrl, MigrationError, Proof, UserName, create_users};

use crate::Login;

/// What is to be done.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Who does it. Without one: whom the database URL names.
    pub login: Option<Login>,
    /// What each function's user is called. None where the functions log in as somebody else.
    pub users: BTreeMap<String, UserName>,
}

/// What there is now.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Migrated {
    /// How many users functions log in as.
    pub users: usize,
}

/// Brings the database to its shape. Called again it does what is left, which may be nothing.
pub async fn handle(
    url: &DatabaseUrl,
    proof: &Proof,
    request: Request,
) -> Result<Answer<Migrated>, MigrationError> {
    let url = match &request.login {
        Some(login) => url.clone().log_in_as(&login.username, &login.password),
        None => url.clone(),
    };
    warehouse::migrate(&url).await?;
    if !request.users.is_empty() {
        create_users(&url, &request.users, proof).await?;
    }
    let users = request.users.len();
    let sentence = format!("the database has its newest shape, and {users} users");
    Ok(Answer::new(Migrated { users }, sentence))
}
