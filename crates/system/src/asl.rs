//! State machines are written in YAML and deployed as JSON. `terraform/state_machines.tf` does the same.

use anyhow::{Context, Result};
use serde_json::Value;

/// The JSON of a definition. A key that stands twice is an error.
pub fn to_json(yaml: &str) -> Result<Value> {
    // Not directly as JSON: that would silently take the last of two equal keys.
    let definition: yaml_serde::Value = yaml_serde::from_str(yaml)?;
    let mut definition = serde_json::to_value(definition).context("not valid as JSON")?;
    write_numbers(&mut definition);
    Ok(definition)
}

/// Replaces `{% $number('900') %}` with `900`.
///
/// ASL editors accept a number's placeholder in this form only; statelint accepts only the number.
fn write_numbers(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(number) = number(text) {
                *value = number.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_numbers),
        Value::Object(fields) => fields.values_mut().for_each(write_numbers),
        _ => {}
    }
}

fn number(text: &str) -> Option<u64> {
    text.strip_prefix("{% $number('")?.strip_suffix("') %}")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_anchor_names_stands_wherever_it_is_referred_to() -> Result<()> {
        let yaml = "a: &retry [{MaxAttempts: 2}]\nb: *retry";
        assert_eq!(to_json(yaml)?, json!({"a": [{"MaxAttempts": 2}], "b": [{"MaxAttempts": 2}]}));
        Ok(())
    }

    #[test]
    fn a_number_written_as_an_expression_becomes_the_number() -> Result<()> {
        let yaml = "a: {b: [\"{% $number('900') %}\"]}\nc: \"{% $number($d) %}\"";
        assert_eq!(to_json(yaml)?, json!({"a": {"b": [900]}, "c": "{% $number($d) %}"}));
        Ok(())
    }

    #[test]
    fn a_state_that_is_defined_twice_is_an_error() {
        let error = to_json("States:\n  Begin: {}\n  Begin: {}").expect_err("two states");
        assert!(error.to_string().contains("Begin"), "{error}");
    }
}
