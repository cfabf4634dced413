use domain::{
    Units,
    callback::{Claim, Keys},
};
use http_api::callback::{authenticate, read};
use http_api::http::Request;
use serde_json::Value;

use super::{Event, refused};

/// The keys during a rotation.
const KEYS: &str = "a-new-key-of-at-least-32-characters!,an-old-key-of-at-least-32-characters";

/// The time of every callback in these tests, in seconds since 1970.
pub const NOW: u64 = 1_790_000_000;

/// The first key signs, both verify.
pub fn keys() -> Keys {
    KEYS.parse().expect("keys")
}

/// The parts of a callback URL that are parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub order: String,
    pub quantity: String,
    pub expires: String,
    pub signature: String,
}

impl Url {
    /// The signed URL of a claim.
    pub fn of(claim: &Claim) -> Self {
        Self {
            order: claim.production_order.to_string(),
            quantity: claim.ordered.to_string(),
            expires: claim.expires.to_string(),
            signature: keys().sign(claim).expect("a signature"),
        }
    }

    /// The request to this URL, without a body.
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

    /// The claim in this URL, if its parts are valid.
    pub fn claim(&self) -> Option<Claim> {
        claim(self.order.clone(), self.quantity.parse().ok()?, self.expires.parse().ok()?)
    }
}

/// The claim with these parts, if they are valid.
pub fn claim(order: String, quantity: u32, expires: u64) -> Option<Claim> {
    let production_order = order.try_into().ok()?;
    Some(Claim { production_order, ordered: Units::try_from(quantity).ok()?, expires })
}

/// A URL is accepted only if it is exactly the signed URL of its claim, and only until it expires.
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
            assert_no_secrets(&error, KEYS.split(',').chain(signature.as_deref()));
        }
    }
}

/// Neither the answer nor the log shows a secret.
fn assert_no_secrets<'a>(error: &http_api::Error, mut secrets: impl Iterator<Item = &'a str>) {
    let text = format!("{error} {error:?} {:?}", error.reply());
    assert!(!secrets.any(|secret| text.contains(secret)), "{text}");
}

/// Any body has a count from 1 to the ordered quantity, or is refused.
pub fn a_body_is_counted_or_refused(claim: Claim, body: &[u8]) {
    let event = Event { body, ..Event::default() };
    let arrival = match read(&event.as_base64().expect("a request"), claim) {
        Ok(arrival) => arrival,
        Err(error) => {
            assert!(matches!(refused(&error), 400 | 413));
            // The message is too short to quote a signature.
            return assert!(error.to_string().len() < 64 + 64, "{error}");
        }
    };
    assert_eq!(arrival.production_order, claim.production_order);
    assert!((1..=claim.ordered.get()).contains(&arrival.quantity.get()) && body.len() <= 4096);
    // The other fields are not parsed, and may be more than another parser accepts.
    if let Ok(sent) = serde_json::from_slice::<Value>(body) {
        assert_eq!(count(&sent["MessageAttributeProductCnt"]), arrival.quantity.get());
    }
    let written = serde_json::to_string(&arrival).expect("JSON");
    assert_eq!(arrival, serde_json::from_str(&written).expect("an arrival"));
}

fn count(sent: &Value) -> u32 {
    match sent {
        Value::String(digits) => digits.parse().expect("digits"),
        number => number.as_u64().and_then(|n| n.try_into().ok()).expect("a whole number"),
    }
}
