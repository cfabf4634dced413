use model::{Action, Caller, Depletion, Fault, Finding, ProductionOrder, State, Step};

pub fn sentence(action: &Action) -> String {
    match action {
        Action::Step(step) => of_step(step),
        Action::Fault(fault) => format!("FAULT: {}", of_fault(fault)),
    }
}

fn of_step(step: &Step) -> String {
    match step {
        Step::CheckStock(id) => format!("purchase {id}: CheckStock"),
        Step::DecrementStock(id) => format!("purchase {id}: DecrementStock"),
        Step::PublishDepletion(id) => format!("purchase {id}: publishes a depletion"),
        Step::StartRestock(message) => format!("start-restock receives {}", of_message(message)),
        Step::OpenRestock(id) => format!("restock {id}: OpenRestock"),
        Step::PlaceOrder(id) => format!("restock {id}: PlaceOrder"),
        Step::AwaitCompletion(id) => format!("restock {id}: AwaitCompletion"),
        Step::AwaitTimedOut(id) => format!("restock {id}: AwaitCompletion times out"),
        Step::IncrementStock(Caller::Restock(id)) => format!("restock {id}: IncrementStock"),
        Step::IncrementStock(Caller::Completion(order)) => {
            format!("completion of order {order}: IncrementStock")
        }
        Step::CloseRestock(id) => format!("restock {id}: CloseRestock"),
        Step::ReportFailure(id) => format!("restock {id}: ReportFailure"),
        Step::ReceiveCompletion(order) => format!("the factory calls back for order {order}"),
        Step::RecordArrival(order) => format!("completion of order {order}: RecordArrival"),
        Step::CompleteTask(order) => format!("completion of order {order}: CompleteTask"),
        Step::Sweep(finding) => format!("the sweep {}", of_finding(finding)),
        Step::SetBuckets(buckets) => format!("an operator sets the number of buckets to {buckets}"),
    }
}

fn of_message(Depletion { cycle, reason }: &Depletion) -> String {
    format!("a depletion for cycle {cycle} (reason: {reason:?})")
}

fn of_finding(finding: &Finding) -> String {
    match finding {
        Finding::Depletion => "publishes a depletion".to_owned(),
        Finding::AbandonedRestock => "closes the abandoned restock".to_owned(),
        Finding::UncreditedArrival(order) => format!("credits order {order}"),
    }
}

fn of_fault(fault: &Fault) -> String {
    match fault {
        Fault::ResponseLost(step) => format!("{}, but the response is lost", of_step(step)),
        Fault::StepFails(step) => format!("{} fails after its retries", of_step(step)),
        Fault::ExecutionStops(step) => format!("the execution stops before {}", of_step(step)),
        Fault::WaitingExecutionStops(id) => format!("restock {id} stops while it waits"),
        Fault::PurchaseStops(id) => format!("purchase {id} stops in DecrementStock"),
        Fault::MessageLost(id) => format!("the depletion of purchase {id} is not published"),
        Fault::MessageRepeated(message) => {
            format!("start-restock receives, and will receive again, {}", of_message(message))
        }
        Fault::OrderLost(id) => format!("the order of restock {id} does not reach the factory"),
        Fault::CallbackLost(order) => format!("the callback for order {order} is lost"),
        Fault::CallbackRepeated(order) => {
            format!("the factory calls back for order {order}, and will call back again")
        }
        Fault::FactoryCrashes => "the factory loses the orders in production".to_owned(),
        Fault::FewerDelivered(order) => format!("the factory delivers one item of order {order}"),
        Fault::TimesOutEarly(id) => format!("restock {id}: AwaitCompletion times out early"),
        Fault::SweepsEarly(finding) => format!("the sweep runs early and {}", of_finding(finding)),
        Fault::DeadLetterRedriven(cycle) => {
            format!("an operator redrives the dead letter for cycle {cycle}")
        }
    }
}

/// The database and the queue, in one line.
pub fn summary(state: &State) -> String {
    let State { database, queue, .. } = state;
    let orders: Vec<_> = database.orders.iter().map(of_order).collect();
    let stock: Vec<_> = database.buckets.iter().map(|bucket| bucket.stock.to_string()).collect();
    let claimed = database.crossed_by.map_or_else(String::new, |id| format!(", claimed by {id}"));
    format!(
        "stock: {}{claimed}, cycle: {}, open restocks: {}, messages: {}, orders: [{}]",
        stock.join(" + "),
        database.cycle,
        database.open_restocks().count(),
        queue.len(),
        orders.join("; ")
    )
}

fn of_order(order: &ProductionOrder) -> String {
    let ProductionOrder { cycle, quantity, arrived, credits, .. } = order;
    let arrived = arrived.map_or_else(String::new, |count| format!(", {count} arrived"));
    format!("{quantity} ordered in cycle {cycle}{arrived}, credited {credits} times")
}
