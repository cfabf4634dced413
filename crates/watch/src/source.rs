//! Reads the deployment in the background, and redrives.

use std::{sync::Arc, time::Duration};

use anyhow::{Error, Result};
use deployment::outputs::Outputs;
use domain::Sku;
use operations::{
    access::WarehouseAccess,
    dead_letters::Queues,
    redrive::{record, redrive},
    status::Status,
    stop::Stop,
    text::error_line,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use crate::screen::Latest;

/// The pause between two readings.
const PAUSE: Duration = Duration::from_secs(2);

/// What is watched.
#[derive(Debug, Clone)]
pub struct Deployment {
    pub outputs: Outputs,
    pub warehouse: WarehouseAccess,
}

/// The readings of a deployment. They end when this is dropped.
#[derive(Debug)]
pub(crate) struct Source {
    latest: watch::Receiver<Latest>,
    redrives: mpsc::UnboundedSender<String>,
}

impl Source {
    pub(crate) fn start(deployment: Deployment) -> Self {
        let (sender, latest) = watch::channel(Latest::default());
        let (redrives, requested) = mpsc::unbounded_channel();
        tokio::spawn(read(deployment, sender, requested));
        Self { latest, redrives }
    }

    pub(crate) fn latest(&self) -> Latest {
        self.latest.borrow().clone()
    }

    /// Asks for a redrive. The next reading has its result.
    pub(crate) fn redrive(&self, sku: String) {
        // The reader has ended only if the program ends.
        let _ = self.redrives.send(sku);
    }
}

async fn read(
    deployment: Deployment,
    sender: watch::Sender<Latest>,
    mut requested: mpsc::UnboundedReceiver<String>,
) {
    loop {
        let reading = status(&deployment).await;
        sender.send_modify(|latest| match reading {
            Ok(status) => {
                latest.status = Some(Arc::new(status));
                latest.error = None;
            }
            Err(error) => latest.error = Some(error_line(&error)),
        });
        match timeout(PAUSE, requested.recv()).await {
            Ok(Some(sku)) => {
                let done = redriven(&deployment, &sku).await;
                sender.send_modify(|latest| latest.redriven = Some(done));
            }
            Ok(None) => return,
            Err(_) => {}
        }
    }
}

async fn status(deployment: &Deployment) -> Result<Status> {
    Status::of(&deployment.outputs, &deployment.warehouse, &Stop::default()).await
}

async fn redriven(deployment: &Deployment, sku: &str) -> String {
    match redrive_product(deployment, sku).await {
        Ok(moved) => format!("redrive of {sku}: {moved} moved"),
        Err(error) => format!("redrive of {sku}: {}", error_line(&error)),
    }
}

async fn redrive_product(deployment: &Deployment, sku: &str) -> Result<usize> {
    let Deployment { outputs, warehouse } = deployment;
    let (queues, sku) = (Queues::of(outputs).await, sku.parse::<Sku>()?);
    let reason = "redriven in `restock watch`".parse().map_err(Error::msg)?;
    record(outputs, warehouse, Some(&sku), &reason).await?;
    Ok(redrive(&queues, Some(&sku), false, &mut std::io::sink()).await?.moved)
}
