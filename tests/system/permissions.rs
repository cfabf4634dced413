//! The roles of functions and state machines: with them enforced the system does all that it has to do, and
//! there is no permission that it does not use.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use factory_simulator::Fault;
use local_cloud::Options;
use local_cloud::emulator::RecordFiles;
use operations::redrive::redrive;

use system_testkit::{
    callback::Callback, cloud::PATIENT, cloud::System, observe::FIRST, observe::SECOND,
};
use testkit::database::fresh_database;

/// AWS asks for the receiver's identity too, while the account may send only to those that it has verified.
/// And the clock starts the sweep every five minutes, and the emulator does not look at its role.
const NOT_USED_HERE: [&str; 2] = [
    "report-function ses:SendEmail \
     arn:aws:ses:ap-northeast-2:000000000000:identity/operations@donut-states.example",
    "sweep-schedule states:StartExecution \
     arn:aws:states:ap-northeast-2:000000000000:stateMachine:sweep",
];

/// With roles enforced. What they are used for is written to the file.
async fn with_enforced_roles(file: &Path) -> System {
    let options = Options {
        factory_stage: Duration::from_millis(50),
        database_url: Some(fresh_database().await),
        stock: Some(0),
        settings: Some(PATIENT),
        records: RecordFiles { permissions: Some(file.to_owned()), ..RecordFiles::default() },
        ..Options::default()
    };
    System::start(options).await
}

/// A purchase, and two restocks that fail: the sweep has asked for the second.
async fn fails(system: &System) {
    system.factory_misbehaves(Fault::Answers400NotTaken).await;
    system.find_sold_out().await;
    assert_eq!(system.ended(&system.restocks(), FIRST).await, "FAILED");
    system.letters(1).await;
    system.sweep().await;
    assert_eq!(system.ended(&system.restocks(), SECOND).await, "FAILED");
}

/// A redrive asks for the second restock again, whose goods come, after a callback that cannot be counted;
/// and come again.
async fn is_redriven(system: &System) {
    system.factory_misbehaves(Fault::HoldsCallback).await;
    redrive(&system.queues, None, false, &mut Vec::new()).await.expect("a redrive");
    let again = system.started_again(SECOND).await;
    let callback = awaited(system, 3).await;
    assert_eq!(system.call_back(&callback.counting(0)).await, 400);
    system.is_mailed("was refused").await;
    assert_eq!(system.call_back(&callback).await, 202);
    assert_eq!(system.ended(&system.restocks(), &again).await, "SUCCEEDED");
    assert_eq!(system.call_back(&callback).await, 200);
}

/// All is sold. The next restock is stopped and closed by the sweep, which has it restocked again; and then
/// its goods come late.
async fn is_lost(system: &System) {
    system.buy_several("all", 50).await;
    let callback = awaited(system, 4).await;
    system.abort(&system.restocks(), "CP-502101_4").await;
    system.is_mailed("restock CP-502101_4 ended without a report").await;
    system.restocks_grow_old().await;
    let closed = async || system.totals().await.failed_restocks == 3;
    system.sweeps_until("the abandoned restock is closed", closed).await;
    system.waits_for_order(5).await;
    assert_eq!(system.call_back(&callback).await, 202);
    system.is_mailed("arrived after the restock had failed").await;
}

/// The last goods are recorded, and the sweep has to credit them.
async fn is_forgotten(system: &System) {
    let callback = awaited(system, 5).await;
    system.throttle("complete-task").await;
    assert_eq!(system.call_back(&callback).await, 202);
    let (completions, name) = (system.completions(), callback.order());
    system.fails_in_a_task(&completions, &name, "Lambda.TooManyRequestsException").await;
    system.abort(&completions, &name).await;
    system.arrivals_grow_old().await;
    let credited = async || system.totals().await.arrived == 150;
    system.sweeps_until("the forgotten goods are credited", credited).await;
}

/// The callback for the n-th order, which is waited for.
async fn awaited(system: &System, number: usize) -> Callback {
    let order = system.waits_for_order(number).await.id;
    let orders = system.factory().orders();
    let mut callbacks = orders.iter().map(|order| Callback::of(&order.body));
    callbacks.find(|callback| callback.order() == order).expect("its callback")
}

/// The lines of that kind: `ROLE ACTION RESOURCE`.
fn lines(file: &Path, kind: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("what roles are used for");
    text.lines().filter_map(|line| line.strip_prefix(kind)).map(str::to_owned).collect()
}

#[tokio::test]
async fn with_roles_enforced_everything_works_and_every_permission_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("permissions");
    let system = with_enforced_roles(&file).await;
    fails(&system).await;
    is_redriven(&system).await;
    is_lost(&system).await;
    is_forgotten(&system).await;
    let unused: Vec<String> =
        lines(&file, "may ").difference(&lines(&file, "has ")).cloned().collect();
    assert_eq!(unused, NOT_USED_HERE);
    system.stop().await;
}
