//! The factory's memory: which orders it took, how far they are, and who watches.

use std::sync::Mutex;
use std::time::SystemTime;

use axum::body::Bytes;
use tokio::sync::broadcast;
use uuid::Uuid;

use super::callback::Courier;
use super::order::Order;
use super::{Event, Manufacture, Progress, lock};

/// How many events a slow reader may be behind.
const MEMORY: usize = 1024;

pub(super) struct Book {
    orders: Mutex<Vec<Manufacture>>,
    events: broadcast::Sender<Event>,
    courier: Courier,
}

impl Book {
    pub(super) fn new(courier: Courier) -> Self {
        Self { orders: Mutex::default(), events: broadcast::Sender::new(MEMORY), courier }
    }

    pub(super) fn orders(&self) -> Vec<Manufacture> {
        lock(&self.orders).clone()
    }

    pub(super) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(super) fn announce(&self, event: Event) {
        tracing::debug!(?event, "factory");
        // Nobody has to watch.
        let _watched = self.events.send(event);
    }

    pub(super) fn enter(&self, order: &Order) -> Uuid {
        let id = Uuid::new_v4();
        lock(&self.orders).push(Manufacture {
            id,
            received_at: SystemTime::now(),
            body: order.body().clone(),
            progress: Progress::Taken,
            callbacks: Vec::new(),
        });
        let (product, count) = (order.product(), order.count());
        self.announce(Event::Ordered { id, product, count });
        id
    }

    pub(super) fn stage(&self, id: Uuid, stage: u8) {
        self.advance(id, Progress::Stage(stage), Event::Stage { id, stage });
    }

    pub(super) fn hold(&self, id: Uuid) {
        self.advance(id, Progress::Held, Event::Held { id });
    }

    pub(super) fn drop_callback(&self, id: Uuid) {
        self.advance(id, Progress::CallbackDropped, Event::CallbackDropped { id });
    }

    pub(super) async fn call_back(&self, id: Uuid, order: &Order, body: Bytes) {
        let answer = self.courier.deliver(order.callback_url(), body).await;
        let event = Event::CalledBack { id, answer: answer.clone() };
        self.update(id, event, |manufacture| {
            manufacture.progress = Progress::CalledBack;
            manufacture.callbacks.push(answer);
        });
    }

    /// Everything that is not called back yet is lost.
    pub(super) fn lose_all(&self) {
        let mut orders = lock(&self.orders);
        let open = orders.iter_mut().filter(|order| !order.progress.is_over());
        for manufacture in open {
            manufacture.progress = Progress::Lost;
            self.announce(Event::Lost { id: manufacture.id });
        }
    }

    fn advance(&self, id: Uuid, progress: Progress, event: Event) {
        self.update(id, event, |manufacture| manufacture.progress = progress);
    }

    /// What is lost stays lost: a job may take one more step while the crash is ending it.
    fn update(&self, id: Uuid, event: Event, change: impl FnOnce(&mut Manufacture)) {
        let mut orders = lock(&self.orders);
        let mut kept = orders.iter_mut().filter(|order| order.progress != Progress::Lost);
        if let Some(manufacture) = kept.find(|order| order.id == id) {
            change(manufacture);
            self.announce(event);
        }
    }
}
