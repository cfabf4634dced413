//! Examples in `--help`. Each is a whole command line, and a test parses each.

use clap::Command;

/// The words of a command, and its examples.
const EXAMPLES: [(&str, &[&str]); 33] = [
    ("up", &["restock up", "restock up --factory-stage 1s --stock 200", "restock up --watch"]),
    ("status", &["restock status", "restock status --deployment outputs.json --json"]),
    ("watch", &["restock watch --deployment outputs.json", "restock watch --utc"]),
    ("buy", &["restock buy CP-502101 2"]),
    (
        "adjust",
        &[
            r#"restock adjust CP-502101 -3 --reason "three were broken""#,
            r#"restock adjust CP-502101 +40 --reason "counted on Monday""#,
        ],
    ),
    ("product list", &["restock product list"]),
    (
        "product add",
        &[
            r#"restock product add CP-502109 --name "Jeju Donuts" --price 21000 --factory FF-500293 --reorder-point 10 --target-stock 50 --reason "new product""#,
        ],
    ),
    (
        "product change",
        &[r#"restock product change CP-502101 --target-stock 120 --reason "the video""#],
    ),
    (
        "product buckets",
        &[r#"restock product buckets CP-502101 16 --reason "the campaign begins at noon""#],
    ),
    ("product retire", &[r#"restock product retire CP-502101 --reason "no longer made""#]),
    ("advise", &["restock advise CP-502101", "restock advise CP-502101 --apply"]),
    ("factory list", &["restock factory list"]),
    (
        "stop-restock",
        &[r#"restock stop-restock CP-502101 --reason "the factory cancelled the order""#],
    ),
    (
        "record-lost-restock",
        &[r#"restock record-lost-restock CP-502101_3 --reason "the database was restored""#],
    ),
    ("cost", &["restock cost", "restock cost --sold 10000000", "restock cost --json"]),
    ("console", &["restock console --deployment outputs.json"]),
    ("crash", &["restock crash increment-stock"]),
    ("fault clear", &["restock fault clear"]),
    ("fault list", &["restock fault list"]),
    (
        "fault set",
        &[
            "restock fault set refuses-connections --factory FF-500293",
            "restock fault set answers-after:5s --orders 2 --factory FF-500293",
        ],
    ),
    ("mails", &["restock mails --last 1"]),
    ("logs", &["restock logs place-order --failures"]),
    ("dead-letters list", &["restock dead-letters list --deployment outputs.json"]),
    ("dead-letters explain", &["restock dead-letters explain CP-502101"]),
    (
        "dead-letters redrive",
        &[
            r#"restock dead-letters redrive --sku CP-502101 --reason "the factory is back""#,
            "restock dead-letters redrive --dry-run",
        ],
    ),
    (
        "dead-letters delete",
        &[r#"restock dead-letters delete 6f9619ff --reason "the factory has called back""#],
    ),
    ("audit", &["restock audit --deployment outputs.json", "restock audit --json"]),
    ("why", &["restock why CP-502101 --deployment outputs.json"]),
    ("stress", &["restock stress --seed 7"]),
    (
        "bench",
        &[
            "restock bench --only hot-row,functions",
            "restock bench --functions target/lambda --compare",
            "restock bench --json",
        ],
    ),
    ("load", &["restock load --rate 20 --for 30s", "restock load crowd"]),
    ("package", &["restock package", "restock package --architecture x86_64"]),
    ("completions", &["restock completions bash"]),
];

/// The command with its examples after the help of each subcommand.
pub fn added(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (words, lines)| {
        add(command, &words.split(' ').collect::<Vec<_>>(), lines)
    })
}

fn add(command: Command, words: &[&str], lines: &[&str]) -> Command {
    match words {
        [first, rest @ ..] => command.mut_subcommand(first, |inner| add(inner, rest, lines)),
        [] => {
            let before = command.get_after_help().map(|text| format!("{text}\n\n"));
            let text = format!("{}Examples:\n  {}", before.unwrap_or_default(), lines.join("\n  "));
            command.after_help(text)
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, reason = "a test fails by ending")]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The words of a line as a shell splits them.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('"').enumerate();
        let quoted = |(at, part): (usize, &str)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        };
        parts.flat_map(quoted).collect()
    }

    #[test]
    fn every_example_is_a_command_line() {
        for (command, lines) in EXAMPLES {
            for line in lines {
                assert!(line.starts_with(&format!("restock {command}")), "{line}");
                let parsed = crate::Cli::command().try_get_matches_from(words(line));
                parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
            }
        }
    }

    #[test]
    fn the_help_of_a_command_ends_with_its_examples() {
        let mut command = added(crate::Cli::command());
        let audit = command.find_subcommand_mut("audit").expect("a command");
        let help = audit.render_long_help().to_string();
        assert!(help.contains("Exit status: 0"), "{help}");
        assert!(help.ends_with("restock audit --json\n"), "{help}");
    }
}
