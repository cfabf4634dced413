//! Callbacks of the factory: as it makes them, and changed in every way.

use deployment::api_client::Response;
use domain::callback::{Claim, Keys};
use reqwest::Url;
use serde_json::Value;

use crate::{System, eventually};

/// The field of a callback's body with the number of units.
const COUNT: &str = "MessageAttributeProductCnt";

/// A callback: the URL and the body that the factory was given. A test sends it unchanged or changed.
#[derive(Debug, Clone)]
pub struct Callback {
    pub url: Url,
    pub body: String,
}

impl Callback {
    /// The callback for an order with this body.
    pub fn of(body: &Value) -> Self {
        let url = body["CallbackUrl"].as_str().expect("a callback URL");
        Self { url: url.parse().expect("a URL"), body: body.to_string() }
    }

    /// The id of its production order.
    pub fn order(&self) -> String {
        self.url.path_segments().and_then(Iterator::last).expect("a path").to_owned()
    }

    /// With another count.
    pub fn with_count(&self, count: impl Into<Value>) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("JSON");
        body[COUNT] = count.into();
        self.with_body(body.to_string())
    }

    /// Without a count.
    pub fn without_count(&self) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("JSON");
        body.as_object_mut().expect("an object").remove(COUNT);
        self.with_body(body.to_string())
    }

    /// With another body.
    pub fn with_body(&self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self.clone() }
    }

    /// The value of a query parameter.
    pub fn part(&self, name: &str) -> String {
        let mut parts = self.url.query_pairs();
        let part = parts.find(|(key, _)| key == name).expect("the parameter");
        part.1.into_owned()
    }

    /// With another value of a query parameter.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        changed.url.query_pairs_mut().append_pair(name, value);
        changed
    }

    /// Without a query parameter.
    pub fn without(&self, name: &str) -> Self {
        let kept = self.url.query_pairs().filter(|(key, _)| key != name);
        let kept: Vec<_> =
            kept.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        let mut changed = self.clone();
        changed.url.query_pairs_mut().clear().extend_pairs(kept);
        changed
    }

    /// For another production order, whose id may be invalid.
    pub fn for_order(&self, order: &str) -> Self {
        let mut changed = self.clone();
        changed.url.path_segments_mut().expect("a path").pop().push(order);
        changed
    }

    /// With the correct signature of its present order, quantity and expiry.
    pub fn signed_with(&self, keys: &Keys) -> Self {
        let quantity: u32 = self.part("quantity").parse().expect("a number");
        let claim = Claim {
            production_order: self.order().parse().expect("an order"),
            ordered: quantity.try_into().expect("a quantity"),
            expires: self.part("expires").parse().expect("a time"),
        };
        self.with("signature", &keys.sign(&claim).expect("a signature"))
    }
}

impl System {
    /// Waits until the factory takes the n-th order, from 1. Returns the callback for it.
    pub async fn callback(&self, number: usize) -> Callback {
        let body = eventually(&format!("the factory takes order {number}"), async || {
            Some(self.factory().orders().get(number - 1)?.body.clone())
        })
        .await;
        Callback::of(&body)
    }

    /// Makes a callback. Returns the status of the response.
    pub async fn call_back(&self, callback: &Callback) -> u16 {
        self.callback_response(callback).await.status.as_u16()
    }

    /// Makes a callback. Returns the response.
    pub async fn callback_response(&self, callback: &Callback) -> Response {
        let answer = self.shop.call_back(callback.url.as_str(), callback.body.clone());
        answer.await.expect("an answer")
    }

    /// An environment variable of a function.
    pub async fn setting(&self, function: &str, name: &str) -> String {
        let get = self.cloud.clients.functions.get_function_configuration();
        let configuration = get.function_name(function).send().await.expect("a function");
        let environment = configuration.environment().and_then(|e| e.variables());
        environment.expect("an environment")[name].clone()
    }
}
