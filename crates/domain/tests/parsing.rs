//! What comes from outside becomes one of our types, or an error that says what to do.

use domain::{
    Delivered, Depletion, Error, Object, ProductionOrderId, Purchase, Quantity, Reason, Sku, Units,
};
use proptest::prelude::*;
use serde_json::{from_str, json};

fn purchase(sku: &str, quantity: &str) -> Result<Purchase, String> {
    let text = format!(r#"{{"purchase_id":"k","sku":"{sku}","quantity":{quantity}}}"#);
    from_str(&text).map_err(|e| e.to_string())
}

#[test]
fn a_quantity_is_a_whole_number_from_1_to_100() {
    for good in ["1", "100"] {
        assert!(purchase("CP-502101", good).is_ok(), "{good}");
    }
    for bad in ["0", "101", "-1", "1.5", "1.0", "1e1", "\"1\"", "null", "true", "[1]", "4294967297"]
    {
        assert!(purchase("CP-502101", bad).is_err(), "{bad}");
    }
}

#[test]
fn a_refused_quantity_says_what_would_be_good() {
    let said = purchase("CP-502101", "101").unwrap_err();
    assert!(said.contains("quantity must be a whole number from 1 to 100"), "{said}");
}

#[test]
fn an_sku_is_1_to_40_of_capital_letters_digits_and_hyphens() {
    for good in ["A", "CP-502101", &"A".repeat(40)] {
        assert!(good.parse::<Sku>().is_ok(), "{good}");
    }
    for bad in ["", "cp-502101", "A_B", "A B", "Ä", "A\n", &"A".repeat(41)] {
        assert_eq!(bad.parse::<Sku>(), Err(Error::Sku), "{bad}");
    }
}

#[test]
fn an_idempotency_key_is_1_to_64_visible_characters() {
    for good in ["k", "!~", &"k".repeat(64)] {
        assert!(good.parse::<domain::PurchaseId>().is_ok(), "{good}");
    }
    for bad in ["", " ", "a b", "a\t", "é", "\u{7f}", &"k".repeat(65)] {
        assert_eq!(bad.parse::<domain::PurchaseId>(), Err(Error::PurchaseId), "{bad}");
    }
}

#[test]
fn a_field_that_nobody_knows_is_refused() {
    let text = r#"{"purchase_id":"k","sku":"A","quantity":1,"price":0}"#;
    assert!(from_str::<Purchase>(text).is_err());
}

#[test]
fn a_field_that_comes_twice_is_refused() {
    let text = r#"{"purchase_id":"k","sku":"A","quantity":1,"quantity":2}"#;
    assert!(from_str::<Purchase>(text).is_err());
}

#[test]
fn a_production_order_is_named_in_one_way_only() {
    let name = ProductionOrderId::random().to_string();
    assert!(name.parse::<ProductionOrderId>().is_ok());
    for bad in [
        name.to_uppercase(),
        name.replace('-', ""),
        format!("{{{name}}}"),
        format!("urn:uuid:{name}"),
    ] {
        assert_eq!(bad.parse::<ProductionOrderId>(), Err(Error::ProductionOrderId), "{bad}");
    }
}

#[test]
fn a_restock_is_named_after_its_product_and_cycle() -> Result<(), Box<dyn std::error::Error>> {
    let text = json!({"sku": "CP-502101", "restock_cycle": 3, "stock": 0, "reason": "sweep"});
    let depletion: Depletion = serde_json::from_value(text)?;
    assert_eq!(depletion.restock().to_string(), "CP-502101_3");
    Ok(())
}

#[test]
fn only_the_sweep_and_an_operator_know_better_than_a_restock_that_succeeded() {
    assert!(Reason::Sweep.outlasts_a_restock() && Reason::Redrive.outlasts_a_restock());
    assert!(!Reason::SoldOut.outlasts_a_restock() && !Reason::ReorderPoint.outlasts_a_restock());
}

fn delivered(count: &str) -> Option<Units> {
    let ordered = Units::try_from(10).ok()?;
    from_str::<Delivered>(count).ok()?.within(ordered).ok()
}

#[test]
fn a_count_comes_as_a_number_or_as_a_string() {
    assert_eq!(delivered("10").map(Units::get), Some(10));
    assert_eq!(delivered("\"7\"").map(Units::get), Some(7));
}

#[test]
fn a_count_that_cannot_be_counted_is_refused() {
    for bad in [
        "0",
        "-1",
        "11",
        "1.5",
        "null",
        "true",
        "[]",
        "\"\"",
        "\"-1\"",
        "\"+1\"",
        "\"1.5\"",
        "\" 1\"",
        "\"plenty\"",
    ] {
        assert_eq!(delivered(bad), None, "{bad}");
    }
}

#[test]
fn an_object_is_read_by_its_names_and_an_array_is_none() {
    let good = r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sweep"}"#;
    let Object(depletion) = from_str::<Object<Depletion>>(good).expect("a depletion");
    assert_eq!(depletion, from_str(good).expect("the same"));
    for bad in [r#"["CP-502101",1,0,"sweep",null]"#, "[]", "null", "1", "\"\"", "{}", ""] {
        assert!(from_str::<Object<Depletion>>(bad).is_err(), "{bad}");
    }
    let strange = r#"{"sku":"CP-502101","restock_cycle":1,"reason":"sweep","more":1}"#;
    assert!(from_str::<Object<Depletion>>(strange).is_err(), "unknown fields stay unknown");
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic_or_changes_when_it_is_good(text in ".{0,80}") {
        if let Ok(sku) = text.parse::<Sku>() { prop_assert_eq!(sku.as_str(), &text); }
        if let Ok(id) = text.parse::<domain::PurchaseId>() { prop_assert_eq!(id.as_str(), &text); }
        if let Ok(order) = text.parse::<ProductionOrderId>() { prop_assert_eq!(order.to_string(), text); }
    }

    #[test]
    fn a_number_is_a_quantity_just_when_it_is_from_1_to_100(number: u32) {
        prop_assert_eq!(Quantity::try_from(number).is_ok(), (1..=100).contains(&number));
    }
}
