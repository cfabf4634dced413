//! An order as received. Like the legacy system, checks as little as possible.

use axum::body::Bytes;
use serde_json::Value;

const PRODUCT: &str = "MessageAttributeProductId";
const COUNT: &str = "MessageAttributeProductCnt";
const REQUESTER: &str = "MessageAttributeRequester";
const CALLBACK: &str = "CallbackUrl";

/// A JSON body with a `CallbackUrl`. Nothing else is checked.
#[derive(Clone, Debug)]
pub(super) struct Order {
    raw: Bytes,
    body: Value,
    callback_url: String,
}

/// The body is not JSON, or has no `CallbackUrl`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// How the count in a callback differs from the count in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WrongCount {
    Text,
    Missing,
    Zero,
    Negative,
    NotANumber,
    Over,
    Short,
}

impl Order {
    pub(super) fn parse(raw: Bytes) -> Result<Self, Unreadable> {
        let body: Value = serde_json::from_slice(&raw).map_err(|_| Unreadable)?;
        let callback_url = body.get(CALLBACK).and_then(Value::as_str);
        let callback_url = callback_url.ok_or(Unreadable)?.to_owned();
        Ok(Self { raw, body, callback_url })
    }

    pub(super) fn body(&self) -> &Value {
        &self.body
    }

    pub(super) fn callback_url(&self) -> &str {
        &self.callback_url
    }

    pub(super) fn requester(&self) -> Value {
        self.body.get(REQUESTER).cloned().unwrap_or_default()
    }

    pub(super) fn product(&self) -> String {
        let product = self.body.get(PRODUCT).and_then(Value::as_str);
        product.unwrap_or_default().to_owned()
    }

    /// The ordered count, from a number or from text; 0 if there is none.
    pub(super) fn count(&self) -> i64 {
        match self.body.get(COUNT) {
            Some(Value::String(text)) => text.parse().unwrap_or_default(),
            Some(count) => count.as_i64().unwrap_or_default(),
            None => 0,
        }
    }

    /// The received bytes, unchanged.
    pub(super) fn as_received(&self) -> Bytes {
        self.raw.clone()
    }

    /// The received body with a wrong count.
    pub(super) fn with_wrong_count(&self, wrong: WrongCount) -> Bytes {
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            match self.wrong_count(wrong) {
                Some(count) => fields.insert(COUNT.to_owned(), count),
                None => fields.remove(COUNT),
            };
        }
        body.to_string().into()
    }

    fn wrong_count(&self, wrong: WrongCount) -> Option<Value> {
        let ordered = self.count();
        match wrong {
            WrongCount::Text => Some(ordered.to_string().into()),
            WrongCount::Missing => None,
            WrongCount::Zero => Some(0.into()),
            WrongCount::Negative => Some((-ordered.max(1)).into()),
            WrongCount::NotANumber => Some("plenty".into()),
            WrongCount::Over => Some(ordered.saturating_add(1).into()),
            WrongCount::Short => Some((ordered / 2).max(1).into()),
        }
    }
}
