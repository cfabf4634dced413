//! Laws: statements that are true for every input, valid or not. The property tests here and the fuzz targets in `fuzz/`
//! check the same laws, with inputs that they generate in different ways.

mod callback;
mod checkout;
mod depletion;
mod event;
mod factory_answer;

pub use callback::{
    NOW, Url, a_body_is_counted_or_refused, a_record_is_authenticated_or_refused,
    a_url_is_ours_or_refused, claim, keys, message,
};
pub use checkout::a_checkout_is_a_purchase_or_refused;
pub use depletion::a_message_is_a_depletion_or_none;
pub use event::{Event, an_event_is_parsed_or_refused};
pub use factory_answer::an_answer_names_an_order_or_none;

use http_api::Error;
use serde_json::Value;

/// The answer to an error is a complete problem of RFC 9457. Returns its status.
fn refused(error: &Error) -> u64 {
    let reply = serde_json::to_value(error.reply()).expect("JSON");
    let body: Value = serde_json::from_str(reply["body"].as_str().expect("text")).expect("JSON");
    assert_eq!(reply["headers"]["content-type"], "application/problem+json");
    assert_eq!(reply["statusCode"], body["status"]);
    assert!(!body["detail"].as_str().expect("a detail").is_empty());
    assert_eq!(
        body["type"],
        format!("urn:restock:problem:{}", body["outcome"].as_str().expect("a name"))
    );
    reply["statusCode"].as_u64().expect("a status")
}

/// The JSON object in a text, as another JSON parser reads it.
fn object(text: &str) -> serde_json::Map<String, Value> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        other => panic!("accepted as an object: {other:?}"),
    }
}
