use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use database_server::DataFolder;
use domain::FactoryUrl;
use system::Settings;

use crate::emulator::RecordFiles;

/// How to start the local cloud.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port of the local AWS; `None` chooses a free port.
    pub port: Option<u16>,
    /// A running factory; `None` starts a factory simulator.
    pub factory_url: Option<FactoryUrl>,
    /// Starts a second factory simulator, and adds it with two products: see `assortment`.
    pub second_factory: bool,
    /// Hosts to which orders may be sent, besides those of this machine and of `factory_url`.
    pub factory_hosts: Vec<String>,
    /// The duration of each of the factory simulator's four stages.
    pub factory_stage: Duration,
    /// An existing database; `None` starts a database server.
    pub database_url: Option<String>,
    /// Keeps the data of the database server in this folder; `None` removes it at the end.
    pub data: Option<DataFolder>,
    /// Adds a count of this many units of each product; `None` leaves the stock unchanged.
    pub stock: Option<u32>,
    /// Without `stock`: adds a count of this many units of each product whose stock has never changed.
    pub stock_of_new_products: Option<u32>,
    /// The settings of the state machines; `None` uses those of `system.json`.
    pub settings: Option<Settings>,
    /// The command in mails with which operations redrive dead letters.
    pub redrive_command: String,
    /// The files to which the emulator appends what happens.
    pub records: RecordFiles,
    /// The binary of each function by name; `None` builds them.
    pub binaries: Option<BTreeMap<String, PathBuf>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: None,
            factory_url: None,
            second_factory: false,
            factory_hosts: Vec::new(),
            factory_stage: Duration::from_secs(10),
            database_url: None,
            data: None,
            stock: None,
            stock_of_new_products: None,
            settings: None,
            redrive_command: "cargo run -- dead-letters redrive".to_owned(),
            records: RecordFiles::default(),
            binaries: None,
        }
    }
}
