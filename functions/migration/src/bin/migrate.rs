//! Runs the migrations and creates the database users. Called by `start-migration`.

use lambda_support::{StartError, config::setting};
use migration::migrate;
use warehouse::{Authentication, DatabaseUrl};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::RunError> {
    let authentication = Authentication::IamToken;
    lambda_support::run(start(), async |url, request| {
        migrate::handle(url, &authentication, request).await
    })
    .await
}

fn start() -> Result<DatabaseUrl, StartError> {
    Ok(iam_login::trust_rds(setting("DATABASE_URL")?))
}
