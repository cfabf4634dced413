#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use serde_json::{Value, json};

use super::*;

const ORDER: &str = "6f1f4c7e-0a52-4f0e-9d56-0c5d6d1f2a3b";
const REDRIVE: &str = "restock redrive --outputs outputs.json --sku CP-502101";

fn mail(report: Value) -> Mail {
    let links = Links {
        execution: "https://console.example/{execution}".to_owned(),
        redrive_command: "restock redrive --outputs outputs.json".to_owned(),
    };
    Mail::of(&serde_json::from_value(report).unwrap(), &links)
}

fn execution(name: &str) -> String {
    format!("arn:aws:states:ap-northeast-2:123456789012:execution:restock:{name}")
}

fn failure(error: &str) -> Value {
    json!({"state": "PlaceOrder", "error": error, "cause": "the factory answered 400"})
}

fn restock_failed(stock: Value, error: &str) -> Value {
    json!({"report": "restock_failed", "sku": "CP-502101", "restock_cycle": 1, "next_cycle": 2,
           "stock": stock, "attempts": 1, "failure": failure(error),
           "execution": execution("CP-502101_1")})
}

fn completion_failed(quantity: Value) -> Value {
    json!({"report": "completion_failed", "production_order": ORDER, "quantity": quantity,
           "failure": failure("Database.Failed"), "execution": execution(ORDER)})
}

fn ended(name: &str) -> Value {
    json!({"report": "execution_ended", "status": "ABORTED", "name": name,
           "machine": "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock",
           "execution": execution(name)})
}

fn about_goods(report: &str) -> Value {
    json!({"report": report, "sku": "CP-502101", "quantity": 50, "stock": 50,
           "execution": execution("CP-502101_2")})
}

/// One report of each kind.
fn reports() -> Vec<Value> {
    let mut recovered = about_goods("recovered");
    recovered["failures"] = 1.into();
    let mut arrived = about_goods("arrived_after_failure");
    arrived["production_order"] = ORDER.into();
    let rejected = json!({"report": "message_rejected", "message_id": "m1", "body": "donuts",
                          "why": "expected value", "execution": execution("rejected_m1")});
    let refused = json!({"report": "callback_refused", "production_order": ORDER, "sku": "CP-502101",
                         "restock_cycle": 1, "stock": 0, "why": "the count is missing",
                         "execution": execution("refused_1")});
    let late = json!({"report": "late_arrival", "production_order": ORDER, "sku": "CP-502101",
                      "restock_cycle": 1, "quantity": 50, "stock": 50, "target_stock": 50,
                      "waited_seconds": 900, "took_seconds": 990, "order_under_way": true,
                      "execution": execution("CP-502101_1")});
    let unreadable = json!({"report": "rows_unreadable", "execution": execution("sweep"),
                            "rows": [{"row": "product cp-9", "problem": "the SKU must be upper case"}]});
    let mut all = vec![recovered, arrived, rejected, refused, late, unreadable];
    all.extend(
        [json!(0), json!(7), Value::Null].map(|stock| restock_failed(stock, "Factory.Refused")),
    );
    all.extend([json!(50), Value::Null].map(completion_failed));
    all.extend(["CP-502101_1", ORDER, "rejected_m1", "by-hand"].map(ended));
    all
}

#[test]
fn every_mail_says_what_happened_what_it_means_and_what_to_do() {
    for report in reports() {
        let Mail { subject, text } = mail(report);
        println!("{subject}\n\n{text}\n----");
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        assert!(paragraphs.len() >= 4, "{text}");
        let sentence = |text: &str| text.ends_with('.') && text.starts_with(char::is_alphanumeric);
        assert!(sentence(paragraphs[0]) && sentence(paragraphs[1]), "{text}");
        assert!(paragraphs[2].starts_with("What to do now: "), "{text}");
        assert!(
            paragraphs.last().is_some_and(|facts| facts.contains("Execution: https://")),
            "{text}"
        );
        assert!(subject.starts_with("Restock: ") && !subject.contains('\n'), "{subject}");
        assert!(!text.contains("  ") || text.contains(":  ") || text.contains("\n    "), "{text}");
    }
}

#[test]
fn the_mail_for_a_failed_restock_explains_the_error_the_stock_and_the_redrive() {
    let text = mail(restock_failed(json!(0), "Factory.Refused")).text;
    assert!(text.contains("The factory rejected the order."), "{text}");
    assert!(text.contains("CP-502101 is sold out"), "{text}");
    assert!(text.contains(&format!("\n\n    {REDRIVE}\n\n")), "{text}");
    assert!(mail(restock_failed(json!(7), "Factory.Refused")).text.contains("remaining 7 units"));
    let unknown = mail(restock_failed(Value::Null, "Lambda.Unknown")).text;
    assert!(
        unknown
            .contains("Stock now: unknown, because the step CloseRestock failed, which reads it\n"),
        "{unknown}"
    );
    assert!(unknown.starts_with("The restock of CP-502101 failed. No delivery is expected.\n"));
}

#[test]
fn the_mail_for_a_failed_callback_has_the_command_that_processes_it_again() {
    let text = mail(completion_failed(json!(50))).text;
    let input = format!(r#"--input '{{"production_order":"{ORDER}","quantity":50}}'"#);
    assert!(text.contains(&input), "{text}");
    let machine = "arn:aws:states:ap-northeast-2:123456789012:stateMachine:restock";
    assert!(
        text.contains(&format!("--state-machine-arn {machine} --name {ORDER}_again")),
        "{text}"
    );
    let text = mail(ended(ORDER)).text;
    assert!(
        text.contains(r#""quantity":QUANTITY}'"#) && text.contains("Replace QUANTITY"),
        "{text}"
    );
}
