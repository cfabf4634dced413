//! A dead letter in one or two short lines.

use std::{
    io::{self, Write},
    time::Duration,
};

use crate::{
    dead_letters::DeadLetter,
    text::{first_line, short},
};

/// The longest part of a body that is shown.
const LONGEST_BODY: usize = 60;

/// Prints what the letter is about, its error, its age and what becomes of it, and below that the cause.
pub(super) fn print(out: &mut impl Write, letter: &DeadLetter, action: &str) -> io::Result<()> {
    let (about, error) = (about(letter), &letter.error);
    writeln!(out, "{about}, {} ago: {error}; {action}", age(letter.age()))?;
    let cause = first_line(&letter.cause);
    if !cause.is_empty() && cause != *error {
        writeln!(out, "    {cause}")?;
    }
    Ok(())
}

/// The body of a letter names the next restock, so the failed one comes from the execution.
fn about(letter: &DeadLetter) -> String {
    if let Some(restock) = letter.failed_restock() {
        return format!("{}: restock {} failed", restock.sku, restock.cycle);
    }
    match (&letter.depletion, letter.production_order()) {
        (Some(depletion), _) => depletion.sku.to_string(),
        (None, Some(order)) => format!("callback for production order {order}"),
        (None, None) => format!("message {:?}", short(&letter.body, LONGEST_BODY)),
    }
}

/// The two largest units, such as `2h 3m`.
fn age(age: Duration) -> String {
    let text = humantime::format_duration(Duration::from_secs(age.as_secs())).to_string();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_at_most_two_units() {
        assert_eq!(age(Duration::from_secs(0)), "0s");
        assert_eq!(age(Duration::from_millis(61_900)), "1m 1s");
        assert_eq!(age(Duration::from_secs(7384)), "2h 3m");
    }
}
