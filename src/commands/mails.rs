//! `restock mails`

use anyhow::{Context, Result};
use clap::Args;
use local_cloud::mailbox::{Mail, mails};
use terminal::{print, print_json, tone::Tone};

use super::deployment_arguments::OutputsArguments;

/// Arguments of `restock mails`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print only this many mails, the latest.
    #[arg(long)]
    last: Option<usize>,
    /// Print only the subjects.
    #[arg(long)]
    subjects: bool,
    /// Print one JSON array, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    deployment: OutputsArguments,
}

/// Prints the mails that the system on this machine has sent to operations, the oldest first.
pub async fn run(arguments: Arguments) -> Result<()> {
    let outputs = arguments.deployment.read().await?;
    let endpoint = outputs.endpoint_url.as_deref();
    let endpoint = endpoint.context("on AWS, mails are delivered to the address in `mail_to`. This command reads the mailbox of `restock up`")?;
    let all = mails(endpoint).await?;
    let skipped = arguments.last.map_or(0, |last| all.len().saturating_sub(last));
    let shown: Vec<Mail> = all.into_iter().skip(skipped).collect();
    if arguments.json {
        return Ok(print_json(&shown)?);
    }
    let text: Vec<String> = shown.iter().map(|mail| text(mail, arguments.subjects)).collect();
    let none = "No mail was sent.\n".to_owned();
    Ok(print(&if text.is_empty() { none } else { text.concat() })?)
}

fn text(mail: &Mail, only_subject: bool) -> String {
    let subject = Tone::Title.paint(&mail.subject);
    if only_subject {
        return format!("{subject}\n");
    }
    let quoted: String = mail.text.lines().map(|line| format!("  {line}\n")).collect();
    format!("{subject}\n  To: {}\n\n{quoted}\n", mail.to.join(", "))
}
