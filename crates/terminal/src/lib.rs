//! Output of the commands: tables, colours, and times in the reader's time zone.
//!
//! - [`table`]: aligned columns that fit the reader's terminal, 80 columns if there is none.
//! - [`tone`]: what a colour means. Text always carries the colour codes; [`print()`] removes them where nobody wants them.
//! - [`zone`]: times in the reader's zone or in UTC.
//!
//! Knows nothing of AWS, of the database or of the shop.

pub mod table;
pub mod tone;
pub mod zone;

use std::io::{self, Write};

use serde::Serialize;

/// Prints text to stdout. Colours are removed unless stdout is a terminal and `NO_COLOR` is not set.
///
/// # Errors
/// If the output cannot be written. A reader such as `head` that has closed it is no error.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints text to stderr, as [`print()`] does to stdout: for what is not the output of a program, such as progress.
///
/// # Errors
/// As [`print()`].
pub fn print_aside(text: &str) -> io::Result<()> {
    unless_closed(anstream::stderr().write_all(text.as_bytes()))
}

/// Prints a value to stdout as one line of JSON, for programs.
///
/// # Errors
/// As [`print()`].
pub fn print_json(value: &impl Serialize) -> io::Result<()> {
    print(&(serde_json::to_string(value)? + "\n"))
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
