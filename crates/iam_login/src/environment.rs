use aws_credential_types::Credentials;

use crate::Error;

/// Who signs, and for which region.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The keys of a role. `Debug` shows no secret of them.
    pub credentials: Credentials,
    /// The region of the database, which is that of the function.
    pub region: String,
}

impl Signer {
    /// The role of this function, as Lambda hands it over. Its keys outlive the process.
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
