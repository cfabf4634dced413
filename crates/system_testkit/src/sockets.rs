//! The TCP sockets of a process, from `/proc`.

use std::{collections::BTreeSet, fs};

/// The tables of all sockets, for IPv4 and IPv6.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// The loopback address as each table writes it.
const LOOPBACK: [&str; 2] = ["0100007F:", "00000000000000000000000001000000:"];

const ESTABLISHED: &str = "01";
const LISTENS: &str = "0A";

/// A socket. The addresses and the state are hexadecimal, as in the table.
#[derive(Debug)]
pub struct Socket {
    local: String,
    remote: String,
    state: String,
}

impl Socket {
    pub fn listens(&self) -> bool {
        self.state == LISTENS
    }

    pub fn is_on_loopback(&self) -> bool {
        LOOPBACK.iter().any(|address| self.local.starts_with(address))
    }

    pub fn is_connected_to(&self, port: u16) -> bool {
        self.state == ESTABLISHED && self.remote.ends_with(&format!(":{port:04X}"))
    }
}

/// The sockets of a process. None if it has ended.
pub fn sockets_of(process: i32) -> Vec<Socket> {
    let inodes = inodes(process);
    let tables = TABLES.iter().map(|table| fs::read_to_string(table).unwrap_or_default());
    let tables: String = tables.collect();
    let sockets = tables.lines().filter_map(|row| {
        let columns: Vec<&str> = row.split_whitespace().collect();
        let [_, local, remote, state, _, _, _, _, _, inode, ..] = columns[..] else { return None };
        let [local, remote, state] = [local, remote, state].map(str::to_owned);
        inodes.contains(inode).then_some(Socket { local, remote, state })
    });
    sockets.collect()
}

/// The inodes of the sockets that the process has open.
fn inodes(process: i32) -> BTreeSet<String> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let targets = files.filter_map(|file| fs::read_link(file.path()).ok());
    let names = targets.map(|target| target.to_string_lossy().into_owned());
    names
        .filter_map(|name| Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect()
}
