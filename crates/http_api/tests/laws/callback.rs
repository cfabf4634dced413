use domain::{
    Units,
    callback::{Claim, Keys},
};
use http_api::callback::{authenticate, read};
use http_api::http::Request;
use serde_json::Value;

use super::{Event, refused};

/// The keys that sign here, in the course of a rotation.
const KEYS: &str = "a-new-key-of-at-least-32-characters!,an-old-key-of-at-least-32-characters";

/// When callbacks come here, in seconds since 1970.
pub const NOW: u64 = 1_790_000_000;

/// The new key signs, both are good.
pub fn keys() -> Keys {
    KEYS.parse().expect("keys")
}

/// The parts of a callback's URL that mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub order: String,
    pub quantity: String,
    pub expires: String,
    pub signature: String,
}

impl Url {
    /// Of a claim, signed by us.
    pub fn of(claim: &Claim) -> Self {
        Self {
            order: claim.production_order.to_string(),
            quantity: claim.ordered.to_string(),
            expires: claim.expires.to_string(),
            signature: keys().sign(claim).expect("a signature"),
        }
    }

    /// The request that it is called with, without a body.
    pub fn request(&self) -> Request {
        let event = Event {
            path: vec![("production_order", &self.order)],
            query: vec![
                ("quantity", &self.quantity),
                ("expires", &self.expires),
                ("signature", &self.signature),
            ],
            ..Event::default()
        };
        event.as_text().expect("a request")
    }

    /// The claim that it makes, if it makes one.
    pub fn claim(&self) -> Option<Claim> {
        claim(self.order.clone(), self.quantity.parse().ok()?, self.expires.parse().ok()?)
    }
}

/// A claim of these parts, if they are any.
pub fn claim(order: String, quantity: u32, expires: u64) -> Option<Claim> {
    let production_order = order.try_into().ok()?;
    Some(Claim { production_order, ordered: Units::try_from(quantity).ok()?, expires })
}

/// Of all URLs, only that is ours which we would write for what it says, until it expires.
pub fn a_url_is_ours_or_refused(url: &Url) {
    let request = url.request();
    let signed = url.claim().map(|claim| (Url::of(&claim), claim.expires > NOW));
    let ours = signed.as_ref().is_some_and(|(signed, in_time)| signed == url && *in_time);
    match authenticate(&request, &keys(), NOW) {
        Ok(claim) => assert_eq!((Url::of(&claim), ours), (url.clone(), true)),
        Err(error) => {
            assert!(!ours, "{url:?} is ours: {error}");
            assert!(matches!(refused(&error), 401 | 404));
            let signature = signed.map(|(signed, _)| signed.signature);
            tells_nothing(&error, KEYS.split(',').chain(signature.as_deref()));
        }
    }
}

/// Neither to who is refused, nor to the log.
fn tells_nothing<'a>(error: &http_api::Error, mut secrets: impl Iterator<Item = &'a str>) {
    let told = format!("{error} {error:?} {:?}", error.reply());
    assert!(!secrets.any(|secret| told.contains(secret)), "{told}");
}

/// Whatever the factory sends back is a count of 1 to what was ordered, or is refused.
pub fn a_body_is_counted_or_refused(claim: Claim, body: &[u8]) {
    let event = Event { body, ..Event::default() };
    let arrival = match read(&event.as_base64().expect("a request"), claim) {
        Ok(arrival) => arrival,
        Err(error) => {
            assert!(matches!(refused(&error), 400 | 413));
            // Too short to quote a signature.
            return assert!(error.to_string().len() < 64 + 64, "{error}");
        }
    };
    assert_eq!(arrival.production_order, claim.production_order);
    assert!((1..=claim.ordered.get()).contains(&arrival.delivered.get()) && body.len() <= 4096);
    // What stands beside the count is not looked into, and may be more than others can read.
    if let Ok(said) = serde_json::from_slice::<Value>(body) {
        assert_eq!(count(&said["MessageAttributeProductCnt"]), arrival.delivered.get());
    }
    let written = serde_json::to_string(&arrival).expect("JSON");
    assert_eq!(arrival, serde_json::from_str(&written).expect("an arrival"));
}

fn count(said: &Value) -> u32 {
    match said {
        Value::String(digits) => digits.parse().expect("digits"),
        number => number.as_u64().and_then(|n| n.try_into().ok()).expect("a whole number"),
    }
}
