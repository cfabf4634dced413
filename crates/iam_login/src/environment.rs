use aws_credential_types::Credentials;

use crate::Error;

/// Credentials that sign tokens, and the region that the tokens are for.
#[derive(Debug, Clone)]
pub struct Signer {
    /// `Debug` does not show the secret keys.
    pub credentials: Credentials,
    /// Region of the database.
    pub region: String,
}

impl Signer {
    /// Reads the credentials and the region of this function from the environment that Lambda sets. The credentials are
    /// valid longer than the process lives.
    pub fn of_function() -> Result<Self, Error> {
        let credentials = Credentials::new(
            variable("AWS_ACCESS_KEY_ID")?,
            variable("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN").ok(),
            None,
            "Lambda",
        );
        Ok(Self { credentials, region: variable("AWS_REGION")? })
    }
}

fn variable(name: &'static str) -> Result<String, Error> {
    std::env::var(name).map_err(|_| Error::Missing(name))
}
