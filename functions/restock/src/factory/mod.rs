//! The legacy factory, as it is asked: where it may be, what it is sent, what it answers.

pub mod answer;
mod public;
mod url;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::url::Url;
use domain::{
    ProductionOrder,
    callback::{Claim, Keys},
};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};

pub use url::{FactoryUrl, NoFactoryUrl};

/// A callback is good for a week: the factory is seldom late by hours, and never by more.
const CALLBACK_GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// How the factory is asked, and where it is to call back.
#[derive(Debug)]
pub struct Factory {
    client: Client,
    url: FactoryUrl,
    /// Our own API, which the factory calls back.
    callback_url: Url,
    /// The keys that sign the callback URL.
    keys: Keys,
    requester: String,
}

impl Factory {
    /// The factory at `url`, which will call back below `callback_url`; `requester` says who asks.
    pub fn new(
        url: FactoryUrl,
        callback_url: Url,
        keys: Keys,
        requester: String,
    ) -> reqwest::Result<Self> {
        Ok(Self { client: client(&url)?, url, callback_url, keys, requester })
    }

    /// Sends an order once. What comes of that is the inner result.
    pub async fn send(
        &self,
        order: &ProductionOrder,
    ) -> Result<reqwest::Result<Response>, domain::Error> {
        let body = self.request(order)?;
        Ok(self.client.post(self.url.manufactures()).json(&body).send().await)
    }

    /// The request in the factory's own words.
    fn request(&self, order: &ProductionOrder) -> Result<Value, domain::Error> {
        Ok(json!({
            "MessageGroupId": "stock-arrival-group",
            "MessageAttributeProductId": order.sku,
            "MessageAttributeProductCnt": order.quantity,
            "MessageAttributeFactoryId": order.factory,
            "MessageAttributeRequester": self.requester,
            "CallbackUrl": self.signed_callback_url(order)?.as_str(),
        }))
    }

    fn signed_callback_url(&self, order: &ProductionOrder) -> Result<Url, domain::Error> {
        let claim = Claim {
            production_order: order.production_order,
            ordered: order.quantity,
            expires: (now() + CALLBACK_GOOD_FOR).as_secs(),
        };
        let name = order.production_order.to_string();
        let mut url = url::below(&self.callback_url, &["factory", "completions", &name]);
        url.query_pairs_mut()
            .append_pair("quantity", &claim.ordered.to_string())
            .append_pair("expires", &claim.expires.to_string())
            .append_pair("signature", &self.keys.sign(&claim)?);
        Ok(url)
    }
}

/// A client that sends an order once and to the factory only: a connection that was kept could turn
/// out closed after the order was sent, and the library would send it again on a new one. Its times
/// are below the function's.
fn client(url: &FactoryUrl) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(5))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .no_proxy();
    if url.is_loopback() { builder } else { builder.dns_resolver(public::PublicOnly) }.build()
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
