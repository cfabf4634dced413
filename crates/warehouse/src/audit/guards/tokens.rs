//! SQL as tokens, so that the text of a migration can be compared with what a server prints of it.
//!
//! MySQL and MariaDB print quoted names, character set introducers, other spaces and more parentheses.

/// Splits SQL into words, strings, numbers and operators. Leaves out comments, but not the content of `/*! … */`, which
/// MySQL executes. Names lose their quotes, and words become lower case.
pub(super) fn tokens(sql: &str) -> Vec<String> {
    let mut rest = sql;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => length_until(rest, "\n"),
            '#' => length_until(rest, "\n"),
            '/' if rest.starts_with("/*!") => 3 + digits(&rest[3..]),
            '*' if rest.starts_with("*/") => 2,
            '/' if rest.starts_with("/*") => length_until(rest, "*/"),
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                let length = token_length(rest, first);
                found.push(spelled(&rest[..length]));
                length
            }
        };
        rest = &rest[length.min(rest.len())..];
    }
    without_introducers(found)
}

fn length_until(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn token_length(text: &str, first: char) -> usize {
    let while_matches =
        |matches: fn(char) -> bool| text.find(|c| !matches(c)).unwrap_or(text.len());
    match first {
        '\'' | '"' | '`' => quoted_length(text, first),
        '<' | '>' | '=' | '!' => while_matches(|c| matches!(c, '<' | '>' | '=' | '!')),
        _ if is_word(first) => while_matches(is_word),
        _ => first.len_utf8(),
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '@')
}

/// The quote itself is written twice or after a backslash.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\'
            || (character == quote && characters.peek().is_some_and(|c| c.1 == quote))
        {
            characters.next();
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

fn spelled(token: &str) -> String {
    match token.as_bytes() {
        [b'`', .., b'`'] => token[1..token.len() - 1].replace("``", "`").to_lowercase(),
        [b'\'' | b'"', ..] => token.to_owned(),
        _ if token == "!=" => "<>".to_owned(),
        b"!" => "not".to_owned(),
        _ => token.to_lowercase(),
    }
}

/// `_ascii'open'` is `'open'`.
fn without_introducers(tokens: Vec<String>) -> Vec<String> {
    let is_string = |token: Option<&String>| token.is_some_and(|token| token.starts_with('\''));
    let kept = |at: &usize| !(tokens[*at].starts_with('_') && is_string(tokens.get(at + 1)));
    (0..tokens.len()).filter(kept).map(|at| tokens[at].clone()).collect()
}

/// An expression without parentheses. `a REGEXP b` is written as MySQL prints it: `REGEXP_LIKE(a, b)`, and
/// `a NOT REGEXP b` as `NOT REGEXP_LIKE(a, b)`.
pub(super) fn expression(tokens: &[String]) -> Vec<String> {
    let mut flat: Vec<String> =
        tokens.iter().filter(|token| !matches!(token.as_str(), "(" | ")")).cloned().collect();
    while let Some(at) = flat.iter().position(|token| matches!(token.as_str(), "regexp" | "rlike"))
    {
        flat[at] = ",".to_owned();
        let is_negated = at > 0 && flat[at - 1] == "not";
        let operand = at.saturating_sub(1 + usize::from(is_negated));
        flat.insert(operand, "regexp_like".to_owned());
        if is_negated {
            flat.remove(at);
            flat.insert(operand, "not".to_owned());
        }
    }
    flat
}

/// Splits text at the commas that are in no parentheses, quotes or comments.
pub(in crate::audit) fn items(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    let mut found = Vec::new();
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += match character {
            '\'' | '"' | '`' => quoted_length(rest, character),
            '-' if rest.starts_with("--") => length_until(rest, "\n"),
            _ => character.len_utf8(),
        };
    }
    found.push(&text[start..]);
    found
}

/// The text inside the first parentheses.
pub(in crate::audit) fn in_parentheses(text: &str) -> Option<&str> {
    let start = outside_comments(text, '(', 0)? + 1;
    let (mut depth, mut at) = (1_usize, start);
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        depth = match character {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return Some(&text[start..at]);
        }
        at += match character {
            '\'' | '"' | '`' => quoted_length(rest, character),
            '-' if rest.starts_with("--") => length_until(rest, "\n"),
            _ => character.len_utf8(),
        };
    }
    None
}

fn outside_comments(text: &str, wanted: char, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(character) = text[at..].chars().next() {
        if character == wanted {
            return Some(at);
        }
        at += if text[at..].starts_with("--") {
            length_until(&text[at..], "\n")
        } else {
            character.len_utf8()
        };
    }
    None
}

/// SQL without comments, on one line.
pub(super) fn on_one_line(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
