//! `restock logs`

use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::Args;
use operations::logs::{LogLine, Logs, Selection};
use terminal::{print, print_json, tone::Tone, zone::Zone};

use super::{deployment_arguments::OutputsArguments, zone_argument::ZoneArgument};

/// Arguments of `restock logs`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The function, such as `place-order`. Without it, all functions.
    function: Option<String>,
    /// How far to look back, such as `12h`.
    #[arg(long, default_value = "1h", value_parser = humantime::parse_duration)]
    since: Duration,
    /// Only lines that contain this text: an SKU, the key of a purchase, an order, an execution, or a part of the sentence.
    #[arg(long)]
    text: Option<String>,
    /// Only failures.
    #[arg(long)]
    failures: bool,
    /// Print one JSON object for each line, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    zone: ZoneArgument,
    #[command(flatten)]
    deployment: OutputsArguments,
}

/// Prints the lines, the oldest first.
pub async fn run(arguments: Arguments) -> Result<()> {
    let outputs = arguments.deployment.read().await?;
    let logs = Logs::of(&outputs, arguments.function.as_deref()).await?;
    let now = SystemTime::now();
    let since = now.checked_sub(arguments.since).unwrap_or(SystemTime::UNIX_EPOCH);
    let selection = Selection { since, text: arguments.text, failures: arguments.failures };
    let lines = logs.read(&selection).await?;
    if arguments.json {
        return lines.iter().try_for_each(|line| Ok(print_json(line)?));
    }
    let zone = arguments.zone.zone();
    let text: String = lines.iter().map(|line| text(line, &zone)).collect();
    let none = format!(
        "No function has logged such a line in the last {}. `--since 12h` looks further back.\n",
        humantime::format_duration(arguments.since)
    );
    Ok(print(&if text.is_empty() { none } else { text })?)
}

fn text(line: &LogLine, zone: &Zone) -> String {
    let LogLine { at, function, message, error, .. } = line;
    let at = Tone::Dim.paint(zone.time(*at));
    match error {
        Some(error) => format!("{at} {function}: {}: {message}\n", Tone::Bad.paint(error)),
        None if line.is_failure() => format!("{at} {function}: {}\n", Tone::Bad.paint(message)),
        None => format!("{at} {function}: {message}\n"),
    }
}
