//! The factory's memory: which orders were accepted and their progress. Publishes an event for each change.

use std::sync::Mutex;
use std::time::SystemTime;

use axum::body::Bytes;
use tokio::sync::broadcast;
use uuid::Uuid;

use super::callback::CallbackClient;
use super::event::Event;
use super::lock::lock;
use super::order::Order;
use super::order_record::{OrderRecord, Progress};

/// The number of events that a slow receiver may be behind.
const EVENT_CAPACITY: usize = 1024;

pub(super) struct OrderLog {
    orders: Mutex<Vec<OrderRecord>>,
    events: broadcast::Sender<Event>,
    callbacks: CallbackClient,
}

impl OrderLog {
    pub(super) fn new(callbacks: CallbackClient) -> Self {
        Self { orders: Mutex::default(), events: broadcast::Sender::new(EVENT_CAPACITY), callbacks }
    }

    pub(super) fn orders(&self) -> Vec<OrderRecord> {
        lock(&self.orders).clone()
    }

    pub(super) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    pub(super) fn publish(&self, event: Event) {
        tracing::debug!(?event, "factory");
        // Fails if nobody has subscribed, which is fine.
        let _ = self.events.send(event);
    }

    pub(super) fn record(&self, order: &Order) -> Uuid {
        let id = Uuid::new_v4();
        lock(&self.orders).push(OrderRecord {
            id,
            received_at: SystemTime::now(),
            body: order.body().clone(),
            progress: Progress::Taken,
            callbacks: Vec::new(),
        });
        let (product, count) = (order.product(), order.count());
        self.publish(Event::Ordered { id, product, count });
        id
    }

    pub(super) fn begin_stage(&self, id: Uuid, stage: u8) {
        self.advance(id, Progress::Stage(stage), Event::Stage { id, stage });
    }

    pub(super) fn hold_callback(&self, id: Uuid) {
        self.advance(id, Progress::Held, Event::Held { id });
    }

    pub(super) fn drop_callback(&self, id: Uuid) {
        self.advance(id, Progress::CallbackDropped, Event::CallbackDropped { id });
    }

    pub(super) async fn call_back(&self, id: Uuid, order: &Order, body: Bytes) {
        let answer = self.callbacks.post(order.callback_url(), body).await;
        let event = Event::CalledBack { id, answer: answer.clone() };
        self.update(id, event, |record| {
            record.progress = Progress::CalledBack;
            record.callbacks.push(answer);
        });
    }

    /// Marks every order as lost whose callback has not been made.
    pub(super) fn lose_all(&self) {
        let mut orders = lock(&self.orders);
        let open = orders.iter_mut().filter(|order| !order.progress.is_final());
        for record in open {
            record.progress = Progress::Lost;
            self.publish(Event::Lost { id: record.id });
        }
    }

    fn advance(&self, id: Uuid, progress: Progress, event: Event) {
        self.update(id, event, |record| record.progress = progress);
    }

    /// Ignores lost orders: during a crash, a job may take one more step before it is aborted.
    fn update(&self, id: Uuid, event: Event, change: impl FnOnce(&mut OrderRecord)) {
        let mut orders = lock(&self.orders);
        let mut kept = orders.iter_mut().filter(|order| order.progress != Progress::Lost);
        if let Some(record) = kept.find(|order| order.id == id) {
            change(record);
            self.publish(event);
        }
    }
}
