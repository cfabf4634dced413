use http_api::checkout::read;
use http_api::http::Request;

use super::{Event, object, refused};

/// Any body is a purchase or is refused, with the same result as text and in Base64.
pub fn a_checkout_is_a_purchase_or_refused(key: &str, body: &[u8]) {
    let event = Event { headers: vec![("idempotency-key", key)], body, ..Event::default() };
    let Some(request) = event.as_base64() else { return };
    let accepted = is_accepted(&request, key, body);
    // API Gateway decides by the content type which of the two it sends.
    if let Some(request) = event.as_text() {
        assert_eq!(is_accepted(&request, key, body), accepted);
    }
}

/// Whether the request is accepted. If so, the purchase is what the request says.
fn is_accepted(request: &Request, key: &str, body: &[u8]) -> bool {
    let purchase = match read(request) {
        Ok(purchase) => purchase,
        Err(error) => {
            let status = refused(&error);
            assert!(status == 400 || status == 413 && body.len() > 4096, "{status}: {error}");
            return false;
        }
    };
    let sent = object(std::str::from_utf8(body).expect("text"));
    assert_eq!(purchase.purchase_id.as_str(), key);
    assert!(
        (1..=64).contains(&key.len())
            && key.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b',')
    );
    assert_eq!(sent.len(), 2);
    assert_eq!(sent["sku"], purchase.sku.as_str());
    assert_eq!(sent["quantity"], purchase.quantity.get());
    assert!((1..=100).contains(&purchase.quantity.get()) && body.len() <= 4096);
    // The state machine gets it as JSON, and its steps parse it again.
    let written = serde_json::to_string(&purchase).expect("JSON");
    assert_eq!(purchase, serde_json::from_str(&written).expect("a purchase"));
    true
}
