//! `${names}` in definitions, filled as Terraform's `templatefile` fills them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// What the names stand for.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// Lets a name stand for a value.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The text with its names filled. A name that stands for nothing is an error.
    pub fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { bail!("${{ without an end") };
            let Some(value) = self.0.get(name) else { bail!("nothing is known for ${{{name}}}") };
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
    fn every_name_is_filled() -> Result<()> {
        assert_eq!(values().fill("${a} and ${a}, $x {% y %}")?, "1 and 1, $x {% y %}");
        Ok(())
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_an_error() {
        assert!(values().fill("${b}").is_err_and(|e| e.to_string().contains("${b}")));
    }
}
