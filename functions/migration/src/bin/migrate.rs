//! Runs the migrations and creates the database users. Called by `start-migration`.

use lambda_support::config::setting;
use migration::migrate;
use warehouse::Authentication;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let url = iam_login::trust_rds(setting("DATABASE_URL")?);
    let authentication = Authentication::IamToken;
    lambda_support::run(async |request| migrate::handle(&url, &authentication, request).await).await
}
