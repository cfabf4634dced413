//! Parsing: every input becomes one of the types of this crate, or an error that says what is valid.

use domain::{
    CallbackCount, Depletion, Error, MovementKind, Object, ProductionOrderId, Purchase, PurchaseId,
    PurchaseOutcome, Quantity, Reason, RestockId, RestockStatus, Sku, Stock, Units,
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
fn the_error_of_a_refused_quantity_says_what_is_valid() {
    let error = purchase("CP-502101", "101").unwrap_err();
    assert!(error.contains("quantity must be a whole number from 1 to 100"), "{error}");
}

#[test]
fn an_sku_is_1_to_40_capital_letters_digits_and_hyphens() {
    for good in ["A", "CP-502101", &"A".repeat(40)] {
        assert!(good.parse::<Sku>().is_ok(), "{good}");
    }
    for bad in ["", "cp-502101", "A_B", "A B", "Ä", "A\n", &"A".repeat(41)] {
        assert_eq!(bad.parse::<Sku>(), Err(Error::Sku), "{bad}");
    }
}

#[test]
fn a_purchase_id_is_1_to_64_visible_ascii_characters() {
    for good in ["k", "!~", &"k".repeat(64)] {
        assert!(good.parse::<PurchaseId>().is_ok(), "{good}");
    }
    for bad in ["", " ", "a b", "a\t", "é", "\u{7f}", &"k".repeat(65)] {
        assert_eq!(bad.parse::<PurchaseId>(), Err(Error::PurchaseId), "{bad}");
    }
}

#[test]
fn an_unknown_field_is_refused() {
    let text = r#"{"purchase_id":"k","sku":"A","quantity":1,"price":0}"#;
    let error = from_str::<Purchase>(text).unwrap_err().to_string();
    assert!(error.contains("unknown field `price`"), "{error}");
}

#[test]
fn a_duplicate_field_is_refused() {
    let text = r#"{"purchase_id":"k","sku":"A","quantity":1,"quantity":2}"#;
    let error = from_str::<Purchase>(text).unwrap_err().to_string();
    assert!(error.contains("duplicate field `quantity`"), "{error}");
}

#[test]
fn a_production_order_id_has_one_spelling() {
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
fn only_depletions_of_the_sweep_and_of_a_redrive_outlast_a_completed_restock() {
    assert!(Reason::Sweep.outlasts_a_restock() && Reason::Redrive.outlasts_a_restock());
    assert!(!Reason::SoldOut.outlasts_a_restock() && !Reason::ReorderPoint.outlasts_a_restock());
}

#[test]
fn the_names_of_outcomes_statuses_and_kinds_are_those_of_json_and_the_database() {
    for (name, status) in [
        ("open", RestockStatus::Open),
        ("completed", RestockStatus::Completed),
        ("failed", RestockStatus::Failed),
    ] {
        assert_eq!((name.parse(), status.to_string().as_str()), (Ok(status), name));
        assert_eq!(json!(status), name);
    }
    for (name, outcome) in [
        ("sold", PurchaseOutcome::Sold),
        ("sold_out", PurchaseOutcome::SoldOut),
        ("unknown_product", PurchaseOutcome::UnknownProduct),
        ("key_reused", PurchaseOutcome::KeyReused),
        ("unknown", PurchaseOutcome::Unknown),
    ] {
        assert_eq!((name.parse(), outcome.to_string().as_str()), (Ok(outcome), name));
        assert_eq!(json!(outcome), name);
    }
    for (name, kind) in [
        ("sale", MovementKind::Sale),
        ("arrival", MovementKind::Arrival),
        ("count", MovementKind::Count),
    ] {
        assert_eq!((name.parse(), kind.to_string().as_str()), (Ok(kind), name));
    }
    for bad in ["", "Open", "closed"] {
        assert_eq!(bad.parse::<RestockStatus>(), Err(Error::RestockStatus), "{bad}");
        assert_eq!(bad.parse::<PurchaseOutcome>(), Err(Error::PurchaseOutcome), "{bad}");
        assert_eq!(bad.parse::<MovementKind>(), Err(Error::MovementKind), "{bad}");
    }
}

#[test]
fn a_stock_is_not_negative() {
    assert_eq!(Stock::try_from(0), Ok(Stock::new(0)));
    assert_eq!(Stock::try_from(i32::MAX).map(Stock::get), Ok(2_147_483_647));
    assert_eq!(Stock::try_from(-1), Err(Error::Stock));
    assert!(from_str::<Stock>("-1").is_err());
}

fn counted(count: &str) -> Option<Units> {
    let ordered = Units::try_from(10).ok()?;
    from_str::<CallbackCount>(count).ok()?.within(ordered).ok()
}

#[test]
fn a_count_is_a_number_or_a_string_of_digits() {
    assert_eq!(counted("10").map(Units::get), Some(10));
    assert_eq!(counted("\"7\"").map(Units::get), Some(7));
}

#[test]
fn an_invalid_count_is_refused() {
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
        assert_eq!(counted(bad), None, "{bad}");
    }
}

#[test]
fn an_object_is_read_by_its_field_names_and_an_array_is_refused() {
    let good = r#"{"sku":"CP-502101","restock_cycle":1,"stock":0,"reason":"sweep"}"#;
    let Object(depletion) = from_str::<Object<Depletion>>(good).expect("a depletion");
    assert_eq!(depletion, from_str(good).expect("the same"));
    for bad in [r#"["CP-502101",1,0,"sweep",null]"#, "[]", "null", "1", "\"\"", "{}", ""] {
        assert!(from_str::<Object<Depletion>>(bad).is_err(), "{bad}");
    }
    let array = from_str::<Object<Depletion>>("[]").unwrap_err().to_string();
    assert!(array.contains("expected an object"), "{array}");
    let unknown = r#"{"sku":"CP-502101","restock_cycle":1,"reason":"sweep","more":1}"#;
    let error = from_str::<Object<Depletion>>(unknown).unwrap_err().to_string();
    assert!(error.contains("unknown field `more`"), "{error}");
}

#[test]
fn a_production_order_id_is_written_as_it_is_read() -> Result<(), Box<dyn std::error::Error>> {
    let id = "6f1c3a52-96a0-4b8f-9d0e-2f0f4f6f9b11";
    let parsed: ProductionOrderId = from_str(&format!("\"{id}\""))?;
    assert_eq!((parsed.to_string().as_str(), json!(parsed)), (id, json!(id)));
    Ok(())
}

#[test]
fn the_name_of_an_execution_says_which_restock_it_runs() {
    for name in ["CP-502101_3", "CP-502101_3_a1b2", "CP-502101_3_6f1c3a52-96a0"] {
        let restock = RestockId::of_execution(name).expect(name);
        assert_eq!(restock.to_string(), "CP-502101_3", "{name}");
    }
    for other in ["", "CP-502101", "CP-502101_", "CP-502101_0", "CP-502101_x", "_3", "rejected_1"] {
        assert_eq!(RestockId::of_execution(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic_or_is_changed_by_it(text in ".{0,80}") {
        if let Ok(sku) = text.parse::<Sku>() { prop_assert_eq!(sku.as_str(), &text); }
        if let Ok(id) = text.parse::<PurchaseId>() { prop_assert_eq!(id.as_str(), &text); }
        if let Ok(order) = text.parse::<ProductionOrderId>() { prop_assert_eq!(order.to_string(), text); }
    }

    #[test]
    fn every_valid_text_is_accepted_and_not_changed(
        sku in "[A-Z0-9-]{1,40}",
        purchase_id in "[!-+.-~-]{1,64}",
        order in any::<u128>().prop_map(|number| uuid::Uuid::from_u128(number).to_string()),
    ) {
        prop_assert_eq!(sku.parse::<Sku>().map(|parsed| parsed.as_str().to_owned()), Ok(sku));
        let parsed = purchase_id.parse::<PurchaseId>();
        prop_assert_eq!(parsed.map(|parsed| parsed.as_str().to_owned()), Ok(purchase_id));
        prop_assert_eq!(order.parse::<ProductionOrderId>().map(String::from), Ok(order));
    }

    #[test]
    fn a_number_is_a_quantity_exactly_if_it_is_from_1_to_100(number in prop_oneof![any::<u32>(), 0..200_u32]) {
        prop_assert_eq!(Quantity::try_from(number).is_ok(), (1..=100).contains(&number));
    }
}
