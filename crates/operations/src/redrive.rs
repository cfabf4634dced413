//! `restock redrive`: moves dead letters back to `stock_queue`, after showing each.

use std::io::Write;

use anyhow::Result;
use domain::Sku;

use super::dead_letters::{DeadLetter, Queues};

/// What a redrive did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redriven {
    /// Letters that were moved, or would have been.
    pub moved: usize,
    /// Letters that were left where they are.
    pub left: usize,
}

/// Shows each dead letter and moves those of the product (all, if none is named) back to
/// `stock_queue`. Leaves those that are no depletion: they would only come back.
pub async fn redrive(
    queues: &Queues,
    sku: Option<&Sku>,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<Redriven> {
    let (mut redriven, mut kept) = (Redriven::default(), Vec::new());
    loop {
        let letters = queues.take().await?;
        if letters.is_empty() {
            break;
        }
        for letter in letters {
            let moves = letter.restocks(sku);
            writeln!(out, "{}\n  {}", described(&letter), verdict(&letter, moves, dry_run))?;
            if moves {
                redriven.moved += 1
            } else {
                redriven.left += 1
            }
            if moves && !dry_run {
                queues.redrive(&letter).await?;
            } else {
                kept.push(letter);
            }
        }
    }
    // Not before the end: they would be taken again.
    for letter in &kept {
        queues.put_back(letter).await?;
    }
    Ok(redriven)
}

fn verdict(letter: &DeadLetter, moves: bool, dry_run: bool) -> &'static str {
    match (moves, dry_run, &letter.depletion) {
        (true, false, _) => "moved to stock_queue",
        (true, true, _) => "would be moved to stock_queue",
        (false, _, Some(_)) => "left: another product",
        (false, _, None) => "left: it is no depletion; send what was meant, and delete it",
    }
}

fn described(letter: &DeadLetter) -> String {
    format!("dead letter: {}\n  {}: {}", letter.body, letter.error, letter.cause)
}
