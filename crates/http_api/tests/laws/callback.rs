use domain::{
    Units,
    callback::{Claim, Keys},
};
use http_api::callback::{Message, authenticate, read};
use serde_json::{Value, json};

/// The keys during a rotation.
const KEYS: &str = "a-new-key-of-at-least-32-characters!,an-old-key-of-at-least-32-characters";

/// When every callback in these tests was stored, in seconds since 1970.
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

    /// The message in `completion_queue` for a request to this URL.
    pub fn message(&self, body: &str) -> Message {
        let attribute = |text: &str| json!({"stringValue": text, "dataType": "String"});
        let attributes = json!({
            "production_order": attribute(&self.order),
            "quantity": attribute(&self.quantity),
            "expires": attribute(&self.expires),
            "signature": attribute(&self.signature),
        });
        message(body, &attributes)
    }

    /// The claim in this URL, if its parts are valid.
    pub fn claim(&self) -> Option<Claim> {
        claim(self.order.clone(), self.quantity.parse().ok()?, self.expires.parse().ok()?)
    }
}

/// A message with these attributes, as Lambda delivers it.
pub fn message(body: &str, attributes: &Value) -> Message {
    let record = json!({
        "messageId": "5fea7756-0ea4-451a-a703-a558b933e274",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": format!("{NOW}999")},
        "messageAttributes": attributes,
        "eventSource": "aws:sqs",
    });
    serde_json::from_value(record).expect("a message")
}

/// The claim with these parts, if they are valid.
pub fn claim(order: String, quantity: u32, expires: u64) -> Option<Claim> {
    let production_order = order.try_into().ok()?;
    Some(Claim { production_order, ordered: Units::try_from(quantity).ok()?, expires })
}

/// A URL is accepted only if it is exactly the signed URL of its claim, and only until it expires.
pub fn a_url_is_ours_or_refused(url: &Url) {
    let signed = url.claim().map(|claim| (Url::of(&claim), claim.expires > NOW));
    let ours = signed.as_ref().is_some_and(|(signed, in_time)| signed == url && *in_time);
    match authenticate(&url.message("{}"), &keys()) {
        Ok(claim) => assert_eq!((Url::of(&claim), ours), (url.clone(), true)),
        Err(error) => {
            assert!(!ours, "{url:?} is ours: {error}");
            let signature = signed.map(|(signed, _)| signed.signature);
            assert_no_secrets(&error, KEYS.split(',').chain(signature.as_deref()));
        }
    }
}

/// The log shows no secret.
fn assert_no_secrets<'a>(error: &domain::Error, mut secrets: impl Iterator<Item = &'a str>) {
    let text = format!("{error} {error:?}");
    assert!(!secrets.any(|secret| text.contains(secret)), "{text}");
}

/// Any body has a count from 1 to the ordered quantity, or is refused.
pub fn a_body_is_counted_or_refused(claim: Claim, body: &str) {
    let arrival = match read(&Url::of(&claim).message(body), claim) {
        Ok(arrival) => arrival,
        // The message is too short to quote a signature.
        Err(refusal) => return assert!(refusal.to_string().len() < 64 + 64, "{refusal}"),
    };
    assert_eq!(arrival.production_order, claim.production_order);
    assert!((1..=claim.ordered.get()).contains(&arrival.quantity.get()) && body.len() <= 4096);
    // The other fields are not parsed, and may be more than another parser accepts.
    if let Ok(sent) = serde_json::from_str::<Value>(body) {
        assert_eq!(count(&sent["MessageAttributeProductCnt"]), arrival.quantity.get());
    }
    let written = serde_json::to_string(&arrival).expect("JSON");
    assert_eq!(arrival, serde_json::from_str(&written).expect("an arrival"));
}

/// A record is authenticated only with the signature of its claim, whatever else it has.
pub fn a_record_is_authenticated_or_refused(record: &[u8]) {
    let Ok(message) = serde_json::from_slice::<Message>(record) else { return };
    if let Ok(claim) = authenticate(&message, &keys()) {
        let sent: Value = serde_json::from_slice(record).expect("JSON");
        let signature = &sent["messageAttributes"]["signature"]["stringValue"];
        assert_eq!(*signature, Url::of(&claim).signature);
    }
}

fn count(sent: &Value) -> u32 {
    match sent {
        Value::String(digits) => digits.parse().expect("digits"),
        number => number.as_u64().and_then(|n| n.try_into().ok()).expect("a whole number"),
    }
}
