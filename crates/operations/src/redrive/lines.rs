//! A dead letter in one or two short lines.

use std::io::{self, Write};

use terminal::zone::duration;

use crate::{
    dead_letters::{DeadLetter, about},
    text::first_line,
};

/// Prints what the letter is about, its error, its age and what becomes of it, and below that the cause.
pub(super) fn print(out: &mut impl Write, letter: &DeadLetter, action: &str) -> io::Result<()> {
    let (about, error) = (about(letter), &letter.error);
    writeln!(out, "{about}, {} ago: {error}; {action}", duration(letter.age()))?;
    let cause = first_line(&letter.cause);
    if !cause.is_empty() && cause != *error {
        writeln!(out, "    {cause}")?;
    }
    Ok(())
}
