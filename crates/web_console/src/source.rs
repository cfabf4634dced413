//! Reads the deployment while somebody looks at the page.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use operations::{status::product_statuses, text::error_line};
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
    time::sleep,
};

use local_cloud::crash;

use crate::{
    Deployment, executions::ExecutionReader, factories, letters::LetterReader, state::State,
};

/// The pause between two readings on this machine, where they cost nothing.
const LOCAL_PAUSE: Duration = Duration::from_millis(400);

/// The pause on AWS, where each reading invokes a function and reads histories.
const PAUSE: Duration = Duration::from_secs(4);

/// The deployment, and the latest reading of it.
#[derive(Debug)]
pub(crate) struct Source {
    pub deployment: Deployment,
    /// One action at a time looks at the dead letters: two looks would hide letters from each other.
    pub letters: Mutex<()>,
    /// `None` before the first reading.
    latest: watch::Sender<Option<Arc<State>>>,
    reader: Mutex<Option<JoinHandle<()>>>,
}

impl Source {
    pub(crate) fn start(deployment: Deployment) -> Arc<Self> {
        let (latest, _) = watch::channel(None);
        Arc::new(Self { deployment, letters: Mutex::default(), latest, reader: Mutex::default() })
    }

    /// The readings from now on. Nothing is read while nobody has a receiver.
    pub(crate) async fn watch(self: &Arc<Self>) -> watch::Receiver<Option<Arc<State>>> {
        let receiver = self.latest.subscribe();
        let mut reader = self.reader.lock().await;
        if reader.as_ref().is_none_or(JoinHandle::is_finished) {
            *reader = Some(tokio::spawn(read_while_watched(self.clone())));
        }
        receiver
    }

    fn pause(&self) -> Duration {
        if self.deployment.outputs.endpoint_url.is_some() { LOCAL_PAUSE } else { PAUSE }
    }
}

async fn read_while_watched(source: Arc<Source>) {
    let mut executions = ExecutionReader::of(&source.deployment.outputs).await;
    let mut letters = LetterReader::default();
    while source.latest.receiver_count() > 0 {
        let state = match read(&source, &mut executions, &mut letters).await {
            Ok(state) => state,
            Err(error) => {
                let error = Some(error_line(&error));
                let before = source.latest.borrow().as_deref().cloned().unwrap_or_default();
                State { error, ..before }
            }
        };
        source.latest.send_if_modified(|latest| {
            let is_new = latest.as_deref() != Some(&state);
            if is_new {
                *latest = Some(Arc::new(state));
            }
            is_new
        });
        sleep(source.pause()).await;
    }
}

async fn read(
    source: &Source,
    executions: &mut ExecutionReader,
    letters: &mut LetterReader,
) -> Result<State> {
    let Deployment { outputs, warehouse } = &source.deployment;
    let overview = warehouse.overview().await?;
    let restocks = executions.restocks();
    let mut mails = match &outputs.endpoint_url {
        Some(endpoint) => local_cloud::mailbox::mails(endpoint).await?,
        None => Vec::new(),
    };
    mails.reverse();
    Ok(State {
        dead_letters: letters.read(source, &overview).await?,
        products: product_statuses(overview.products, restocks).await?,
        failures: overview.failures,
        factories: factories::read(outputs).await?,
        executions: executions.read().await?,
        mails,
        crashes: crash::requests(outputs)?,
        error: None,
    })
}
