//! Errors and their causes, cut for people. A cause may be as long as a stack trace.

use serde_json::Value;

/// The longest line that is shown of a cause, in characters.
const LONGEST_LINE: usize = 160;

/// The first line of a cause. Lambda writes the cause of an error as JSON, with the sentence in `errorMessage`.
pub(crate) fn first_line(cause: &str) -> String {
    let json: Option<Value> = serde_json::from_str(cause).ok();
    let sentence = json.as_ref().and_then(|json| json.get("errorMessage")?.as_str());
    let text = sentence.unwrap_or(cause).trim();
    short(text.lines().next().unwrap_or_default().trim_end(), LONGEST_LINE)
}

/// An error with its causes on one line, each once. Many errors repeat their cause in their own sentence.
pub fn error_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

/// The beginning of a text, with `…` if the text is longer.
pub(crate) fn short(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_each_cause_once() {
        let cause = anyhow::anyhow!("refused").context("cannot connect: refused");
        assert_eq!(error_line(&cause.context("no answer")), "no answer: cannot connect: refused");
    }

    #[test]
    fn a_cause_is_its_sentence_in_one_short_line() {
        let json = r#"{"errorType":"Factory.Refused","errorMessage":"the factory\nanswered 400"}"#;
        assert_eq!(first_line(json), "the factory");
        assert_eq!(first_line("  plain \n more"), "plain");
        assert_eq!(first_line(""), "");
        assert_eq!(first_line(&"도".repeat(500)).chars().count(), LONGEST_LINE + 1);
    }
}
