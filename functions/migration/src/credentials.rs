use serde::{Deserialize, Serialize};

/// The database user that can create tables and users, in the format in which RDS stores it in Secrets Manager. `Debug`
/// shows nothing.
#[derive(Clone, Deserialize, Serialize)]
pub struct MasterCredentials {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl std::fmt::Debug for MasterCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterCredentials(…)")
    }
}
