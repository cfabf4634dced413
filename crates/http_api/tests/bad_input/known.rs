//! Known bad inputs, each with its expected result.

use uuid::Uuid;

use crate::laws::{
    Event, NOW, Url, a_body_is_counted_or_refused, a_checkout_is_a_purchase_or_refused,
    a_message_is_a_depletion_or_none, claim,
};

/// Spellings of ten, each with: is it accepted as a quantity or a stock? Is it accepted as a count?
const TENS: [(&str, bool, bool); 22] = [
    ("10", true, true),
    ("\"10\"", false, true),
    ("1e1", false, false),
    ("1E+1", false, false),
    ("10.0", false, false),
    ("100e-1", false, false),
    ("010", false, false),
    ("+10", false, false),
    ("0xA", false, false),
    ("1_0", false, false),
    ("10n", false, false),
    ("\"010\"", false, true),
    ("\"+10\"", false, false),
    ("\" 10\"", false, false),
    ("\"1e1\"", false, false),
    ("\"\u{661}\u{660}\"", false, false),
    ("\u{661}\u{660}", false, false),
    ("\"\u{ff11}\u{ff10}\"", false, false),
    ("[10]", false, false),
    ("{\"value\":10}", false, false),
    ("\"\\u0031\\u0030\"", false, true),
    ("4294967306", false, false),
];

/// Texts that no parser accepts.
fn invalid_texts() -> Vec<String> {
    let deep = |open: &str, close: &str| open.repeat(1000) + &close.repeat(1000);
    let texts = [
        "",
        " ",
        "\0",
        "null",
        "true",
        "10",
        "\"\"",
        "[]",
        "[{}]",
        "{}",
        "{",
        "}",
        "{\"sku\"",
        "NaN",
        "{'sku':'CP-502101'}",
        "{sku:\"CP-502101\"}",
        "{\"\":1}",
        "{}{}",
        "{},",
        "//",
        "\u{feff}{}",
        "<xml/>",
        "\u{202e}{}",
    ];
    let mut all: Vec<String> = texts.map(str::to_owned).into();
    // Only the values, in the order of the fields in our structs.
    let arrays = [r#"["CP-502101",1]"#, "[10]", r#"["CP-502101",1,0,"sweep",null]"#];
    all.extend(arrays.map(str::to_owned));
    all.extend([deep("[", "]"), deep("{\"a\":", "}"), "[".repeat(4096), "9".repeat(4096)]);
    all.extend([format!("\"{}\"", "\\ud800".repeat(600)), format!("-{}", "0".repeat(4000))]);
    all
}

fn is_purchase(body: &str) -> bool {
    a_checkout_is_a_purchase_or_refused("key", body.as_bytes());
    let headers = vec![("idempotency-key", "key")];
    let event = Event { headers, body: body.as_bytes(), ..Event::default() };
    http_api::checkout::read(&event.as_text().expect("a request")).is_ok()
}

fn is_counted(body: &str) -> bool {
    let claim = claim(Uuid::nil().to_string(), 50, NOW + 1).expect("a claim");
    a_body_is_counted_or_refused(claim, body);
    http_api::callback::read(&Url::of(&claim).message(body), claim).is_ok()
}

fn is_depletion(body: &str) -> bool {
    a_message_is_a_depletion_or_none(body);
    http_api::depletion::read(body).is_ok()
}

#[test]
fn a_number_is_accepted_only_in_the_documented_spellings() {
    for (ten, as_quantity, as_count) in TENS {
        let purchase = format!(r#"{{"sku":"CP-502101","quantity":{ten}}}"#);
        assert_eq!(is_purchase(&purchase), as_quantity, "{purchase}");
        let callback = format!(r#"{{"MessageAttributeProductCnt":{ten}}}"#);
        assert_eq!(is_counted(&callback), as_count, "{callback}");
        let depletion =
            format!(r#"{{"sku":"CP-502101","restock_cycle":1,"stock":{ten},"reason":"sweep"}}"#);
        assert_eq!(is_depletion(&depletion), as_quantity, "{depletion}");
    }
}

#[test]
fn an_invalid_text_is_neither_a_purchase_nor_a_callback_nor_a_message() {
    for body in invalid_texts() {
        assert!(!is_purchase(&body) && !is_counted(&body) && !is_depletion(&body), "{body}");
    }
}

#[test]
fn a_duplicate_field_is_refused_by_every_parser() {
    assert!(!is_purchase(r#"{"sku":"A","sku":"A","quantity":1}"#));
    assert!(!is_purchase(r#"{"sku":"A","quantity":1,"quant\u0069ty":1}"#));
    assert!(!is_counted(r#"{"MessageAttributeProductCnt":1,"MessageAttributeProductCnt":50}"#));
    assert!(!is_depletion(r#"{"sku":"A","restock_cycle":1,"restock_cycle":2,"reason":"sweep"}"#));
}

#[test]
fn an_unknown_field_is_refused_except_in_a_callback() {
    assert!(!is_purchase(r#"{"sku":"A","quantity":1,"price":0}"#));
    assert!(!is_purchase(r#"{"sku":"A","quantity":1,"Quantity":1}"#));
    assert!(!is_depletion(r#"{"sku":"A","restock_cycle":1,"reason":"sweep","more":[]}"#));
    assert!(is_counted(r#"{"MessageAttributeProductCnt":1,"more":[{"deep":[]}],"more":1e999}"#));
    let deep = format!("{}{}", "[".repeat(1900), "]".repeat(1900));
    assert!(is_counted(&format!(r#"{{"MessageAttributeProductCnt":1,"more":{deep}}}"#)));
}

/// The body may contain the signature, and the reason of a refusal is logged and mailed.
#[test]
fn the_error_of_a_refused_callback_does_not_quote_its_body() {
    let claim = claim(Uuid::nil().to_string(), 50, NOW + 1).expect("a claim");
    let signature = "5ec4e7".repeat(10);
    let order = format!(r#"{{\"CallbackUrl\":\"http://a/?signature={signature}\"}}"#);
    let bodies = [
        format!("\"{order}\""),
        format!(r#"{{"MessageAttributeProductCnt":"{signature}"}}"#),
        format!(r#"{{"MessageAttributeProductCnt":{{"{signature}":1}}}}"#),
        format!("{{\"{signature}\":1"),
        signature.clone(),
    ];
    for body in bodies {
        let message = Url::of(&claim).message(&body);
        let error = http_api::callback::read(&message, claim).expect_err(&body);
        let text = format!("{error} {error:?}");
        assert!(!text.contains("5ec4e75ec4e7"), "{body}: {text}");
    }
}

#[test]
fn an_invalid_key_is_refused_and_never_repaired() {
    let body = br#"{"sku":"CP-502101","quantity":1}"#;
    let invalid = ["", " ", "a b", "a\tb", "a\u{1}b", "\u{7f}", "\u{e9}", "\u{1f369}", "\u{ff11}"];
    // With a comma: API Gateway joins the values of a header that was sent twice.
    for key in invalid.into_iter().chain(["k,k", ",", &"k".repeat(65)]) {
        a_checkout_is_a_purchase_or_refused(key, body);
        let event = Event { headers: vec![("idempotency-key", key)], body, ..Event::default() };
        let error = http_api::checkout::read(&event.as_text().expect("a request")).unwrap_err();
        assert!(error.to_string().contains("1 to 64 visible ASCII characters"), "{key}: {error}");
        assert!(error.to_string().contains("send one Idempotency-Key header"), "{key}: {error}");
    }
}

#[test]
fn a_header_that_nobody_reads_may_have_any_value() {
    let body = br#"{"sku":"CP-502101","quantity":1}"#;
    for value in ["", "a\u{1}b", "a\nb", "\0", "\u{7f}", "\u{e9}", "\u{1f369}"] {
        let headers = vec![("idempotency-key", "k"), ("x-other", value), ("x \u{1}", value)];
        let event = Event { headers, body, ..Event::default() };
        let request = event.as_text().expect("a request");
        http_api::checkout::read(&request).expect("a purchase");
    }
}

#[test]
fn the_order_id_of_the_factory_is_read_and_an_invalid_id_is_ignored() {
    let named = |id: &str| {
        let body =
            format!(r#"{{"data": {{"id": {id}, "reqestor": "Donut-States", "data": {{}}}}}}"#);
        http_api::factory_answer::order_id(body.as_bytes())
    };
    assert_eq!(named(r#""6f1c""#).as_deref(), Some("6f1c"));
    let long = format!("\"{}\"", "x".repeat(65));
    for none in ["7", "null", "{}", r#""""#, r#""a\nb""#, r#""a b""#, &long] {
        assert_eq!(named(none), None, "{none}");
    }
}
