//! `restock watch`: a live view of a deployment in the terminal.
//!
//! - `screen`: what is shown and how keys change it. Knows no terminal. Start here.
//! - `view`: draws the screen.
//! - `source`: reads the deployment and redrives, in the background.
//!
//! Everything that it reads comes from `operations`.

mod screen;
mod source;
mod view;

use std::time::Duration;

use anyhow::{Context, Result};
use ratatui::{
    DefaultTerminal,
    crossterm::event::{self, Event, KeyEventKind},
};
use terminal::zone::Zone;

pub use source::Deployment;

use screen::{Action, Screen};
use source::Source;

/// How long a key may wait before it is handled. Also how often the screen is drawn.
const TICK: Duration = Duration::from_millis(200);

/// Shows the deployment until the reader quits.
///
/// # Errors
/// If there is no terminal. A deployment that cannot be read is shown as such.
pub async fn watch(deployment: Deployment, zone: Zone) -> Result<()> {
    let source = Source::start(deployment);
    let terminal = ratatui::try_init();
    let terminal = terminal.context("`restock watch` needs a terminal: use `restock status`")?;
    let done = tokio::task::spawn_blocking(move || run(terminal, &source, Screen::new(zone))).await;
    ratatui::restore();
    done?
}

fn run(mut terminal: DefaultTerminal, source: &Source, mut screen: Screen) -> Result<()> {
    loop {
        screen.update(source.latest());
        terminal.draw(|frame| view::draw(frame, &screen))?;
        if !event::poll(TICK)? {
            continue;
        }
        let Event::Key(key) = event::read()? else { continue };
        if key.kind != KeyEventKind::Press {
            continue;
        }
        match screen.press(key.code, key.modifiers) {
            Action::None => {}
            Action::Quit => return Ok(()),
            Action::Redrive(sku) => source.redrive(sku),
        }
    }
}
