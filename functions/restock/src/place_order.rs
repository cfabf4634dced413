//! `PlaceOrder`: asks the legacy factory for goods, once.
//!
//! The factory cannot be asked what became of an order, and asked twice it makes the goods twice. So
//! an order is sent again only where it was certainly not taken: connection refused, 429, 503.
//! Where it was perhaps taken (time-out, other 5xx, a connection that broke) the callback will tell.

use std::{
    net::IpAddr,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use domain::{
    ProductionOrder,
    callback::{Claim, Keys},
};
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use step::Answer;
use thiserror::Error;
use url::{Host, Url};

use crate::Error;

/// A callback is good for a week: the factory is seldom late by hours, and never by more.
const CALLBACK_GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// Where the factory is. HTTPS only; plain HTTP on this machine, where a stand-in may be.
#[derive(Debug, Clone)]
pub struct FactoryUrl(Url);

/// Not where a factory may be.
#[derive(Debug, Error)]
#[error("it must read https://host, or http://127.0.0.1:port for a factory on this machine")]
pub struct NoFactoryUrl;

impl FromStr for FactoryUrl {
    type Err = NoFactoryUrl;

    fn from_str(text: &str) -> Result<Self, NoFactoryUrl> {
        let url = Url::parse(text).map_err(|_| NoFactoryUrl)?;
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            _ => Err(NoFactoryUrl),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// How the factory is asked, and where it is to call back.
#[derive(Debug)]
pub struct Factory {
    /// The client: no redirects, no second try of its own, time-outs below the function's.
    pub client: reqwest::Client,
    /// The factory.
    pub url: FactoryUrl,
    /// Our own API, which the factory calls back.
    pub callback_url: Url,
    /// The keys that sign the callback URL.
    pub keys: Keys,
    /// Who asks.
    pub requester: String,
}

/// Whether the factory has the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It said so.
    Confirmed,
    /// It may have it. The callback will tell.
    Unconfirmed,
}

/// What became of an order that was sent.
#[derive(Debug, Serialize)]
pub struct Placed {
    acceptance: Acceptance,
    /// What the factory answered, in a few words.
    answer: String,
}

/// Sends an order.
pub async fn handle(factory: &Factory, order: ProductionOrder) -> Result<Answer<Placed>, Error> {
    let body = factory.request(&order)?;
    let endpoint = factory.url.manufactures();
    let answered = factory.client.post(endpoint).json(&body).send().await;
    let placed = match answered {
        Ok(answer) => judge(answer.status())?,
        Err(error) if error.is_connect() => {
            return Err(Error::FactoryUnavailable(why(&error)));
        }
        Err(error) => Placed { acceptance: Acceptance::Unconfirmed, answer: why(&error) },
    };
    let ProductionOrder { production_order, sku, quantity, .. } = order;
    let sentence = format!(
        "production order {production_order} for {quantity} {sku} is {}: {}",
        if placed.acceptance == Acceptance::Confirmed { "placed" } else { "perhaps placed" },
        placed.answer
    );
    Ok(Answer::new(placed, sentence))
}

/// What the factory's status says of the order.
fn judge(status: StatusCode) -> Result<Placed, Error> {
    let answer = format!("the factory answered {status}");
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Err(Error::FactoryUnavailable(answer))
        }
        StatusCode::REQUEST_TIMEOUT => Ok(Placed { acceptance: Acceptance::Unconfirmed, answer }),
        _ if status.is_success() => Ok(Placed { acceptance: Acceptance::Confirmed, answer }),
        _ if status.is_server_error() => Ok(Placed { acceptance: Acceptance::Unconfirmed, answer }),
        _ => Err(Error::FactoryRefused(answer)),
    }
}

/// An error's causes, innermost last: "connection refused" stands there.
fn why(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl FactoryUrl {
    fn manufactures(&self) -> Url {
        below(&self.0, &["api", "manufactures"])
    }
}

/// The URL with further segments in its path.
fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Only URLs such as `mailto:` have no path, and none of those gets here.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

impl Factory {
    /// The request in the factory's own words.
    fn request(&self, order: &ProductionOrder) -> Result<Value, Error> {
        Ok(json!({
            "MessageGroupId": "stock-arrival-group",
            "MessageAttributeProductId": order.sku,
            "MessageAttributeProductCnt": order.quantity,
            "MessageAttributeFactoryId": order.factory,
            "MessageAttributeRequester": self.requester,
            "CallbackUrl": self.signed_callback_url(order)?.as_str(),
        }))
    }

    fn signed_callback_url(&self, order: &ProductionOrder) -> Result<Url, Error> {
        let claim = Claim {
            production_order: order.production_order,
            ordered: order.quantity,
            expires: (now() + CALLBACK_GOOD_FOR).as_secs(),
        };
        let name = order.production_order.to_string();
        let mut url = below(&self.callback_url, &["factory", "completions", &name]);
        url.query_pairs_mut()
            .append_pair("quantity", &claim.ordered.to_string())
            .append_pair("expires", &claim.expires.to_string())
            .append_pair("signature", &self.keys.sign(&claim)?);
        Ok(url)
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
