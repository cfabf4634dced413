//! `restock dead-letters redrive`: moves dead letters back to the queues they came from.

mod lines;
mod record;

use std::{collections::BTreeMap, io::Write};

use anyhow::{Context, Error, Result, bail};
use domain::Sku;

pub use record::record;

use crate::{
    dead_letters::{DeadLetter, InFlight, Look, Queues},
    stop::Stop,
};

/// The result of a redrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redriven {
    /// Dead letters that were moved; in a dry run, that would be moved.
    pub moved: usize,
    /// Dead letters that are in `dead_letter_queue` now, those in flight included. In a dry run, all of them.
    pub left: usize,
}

/// What to redrive.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// Only the dead letters of this product.
    pub sku: Option<&'a Sku>,
    /// Print what would be moved, and move nothing.
    pub dry_run: bool,
}

impl Request<'_> {
    fn moves(&self, letter: &DeadLetter) -> bool {
        letter.redriven_to().is_some() && self.sku.is_none_or(|sku| letter.is_about(sku))
    }
}

/// Like [`redrive_until`], without a way to stop it.
pub async fn redrive(
    queues: &Queues,
    sku: Option<&Sku>,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<Redriven> {
    let done = redrive_until(queues, Request { sku, dry_run }, &Stop::default(), out).await?;
    Ok(done.0)
}

/// Moves the dead letters of the product, or of all products, that are there now, and prints a line or two for each.
/// Letters that arrive later stay, also those of restocks that this redrive starts. Also returns the letters that
/// others have received, which could not be moved.
///
/// Messages that are not valid depletions stay: `start-restock` would reject them again.
///
/// # Errors
/// If there is no letter of the product. After this and every other error, letters that were not moved are visible.
pub async fn redrive_until(
    queues: &Queues,
    request: Request<'_>,
    stop: &Stop,
    out: &mut impl Write,
) -> Result<(Redriven, Option<InFlight>)> {
    let look = queues.look(stop).await?;
    if let Some(sku) = request.sku
        && !look.letters().iter().any(|letter| request.moves(letter))
    {
        let letters = look.letters().to_vec();
        let in_flight = look.end().await?.in_flight;
        return Err(no_letter_of(sku, &letters, in_flight));
    }
    if request.dry_run {
        show(look, request, out).await
    } else {
        move_all(look, request, out).await
    }
}

/// Prints after all letters were put back, because a reader of the output may take any time.
async fn show(
    look: Look,
    request: Request<'_>,
    out: &mut impl Write,
) -> Result<(Redriven, Option<InFlight>)> {
    let seen = look.end().await?;
    for letter in &seen.letters {
        lines::print(out, letter, &action(letter, request))?;
    }
    let moved = seen.letters.iter().filter(|letter| request.moves(letter)).count();
    let left = seen.letters.len() + seen.in_flight.map_or(0, |letters| letters.count);
    Ok((Redriven { moved, left }, seen.in_flight))
}

async fn move_all(
    mut look: Look,
    request: Request<'_>,
    out: &mut impl Write,
) -> Result<(Redriven, Option<InFlight>)> {
    let staying: Vec<DeadLetter> =
        look.letters().iter().filter(|letter| !request.moves(letter)).cloned().collect();
    let mut moved = 0;
    let done = move_each(&mut look, request, &staying, &mut moved, out).await;
    if let Err(error) = done {
        let rest = look.letters().len();
        let error = look.end_after(error).await;
        return Err(error.context(format!("{moved} moved, {rest} put back into dead_letter_queue")));
    }
    let in_flight = look.in_flight().await?;
    let left = staying.len() + in_flight.map_or(0, |letters| letters.count);
    Ok((Redriven { moved, left }, in_flight))
}

async fn move_each(
    look: &mut Look,
    request: Request<'_>,
    staying: &[DeadLetter],
    moved: &mut usize,
    out: &mut impl Write,
) -> Result<()> {
    look.put_back(|letter| !request.moves(letter)).await?;
    for letter in staying {
        lines::print(out, letter, &action(letter, request))?;
    }
    while let Some((letter, source)) = look.redrive_oldest().await? {
        *moved += 1;
        lines::print(out, &letter, &format!("moved to {source}"))?;
    }
    Ok(())
}

fn action(letter: &DeadLetter, request: Request<'_>) -> String {
    match (letter.redriven_to(), &letter.source) {
        (Some(source), _) if request.moves(letter) => format!("would be moved to {source}"),
        (Some(_), _) => "stays in dead_letter_queue: another product".to_owned(),
        (None, Err(queue)) => {
            format!("stays in dead_letter_queue: this version has no queue {queue}")
        }
        (None, Ok(_)) => {
            "stays in dead_letter_queue: not a valid depletion message. Send a corrected message, \
                          then delete this one"
                .to_owned()
        }
    }
}

fn no_letter_of(sku: &Sku, letters: &[DeadLetter], in_flight: Option<InFlight>) -> Error {
    if let Some(letters) = in_flight {
        return Error::msg(format!(
            "no visible dead letter is about {sku}. {letters}. Try again then"
        ));
    }
    let mut products: BTreeMap<&str, usize> = BTreeMap::new();
    for letter in letters {
        let about = letter.depletion.as_ref().map_or("no product", |d| d.sku.as_str());
        *products.entry(about).or_default() += 1;
    }
    let there: Vec<String> =
        products.iter().map(|(about, count)| format!("{count} about {about}")).collect();
    let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    Error::msg(format!(
        "no dead letter is about {sku}, so nothing was moved. Dead letters: {there}. Check the SKU, or run \
         `restock dead-letters list` to see them"
    ))
}

/// Prints the result and fails if letters are in flight: then nobody knows what is left.
///
/// # Errors
/// If letters are in flight, or the output cannot be written.
pub fn conclude(
    (redriven, in_flight): (Redriven, Option<InFlight>),
    dry_run: bool,
    out: &mut impl Write,
) -> Result<()> {
    let Redriven { moved, left } = redriven;
    if dry_run {
        writeln!(out, "{moved} would be moved, {left} in dead_letter_queue now (dry run)")
    } else {
        writeln!(out, "{moved} moved, {left} left in dead_letter_queue")
    }
    .context("the result cannot be printed")?;
    match in_flight {
        Some(letters) => bail!("{letters}. Run the command again then"),
        None => Ok(()),
    }
}
