//! Fills `${names}` in definitions as Terraform's `templatefile` does.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// The values by name.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// Sets the value of a name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The text with every `${name}` replaced by its value.
    ///
    /// # Errors
    /// If a name has no value.
    pub fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else {
                bail!("${{ without a closing brace")
            };
            let Some(value) = self.0.get(name) else { bail!("${{{name}}} has no value") };
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        values.set("a", "1");
        values
    }

    #[test]
    fn every_name_is_replaced() -> Result<()> {
        assert_eq!(values().fill("${a} and ${a}, $x {% y %}")?, "1 and 1, $x {% y %}");
        Ok(())
    }

    #[test]
    fn a_name_without_a_value_is_an_error() {
        assert!(values().fill("${b}").is_err_and(|e| e.to_string().contains("${b}")));
    }
}
