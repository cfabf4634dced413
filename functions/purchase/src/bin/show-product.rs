//! `GET /products/{sku}`.

use lambda_support::config::setting;
use purchase_workflow::show_product;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_support::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    lambda_support::run(async |request| show_product::handle(&warehouse, request).await).await
}
