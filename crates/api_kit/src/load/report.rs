use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answers, examination::Examination, goods};

/// The result of a load run.
#[derive(Debug)]
pub struct LoadReport {
    /// What the customers were answered.
    pub answers: Answers,
    /// What the system says. The error says why it was not asked.
    pub(super) examined: Result<Examination, String>,
}

impl LoadReport {
    /// Whether the answers were compared with the ledger.
    pub fn is_examined(&self) -> bool {
        self.examined.is_ok()
    }

    /// What is wrong, each as a sentence. Empty if all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.answers.problems.clone();
        match &self.examined {
            Ok(examination) => problems.extend(examination.problems(self.answers.sold)),
            Err(why) => problems.push(format!(
                "the answers were not compared with the ledger ({why}): run `restock audit`"
            )),
        }
        problems
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let mut report = json!({"answers": self.answers, "problems": self.problems()});
        if let (Ok(examination), Some(fields)) = (&self.examined, report.as_object_mut()) {
            fields.extend(examination.fields(self.answers.sold));
        }
        report
    }
}

impl Examination {
    fn problems(&self, answered: u64) -> Vec<String> {
        let mut problems = goods::problems(answered, self.before, self.after);
        problems.extend(self.audit.findings.iter().map(|found| format!("audit: {}", found.what)));
        // Several checks fail in the same way if a service cannot be reached.
        let not_examined = BTreeSet::from_iter(&self.audit.not_examined);
        problems.extend(not_examined.iter().map(|it| format!("audit: {it}")));
        problems
    }

    /// Units that were sold to customers who got no outcome. Purchases of others during the run count, too.
    pub(super) fn sold_without_answer(&self, answered: u64) -> i64 {
        let answered = i64::try_from(answered).unwrap_or(i64::MAX);
        (self.after.sold - self.before.sold - answered).max(0)
    }

    /// `None` if a check could not run.
    pub(super) fn audit_findings(&self) -> Option<usize> {
        self.audit.not_examined.is_empty().then_some(self.audit.findings.len())
    }

    fn fields(&self, answered: u64) -> impl Iterator<Item = (String, Value)> {
        let fields = [
            ("stock_before", json!(self.before.stock())),
            ("arrived", json!(self.after.came - self.before.came)),
            ("stock_after", json!(self.after.stock())),
            ("sold_without_answer", json!(self.sold_without_answer(answered))),
            ("audit_findings", json!(self.audit_findings())),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value))
    }
}
