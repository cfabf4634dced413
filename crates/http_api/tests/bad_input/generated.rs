//! Generated inputs.

use proptest::prelude::*;
use uuid::Uuid;

use crate::laws::{
    Event, NOW, Url, a_body_is_counted_or_refused, a_checkout_is_a_purchase_or_refused,
    a_message_is_a_depletion_or_none, a_record_is_authenticated_or_refused,
    a_url_is_ours_or_refused, an_answer_names_an_order_or_none, an_event_is_parsed_or_refused,
    claim,
};

/// Random sequences of JSON tokens: they are far more often almost valid than random bytes.
fn json_like() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(":".to_owned()),
        Just(",".to_owned()),
        Just(" ".to_owned()),
        Just("null".to_owned()),
        prop_oneof!["sku", "quantity", "restock_cycle", "reason", "MessageAttributeProductCnt"]
            .prop_map(|name| format!("\"{name}\"")),
        prop_oneof!["CP-502101", "sold_out", "sweep", "10", "\\\\u0041", "\\\\ud800"]
            .prop_map(|text| format!("\"{text}\"")),
        any::<i64>().prop_map(|number| number.to_string()),
        (0..130_u32).prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        "[0-9eE.+-]{1,8}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// A valid text with up to two bytes changed, removed or inserted.
fn nearly(valid: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..3_u8);
    prop::collection::vec(change, 0..3).prop_map(move |changes| {
        let mut bytes = valid.as_bytes().to_vec();
        for (at, byte, how) in changes.into_iter().filter(|_| !valid.is_empty()) {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

fn body(valid: &'static str) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..64),
        json_like().prop_map(String::into_bytes),
        nearly(valid),
        (nearly(valid), 4000..4200_usize).prop_map(|(mut body, length)| {
            body.resize(length, b' ');
            body
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn any_checkout_body_is_a_purchase_or_is_refused(
        key in prop_oneof!["[!-~]{0,66}", "\\PC{0,8}"],
        body in body(r#"{"sku":"CP-502101","quantity":1}"#),
    ) {
        a_checkout_is_a_purchase_or_refused(&key, &body);
    }

    #[test]
    fn any_callback_body_is_an_arrival_or_is_refused(
        ordered in 1..1000_u32,
        body in body(r#"{"MessageGroupId":"g","MessageAttributeProductCnt":10}"#),
    ) {
        let claim = claim(Uuid::nil().to_string(), ordered, NOW + 1).expect("a claim");
        a_body_is_counted_or_refused(claim, &String::from_utf8_lossy(&body));
    }

    #[test]
    fn any_callback_url_is_one_that_we_signed_or_is_refused(
        order in prop_oneof!["[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "\\PC{0,40}"],
        quantity in prop_oneof!["[0-9]{1,8}", "\\PC{0,4}"],
        expires in prop_oneof!["1[0-9]{9}", "\\PC{0,20}"],
        signature in prop_oneof!["[0-9a-f]{64}", "\\PC{0,70}"],
    ) {
        a_url_is_ours_or_refused(&Url { order, quantity, expires, signature });
    }

    #[test]
    fn any_record_of_completion_queue_is_authenticated_or_is_refused(
        record in body(r#"{"messageId":"m","body":"{}","attributes":{"SentTimestamp":"1790000000000"},"messageAttributes":{"expires":{"stringValue":"7"}}}"#),
    ) {
        a_record_is_authenticated_or_refused(&record);
    }

    #[test]
    fn any_message_is_a_depletion_or_is_refused(
        body in body(r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sweep"}"#),
    ) {
        a_message_is_a_depletion_or_none(&String::from_utf8_lossy(&body));
    }

    #[test]
    fn any_event_of_the_gateway_is_parsed_or_is_refused(
        event in body(r#"{"headers":{"idempotency-key":"k"},"requestContext":{"http":{"method":"POST"}},"body":"e30=","isBase64Encoded":true}"#),
    ) {
        an_event_is_parsed_or_refused(&event);
    }

    #[test]
    fn any_answer_of_the_factory_has_a_valid_order_id_or_none(
        answer in body(r#"{"data":{"id":"6f1c","reqestor":"Donut-States","data":{}}}"#),
    ) {
        an_answer_names_an_order_or_none(&answer);
    }

    #[test]
    fn every_valid_checkout_is_accepted(
        key in "[!-+.-~-]{1,64}",
        sku in "[A-Z0-9-]{1,40}",
        quantity in 1..=100_u32,
        space in "[ \t\r\n]{0,3}",
        skip in any::<bool>(),
    ) {
        // Spaces, the order of the fields and escapes make no difference.
        let escaped: String = sku.chars().map(|c| format!("\\u{:04X}", u32::from(c))).collect();
        let body = if skip {
            format!("{space}{{\"quantity\"{space}:{quantity},{space}\"s\\u006bu\":\"{escaped}\"}}")
        } else {
            format!("{{{space}\"sku\":\"{sku}\",\"quantity\":{space}{quantity}}}{space}")
        };
        let event = Event { headers: vec![("idempotency-key", &key)], body: body.as_bytes(), ..Event::default() };
        let purchase = http_api::checkout::read(&event.as_text().expect("a request")).expect("a purchase");
        prop_assert_eq!(purchase.sku.as_str(), sku);
        prop_assert_eq!((purchase.purchase_id.as_str(), purchase.quantity.get()), (key.as_str(), quantity));
    }

    #[test]
    fn every_count_up_to_the_ordered_quantity_is_accepted_as_a_number_and_as_a_string(
        (ordered, reported) in (1..=1_000_000_u32).prop_flat_map(|n| (Just(n), 1..=n)),
        text in any::<bool>(),
        more in "[a-z ]{0,9}",
    ) {
        let count = if text { format!("\"{reported}\"") } else { reported.to_string() };
        let body = format!(r#"{{"MessageGroupId":"{more}","MessageAttributeProductCnt":{count},"x":[null]}}"#);
        let claim = claim(Uuid::nil().to_string(), ordered, NOW + 1).expect("a claim");
        let arrival = http_api::callback::read(&Url::of(&claim).message(&body), claim).expect("an arrival");
        prop_assert_eq!(arrival.quantity.get(), reported);
    }

    #[test]
    fn every_valid_depletion_is_accepted(
        sku in "[A-Z0-9-]{1,40}",
        cycle in 1..=1_000_000_000_u32,
        stock in prop::option::of(0..=2_147_483_647_u32),
        reason in prop::sample::select(vec!["sold_out", "reorder_point", "sweep", "redrive"]),
        purchase_id in prop::option::of("[!-+.-~-]{1,64}"),
    ) {
        let message = serde_json::json!({
            "sku": sku, "restock_cycle": cycle, "stock": stock, "reason": reason, "purchase_id": purchase_id,
        });
        let depletion = http_api::depletion::read(&message.to_string()).expect("a depletion");
        prop_assert_eq!(depletion.sku.as_str(), sku);
        let depletion_stock = depletion.stock.map(domain::Stock::get);
        prop_assert_eq!((depletion.restock_cycle.get(), depletion_stock), (cycle, stock));
        prop_assert_eq!(serde_json::json!(depletion.reason), reason);
        prop_assert_eq!(depletion.purchase_id.map(String::from), purchase_id);
    }

    #[test]
    fn every_valid_sku_in_a_path_is_accepted(sku in "[A-Z0-9-]{1,40}") {
        let event = Event { path: vec![("sku", &sku)], ..Event::default() };
        let parsed = http_api::product::read(&event.as_text().expect("a request")).expect("an SKU");
        prop_assert_eq!(parsed.as_str(), sku);
    }
}
