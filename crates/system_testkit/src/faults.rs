//! Faults that a test sets: the factory fails, Lambda refuses to run a function, work grows old.

use aws_sdk_lambda::types::Environment;
use factory_simulator::Fault;

use crate::System;

/// For how many orders the factory has a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orders {
    /// Until the fault is cleared.
    All,
    /// For this many of the next orders. Not for [`Fault::RefusesConnections`]: those orders never arrive.
    Next(u32),
}

impl System {
    /// Sets the factory's fault. Replaces the fault before it.
    pub async fn set_fault(&self, fault: Fault, orders: Orders) {
        let set = match orders {
            Orders::All => self.factory().misbehave(fault).await,
            Orders::Next(number) => self.factory().misbehave_for(fault, number).await,
        };
        set.expect("the fault is set");
    }

    /// From now on the factory works as it should. It still holds the callbacks that it held before.
    pub async fn clear_fault(&self) {
        self.factory().behave().await.expect("the fault is cleared");
    }

    /// Clears the fault, and has the factory make the callbacks that it holds.
    pub async fn release_callbacks(&self) {
        self.clear_fault().await;
        self.factory().release();
    }

    /// Lambda answers every invocation of these functions with `Lambda.TooManyRequestsException`, until
    /// [`System::unthrottle`].
    pub async fn throttle(&self, functions: &[&str]) {
        for function in functions {
            let none = self.cloud.clients.functions.put_function_concurrency();
            let none = none.function_name(*function).reserved_concurrent_executions(0);
            none.send().await.expect("the function is throttled");
        }
    }

    /// Throttles functions until their retries are used up: without this, that takes minutes.
    pub async fn throttle_and_hurry_retries(&self, functions: &[&str]) {
        self.scale_retry_delays(0.001).await;
        self.throttle(functions).await;
    }

    /// Changes one variable in the environment of a function.
    pub async fn configure(&self, function: &str, variable: &str, value: &str) {
        let functions = &self.cloud.clients.functions;
        let described = functions.get_function_configuration().function_name(function).send();
        let environment = described.await.expect("a function").environment.expect("variables");
        let mut variables = environment.variables.expect("variables");
        variables.insert(variable.to_owned(), value.to_owned());
        let environment = Environment::builder().set_variables(Some(variables)).build();
        let change = functions.update_function_configuration().function_name(function);
        change.environment(environment).send().await.expect("the function is changed");
    }

    pub async fn unthrottle(&self, functions: &[&str]) {
        for function in functions {
            let delete = self.cloud.clients.functions.delete_function_concurrency();
            delete.function_name(*function).send().await.expect("the function is not throttled");
        }
    }

    /// Shortens the delays between retries to a twentieth. Other tests check the delays themselves, against the
    /// definitions.
    pub async fn hurry_retries(&self) {
        self.scale_retry_delays(0.05).await;
    }

    /// Multiplies the delays between the retries of all state machines.
    pub async fn scale_retry_delays(&self, scale: f64) {
        let url = format!("{}/_ministack/config", self.cloud.endpoint());
        let scale = serde_json::json!({"stepfunctions._SFN_WAIT_SCALE": scale});
        let set = self.shop.call_back(&url, scale.to_string()).await.expect("an answer");
        assert!(set.status.is_success(), "{set:?}");
    }

    /// From now on, the end of a restock's execution does not start the sweep: the event is lost.
    pub async fn lose_ends_of_restocks(&self) {
        self.cloud.lose_ends_of_restocks().await.expect("the rule is disabled");
    }

    /// Moves the opening and the closing of all restocks two hours into the past.
    pub async fn backdate_restocks(&self) {
        self.execute(
            "UPDATE restock SET opened_at = opened_at - INTERVAL 2 HOUR,
                                closed_at = closed_at - INTERVAL 2 HOUR",
        )
        .await;
    }

    /// Moves all arrivals two hours into the past.
    pub async fn backdate_arrivals(&self) {
        self.execute("UPDATE production_order SET arrived_at = arrived_at - INTERVAL 2 HOUR").await;
    }

    async fn execute(&self, statement: &'static str) {
        let done = sqlx::query(statement).execute(&mut self.admin_connection().await).await;
        done.expect(statement);
    }
}
