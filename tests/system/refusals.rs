//! Requests that are refused before anything is looked up, with what is wrong with them.

use system_testkit::{cloud::System, customer::BINARY, customer::JSON, customer::checkout};

const GOOD: &str = r#"{"sku":"CP-502101","quantity":1}"#;

/// Bodies, and what the answer says of each beside what a good one looks like.
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

/// That nothing came of what was refused, and that what comes of a purchase would have been seen.
async fn assert_nothing_happened(system: System) {
    let totals = system.totals().await;
    assert_eq!((totals.stock, totals.ledger, totals.sold), (20, 20, 0));
    assert_eq!(system.movements().await, 1, "only the opening stock was counted");
    assert_eq!(system.logged_with("check-stock", "purchase").await, 0, "a purchase was started");
    assert!(system.restock_names().await.is_empty());

    assert_eq!(system.buy("good").await.status, 200);
    assert_eq!(system.logged_with("check-stock", "purchase good").await, 1);
    system.stop().await;
}

#[tokio::test]
async fn a_body_that_is_no_purchase_is_refused_with_what_is_wrong_and_nothing_happens() {
    let system = System::with_stock(20).await;
    let too_long = format!(r#"{{"sku":"{}","quantity":1}}"#, "A".repeat(41));
    let bodies = BODIES.iter().map(|(body, wrong)| ((*body).to_owned(), *wrong));
    for (body, wrong) in bodies.chain([(too_long, "SKU must be 1 to 40 characters")]) {
        let told = checkout(&system, Some(b"good"), JSON, body.clone()).await;
        told.assert_problem(400, "bad_request");
        assert!(
            told.detail().contains(&format!("The body must look like {GOOD}")),
            "{body}: {told:?}"
        );
        assert!(told.detail().contains(wrong), "{body}: {told:?}");
    }
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused_with_what_would_be_and_nothing_happens() {
    let system = System::with_stock(20).await;
    let missing = checkout(&system, None, JSON, GOOD).await;
    missing.assert_problem(400, "bad_request");
    assert!(
        missing.detail().contains("Idempotency-Key header is missing: send a new key"),
        "{missing:?}"
    );

    let too_long = "k".repeat(65);
    let keys: [&[u8]; 6] =
        [b"", too_long.as_bytes(), b"two words", b"a\ttab", "cl\u{e9}".as_bytes(), b"\xe9\xff"];
    for key in keys {
        let told = checkout(&system, Some(key), JSON, GOOD).await;
        told.assert_problem(400, "bad_request");
        let what = "must be 1 to 64 visible ASCII characters";
        assert!(told.detail().contains(what), "{key:?}: {told:?}");
    }
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn a_body_over_4_kib_and_one_that_is_no_text_are_refused_however_they_are_sent() {
    let system = System::with_stock(20).await;
    for content_type in [JSON, BINARY] {
        for size in [4097, 5 * 1024, 100 * 1024] {
            let told = checkout(&system, Some(b"good"), content_type, padded(size)).await;
            told.assert_problem(413, "too_large");
            assert!(told.detail().contains("larger than 4096 bytes"), "{told:?}");
        }
        let told = checkout(&system, Some(b"good"), content_type, b"\xff\xfe{}".to_vec()).await;
        told.assert_problem(400, "bad_request");
    }
    let told = checkout(&system, Some(b"good"), BINARY, b"\xff\xfe{}".to_vec()).await;
    assert!(told.detail().contains("not UTF-8"), "{told:?}");
    assert_nothing_happened(system).await;
}

#[tokio::test]
async fn a_purchase_of_exactly_4_kib_is_sold_however_it_is_sent() {
    let system = System::with_stock(20).await;
    for (key, content_type) in [("text", JSON), ("binary", BINARY)] {
        let told = checkout(&system, Some(key.as_bytes()), content_type, padded(4096)).await;
        assert_eq!((told.status, told.outcome()), (200, "sold"), "{told:?}");
    }
    assert_eq!(system.totals().await.sold, 2);
    system.stop().await;
}

/// A good purchase, with spaces up to a size.
fn padded(size: usize) -> String {
    format!("{GOOD}{}", " ".repeat(size - GOOD.len()))
}
