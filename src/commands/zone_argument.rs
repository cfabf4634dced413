//! The argument `--utc`, shared by the commands that print times.

use clap::Args;
use terminal::zone::Zone;

/// The time zone of the output.
#[derive(Debug, Clone, Copy, Args)]
pub struct ZoneArgument {
    /// Print times in UTC instead of the time zone of this machine.
    #[arg(long)]
    utc: bool,
}

impl ZoneArgument {
    /// The zone that was asked for.
    pub fn zone(self) -> Zone {
        if self.utc { Zone::utc() } else { Zone::of_reader() }
    }
}
