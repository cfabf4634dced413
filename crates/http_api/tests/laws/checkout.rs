use http_api::checkout::read;
use http_api::http::Request;

use super::{Event, object, refused};

/// Whatever is sent as a purchase is one, and the same however it is written, or is refused.
pub fn a_checkout_is_a_purchase_or_refused(key: &str, body: &[u8]) {
    let event = Event { headers: vec![("idempotency-key", key)], body, ..Event::default() };
    let Some(request) = event.as_base64() else { return };
    let taken = is_lawful(&request, key, body);
    // The gateway decides by the content type how it hands a body over; that changes nothing.
    if let Some(request) = event.as_text() {
        assert_eq!(is_lawful(&request, key, body), taken);
    }
}

/// Whether it is taken, which is in accord with what it says.
fn is_lawful(request: &Request, key: &str, body: &[u8]) -> bool {
    let purchase = match read(request) {
        Ok(purchase) => purchase,
        Err(error) => {
            let status = refused(&error);
            assert!(status == 400 || status == 413 && body.len() > 4096, "{status}: {error}");
            return false;
        }
    };
    let said = object(std::str::from_utf8(body).expect("text"));
    assert_eq!(purchase.purchase_id.as_str(), key);
    assert!((1..=64).contains(&key.len()) && key.bytes().all(|b| (0x21..=0x7e).contains(&b)));
    assert_eq!(said.len(), 2);
    assert_eq!(said["sku"], purchase.sku.as_str());
    assert_eq!(said["quantity"], purchase.quantity.get());
    assert!((1..=100).contains(&purchase.quantity.get()) && body.len() <= 4096);
    // As the machine gets it, and its steps read it again.
    let written = serde_json::to_string(&purchase).expect("JSON");
    assert_eq!(purchase, serde_json::from_str(&written).expect("a purchase"));
    true
}
