//! `restock completions` and `restock man`: made from the definitions of the commands.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;
use terminal::print;

/// Arguments of `restock completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell.
    shell: Shell,
}

/// Arguments of `restock man`.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// Write one page for each command into this folder, instead of one page to stdout.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// Prints a script that completes commands and arguments in the shell.
pub fn completions(mut command: Command, arguments: &CompletionsArguments) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "restock", &mut script);
    Ok(print(&String::from_utf8(script)?)?)
}

/// Writes the man pages.
pub fn man(command: Command, arguments: &ManArguments) -> Result<()> {
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        return Ok(print(&String::from_utf8(page)?)?);
    };
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .with_context(|| format!("the pages cannot be written into {}", folder.display()))
}
