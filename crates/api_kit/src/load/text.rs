//! The report of a load run for people.

use std::fmt::{self, Display};

use super::{AnswerTime, Answers, Lateness, LoadReport, Rate, examination::Examination};

impl Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.answers.fmt(f)?;
        if let Ok(examination) = &self.examined {
            write_examination(f, examination, self.answers.sold)?;
        }
        write_notes(f, &self.answers)?;
        self.problems().iter().try_for_each(|problem| writeln!(f, "\nPROBLEM: {problem}"))
    }
}

impl Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "units sold           {}", self.sold)?;
        writeln!(f, "refused, sold out    {}", self.refused)?;
        writeln!(f, "sent again           {}", self.sent_again)?;
        writeln!(f, "errors               {}", self.errors)?;
        for (name, count) in [("not sent", self.not_started), ("under way", self.under_way)] {
            if count > 0 {
                writeln!(f, "{name:<21}{count}")?;
            }
        }
        for (kind, count) in &self.kinds {
            writeln!(f, "  {kind:<18} {count}")?;
        }
        self.rate.iter().try_for_each(|rate| rate.fmt(f))?;
        self.times.iter().try_for_each(|time| time.fmt(f))?;
        self.lateness.iter().try_for_each(|lateness| lateness.fmt(f))
    }
}

fn write_examination(
    f: &mut fmt::Formatter<'_>,
    examination: &Examination,
    answered: u64,
) -> fmt::Result {
    let Examination { before, after, .. } = examination;
    writeln!(f, "stock before         {}", before.stock())?;
    writeln!(f, "arrived              {}", after.came - before.came)?;
    writeln!(f, "stock now            {}", after.stock())?;
    writeln!(f, "sold without answer  {}", examination.sold_without_answer(answered))?;
    match examination.audit_findings() {
        Some(findings) => writeln!(f, "audit                {findings} findings"),
        None => writeln!(f, "audit                not complete"),
    }
}

impl Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { planned_per_s, decided_per_s, .. } = self;
        writeln!(f, "purchases a second   {planned_per_s} planned, {decided_per_s:.1} decided")
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
        )
    }
}

/// What the figures mean if the system or the run could not keep the rate.
fn write_notes(f: &mut fmt::Formatter<'_>, answers: &Answers) -> fmt::Result {
    if let Some(rate) = answers.rate.filter(Rate::is_overload) {
        let Rate { planned_s, took_s, .. } = rate;
        writeln!(
            f,
            "\nNOTE: the system did not keep up: it took {took_s:.0} s for {planned_s:.0} s of purchases."
        )?;
        writeln!(
            f,
            "The longer such a run, the longer its times. Choose a lower rate for times that last."
        )?;
    }
    if answers.were_sent_too_late() {
        writeln!(
            f,
            "\nNOTE: this machine was too busy to send each purchase at its moment. The times contain that delay."
        )?;
        writeln!(
            f,
            "If the system runs on it too, choose a lower rate. If not, give the load run more processors."
        )?;
    }
    Ok(())
}
