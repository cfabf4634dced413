//! The roles of functions and state machines: they allow everything that the system does, and nothing more.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use aws_sdk_sfn::types::ExecutionStatus;
use domain::FactoryNetwork;
use factory_simulator::Fault;
use local_cloud::Options;
use local_cloud::emulator::RecordFiles;
use operations::redrive::redrive;

use system_testkit::{Callback, FIRST_RESTOCK, LONG_WAIT, Orders, SECOND_RESTOCK, System};
use testkit::database::fresh_database;
use warehouse::{AuthenticationChange, FactoryChange};

/// Permissions that only AWS needs. An account in the SES sandbox needs permission for the recipient's identity as well.
/// And the emulator does not check the roles of the rule and of the schedule that start the sweep.
const UNUSED_LOCALLY: [&str; 3] = [
    "ended-restocks-rule states:StartExecution \
     arn:aws:states:ap-northeast-2:000000000000:stateMachine:sweep",
    "send-mail-function ses:SendEmail \
     arn:aws:ses:ap-northeast-2:000000000000:identity/operations@donut-states.example",
    "sweep-schedule states:StartExecution \
     arn:aws:states:ap-northeast-2:000000000000:stateMachine:sweep",
];

/// A system that enforces roles, and writes each use of a permission to the file.
async fn with_enforced_roles(file: &Path) -> System {
    let options = Options {
        factory_stage: Duration::from_millis(50),
        database_url: Some(fresh_database().await),
        stock: Some(0),
        settings: Some(LONG_WAIT),
        records: RecordFiles { permissions: Some(file.to_owned()), ..RecordFiles::default() },
        ..Options::default()
    };
    System::start(options).await
}

/// Both functions that send orders read the secret when they start. The second restock is of a private factory.
async fn require_a_header(system: &System) {
    let secret = local_cloud::FACTORY_SECRET.parse().expect("a name");
    let authentication = Some(AuthenticationChange::Secret(secret));
    system.change_factory(|change| FactoryChange { authentication, ..change }).await;
}

async fn make_the_factory_private(system: &System) {
    let network = Some(FactoryNetwork::Private);
    system.change_factory(|change| FactoryChange { network, ..change }).await;
}

/// A purchase starts a restock that fails, and the sweep a second one that fails.
async fn fail_twice(system: &System) {
    system.set_fault(Fault::Answers400NotTaken, Orders::All).await;
    system.buy_sold_out().await;
    assert_eq!(system.final_status(&system.restocks(), FIRST_RESTOCK).await, "FAILED");
    system.wait_for_dead_letters(1).await;
    make_the_factory_private(system).await;
    system.sweep().await;
    assert_eq!(system.final_status(&system.restocks(), SECOND_RESTOCK).await, "FAILED");
}

/// A redrive starts the second restock again. Its callbacks: one that is refused, a valid one, and the same again.
async fn redrive_and_restock(system: &System) {
    system.set_fault(Fault::HoldsCallback, Orders::All).await;
    // A message of a purchase that came late: the execution that it asks for has ended.
    let before = system.restock_names().await;
    let late = serde_json::json!({"sku": "CP-502101", "restock_cycle": 1, "reason": "sold_out"});
    system.send(&late.to_string()).await;
    system.started_after(&before).await;
    let before = system.restock_names().await;
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    let again = system.started_after(&before).await;
    let callback = awaited(system, 3).await;
    assert_eq!(system.call_back(&callback.with_count(0)).await, 200);
    system.wait_for_mail("was refused").await;
    assert_eq!(system.call_back(&callback).await, 200);
    assert_eq!(system.final_status(&system.restocks(), &again).await, "SUCCEEDED");
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_until_callbacks_are_handled().await;
}

/// All stock is sold. The next restock is stopped, the sweep closes it and starts another, and the goods come late.
async fn lose_an_execution(system: &System) {
    system.buy_several("all", 50).await;
    let callback = awaited(system, 4).await;
    system.abort(&system.restocks(), "CP-502101_4").await;
    system.wait_for_mail("restock CP-502101_4 failed: Restock.Abandoned").await;
    assert_eq!(system.totals().await.failed_restocks, 3);
    system.sweep().await;
    system.wait_until_order_is_awaited(5).await;
    // This sweep asks whether the execution of the restock runs.
    system.backdate_restocks().await;
    system.sweep().await;
    assert_eq!(system.call_back(&callback).await, 200);
    system.wait_for_mail("arrived after the restock had failed").await;
}

/// The last goods are recorded, and only the sweep can credit them.
async fn lose_an_arrival(system: &System) {
    let callback = awaited(system, 5).await;
    system.throttle(&["complete-task"]).await;
    assert_eq!(system.call_back(&callback).await, 200);
    let (completions, name) = (system.completions(), callback.order());
    system.wait_for_task_error(&completions, &name, "Lambda.TooManyRequestsException").await;
    system.abort(&completions, &name).await;
    system.backdate_arrivals().await;
    let credited = async || system.totals().await.arrived == 150;
    system.sweep_until("the forgotten goods are credited", credited).await;
    // Nothing will end the wait of the restock any more.
    let running = system.restocks().with_status(ExecutionStatus::Running).await;
    for execution in running.expect("executions") {
        system.abort(&system.restocks(), execution.name()).await;
    }
}

/// The callback for the n-th order, once an execution waits for it.
async fn awaited(system: &System, number: usize) -> Callback {
    let order = system.wait_until_order_is_awaited(number).await.id;
    let orders = system.factory().orders();
    let mut callbacks = orders.iter().map(|order| Callback::of(&order.body));
    callbacks.find(|callback| callback.order() == order).expect("its callback")
}

/// The lines of this kind: `ROLE ACTION RESOURCE`.
fn lines(file: &Path, kind: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("the recorded permissions");
    text.lines().filter_map(|line| line.strip_prefix(kind)).map(str::to_owned).collect()
}

#[tokio::test]
async fn roles_allow_everything_that_is_needed_and_every_permission_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("permissions");
    let system = with_enforced_roles(&file).await;
    require_a_header(&system).await;
    fail_twice(&system).await;
    redrive_and_restock(&system).await;
    lose_an_execution(&system).await;
    lose_an_arrival(&system).await;
    system.set_a_message_aside().await;
    system.wait_for_mail("a message in other_queue could not be handled").await;
    let unused: Vec<String> =
        lines(&file, "may ").difference(&lines(&file, "has ")).cloned().collect();
    assert_eq!(unused, UNUSED_LOCALLY);
    system.finish().await;
}
