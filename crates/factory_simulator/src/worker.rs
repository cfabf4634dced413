//! Works through the stages of all orders at the same time, in memory only, and calls back.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::fault_effects::Callback;
use super::lock::lock;
use super::order::Order;
use super::order_log::OrderLog;

const STAGES: u8 = 4;

/// The jobs under way. Dropping it ends them.
pub(super) struct Worker {
    log: Arc<OrderLog>,
    stage: Duration,
    jobs: Mutex<JoinSet<()>>,
    release: watch::Sender<()>,
}

/// An accepted order.
pub(super) struct TakenOrder {
    pub(super) id: Uuid,
    /// Resolves when the order is called back, or with an error when it never will be.
    pub(super) done: oneshot::Receiver<()>,
}

/// The work on one order. Refers to the log but not to the worker, so that dropping the worker ends the job.
struct Job {
    log: Arc<OrderLog>,
    id: Uuid,
    order: Order,
    stage: Duration,
    release: watch::Receiver<()>,
}

impl Worker {
    pub(super) fn new(log: Arc<OrderLog>, stage: Duration) -> Self {
        Self { log, stage, jobs: Mutex::default(), release: watch::Sender::default() }
    }

    pub(super) fn log(&self) -> &OrderLog {
        &self.log
    }

    /// Accepts an order. When this returns, the work on it has begun, or is lost in a crash.
    pub(super) async fn take(&self, order: Order, callback: Callback) -> TakenOrder {
        let id = self.log.record(&order);
        let (sender, done) = oneshot::channel();
        if callback == Callback::LostInCrash {
            self.crash().await;
        } else {
            self.begin(self.job(id, order), callback, sender);
        }
        TakenOrder { id, done }
    }

    /// Makes the callbacks that are held.
    pub(super) fn release(&self) {
        self.release.send_replace(());
    }

    /// Loses all work. No job runs any more when this returns.
    pub(super) async fn crash(&self) {
        let mut jobs = mem::take(&mut *lock(&self.jobs));
        jobs.abort_all();
        // Before the first await: a caller that is cancelled there must not leave half a crash.
        self.log.lose_all();
        jobs.shutdown().await;
    }

    /// Ends all work without marking any order as lost.
    pub(super) async fn stop(&self) {
        let mut jobs = mem::take(&mut *lock(&self.jobs));
        jobs.shutdown().await;
    }

    fn job(&self, id: Uuid, order: Order) -> Job {
        Job {
            log: Arc::clone(&self.log),
            id,
            order,
            stage: self.stage,
            release: self.release.subscribe(),
        }
    }

    fn begin(&self, job: Job, callback: Callback, done: oneshot::Sender<()>) {
        let mut jobs = lock(&self.jobs);
        while jobs.try_join_next().is_some() {}
        jobs.spawn(async move {
            job.run(callback).await;
            // Fails unless the answer waits for the callback.
            let _ = done.send(());
        });
    }
}

impl Job {
    async fn run(mut self, callback: Callback) {
        if callback != Callback::Immediate {
            self.stages().await;
        }
        match callback {
            Callback::Dropped => return self.log.drop_callback(self.id),
            Callback::Late(delay) => sleep(delay).await,
            Callback::Held => self.hold().await,
            _ => {}
        }
        let times = if callback == Callback::Twice { 2 } else { 1 };
        for _ in 0..times {
            let body = self.callback_body(callback);
            self.log.call_back(self.id, &self.order, body).await;
        }
    }

    async fn stages(&self) {
        for stage in 1..=STAGES {
            self.log.begin_stage(self.id, stage);
            sleep(self.stage).await;
        }
    }

    async fn hold(&mut self) {
        self.log.hold_callback(self.id);
        // An error means that the worker was dropped; this job then ends as well.
        let _ = self.release.changed().await;
    }

    fn callback_body(&self, callback: Callback) -> Bytes {
        match callback {
            Callback::WithWrongCount(count) => self.order.with_wrong_count(count),
            _ => self.order.as_received(),
        }
    }
}
