//! Tells whoever watches what happens, as it happens.

use std::{fmt::Display, io::IsTerminal};

/// Where a story is told.
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
    /// To the terminal.
    pub fn on_stdout() -> Self {
        Self { channel: Channel::Stdout, colour: std::io::stdout().is_terminal() }
    }

    /// Beside an output that is for programs.
    pub fn on_stderr() -> Self {
        Self { channel: Channel::Stderr, colour: std::io::stderr().is_terminal() }
    }

    /// A line.
    pub fn say(&self, line: impl Display) {
        match self.channel {
            Channel::Stdout => println!("{line}"),
            Channel::Stderr => eprintln!("{line}"),
        }
    }

    /// The title of a chapter.
    pub fn title(&self, title: impl Display) {
        self.say("");
        if self.colour { self.say(format_args!("\x1b[1m{title}\x1b[0m")) } else { self.say(title) }
    }

    /// Something that happened within a chapter.
    pub fn note(&self, line: impl Display) {
        self.say(format_args!("   {line}"));
    }

    /// A text of several lines, set apart.
    pub fn quote(&self, text: &str) {
        for line in text.lines() {
            self.say(format_args!("   | {line}"));
        }
    }
}
