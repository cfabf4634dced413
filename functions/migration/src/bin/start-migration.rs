//! Has the database brought to its shape, as Terraform asks with each apply.

use migration::start_migration::{self, Starter};
use step::config::setting;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let aws = door::aws().await;
    let starter = Starter {
        secrets: aws_sdk_secretsmanager::Client::new(&aws),
        lambda: start_migration::patient(&(&aws).into()),
        migrate: setting("MIGRATE_FUNCTION")?,
    };
    step::run(async |request| start_migration::handle(&starter, request).await).await
}
