//! What a process has used of the machine, from `/proc`.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context, Result};

/// The time that all threads of a process have computed so far.
pub(crate) fn cpu(process: i32) -> Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(folder(process).join("task"))? {
        let times = fs::read_to_string(thread?.path().join("schedstat"))?;
        let computed = times.split(' ').next().context("/proc/PID/schedstat is empty")?;
        nanoseconds += computed.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// The most memory that a process has used so far, in bytes.
pub(crate) fn peak_memory(process: i32) -> Result<f64> {
    let status = fs::read_to_string(folder(process).join("status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes.context("/proc/PID/status has no VmHWM")?.parse()?;
    Ok(kilobytes * 1024.0)
}

fn folder(process: i32) -> PathBuf {
    PathBuf::from(format!("/proc/{process}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_usage_of_this_process_is_found() {
        let ourselves = i32::try_from(std::process::id()).unwrap();
        assert!(cpu(ourselves).unwrap() > Duration::ZERO);
        assert!(peak_memory(ourselves).unwrap() > 100_000.0);
    }
}
