//! The report of a load run for people.

use std::fmt::{self, Display};

use super::LoadReport;

impl Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (answers, (before, after)) = (&self.answers, self.goods);
        writeln!(f, "units sold           {}", answers.sold)?;
        writeln!(f, "refused, sold out    {}", answers.refused)?;
        writeln!(f, "sent again           {}", answers.sent_again)?;
        writeln!(f, "errors               {}", answers.errors)?;
        if answers.not_started > 0 {
            writeln!(f, "not sent in time     {}", answers.not_started)?;
        }
        let (median, p95) = (answers.median_ms, answers.p95_ms);
        writeln!(f, "answer time          median {median:.0} ms, 95 % within {p95:.0} ms")?;
        writeln!(f, "stock before         {}", before.stock())?;
        writeln!(f, "arrived              {}", after.came - before.came)?;
        writeln!(f, "stock now            {}", after.stock())?;
        writeln!(f, "audit                {} findings", self.audit.findings.len())?;
        self.problems().iter().try_for_each(|problem| writeln!(f, "\nPROBLEM: {problem}"))
    }
}
