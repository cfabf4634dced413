//! `GET /products/{sku}`

use purchase_workflow::show_product;
use step::config::setting;
use warehouse::Warehouse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), step::StartError> {
    let warehouse = Warehouse::open(iam_login::enable(setting("DATABASE_URL")?)?).await;
    step::run(async |request| show_product::handle(&warehouse, request).await).await
}
