use super::object;

/// Any message is a depletion, which is the same after it is written and read again, or is refused.
pub fn a_message_is_a_depletion_or_none(body: &str) {
    let Ok(depletion) = http_api::depletion::read(body) else { return };
    let sent = object(body);
    assert_eq!(sent["sku"], depletion.sku.as_str());
    assert_eq!(sent["restock_cycle"], depletion.restock_cycle.get());
    let written = serde_json::to_string(&depletion).expect("JSON");
    assert_eq!(depletion, http_api::depletion::read(&written).expect("a depletion"));
    // The name of its execution has at most 80 characters. The suffix of a second execution needs 13 of them.
    let name = depletion.restock().to_string();
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    assert!(name.len() <= 80 - 13 && name.bytes().all(legal), "{name}");
}
