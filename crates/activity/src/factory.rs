use factory_simulator::{Event, Factory, Fault};
use local_programs::console::Console;
use tokio::{sync::broadcast::error::RecvError, task::JoinHandle};

/// Prints the events of a factory under its name until the task is aborted or the factory stops.
pub fn print_factory(factory: &Factory, name: &'static str, console: Console) -> JoinHandle<()> {
    let mut events = factory.events();
    tokio::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(text) = described(&event) {
                        console.note(format_args!("  {name}: {text}"));
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    })
}

/// `None` for the held callback: the demo holds it only so that the crowd comes first on a slow machine too.
fn described(event: &Event) -> Option<String> {
    Some(match event {
        Event::Ordered { product, count, .. } => format!("accepts an order for {count} {product}"),
        Event::Stage { stage, .. } => format!("stage {stage} of 4"),
        Event::CalledBack { answer, .. } => format!("calls back; the answer is {answer}"),
        Event::Misbehaved { fault: Fault::HoldsCallback } | Event::Held { .. } => return None,
        Event::Misbehaved { fault } => format!("fault {fault}"),
        Event::CallbackDropped { .. } => "does not call back".to_owned(),
        Event::Lost { .. } => "loses an order".to_owned(),
    })
}
