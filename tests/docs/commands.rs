//! Command lines of cargo and of `restock`: each subcommand, flag, package and test exists.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{
    none,
    page::{Found, Page, pages},
    repository::metadata,
};

/// What the command, the packages and the tests are called.
struct Known {
    metadata: Value,
    /// What `restock SUBCOMMAND --help` prints, by subcommand; that of `restock` itself under no name.
    help: BTreeMap<String, String>,
}

impl Known {
    fn look() -> Self {
        let mut all = BTreeMap::new();
        add_help("", &mut all);
        Self { metadata: metadata(), help: all }
    }

    fn package(&self, name: &str) -> Option<&Value> {
        self.metadata["packages"].as_array()?.iter().find(|package| package["name"] == name)
    }

    /// The source of a target of this kind: of the package, or of any that cargo takes at the root.
    fn target(&self, package: Option<&str>, kind: &str, name: &str) -> Option<&Path> {
        let defaults = self.metadata["workspace_default_members"].as_array()?;
        let packages = self.metadata["packages"].as_array()?.iter();
        let asked = packages.filter(|is| match package {
            Some(package) => is["name"] == package,
            None => defaults.contains(&is["id"]),
        });
        let mut targets = asked.filter_map(|package| package["targets"].as_array()).flatten();
        let is_it = |target: &&Value| target["kind"][0] == kind && target["name"] == name;
        targets.find(is_it)?["src_path"].as_str().map(Path::new)
    }

    fn has_flag(&self, subcommand: &str, flag: &str) -> bool {
        let flag = flag.split('=').next().unwrap_or_default();
        let is_it = |word: &str| word.trim_end_matches([',', '.', '=']) == flag;
        self.help.get(subcommand).is_some_and(|help| help.split_whitespace().any(is_it))
    }

    /// By the first line of its usage. Some commands have subcommands and can also do without.
    fn needs_subcommand(&self, command: &str) -> bool {
        let usage = self.help.get(command).and_then(|help| help.split_once("Usage:"));
        usage
            .and_then(|(_, usage)| usage.lines().next())
            .is_some_and(|line| line.contains("<COMMAND>"))
    }

    /// What is wrong with the words after `restock`.
    fn restock(&self, words: &[&str]) -> Vec<String> {
        let first = words.first().filter(|word| !word.starts_with('-')).copied().unwrap_or("");
        if !self.help.contains_key(first) {
            return vec![format!("restock has no subcommand {first}")];
        }
        let both = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        let subcommand = if self.help.contains_key(&both) { both.as_str() } else { first };
        let is_group = self.help.keys().any(|name| name.starts_with(&format!("{first} ")));
        let has_flags_only = words.iter().skip(1).take(1).any(|word| word.starts_with('-'));
        let is_whole = has_flags_only && !self.needs_subcommand(first);
        if is_group && !first.is_empty() && subcommand == first && !is_whole {
            return vec![format!("restock has no subcommand {both}")];
        }
        let flags = words.iter().filter(|word| word.starts_with("--") && word.len() > 2);
        let unknown = flags.filter(|flag| !self.has_flag(subcommand, flag));
        unknown.map(|flag| format!("restock {subcommand} has no flag {flag}")).collect()
    }

    /// What is wrong with the words after `cargo`.
    fn cargo(&self, words: &[&str]) -> Vec<String> {
        let at = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        let (ours, theirs) = (&words[..at], words.get(at + 1..).unwrap_or_default());
        let package = ["-p", "--package"].iter().find_map(|flag| values(ours, flag).next());
        let named =
            values(ours, "-p").chain(values(ours, "--package")).chain(values(ours, "--exclude"));
        let mut wrong: Vec<String> = named
            .filter(|name| self.package(name).is_none())
            .map(|name| format!("there is no package {name}"))
            .collect();
        for kind in ["test", "example", "bin"] {
            let targets = values(ours, &format!("--{kind}")).collect::<Vec<_>>();
            let missing = targets.iter().filter(|name| self.target(package, kind, name).is_none());
            wrong.extend(missing.map(|name| format!("there is no {kind} {name}")));
        }
        match ours.first() {
            Some(&"run") if package.is_none() => wrong.extend(self.restock(theirs)),
            Some(&"test") => wrong.extend(self.filter(package, ours)),
            _ => {}
        }
        wrong
    }

    /// A word that no test has in its name runs no test, and cargo is content.
    fn filter(&self, package: Option<&str>, words: &[&str]) -> Option<String> {
        let mut flag_before = false;
        let filter = words.iter().skip(1).find(|word| {
            let is_filter = !flag_before && !word.starts_with('-');
            flag_before = word.starts_with('-');
            is_filter
        })?;
        let test = values(words, "--test").next()?;
        let source = self.target(package, "test", test)?;
        let is_there = sources(source).contains(filter);
        (!is_there).then(|| format!("no test of {test} has {filter} in its name"))
    }
}

/// The names that the files of a test give to modules and functions, and everything else in them.
fn sources(first: &Path) -> String {
    let folder = first.parent().filter(|_| first.ends_with("main.rs"));
    text_of(folder.unwrap_or(first))
}

/// The path and the text of a file, or of all files in a folder.
fn text_of(path: &Path) -> String {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder");
        return entries.map(|entry| text_of(&entry.expect("an entry").path())).collect();
    }
    format!("{} {}", path.display(), fs::read_to_string(path).unwrap_or_default())
}

/// Adds the help of a subcommand, and of those below it.
fn add_help(name: &str, all: &mut BTreeMap<String, String>) {
    let text = help(name);
    let below = text.split_once("Commands:").map_or("", |parts| parts.1);
    let lines = below.lines().skip(1).take_while(|line| line.starts_with("  "));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    // clap's own `help` is no subcommand with help of its own.
    for below in names.filter(|below| *below != "help") {
        add_help(format!("{name} {below}").trim(), all);
    }
    all.insert(name.to_owned(), text);
}

fn help(name: &str) -> String {
    let mut restock = Command::new(env!("CARGO_BIN_EXE_restock"));
    let said = restock.args(name.split_whitespace()).arg("--help").output().expect("restock");
    let problem = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "restock {name} --help: {problem}");
    String::from_utf8_lossy(&said.stdout).into_owned()
}

/// What follows a flag, each time that it comes.
fn values<'a>(words: &'a [&str], flag: &str) -> impl Iterator<Item = &'a str> {
    let pairs = words.windows(2).filter(move |pair| pair[0] == flag);
    pairs.map(|pair| pair[1])
}

/// The commands of a line, without comments, settings and redirections.
fn commands(line: &str) -> Vec<Vec<&str>> {
    let line = line.split(" #").next().unwrap_or_default();
    let commands = line.split("&&").flat_map(|part| part.split(['|', '>', ';']));
    let words = commands.map(|command| {
        let words = command.split_whitespace().skip_while(|word| is_setting(word));
        words.collect::<Vec<_>>()
    });
    words.collect()
}

fn is_setting(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
}

fn problems(pages: &[Page], known: &Known) -> Vec<String> {
    let lines = pages.iter().flat_map(|page| page.spans.iter().chain(&page.shell));
    let commands = lines.flat_map(|Found { place, text }| {
        commands(text).into_iter().map(move |command| (place, command))
    });
    let wrong = commands.flat_map(|(place, words)| {
        let wrong = match words.split_first() {
            Some((&"cargo", words)) => known.cargo(words),
            Some((program, words))
                if Path::new(program).ends_with("restock") && !words.is_empty() =>
            {
                known.restock(words)
            }
            _ => vec![],
        };
        wrong.into_iter().map(move |wrong| format!("{place}: {wrong}"))
    });
    wrong.collect()
}

#[test]
fn every_command_is_one_that_cargo_and_restock_know() {
    none(&problems(&pages(), &Known::look()));
}

#[test]
fn a_command_that_is_unknown_is_found() {
    let known = Known::look();
    for (command, expected) in [
        ("cargo run -- up --stock 3", None),
        ("cargo run -- --json", None),
        ("X=y cargo test --test docs links # the rest", None),
        ("target/debug/restock queries --check", None),
        ("cargo run -- upp", Some("restock has no subcommand upp")),
        ("cargo run -- up --sock 3", Some("restock up has no flag --sock")),
        ("cargo run -- --sku X", Some("restock  has no flag --sku")),
        ("cargo test --test dox", Some("there is no test dox")),
        ("cargo test -p restokc", Some("there is no package restokc")),
        ("cargo build && cargo run -- gone > file", Some("restock has no subcommand gone")),
    ] {
        let page = Page::of("p.md", &format!("```sh\n{command}\n```\n"));
        let expected: Vec<String> = expected.iter().map(|what| format!("p.md:2: {what}")).collect();
        assert_eq!(problems(&[page], &known), expected, "{command}");
    }
}

#[test]
fn a_filter_that_runs_no_test_is_found() {
    let filter = ["nobody", "called", "this"].join("_");
    let page = Page::of("p.md", &format!("`cargo test --test docs {filter}`"));
    let found = problems(&[page], &Known::look());
    assert_eq!(found, [format!("p.md:1: no test of docs has {filter} in its name")]);
}
