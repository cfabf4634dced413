//! Brings the database to its shape, as `start-migration` asks.

use migration::migrate;
use step::config::setting;
use warehouse::Proof;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let url = iam_login::trust_rds(setting("DATABASE_URL")?);
    step::run(async |request| migrate::handle(&url, &Proof::IamToken, request).await).await
}
