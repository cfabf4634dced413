//! The machine on which the figures were measured, and the command.

use std::{fmt, fs, thread};

use anyhow::Result;
use database_server::DatabaseServer;
use local_programs::console::Console;
use serde::Serialize;

/// The machine and the command. Figures of different machines cannot be compared.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_gb: f64,
    pub system: String,
    /// The database server, with its version.
    pub database: String,
    pub command: String,
}

pub(crate) async fn describe(console: Console) -> Result<Machine> {
    let memory = value(&fs::read_to_string("/proc/meminfo")?, "MemTotal");
    let kilobytes = memory.split(' ').next().and_then(|number| number.parse().ok());
    Ok(Machine {
        cpu: value(&fs::read_to_string("/proc/cpuinfo")?, "model name"),
        cores: thread::available_parallelism()?.get(),
        memory_gb: (kilobytes.unwrap_or(0.0_f64) / 1e6).round(),
        system: format!("Linux {}", fs::read_to_string("/proc/sys/kernel/osrelease")?.trim()),
        database: DatabaseServer::installed(console).await?,
        command: std::env::args().collect::<Vec<_>>().join(" "),
    })
}

/// The first value with this name in lines such as `name : value`. Empty if there is none.
fn value(text: &str, name: &str) -> String {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(key, _)| key.trim() == name);
    found.next().map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, memory_gb, system, database, command } = self;
        write!(f, "{command}\n{cpu}, {cores} cores, {memory_gb} GB, {system}, {database}")
    }
}
