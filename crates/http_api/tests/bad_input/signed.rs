//! A signed callback URL cannot be changed into another valid URL.

use domain::callback::Claim;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::laws::{
    NOW, Url, a_record_is_authenticated_or_refused, a_url_is_ours_or_refused, claim, keys, message,
};

fn any_claim() -> impl Strategy<Value = Claim> {
    (any::<u128>(), 1..=1_000_000_u32, NOW + 1..u64::MAX).prop_map(|(order, ordered, expires)| {
        claim(Uuid::from_u128(order).to_string(), ordered, expires).expect("a claim")
    })
}

/// Characters that occur in a part of the URL, and some that do not.
const CHARACTERS: &str = "0123456789abcdefABCDEFgz-+ ,%\u{660}\u{ff11}";

fn changed(text: &str, at: prop::sample::Index, character: char, how: u8) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = at.index(characters.len());
    match how {
        0 => characters[at] = character,
        1 => characters.insert(at, character),
        2 => drop(characters.remove(at)),
        _ => characters.truncate(at),
    }
    characters.into_iter().collect()
}

fn is_accepted(url: &Url) -> bool {
    http_api::callback::authenticate(&url.message("{}"), &keys()).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_signed_url_is_accepted_until_it_expires(claim in any_claim()) {
        a_url_is_ours_or_refused(&Url::of(&claim));
        prop_assert!(is_accepted(&Url::of(&claim)));
        let expired = Claim { expires: claim.expires % (NOW + 1), ..claim };
        a_url_is_ours_or_refused(&Url::of(&expired));
        prop_assert!(!is_accepted(&Url::of(&expired)));
    }

    #[test]
    fn a_signed_url_with_one_changed_character_is_refused(
        claim in any_claim(),
        part in 0..4_usize,
        at: prop::sample::Index,
        character in prop::sample::select(CHARACTERS.chars().collect::<Vec<_>>()),
        how in 0..4_u8,
    ) {
        let ours = Url::of(&claim);
        let mut url = ours.clone();
        let parts = [&mut url.order, &mut url.quantity, &mut url.expires, &mut url.signature];
        let [part] = parts.into_iter().skip(part).take(1).collect::<Vec<_>>().try_into().expect("one");
        *part = changed(part, at, character, how);
        a_url_is_ours_or_refused(&url);
        prop_assert_eq!(is_accepted(&url), url == ours);
    }
}

/// Another spelling of the same value is another URL.
#[test]
fn only_the_signed_spelling_of_a_url_is_accepted() {
    let ours = Url::of(&claim(Uuid::max().to_string(), 50, NOW + 1).expect("a claim"));
    assert!(is_accepted(&ours));
    let upper = |text: &str| text.to_uppercase();
    let others = [
        Url { order: upper(&ours.order), ..ours.clone() },
        Url { order: ours.order.replace('-', ""), ..ours.clone() },
        Url { quantity: "050".into(), ..ours.clone() },
        Url { quantity: "+50".into(), ..ours.clone() },
        Url { quantity: "50,50".into(), ..ours.clone() },
        Url { quantity: "\u{665}\u{660}".into(), ..ours.clone() },
        Url { expires: format!("0{}", ours.expires), ..ours.clone() },
        Url { expires: format!("+{}", ours.expires), ..ours.clone() },
        Url { expires: format!(" {}", ours.expires), ..ours.clone() },
        Url { signature: upper(&ours.signature), ..ours.clone() },
        Url { signature: format!("{},{}", ours.signature, ours.signature), ..ours.clone() },
    ];
    for other in others {
        assert!(!is_accepted(&other), "{other:?}");
        a_url_is_ours_or_refused(&other);
    }
}

/// Whoever calls the API may be able to add attributes, or to give one another type.
#[test]
fn attributes_of_strangers_make_a_message_neither_invalid_nor_ours() {
    let ours = Url::of(&claim(Uuid::max().to_string(), 50, NOW + 1).expect("a claim"));
    let text = |text: &str| json!({"stringValue": text, "dataType": "String"});
    let attributes = |signature| {
        json!({
            "production_order": text(&ours.order), "quantity": text(&ours.quantity),
            "expires": text(&ours.expires), "signature": signature, "more": {"dataType": "Binary", "binaryValue": "!"},
        })
    };
    let is_accepted = |signature| {
        http_api::callback::authenticate(&message("{}", &attributes(signature)), &keys()).is_ok()
    };
    assert!(is_accepted(text(&ours.signature)));
    assert!(!is_accepted(json!({"dataType": "Binary", "binaryValue": ours.signature})));
    assert!(!is_accepted(json!({"dataType": "String", "stringValue": null})));
    assert!(http_api::callback::authenticate(&message("{}", &json!({})), &keys()).is_err());
}

/// The callback was stored in time, however late it is handled.
#[test]
fn a_callback_expires_only_if_it_was_stored_too_late() {
    let claim = claim(Uuid::max().to_string(), 50, NOW + 1).expect("a claim");
    assert!(is_accepted(&Url::of(&claim)));
    assert!(!is_accepted(&Url::of(&Claim { expires: NOW, ..claim })));
}

#[test]
fn a_record_without_the_time_of_sqs_is_no_message() {
    let record = |time: &str| format!(r#"{{"messageId":"m","body":"","attributes":{time}}}"#);
    for time in ["{}", r#"{"SentTimestamp":"soon"}"#, r#"{"SentTimestamp":1790000000000}"#] {
        a_record_is_authenticated_or_refused(record(time).as_bytes());
        assert!(serde_json::from_str::<http_api::callback::Message>(&record(time)).is_err());
    }
}
