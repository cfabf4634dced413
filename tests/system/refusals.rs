//! Requests that are refused before anything is looked up, with the reason.

use system_testkit::{System, customer::BINARY, customer::JSON, customer::checkout};

const VALID: &str = r#"{"sku":"CP-502101","quantity":1}"#;

/// Invalid bodies, and a part of the reason in the answer.
const BODIES: [(&str, &str); 25] = [
    ("", "EOF"),
    ("   ", "EOF"),
    ("{", "EOF"),
    (r#"{"sku":"CP-502101","quantity":1"#, "EOF"),
    (r#"{"sku":"CP-502101","quantity":1} and more"#, "trailing characters"),
    ("sku=CP-502101&quantity=1", "expected"),
    ("null", "null"),
    ("1", "integer `1`"),
    (r#""CP-502101""#, "string"),
    ("[]", "sequence"),
    (r#"["CP-502101",1]"#, "sequence"),
    ("{}", "missing field `sku`"),
    (r#"{"sku":"CP-502101"}"#, "missing field `quantity`"),
    (r#"{"quantity":1}"#, "missing field `sku`"),
    (r#"{"sku":"CP-502101","quantity":1,"price":0}"#, "unknown field `price`"),
    (r#"{"sku":"CP-502101","quantity":1,"quantity":2}"#, "duplicate field `quantity`"),
    (r#"{"sku":"CP-502101","quantity":0}"#, "quantity must be a whole number from 1 to 100"),
    (r#"{"sku":"CP-502101","quantity":101}"#, "quantity must be a whole number from 1 to 100"),
    (r#"{"sku":"CP-502101","quantity":-1}"#, "integer `-1`"),
    (r#"{"sku":"CP-502101","quantity":1.5}"#, "floating point"),
    (r#"{"sku":"CP-502101","quantity":"1"}"#, "string \"1\""),
    (r#"{"sku":"CP-502101","quantity":18446744073709551617}"#, "invalid type"),
    (r#"{"sku":"cp-502101","quantity":1}"#, "SKU must be 1 to 40 characters of A-Z, 0-9 and '-'"),
    (r#"{"sku":"","quantity":1}"#, "SKU must be 1 to 40 characters"),
    (r#"{"sku":502101,"quantity":1}"#, "integer `502101`"),
];

/// The refused requests changed nothing. A valid purchase at the end shows that a change would have been seen.
async fn assert_nothing_happened(system: System) {
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.sold), (20, 20, 0));
    assert_eq!(system.count_movements().await, 1, "only the opening stock was counted");
    assert_eq!(
        system.log("check-stock").await.count_lines("purchase"),
        0,
        "a purchase was started"
    );
    assert!(system.restock_names().await.is_empty());

    assert_eq!(system.buy("good").await.status, 200);
    assert_eq!(system.log("check-stock").await.count_lines("purchase good"), 1);
    system.finish().await;
}

#[tokio::test]
async fn an_invalid_body_is_refused_with_the_reason_and_changes_nothing() {
    let system = System::with_stock(20).await;
    let too_long = format!(r#"{{"sku":"{}","quantity":1}}"#, "A".repeat(41));
    let bodies = BODIES.iter().map(|(body, reason)| ((*body).to_owned(), *reason));
    for (body, reason) in bodies.chain([(too_long, "SKU must be 1 to 40 characters")]) {
        let answer = checkout(&system, Some(b"good"), JSON, body.clone()).await;
        answer.assert_problem(400, "bad_request");
        assert!(
            answer.detail().contains(&format!("The body must look like {VALID}")),
            "{body}: {answer:?}"
        );
        assert!(answer.detail().contains(reason), "{body}: {answer:?}");
    }
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn an_invalid_key_is_refused_with_what_is_valid_and_changes_nothing() {
    let system = System::with_stock(20).await;
    let missing = checkout(&system, None, JSON, VALID).await;
    missing.assert_problem(400, "bad_request");
    assert!(
        missing.detail().contains("Idempotency-Key header is missing: send a new key"),
        "{missing:?}"
    );

    let too_long = "k".repeat(65);
    // With a comma: as the gateway joins the values of a header that was sent twice.
    let keys: [&[u8]; 7] = [
        b"",
        too_long.as_bytes(),
        b"two words",
        b"a\ttab",
        b"k,k",
        "cl\u{e9}".as_bytes(),
        b"\xe9\xff",
    ];
    for key in keys {
        let answer = checkout(&system, Some(key), JSON, VALID).await;
        answer.assert_problem(400, "bad_request");
        let what = "must be 1 to 64 visible ASCII characters";
        assert!(answer.detail().contains(what), "{key:?}: {answer:?}");
    }
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn a_body_over_4_kib_or_not_in_utf_8_is_refused_as_text_and_as_binary() {
    let system = System::with_stock(20).await;
    for content_type in [JSON, BINARY] {
        for size in [4097, 5 * 1024, 100 * 1024] {
            let answer = checkout(&system, Some(b"good"), content_type, padded(size)).await;
            answer.assert_problem(413, "too_large");
            assert!(answer.detail().contains("larger than 4096 bytes"), "{answer:?}");
        }
        let answer = checkout(&system, Some(b"good"), content_type, b"\xff\xfe{}".to_vec()).await;
        answer.assert_problem(400, "bad_request");
    }
    let answer = checkout(&system, Some(b"good"), BINARY, b"\xff\xfe{}".to_vec()).await;
    assert!(answer.detail().contains("not UTF-8"), "{answer:?}");
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn a_purchase_of_exactly_4_kib_is_sold_as_text_and_as_binary() {
    let system = System::with_stock(20).await;
    for (key, content_type) in [("text", JSON), ("binary", BINARY)] {
        let answer = checkout(&system, Some(key.as_bytes()), content_type, padded(4096)).await;
        assert_eq!((answer.status, answer.outcome()), (200, "sold"), "{answer:?}");
    }
    assert_eq!(system.totals().await.sold, 2);
    system.finish().await;
}

/// A valid purchase, padded with spaces to this size.
fn padded(size: usize) -> String {
    format!("{VALID}{}", " ".repeat(size - VALID.len()))
}
