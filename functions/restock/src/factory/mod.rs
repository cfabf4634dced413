//! Client of the factories.

mod allowed_hosts;
pub mod answer;
mod resolver;
mod secrets;
mod tls;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws::{CallbackKeys, KeyError};
use domain::{
    FactoryAddress, FactoryNetwork, ProductionOrder,
    callback::{Claim, Keys},
};
use lambda_support::StartError;
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use thiserror::Error;
use url::Url;

pub use allowed_hosts::{AllowedHosts, Hosts, NotAllowed};
use resolver::Resolver;
use secrets::Header;
pub use secrets::{HeaderSecrets, SecretError, SecretNames};

/// How long a callback URL is valid. The factory is rarely late by hours, and never by more. But a callback may wait in
/// `completion_queue` for 14 days and as a dead letter for another 14, and a redrive stores it anew.
const CALLBACK_LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);

/// Why an order cannot be sent. The factory has certainly not got it.
#[derive(Debug, Error)]
pub enum SendError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The callback URL could not be signed.
    #[error("the callback URL cannot be signed: {0}")]
    Unsigned(#[from] domain::Error),
}

/// Sends orders to factories in one network.
#[derive(Debug)]
pub struct Factory {
    client: Client,
    allowed: AllowedHosts,
    secrets: HeaderSecrets,
    /// Base URL of our API, which the factory calls back.
    callback_url: Url,
    keys: CallbackKeys,
    /// The name under which the factories know us.
    requester: String,
}

impl Factory {
    pub fn new(
        allowed: AllowedHosts,
        secrets: HeaderSecrets,
        callback_url: Url,
        keys: CallbackKeys,
        requester: String,
    ) -> Result<Self, StartError> {
        let client = client(allowed.network())?;
        Ok(Self { client, allowed, secrets, callback_url, keys, requester })
    }

    /// Sends an order once. The outer result is an error if the order cannot be sent, the inner one if sending fails.
    pub async fn send(
        &self,
        order: &ProductionOrder,
        address: &FactoryAddress,
    ) -> Result<reqwest::Result<Response>, SendError> {
        let url = self.allowed.checked(order, address)?;
        // At the same time: two seconds for each and five for the factory would be more than the function has.
        let (keys, header) = tokio::join!(self.keys.get(), self.header(address));
        let body = self.request(order, keys?)?;
        let mut request = self.client.post(below(url, &["api", "manufactures"])).json(&body);
        if let Some((name, value)) = header? {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        if let (Some(secret), Ok(answer)) = (&address.secret, &answer) {
            self.secrets.forget_if_rejected(secret, answer.status());
        }
        Ok(answer)
    }

    /// The header that the factory requires, if it requires one.
    async fn header(&self, address: &FactoryAddress) -> Result<Option<Header>, SecretError> {
        match &address.secret {
            Some(secret) => Ok(Some(self.secrets.header(secret).await?)),
            None => Ok(None),
        }
    }

    /// The request in the format of the factory.
    fn request(&self, order: &ProductionOrder, keys: &Keys) -> Result<Value, domain::Error> {
        Ok(json!({
            "MessageGroupId": "stock-arrival-group",
            "MessageAttributeProductId": order.sku,
            "MessageAttributeProductCnt": order.quantity,
            "MessageAttributeFactoryId": order.factory,
            "MessageAttributeRequester": self.requester,
            "CallbackUrl": self.signed_callback_url(order, keys)?.as_str(),
        }))
    }

    fn signed_callback_url(
        &self,
        order: &ProductionOrder,
        keys: &Keys,
    ) -> Result<Url, domain::Error> {
        let claim = Claim {
            production_order: order.production_order,
            ordered: order.quantity,
            expires: (now() + CALLBACK_LIFETIME).as_secs(),
        };
        let name = order.production_order.to_string();
        let mut url = below(&self.callback_url, &["factory", "completions", &name]);
        url.query_pairs_mut()
            .append_pair("quantity", &claim.ordered.to_string())
            .append_pair("expires", &claim.expires.to_string())
            .append_pair("signature", &keys.sign(&claim)?);
        Ok(url)
    }
}

/// Creates a client that sends each request exactly once and only to the factory: no retries, no redirects, no proxy.
/// It keeps no connections, because the library repeats a request if a kept connection turns out to be closed. Its five
/// seconds, and before them the two in which all secrets are read, are less than the time-out of the function: eight.
fn client(network: FactoryNetwork) -> Result<Client, StartError> {
    let client = Client::builder()
        .connect_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(5))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .no_proxy()
        .dns_resolver(Resolver(network))
        .tls_backend_preconfigured(tls::configuration()?);
    Ok(client.build()?)
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Appends segments to the path of a URL.
fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Fails only for URLs without a path, such as `mailto:`, which are never passed here.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[test]
fn orders_go_below_the_path_of_the_url() -> Result<(), domain::Error> {
    let url: domain::FactoryUrl = "https://factory.example/legacy".parse()?;
    let manufactures = below(url.as_ref(), &["api", "manufactures"]);
    assert_eq!(manufactures.as_str(), "https://factory.example/legacy/api/manufactures");
    Ok(())
}
