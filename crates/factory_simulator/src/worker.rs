//! The shop floor: works through the stages of every order at once, in memory only.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::fault_effects::Delivery;
use super::lock;
use super::order::Order;
use super::order_log::Book;

const STAGES: u8 = 4;

/// The work under way; dropping it ends that work.
pub(super) struct Floor {
    book: Arc<Book>,
    stage: Duration,
    work: Mutex<JoinSet<()>>,
    gate: watch::Sender<()>,
}

/// An order was taken.
pub(super) struct Receipt {
    pub(super) id: Uuid,
    /// Resolves when the order is called back, or when it never will be.
    pub(super) over: oneshot::Receiver<()>,
}

/// One order on its way across the floor. It knows the book but not the floor, so that the floor can
/// be dropped under it.
struct Job {
    book: Arc<Book>,
    id: Uuid,
    order: Order,
    stage: Duration,
    gate: watch::Receiver<()>,
}

impl Floor {
    pub(super) fn new(book: Arc<Book>, stage: Duration) -> Self {
        Self { book, stage, work: Mutex::default(), gate: watch::Sender::default() }
    }

    pub(super) fn book(&self) -> &Book {
        &self.book
    }

    /// Takes an order; the work on it has begun, or is lost, when this returns.
    pub(super) async fn take(&self, order: Order, delivery: Delivery) -> Receipt {
        let id = self.book.enter(&order);
        let (done, over) = oneshot::channel();
        if delivery == Delivery::LostInCrash {
            self.crash().await;
        } else {
            self.begin(self.job(id, order), delivery, done);
        }
        Receipt { id, over }
    }

    pub(super) fn release(&self) {
        self.gate.send_replace(());
    }

    /// Loses all work. What is on the floor has stopped when this returns.
    pub(super) async fn crash(&self) {
        let mut work = mem::take(&mut *lock(&self.work));
        work.abort_all();
        // Before the first await: who asked for the crash may go away there.
        self.book.lose_all();
        work.shutdown().await;
    }

    /// Ends all work, and says nothing of it.
    pub(super) async fn halt(&self) {
        let mut work = mem::take(&mut *lock(&self.work));
        work.shutdown().await;
    }

    fn job(&self, id: Uuid, order: Order) -> Job {
        Job {
            book: Arc::clone(&self.book),
            id,
            order,
            stage: self.stage,
            gate: self.gate.subscribe(),
        }
    }

    fn begin(&self, job: Job, delivery: Delivery, done: oneshot::Sender<()>) {
        let mut work = lock(&self.work);
        while work.try_join_next().is_some() {}
        work.spawn(async move {
            job.run(delivery).await;
            // Only a factory that calls back before it answers listens.
            let _heard = done.send(());
        });
    }
}

impl Job {
    async fn run(mut self, delivery: Delivery) {
        if delivery != Delivery::AtOnce {
            self.stages().await;
        }
        match delivery {
            Delivery::NeverToldOf => return self.book.drop_callback(self.id),
            Delivery::Late(delay) => sleep(delay).await,
            Delivery::Held => self.hold().await,
            _ => {}
        }
        let times = if delivery == Delivery::Twice { 2 } else { 1 };
        for _ in 0..times {
            let body = self.word(delivery);
            self.book.call_back(self.id, &self.order, body).await;
        }
    }

    async fn stages(&self) {
        for stage in 1..=STAGES {
            self.book.stage(self.id, stage);
            sleep(self.stage).await;
        }
    }

    async fn hold(&mut self) {
        self.book.hold(self.id);
        // A gate that is gone went with the floor, and so does this job.
        let _opened = self.gate.changed().await;
    }

    fn word(&self, delivery: Delivery) -> Bytes {
        match delivery {
            Delivery::Miscounted(miscount) => self.order.miscounted(miscount),
            _ => self.order.as_received(),
        }
    }
}
