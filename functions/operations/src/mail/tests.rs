#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::*;

const ORDER: &str = "6f1f4c7e-0a52-4f0e-9d56-0c5d6d1f2a3b";
const REDRIVE: &str = "restock dead-letters redrive --deployment outputs.json --sku CP-502101 --reason \"the cause is mended\"";

fn links() -> Links {
    Links {
        execution: "https://console.example/{execution}".to_owned(),
        redrive_command: "restock dead-letters redrive --deployment outputs.json".to_owned(),
        aws_command: "KEY=test aws --region ap-northeast-2".to_owned(),
        runbook: "https://runbook.example".to_owned(),
    }
}

fn mail(report: Value) -> Mail {
    Mail::of(&serde_json::from_value(report).unwrap(), &links())
}

fn digest(reports: Vec<Value>) -> Mail {
    let reports: Vec<Report> =
        reports.into_iter().map(|report| serde_json::from_value(report).unwrap()).collect();
    let kind = reports[0].kind();
    assert!(reports.iter().all(|report| report.kind() == kind), "{reports:?}");
    let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let reports: Vec<&Report> = reports.iter().collect();
    Digest { kind: &kind, reports, first_at: at(0), last_at: at(60) }.mail(&links())
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
    let rows = json!({"report": "rows_unreadable", "execution": execution("sweep"),
                            "rows": [{"row": "product cp-9", "problem": "the SKU must be upper case"}]});
    let undelivered = |queue: &str, body: Value| {
        json!({"report": "message_undelivered", "queue": queue, "message_id": "m1", "body": body,
               "production_order": if body.is_null() { ORDER.into() } else { Value::Null }})
    };
    let unreadable = json!({"report": "unreadable", "message_id": "m1", "body": "donuts"});
    let mut all = vec![recovered, arrived, rejected, refused, unreadable, late, rows];
    all.extend([
        undelivered("stock_queue", "{}".into()),
        undelivered("completion_queue", Value::Null),
    ]);
    all.extend(
        [json!(0), json!(7), Value::Null].map(|stock| restock_failed(stock, "Factory.Refused")),
    );
    all.extend([json!(50), Value::Null].map(completion_failed));
    all.extend(["CP-502101_1", ORDER, "rejected_m1", "by-hand"].map(ended));
    all
}

#[test]
fn every_mail_says_what_happened_what_it_means_and_what_to_do() {
    let single = reports().into_iter().map(mail);
    for Mail { subject, text } in
        single.chain(reports().into_iter().map(|one| digest(vec![one; 2])))
    {
        println!("{subject}\n\n{text}\n----");
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        assert!(paragraphs.len() >= 4, "{text}");
        let sentence = |text: &str| text.ends_with('.') && text.starts_with(char::is_alphanumeric);
        assert!(sentence(paragraphs[0]) && sentence(paragraphs[1]), "{text}");
        assert!(paragraphs[2].starts_with("What to do now: "), "{text}");
        let is_about_a_queue = subject.contains("_queue");
        let facts = paragraphs.last().copied().unwrap_or_default();
        assert!(facts.contains("Execution: https://") || is_about_a_queue, "{text}");
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
        text.contains(&format!("\n    KEY=test aws --region ap-northeast-2 stepfunctions start-execution --state-machine-arn {machine} --name {ORDER}_$(date +%s) ")),
        "{text}"
    );
    let text = mail(ended(ORDER)).text;
    assert!(
        text.contains(r#""quantity":QUANTITY}'"#) && text.contains("Replace QUANTITY"),
        "{text}"
    );
}

#[test]
fn the_mail_for_a_refused_callback_says_what_was_invalid() {
    let mut refused = reports().remove(3);
    refused["why"] = "the body must be the JSON object of the order".into();
    let text = mail(refused).text;
    let invalid =
        "a callback that cannot be counted: the body must be the JSON object of the order.";
    assert!(text.contains(invalid) && !text.contains("invalid count"), "{text}");
    assert!(text.contains("Ask the factory how many units it delivered for this order"), "{text}");
}

#[test]
fn a_digest_counts_the_reports_and_names_what_they_have_in_common() {
    let failed = (1..=12).map(|cycle| {
        let mut failed = restock_failed(json!(0), "Factory.Refused");
        failed["execution"] = execution(&format!("CP-502101_{cycle}")).into();
        failed
    });
    let Mail { subject, text } = digest(failed.collect());
    assert_eq!(subject, "Restock: 12 restocks failed: Factory.Refused");
    for fact in [
        "12 restocks failed with the same error. The factory rejected the order.",
        "Error:     Factory.Refused\n",
        "Reports:   12\n",
        "First:     1970-01-01T00:00:00Z\n",
        "Last:      1970-01-01T00:01:00Z\n",
        "Product:   CP-502101\nCause:     the factory answered 400\nExecution: ",
        ":CP-502101_10\nExecution: and 2 more\n",
    ] {
        assert!(text.contains(fact), "missing: {fact}\n{text}");
    }
}

#[test]
fn a_report_reads_the_same_after_it_was_in_the_queue() {
    for report in reports() {
        let sent: Report = serde_json::from_value(report.clone()).unwrap();
        let received: Report =
            serde_json::from_str(&serde_json::to_string(&sent).unwrap()).unwrap();
        assert_eq!(sent, received);
    }
}

#[test]
fn a_mail_ends_with_the_page_of_its_error_or_of_its_subject() {
    let page = |mail: Mail| {
        let last = mail.text.lines().last().unwrap().to_owned();
        last.strip_prefix("Runbook:   https://runbook.example/").unwrap().to_owned()
    };
    let of_error = mail(restock_failed(json!(0), "Factory.Refused"));
    assert_eq!(page(of_error), "errors/Factory.Refused.md");
    let of_aws = mail(restock_failed(json!(0), "Lambda.Unknown"));
    assert_eq!(page(of_aws), "mails/restock-failed.md");
    let many = digest(vec![restock_failed(json!(0), "Factory.Refused"); 2]);
    assert_eq!(page(many), "errors/Factory.Refused.md");
    assert_eq!(page(mail(ended("CP-502101_1"))), "mails/execution-ended.md");
}
