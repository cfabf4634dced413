//! Callbacks as the factory makes them, and as it should not.

use domain::callback::{Claim, Keys};
use reqwest::Url;
use serde_json::Value;

use crate::{cloud::System, cloud::eventually};

/// The count in a callback's body.
const COUNT: &str = "MessageAttributeProductCnt";

/// A callback: what the factory was given, to be sent back as it is or changed.
#[derive(Debug, Clone)]
pub struct Callback {
    pub url: Url,
    pub body: String,
}

impl Callback {
    pub fn of(body: &Value) -> Self {
        let url = body["CallbackUrl"].as_str().expect("a callback URL");
        Self { url: url.parse().expect("a URL"), body: body.to_string() }
    }

    /// The production order that it is for.
    pub fn order(&self) -> String {
        self.url.path_segments().and_then(Iterator::last).expect("a path").to_owned()
    }

    /// With another count.
    pub fn counting(&self, count: impl Into<Value>) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("JSON");
        body[COUNT] = count.into();
        self.saying(body.to_string())
    }

    /// Without a count.
    pub fn without_count(&self) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("JSON");
        body.as_object_mut().expect("an object").remove(COUNT);
        self.saying(body.to_string())
    }

    /// With any body.
    pub fn saying(&self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self.clone() }
    }

    /// The value of a part of the query.
    pub fn part(&self, name: &str) -> String {
        let mut parts = self.url.query_pairs();
        let part = parts.find(|(key, _)| key == name).expect("the part");
        part.1.into_owned()
    }

    /// With another value for a part of the query.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        changed.url.query_pairs_mut().append_pair(name, value);
        changed
    }

    /// Without a part of the query.
    pub fn without(&self, name: &str) -> Self {
        let kept = self.url.query_pairs().filter(|(key, _)| key != name);
        let kept: Vec<_> =
            kept.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        let mut changed = self.clone();
        changed.url.query_pairs_mut().clear().extend_pairs(kept);
        changed
    }

    /// For another production order, whose name may be none.
    pub fn for_order(&self, order: &str) -> Self {
        let mut changed = self.clone();
        changed.url.path_segments_mut().expect("a path").pop().push(order);
        changed
    }

    /// Signed anew for what it says now, with the keys that only we have.
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
    /// The callback that the factory is to make for the n-th order that it took, from 1.
    pub async fn callback(&self, number: usize) -> Callback {
        let body = eventually(&format!("the factory takes order {number}"), async || {
            Some(self.factory().orders().get(number - 1)?.body.clone())
        })
        .await;
        Callback::of(&body)
    }

    /// Makes a callback, and answers the status that it was answered with.
    pub async fn call_back(&self, callback: &Callback) -> u16 {
        let answer = self.shop.call_back(callback.url.as_str(), callback.body.clone());
        answer.await.expect("an answer").status.as_u16()
    }

    /// The keys that sign callback URLs, as the function has them.
    pub async fn callback_keys(&self) -> String {
        self.setting("place-order", "CALLBACK_KEYS").await
    }

    /// A setting that a function was given.
    pub async fn setting(&self, function: &str, name: &str) -> String {
        let get = self.cloud.clients.functions.get_function_configuration();
        let configuration = get.function_name(function).send().await.expect("a function");
        let environment = configuration.environment().and_then(|e| e.variables());
        environment.expect("an environment")[name].clone()
    }
}
