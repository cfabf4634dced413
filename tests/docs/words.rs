//! Retired words do not come back. The list is a table of the glossary.

use crate::{
    none,
    repository::{files, read, root},
};

const GLOSSARY: &str = "docs/glossary.md";

/// The glossary names the words; the others are written by tools or by others, with words of their own.
const EXEMPT: [&str; 3] = [GLOSSARY, "Cargo.lock", "fuzz/Cargo.lock"];

/// The words in code style in the first column of the table.
fn retired(glossary: &str) -> Vec<&str> {
    let (_, section) = glossary.split_once("\n## Retired words\n").expect("a section");
    let rows = section.lines().take_while(|line| !line.starts_with("## "));
    let cells = rows.filter_map(|row| row.strip_prefix("| ")?.split('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

/// Whether a line has the word by itself, or with an s at its end. A word with a capital is a name of the code and
/// must be the same; another is found in any case.
fn has(line: &str, word: &str) -> bool {
    let is_name = word.chars().any(char::is_uppercase);
    let line = if is_name { line.to_owned() } else { line.to_lowercase() };
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        let after = after.strip_prefix('s').unwrap_or(after);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

fn hits(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let lines = (1..).zip(text.lines());
    let hits = lines.flat_map(|(number, line)| {
        let found = words.iter().filter(move |word| has(line, word));
        found.map(move |word| format!("{path}:{number}: {word}: {}", line.trim()))
    });
    hits.collect()
}

#[test]
fn retired_words_do_not_come_back() {
    let glossary = read(GLOSSARY);
    let words = retired(&glossary);
    assert!(words.len() > 20, "{words:?}");
    let files = files().into_iter().filter(|file| !EXEMPT.contains(&file.as_str()));
    // Files that are not text are skipped.
    let texts =
        files.filter_map(|file| Some((std::fs::read_to_string(root().join(&file)).ok()?, file)));
    let hits: Vec<String> = texts.flat_map(|(text, file)| hits(&file, &text, &words)).collect();
    none(&hits);
}

#[test]
fn a_retired_word_is_found_by_itself_and_in_names() {
    for line in ["gizmo", "Gizmos!", "a_gizmo_b", "src/gizmo.rs", "<gizmo>"] {
        assert!(has(line, "gizmo"), "{line}");
    }
    for line in ["gizmology", "agizmo", "gizmoses"] {
        assert!(!has(line, "gizmo"), "{line}");
    }
    assert!(has("use Gizmo;", "Gizmo") && !has("a gizmo", "Gizmo"));
    assert_eq!(hits("f.rs", "x\n  old gizmo\n", &["gizmo"]), ["f.rs:2: gizmo: old gizmo"]);
    let table =
        "\n## Retired words\n\n| Retired | Say |\n| --- | --- |\n| `a`, \"b\", `c d` | `e` |\n";
    assert_eq!(retired(table), ["a", "c d"]);
}
