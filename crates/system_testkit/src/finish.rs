//! The end of a test: [`System::finish`] checks the invariants and the logs. There is no other way to end a test:
//! a system that is dropped before `finish` fails its test.

use std::thread;

use aws_sdk_sfn::types::ExecutionStatus;

use crate::{System, eventually};

/// A check of [`System::finish`] that a test may leave out, if it says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Every failed execution and every failed restock is named in a mail.
    FailuresAreMailed,
    /// The sweep restocks a product that is still depleted when the test ends.
    SweepRestocks,
    /// Every invocation of a function wrote exactly one log line.
    OneLogLinePerInvocation,
}

/// Fails a test that drops its system without a checked end.
#[derive(Debug, Default)]
pub(crate) struct MustFinish {
    is_finished: bool,
}

impl Drop for MustFinish {
    fn drop(&mut self) {
        let is_checked = self.is_finished || thread::panicking();
        assert!(is_checked, "a test of the whole system must end with System::finish");
    }
}

impl System {
    /// Ends the test: waits until nothing is under way, checks the seven invariants and every log line, and stops the
    /// system.
    pub async fn finish(self) {
        self.finish_and_skip(None).await;
    }

    /// As [`System::finish`], without one check. `because` says why the check cannot hold in this test.
    pub async fn finish_without(self, skipped: Check, because: &str) {
        eprintln!("{skipped:?} is not checked: {because}");
        self.finish_and_skip(Some(skipped)).await;
    }

    async fn finish_and_skip(mut self, skipped: Option<Check>) {
        self.settle_and_skip(skipped).await;
        self.check_log_lines(skipped).await;
        self.record_rare_states().await;
        self.must_finish.is_finished = true;
        self.cloud.stop().await;
    }

    /// Waits until nothing is under way and checks the seven invariants. The system stays up.
    pub async fn settle(&self) {
        self.settle_and_skip(None).await;
    }

    async fn settle_and_skip(&self, skipped: Option<Check>) {
        self.wait_until_at_rest().await;
        self.check_invariants(skipped).await;
        if skipped != Some(Check::SweepRestocks) && self.is_left_depleted().await {
            self.check_that_the_sweep_restocks().await;
            self.wait_until_at_rest().await;
            self.check_invariants(skipped).await;
        }
    }

    async fn wait_until_at_rest(&self) {
        eventually(
            "no execution runs, and stock_queue, completion_queue and operations_queue are empty",
            async || self.is_at_rest().await.then_some(()),
        )
        .await;
    }

    /// Whether no execution runs, and `stock_queue`, `completion_queue` and `operations_queue` are empty.
    pub async fn is_at_rest(&self) -> bool {
        // In the order in which one leads to the other, so that nothing is missed on its way.
        if self.is_running(&self.sweeps()).await || self.has_messages().await {
            return false;
        }
        !self.is_running(&self.restocks()).await
            && !self.has_callbacks().await
            && !self.is_running(&self.completions()).await
            && !self.has_reports().await
    }

    async fn is_running(&self, executions: &operations::executions::Executions) -> bool {
        executions.count(ExecutionStatus::Running).await.expect("executions") > 0
    }
}
