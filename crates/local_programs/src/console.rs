//! Progress messages for people.

use std::{
    fmt::Display,
    io::{IsTerminal, Write},
};

/// Where progress is printed.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    channel: Channel,
    colour: bool,
}

#[derive(Debug, Clone, Copy)]
enum Channel {
    Stdout,
    Stderr,
}

impl Console {
    /// Prints to stdout.
    pub fn on_stdout() -> Self {
        Self { channel: Channel::Stdout, colour: std::io::stdout().is_terminal() }
    }

    /// Prints to stderr, when stdout is for programs.
    pub fn on_stderr() -> Self {
        Self { channel: Channel::Stderr, colour: std::io::stderr().is_terminal() }
    }

    /// Prints a line. A reader such as `head` that has closed the output is no error: the work goes on.
    pub fn say(&self, line: impl Display) {
        let _ = match self.channel {
            Channel::Stdout => writeln!(std::io::stdout(), "{line}"),
            Channel::Stderr => writeln!(std::io::stderr(), "{line}"),
        };
    }

    /// Prints the title of a section, in bold on a terminal.
    pub fn title(&self, title: impl Display) {
        self.say("");
        if self.colour { self.say(format_args!("\x1b[1m{title}\x1b[0m")) } else { self.say(title) }
    }

    /// Prints a line within a section.
    pub fn note(&self, line: impl Display) {
        self.say(format_args!("   {line}"));
    }

    /// Prints a quoted text of several lines.
    pub fn quote(&self, text: &str) {
        for line in text.lines() {
            self.say(format_args!("   | {line}"));
        }
    }
}
