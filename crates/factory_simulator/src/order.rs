//! An order as it comes in: as little as the legacy system asks of it.

use axum::body::Bytes;
use serde_json::Value;

const PRODUCT: &str = "MessageAttributeProductId";
const COUNT: &str = "MessageAttributeProductCnt";
const REQUESTER: &str = "MessageAttributeRequester";
const CALLBACK: &str = "CallbackUrl";

/// A body that is JSON and says whom to call back. All else is taken as it comes.
#[derive(Clone, Debug)]
pub(super) struct Order {
    raw: Bytes,
    body: Value,
    callback_url: String,
}

/// The body is not JSON, or has no `CallbackUrl`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A count that a callback gets wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Miscount {
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

    /// The count that was asked for, sent as a number or as text; 0 where there is none.
    pub(super) fn count(&self) -> i64 {
        match self.body.get(COUNT) {
            Some(Value::String(text)) => text.parse().unwrap_or_default(),
            Some(count) => count.as_i64().unwrap_or_default(),
            None => 0,
        }
    }

    /// The very bytes that came in.
    pub(super) fn as_received(&self) -> Bytes {
        self.raw.clone()
    }

    /// What came in, but for the count.
    pub(super) fn miscounted(&self, miscount: Miscount) -> Bytes {
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            match self.wrong(miscount) {
                Some(count) => fields.insert(COUNT.to_owned(), count),
                None => fields.remove(COUNT),
            };
        }
        body.to_string().into()
    }

    fn wrong(&self, miscount: Miscount) -> Option<Value> {
        let asked = self.count();
        match miscount {
            Miscount::Text => Some(asked.to_string().into()),
            Miscount::Missing => None,
            Miscount::Zero => Some(0.into()),
            Miscount::Negative => Some((-asked.max(1)).into()),
            Miscount::NotANumber => Some("plenty".into()),
            Miscount::Over => Some(asked.saturating_add(1).into()),
            Miscount::Short => Some((asked / 2).max(1).into()),
        }
    }
}
