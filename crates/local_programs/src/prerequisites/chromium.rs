use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::console::Console;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const INSTRUCTIONS: &str = "the tests of the console need a browser: install chromium";

/// Chromium: one on the PATH, else Debian's, which is then installed. With a font for Korean, for the screenshots.
///
/// # Errors
/// If it is neither there nor can be installed.
pub async fn chromium(console: Console) -> Result<PathBuf> {
    if let Some(found) = apt::installed(&NAMES, &[]) {
        return Ok(found);
    }
    console.note("installing Chromium (chromium and fonts-nanum, from apt): once, about a minute");
    apt::install(&["chromium", "fonts-nanum"]).await.context(INSTRUCTIONS)?;
    apt::installed(&NAMES, &[]).context(INSTRUCTIONS)
}
