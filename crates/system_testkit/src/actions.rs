//! What a test does to the system: it buys, sends messages, sweeps, and stops executions.

use aws_sdk_sqs::types::QueueAttributeName;
use deployment::api_client::Response;
use operations::executions::Executions;
use serde_json::{Value, json};
use system::{machine_arn, queue_arn};
use testkit::database::SKU;

use crate::{System, eventually};

impl System {
    /// Buys one.
    pub async fn buy(&self, purchase_id: &str) -> Response {
        self.shop.buy(purchase_id, SKU, 1).await.expect("an answer")
    }

    /// Buys several, and expects that they are sold.
    pub async fn buy_several(&self, purchase_id: &str, quantity: u32) {
        let answer = self.shop.buy(purchase_id, SKU, quantity).await.expect("an answer");
        assert_eq!(answer.outcome(), "sold", "{answer:?}");
    }

    /// Tries to buy a product that is sold out, which publishes a depletion.
    pub async fn buy_sold_out(&self) {
        let answer = self.buy("too-late").await;
        assert_eq!(answer.outcome(), "sold_out", "{answer:?}");
    }

    /// Puts a message into `stock_queue`, as the topic does.
    pub async fn send(&self, body: &str) {
        let url = &self.cloud.outputs.stock_queue_url;
        let send = self.cloud.clients.queues.send_message().queue_url(url).message_body(body);
        send.send().await.expect("the message is sent");
    }

    /// A queue without a consumer sets a message aside, into `operations_queue`. Returns the id of the message.
    pub async fn set_a_message_aside(&self) -> String {
        let queues = &self.cloud.clients.queues;
        let policy =
            json!({"deadLetterTargetArn": queue_arn("operations_queue"), "maxReceiveCount": 1});
        let queue = queues.create_queue().queue_name("other_queue");
        let queue = queue.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
        let url = queue.send().await.expect("a queue").queue_url.expect("a URL");
        let send = queues.send_message().queue_url(&url).message_body("not handled");
        let sent = send.send().await.expect("the message is sent");
        for _ in 0..2 {
            let receive = queues.receive_message().queue_url(&url).visibility_timeout(0);
            receive.send().await.expect("messages");
        }
        sent.message_id.expect("an id")
    }

    /// Starts a sweep, and returns the name of its execution.
    pub async fn start_sweep(&self) -> String {
        let machine = &self.cloud.outputs.sweep_machine_arn;
        let start = self.cloud.clients.machines.start_execution().state_machine_arn(machine);
        let arn = start.send().await.expect("the sweep is started").execution_arn;
        arn.rsplit(':').next().expect("a name").to_owned()
    }

    /// Sweeps, and expects that the sweep succeeds.
    pub async fn sweep(&self) {
        let name = self.start_sweep().await;
        assert_eq!(self.final_status(&self.sweeps(), &name).await, "SUCCEEDED", "sweep {name}");
    }

    /// Sweeps again and again, until `done`.
    pub async fn sweep_until(&self, what: &str, done: impl AsyncFn() -> bool) {
        eventually(what, async || {
            self.sweep().await;
            done().await.then_some(())
        })
        .await;
    }

    /// Waits until the product is stocked and no restock is open. Sweeps whenever nothing is under way.
    pub async fn wait_until_restocked(&self) {
        eventually("the product is restocked", async || {
            if self.is_restocked().await {
                return Some(());
            }
            if self.is_at_rest().await {
                self.start_sweep().await;
            }
            None
        })
        .await;
    }

    /// Whether the stock is above the reorder point and no restock is open.
    pub async fn is_restocked(&self) -> bool {
        let totals = self.totals().await;
        totals.stock > 10 && totals.open_restocks == 0
    }

    /// Deploys the definition of a state machine with another expression in one place. Returns the earlier definition.
    pub async fn change_expression(&self, machine: &str, place: &str, expression: &str) -> String {
        let machines = &self.cloud.clients.machines;
        let describe = machines.describe_state_machine().state_machine_arn(machine_arn(machine));
        let before = describe.send().await.expect("a state machine").definition;
        let mut definition: Value = serde_json::from_str(&before).expect("JSON");
        *definition.pointer_mut(place).expect("an expression there") = expression.into();
        self.deploy_definition(machine, &definition.to_string()).await;
        before
    }

    pub async fn deploy_definition(&self, machine: &str, definition: &str) {
        let update = self.cloud.clients.machines.update_state_machine();
        let update = update.state_machine_arn(machine_arn(machine)).definition(definition);
        update.send().await.expect("a definition");
    }

    /// Stops an execution, as an operator can.
    pub async fn abort(&self, executions: &Executions, name: &str) {
        let arn = self.execution(executions, name).await.execution_arn;
        let stop = self.cloud.clients.machines.stop_execution().execution_arn(arn);
        stop.send().await.expect("the execution is stopped");
        assert_eq!(self.final_status(executions, name).await, "ABORTED");
    }
}
