use tokio::{sync::broadcast::error::RecvError, task::JoinHandle};

use factory_simulator::{Event, Factory, Fault};
use local_programs::console::Console;

/// Prints what happens in the factory.
pub(super) fn watch(factory: &Factory, console: Console) -> JoinHandle<()> {
    let mut events = factory.events();
    tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(text) = described(&event) {
                        console.note(format_args!("  factory: {text}"));
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    })
}

/// The text for an event. Held callbacks are not shown, because the demo itself causes them.
fn described(event: &Event) -> Option<String> {
    Some(match event {
        Event::Ordered { product, count, .. } => format!("takes an order for {count} {product}"),
        Event::Stage { stage, .. } => format!("stage {stage} of 4"),
        Event::CalledBack { answer, .. } => format!("calls back and gets {answer}"),
        Event::Misbehaved { fault: Fault::HoldsCallback } | Event::Held { .. } => return None,
        Event::Misbehaved { fault } => format!("misbehaves: {fault}"),
        Event::CallbackDropped { .. } => "does not call back".to_owned(),
        Event::Lost { .. } => "loses an order".to_owned(),
    })
}
