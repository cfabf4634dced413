use super::tables::{Database, Restock, RestockStatus};
use crate::ids::ExecutionId;

impl Database {
    fn open_restock(&mut self) -> Option<&mut Restock> {
        self.restocks.iter_mut().find(|restock| restock.status == RestockStatus::Open)
    }

    /// Closes the open restock, if there is one, and starts the product's next cycle.
    pub fn close(&mut self, status: RestockStatus) {
        if let Some(restock) = self.open_restock() {
            restock.status = status;
            self.cycle += 1;
        }
    }

    /// `close_restock`: closes the restock of the execution as failed if it is open. Returns the status of
    /// the restock that the execution opened, or `None` if it opened none.
    pub fn close_restock(&mut self, execution: ExecutionId) -> Option<RestockStatus> {
        if self.open_restocks().any(|restock| restock.owner == execution) {
            self.close(RestockStatus::Failed);
        }
        self.restocks.iter().find(|restock| restock.owner == execution).map(|r| r.status)
    }

    /// Whether operations were told of a failure since the last restock that was completed.
    pub fn are_failures_told(&self) -> bool {
        let closed = self.restocks.iter().rev().filter(|r| r.status != RestockStatus::Open);
        closed.take_while(|r| r.status == RestockStatus::Failed).any(|r| r.reported)
    }

    /// Notes that operations received a report about the restock of this execution.
    pub fn note_report(&mut self, execution: ExecutionId) {
        for restock in &mut self.restocks {
            restock.reported |= restock.owner == execution;
        }
    }
}
