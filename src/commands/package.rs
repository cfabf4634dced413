//! `restock package`: builds the functions for a deployment to AWS.

use anyhow::Result;
use clap::{Args, ValueEnum};
use local_programs::{console::Console, packages};

/// Arguments of `restock package`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The processor that the functions run on, as in the variable architecture of Terraform.
    #[arg(long, default_value = "arm64")]
    architecture: Architecture,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Architecture {
    Arm64,
    #[value(name = "x86_64")]
    X86_64,
}

impl From<Architecture> for packages::Architecture {
    fn from(architecture: Architecture) -> Self {
        match architecture {
            Architecture::Arm64 => Self::Arm64,
            Architecture::X86_64 => Self::X86_64,
        }
    }
}

/// Builds and packs all functions.
pub async fn run(arguments: Arguments) -> Result<()> {
    let console = Console::on_stdout();
    let packages = packages::build(arguments.architecture.into(), console).await?;
    console.note(format_args!("{} packages are in target/lambda", packages.len()));
    Ok(())
}
