//! The functions that a round calls, on one database.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result};
use tokio::time::Instant;

use super::function::Function;
use local_programs::{build, process::RunFolder};

/// When dropped, all processes end.
pub(super) struct Functions {
    pub decrement_stock: Function,
    pub open_restock: Function,
    pub record_arrival: Function,
    pub increment_stock: Function,
    pub change_warehouse: Function,
    _logs: RunFolder,
}

impl Functions {
    pub async fn new(database_url: &str) -> Result<Self> {
        let binaries = build::functions().await?;
        let logs = RunFolder::create("stress")?;
        let clock = Instant::now();
        let function = |name: &'static str| {
            let binary = binary(binaries, name)?;
            anyhow::Ok(Function::new(name, binary, database_url, logs.path().to_owned(), clock))
        };
        Ok(Self {
            decrement_stock: function("decrement-stock")?,
            open_restock: function("open-restock")?,
            record_arrival: function("record-arrival")?,
            increment_stock: function("increment-stock")?,
            change_warehouse: function("change-warehouse")?,
            _logs: logs,
        })
    }
}

fn binary(binaries: &BTreeMap<String, PathBuf>, name: &str) -> Result<PathBuf> {
    binaries
        .get(name)
        .cloned()
        .with_context(|| format!("there is no function {name} among the built binaries"))
}
