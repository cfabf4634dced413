use super::object;

/// Whatever is in the queue is a depletion, and comes back the same when it is written, or is none.
pub fn a_message_is_a_depletion_or_none(body: &str) {
    let Ok(depletion) = http_api::depletion::read(body) else { return };
    let said = object(body);
    assert_eq!(said["sku"], depletion.sku.as_str());
    assert_eq!(said["restock_cycle"], depletion.restock_cycle.get());
    let written = serde_json::to_string(&depletion).expect("JSON");
    assert_eq!(depletion, http_api::depletion::read(&written).expect("a depletion"));
    // The name of an execution: 80 characters, of which a second attempt takes 13.
    let name = depletion.restock().to_string();
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    assert!(name.len() <= 80 - 13 && name.bytes().all(legal), "{name}");
}
