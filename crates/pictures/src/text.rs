//! Text in a picture: how wide it is, where lines break, and how it is written in XML.

/// The width of a text in pixels. Generous, because each reader's machine has other fonts.
pub fn width(text: &str, font_size: f64) -> f64 {
    text.chars().map(character).sum::<f64>() * font_size
}

/// The width of a character as a part of the font size.
fn character(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | '\'' | '|' => 0.32,
        'f' | 'r' | 't' | ' ' | '-' | '/' | '(' | ')' | '{' | '}' => 0.42,
        'm' | 'w' | 'M' | 'W' => 0.95,
        'A'..='Z' => 0.74,
        _ if character.is_ascii() => 0.62,
        _ => 1.1,
    }
}

/// The width of the widest line in pixels.
pub fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, font_size: f64) -> f64 {
    lines.into_iter().map(|line| width(line, font_size)).fold(0.0, f64::max)
}

/// Breaks a text between words into lines of at most so many characters. A longer word has a line of its own.
pub fn wrap(text: &str, characters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= characters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The text as it is written in XML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A condition of a Choice in a few words: `{% $states.input.outcome = 'sold_out' %}` is `sold out`.
pub fn condition(expression: &str) -> String {
    let mut text = expression.trim().trim_start_matches("{%").trim_end_matches("%}").to_owned();
    for (long, short) in SHORTER {
        text = text.replace(long, short);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in a condition, and how a picture shows it. In this order.
const SHORTER: [(&str, &str); 11] = [
    ("$states.context.Execution.Input.", ""),
    ("$states.input.", ""),
    ("$exists(", ""),
    ("$count(", ""),
    ("$not(", "not "),
    (")", ""),
    ("$", ""),
    ("outcome = ", ""),
    ("!=", "≠"),
    ("'", ""),
    ("_", " "),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_shown_in_a_few_words() {
        for (expression, words) in [
            ("{% $states.input.outcome = 'sold_out' %}", "sold out"),
            ("{% $exists($states.context.Execution.Input.ended) %}", "ended"),
            ("{% $count($unreadable) > 0 %}", "unreadable > 0"),
            ("{% $states.input.reported and $x != 'redrive' %}", "reported and x ≠ redrive"),
            ("{% $states.input.status = 'failed' and $not($a) %}", "status = failed and not a"),
        ] {
            assert_eq!(condition(expression), words);
        }
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("sold out and at reorder point", 16), ["sold out and at", "reorder point"]);
        assert_eq!(wrap("Completion.AlreadyArrived", 10), ["Completion.AlreadyArrived"]);
        assert!(wrap("", 10).is_empty());
    }

    #[test]
    fn text_does_not_end_an_element_or_an_attribute() {
        assert_eq!(escape("a < b & \"c\" > d"), "a &lt; b &amp; &quot;c&quot; &gt; d");
    }
}
