use serde::{Deserialize, Serialize};

/// Who may make tables and users. As RDS keeps it in Secrets Manager. Shows nothing of itself.
#[derive(Clone, Deserialize, Serialize)]
pub struct Login {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}
