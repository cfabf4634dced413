use tokio::{sync::broadcast::error::RecvError, task::JoinHandle};

use factory_simulator::{Event, Factory, Fault};
use local_programs::console::Console;

/// Tells what happens in the factory.
pub(super) fn watch(factory: &Factory, console: Console) -> JoinHandle<()> {
    let mut events = factory.events();
    tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(news) = described(&event) {
                        console.note(format_args!("  factory: {news}"));
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    })
}

/// What there is to tell. That the goods wait for the crowd to go is not part of the story.
fn described(event: &Event) -> Option<String> {
    Some(match event {
        Event::Ordered { product, count, .. } => format!("takes an order for {count} {product}"),
        Event::Stage { stage, .. } => format!("stage {stage} of 4"),
        Event::CalledBack { answer, .. } => format!("calls back, and is answered {answer}"),
        Event::Misbehaved { fault: Fault::HoldsCallback } | Event::Held { .. } => return None,
        Event::Misbehaved { fault } => format!("misbehaves: {fault}"),
        Event::CallbackDropped { .. } => "does not call back".to_owned(),
        Event::Lost { .. } => "loses an order".to_owned(),
    })
}
