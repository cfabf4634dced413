//! `restock redrive`: moves dead letters back to `stock_queue`.

use std::io::Write;

use anyhow::Result;
use domain::Sku;

use super::dead_letters::{DeadLetter, Queues};

/// The result of a redrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redriven {
    /// Dead letters that were moved; in a dry run, that would be moved.
    pub moved: usize,
    /// Dead letters that stay in `dead_letter_queue`.
    pub left: usize,
}

impl Redriven {
    fn count(&mut self, moves: bool) {
        if moves {
            self.moved += 1;
        } else {
            self.left += 1;
        }
    }
}

/// Prints each dead letter to `out` and moves those of the product, or of all products, to `stock_queue`.
///
/// Messages that are not valid depletions stay: `start-restock` would reject them again.
pub async fn redrive(
    queues: &Queues,
    sku: Option<&Sku>,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<Redriven> {
    let (mut redriven, mut kept) = (Redriven::default(), Vec::new());
    loop {
        let letters = queues.receive().await?;
        if letters.is_empty() {
            break;
        }
        for letter in letters {
            let moves = letter.is_about(sku);
            writeln!(out, "{}\n  {}", described(&letter), action(&letter, moves, dry_run))?;
            redriven.count(moves);
            if moves && !dry_run {
                queues.redrive(&letter).await?;
            } else {
                kept.push(letter);
            }
        }
    }
    // Only now: the loop would receive released messages again.
    for letter in &kept {
        queues.release(letter).await?;
    }
    Ok(redriven)
}

fn action(letter: &DeadLetter, moves: bool, dry_run: bool) -> &'static str {
    match (moves, dry_run, &letter.depletion) {
        (true, false, _) => "moved to stock_queue",
        (true, true, _) => "would be moved to stock_queue",
        (false, _, Some(_)) => "left in dead_letter_queue: another product",
        (false, _, None) => {
            "left in dead_letter_queue: not a valid depletion message. Send a corrected message, then delete \
             this one."
        }
    }
}

fn described(letter: &DeadLetter) -> String {
    format!("dead letter: {}\n  {}: {}", letter.body, letter.error, letter.cause)
}
