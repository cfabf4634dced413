//! Deletes one dead letter, after who did it and why was recorded.

use anyhow::{Context, Result, bail, ensure};
use deployment::outputs::Outputs;
use domain::Sku;
use uuid::Uuid;
use warehouse::{Change, ChangeRequest, Reason};

use super::{DeadLetter, Look, Queues, about};
use crate::{
    access::{WarehouseAccess, operator},
    stop::Stop,
};

/// Ids are random, so that this many characters name one letter.
const FEWEST_CHARACTERS: usize = 8;

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// What the letter was about.
    pub about: String,
    /// The product in whose history the deletion is recorded. `None` if the letter is about no known product.
    pub recorded_for: Option<Sku>,
}

/// Deletes the letter whose id begins with this text.
///
/// # Errors
/// If there is no such letter, or more than one, or the database does not record it. Then no letter is deleted.
pub async fn delete(
    outputs: &Outputs,
    warehouse: &WarehouseAccess,
    id: &str,
    reason: &Reason,
    stop: &Stop,
) -> Result<Deleted> {
    ensure!(
        id.len() >= FEWEST_CHARACTERS,
        "give at least the first {FEWEST_CHARACTERS} characters of the id. Nothing was deleted"
    );
    let by = operator(outputs).await?;
    let products = warehouse.overview().await?.products;
    let mut look = Queues::of(outputs).await.look(stop).await?;
    let chosen = match chosen(&mut look, id).await {
        Ok(letter) => letter,
        Err(error) => return Err(look.end_after(error).await),
    };
    let known = |sku: &Sku| products.iter().any(|product| product.sku == sku.as_str());
    let sku = chosen.depletion.as_ref().map(|depletion| depletion.sku.clone()).filter(known);
    if let Some(sku) = sku.clone() {
        let change = Change::DeleteLetter { sku, letter: chosen.id.clone() };
        let request = ChangeRequest { id: Uuid::new_v4(), by, reason: reason.clone(), change };
        if let Err(error) = warehouse.change(&request).await {
            return Err(look.end_after(error.context("the letter was not deleted")).await);
        }
    }
    look.delete_held().await?;
    Ok(Deleted { about: about(&chosen), recorded_for: sku })
}

/// The letter with this id. The look then holds no other.
async fn chosen(look: &mut Look, id: &str) -> Result<DeadLetter> {
    look.put_back(|letter| !letter.id.starts_with(id)).await?;
    match look.letters() {
        [one] => Ok(one.clone()),
        [] => match look.in_flight().await? {
            Some(letters) => {
                bail!("no visible dead letter has the id {id}. {letters}. Try again then")
            }
            None => bail!("no dead letter has the id {id}. `restock dead-letters list` shows all"),
        },
        _ => bail!("several dead letters have an id that begins with {id}: give more of it"),
    }
}

impl Look {
    /// Deletes the letters that the look holds.
    async fn delete_held(self) -> Result<()> {
        for letter in self.letters() {
            self.queues().delete(letter).await.context("the dead letter cannot be deleted")?;
        }
        Ok(())
    }
}
