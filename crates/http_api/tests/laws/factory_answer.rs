/// Any answer of the factory has an order id that is safe to log, or none.
pub fn an_answer_names_an_order_or_none(body: &[u8]) {
    let Some(name) = http_api::factory_answer::order_id(body) else { return };
    assert!((1..=64).contains(&name.len()), "{name}");
    assert!(name.bytes().all(|b| b.is_ascii_graphic() && !b"\"\\{}".contains(&b)), "{name}");
    let written = serde_json::json!({"data": {"id": name}}).to_string();
    assert_eq!(http_api::factory_answer::order_id(written.as_bytes()), Some(name));
}
