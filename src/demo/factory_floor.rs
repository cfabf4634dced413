use tokio::{sync::broadcast::error::RecvError, task::JoinHandle};

use crate::{
    factory::{Event, Factory},
    narrator::Narrator,
};

/// Tells what happens in the factory.
pub(super) fn watch(factory: &Factory, narrator: Narrator) -> JoinHandle<()> {
    let mut events = factory.events();
    tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => narrator.note(format_args!("  factory: {}", described(&event))),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    })
}

fn described(event: &Event) -> String {
    match event {
        Event::Ordered { product, count, .. } => format!("takes an order for {count} {product}"),
        Event::Stage { stage, .. } => format!("stage {stage} of 4"),
        Event::CalledBack { answer, .. } => format!("calls back, and is answered {answer}"),
        Event::Misbehaved { fault } => format!("misbehaves: {fault}"),
        Event::Held { .. } => "holds its callback".to_owned(),
        Event::CallbackDropped { .. } => "does not call back".to_owned(),
        Event::Lost { .. } => "loses an order".to_owned(),
    }
}
