//! The shape of an answer: its status, the fields and their types, and the fixed names.

use std::collections::BTreeMap;

use serde_json::Value;

/// Fields whose value is a fixed name.
const FIXED: [&str; 5] = ["outcome", "status", "title", "type", "sku"];

#[derive(Debug, PartialEq, Eq)]
enum Shape {
    Null,
    Number,
    Text,
    Fixed(String),
    List(Vec<Shape>),
    Object(BTreeMap<String, Shape>),
}

impl Shape {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Number(_) => Self::Number,
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(fields) => Self::Object(fields.iter().map(Self::of_field).collect()),
            Value::String(_) | Value::Bool(_) => Self::Text,
        }
    }

    fn of_field((name, value): (&String, &Value)) -> (String, Self) {
        let is_fixed = FIXED.contains(&name.as_str());
        (name.clone(), if is_fixed { Self::Fixed(value.to_string()) } else { Self::of(value) })
    }
}

/// What `curl -w '\n%{http_code}\n'` prints: a JSON body, if there is one, and the status.
fn parts(printed: &str) -> Option<(Option<Shape>, &str)> {
    let printed = printed.trim();
    let (body, status) = printed.rsplit_once('\n').unwrap_or(("", printed));
    if body.is_empty() {
        return Some((None, status));
    }
    Some((Some(Shape::of(&serde_json::from_str(body).ok()?)), status))
}

/// Whether both have the same status, the same fields and the same fixed names.
pub fn same(documented: &str, printed: &str) -> bool {
    parts(documented).is_some_and(|shape| parts(printed) == Some(shape))
}

#[test]
fn only_numbers_and_texts_may_differ() {
    let documented = "{\"outcome\":\"sold\",\"stock\":49,\"detail\":\"a\",\"restock\":null}\n200\n";
    let with = |from: &str, to: &str| same(documented, &documented.replace(from, to));
    assert!(same(documented, documented) && with("49", "48") && with("\"a\"", "\"b\""));
    for (from, to) in [
        ("200", "409"),
        ("sold", "sold_out"),
        ("49", "\"49\""),
        ("\"stock\"", "\"count\""),
        (",\"restock\":null", ""),
        ("}", ""),
    ] {
        assert!(!with(from, to), "{from} -> {to}");
    }
    assert!(same("200\n", "200") && !same("200", "400") && !same("{}\n200", "200"));
}
