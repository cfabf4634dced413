//! The report of a load run for people.

use std::fmt::{self, Display};

use super::{AnswerTime, Lateness, LoadReport};

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
        for (kind, count) in &answers.kinds {
            writeln!(f, "  {kind:<18} {count}")?;
        }
        answers.times.iter().try_for_each(|time| time.fmt(f))?;
        answers.lateness.iter().try_for_each(|lateness| lateness.fmt(f))?;
        writeln!(f, "stock before         {}", before.stock())?;
        writeln!(f, "arrived              {}", after.came - before.came)?;
        writeln!(f, "stock now            {}", after.stock())?;
        writeln!(f, "sold without answer  {}", self.sold_without_answer())?;
        match self.audit_findings() {
            Some(findings) => writeln!(f, "audit                {findings} findings")?,
            None => writeln!(f, "audit                not complete")?,
        }
        self.problems().iter().try_for_each(|problem| writeln!(f, "\nPROBLEM: {problem}"))
    }
}

impl Display for AnswerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percentile, time) = (self.percentile, self.milliseconds);
        writeln!(f, "{:<21}{time:.0} ms", format!("{percentile} % answered in"))
    }
}

impl Display for Lateness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { p99_ms, most_ms } = self;
        writeln!(
            f,
            "sent late            99 % by at most {p99_ms:.0} ms, all by at most {most_ms:.0} ms"
        )?;
        if self.is_too_slow() {
            let consequence =
                "The times of the answers contain that delay, so they are not those of the system.";
            writeln!(f, "\nNOTE: the load run could not keep its rate. {consequence}")?;
            writeln!(f, "Choose a lower rate, or run it on more processors.\n")?;
        }
        Ok(())
    }
}
