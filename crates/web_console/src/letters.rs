//! The dead letters, with what a redrive of each would do now.

use anyhow::Result;
use operations::{
    dead_letters::{DeadLetter, Explained, Queues},
    stop::Stop,
};
use warehouse::audit::Overview;

use crate::{source::Source, state::LetterState};

/// Remembers the letters. They are read only when their number changes, because a reading hides them from others for a
/// moment. What a redrive would do depends on the products, and is found with each reading of those.
#[derive(Debug, Default)]
pub(crate) struct LetterReader {
    number: usize,
    letters: Vec<DeadLetter>,
}

impl LetterReader {
    pub(crate) async fn read(
        &mut self,
        source: &Source,
        overview: &Overview,
    ) -> Result<Vec<LetterState>> {
        let queues = Queues::of(&source.deployment.outputs).await;
        let number = queues.number().await?;
        if number != self.number {
            let _alone = source.letters.lock().await;
            self.letters = queues.see_all(&Stop::default()).await?.letters;
            self.number = number;
        }
        Ok(Explained::all(&self.letters, overview).into_iter().map(state).collect())
    }
}

fn state(letter: Explained) -> LetterState {
    LetterState {
        id: letter.id,
        about: letter.about,
        error: letter.error,
        meaning: letter.meaning,
        remedy: letter.remedy,
        cause: if letter.cause.is_empty() { letter.body } else { letter.cause },
        prediction: letter.prediction,
    }
}
