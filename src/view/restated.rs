//! Which figures of a report are not what they were when their period was closed.

use super::remarks::Remark;
use super::show::{Row, Show};
use crate::evaluate::CaveatKind;
use crate::ledger::Ledger;
use crate::period::Period;

impl Show {
    /// The same with a mark and a remark for every actual that was closed as another. `periods` are those of the report,
    /// oldest first, `by` its dimensions; what is of some rows only was never closed.
    pub fn with_closed(mut self, ledger: &Ledger, periods: &[Period], by: &[String]) -> Show {
        if self.condition.is_some() || ledger.is_empty() {
            return self;
        }
        let mut remarks: Vec<Remark> = Vec::new();
        for index in 0..self.rows.len() {
            for (at, text) in restated(&self.rows[index], &self.ids[index], ledger, periods, by) {
                let row = &mut self.rows[index];
                if let Some(kinds) = row.marks.actuals.get_mut(at) {
                    kinds.insert(CaveatKind::Restated);
                }
                let is_last = at + 1 == periods.len();
                let text = if is_last { text } else { format!("in {} {text}", self.periods[at]) };
                let name = match &row.segment {
                    Some(segment) => format!("{} ({})", row.name, segment.values.join(" / ")),
                    None => row.name.clone(),
                };
                let known = remarks.iter_mut().find(|remark| remark.text == text);
                match known {
                    Some(known) if known.metrics.contains(&name) => {}
                    Some(known) => known.metrics.push(name),
                    None => remarks.push(Remark { kind: CaveatKind::Restated, text, metrics: vec![name] }),
                }
            }
        }
        self.remarks.extend(remarks);
        self
    }
}

/// The actuals of a row that were closed as others, by their position, each with what to say of it.
fn restated(row: &Row, id: &str, ledger: &Ledger, periods: &[Period], by: &[String]) -> Vec<(usize, String)> {
    let segment = row.segment.as_ref().map(|segment| segment.values.clone());
    let absent = || "absent".to_owned();
    let one = |(at, (period, actual)): (usize, (&Period, &Option<super::Quantity>))| {
        let then = ledger.figure(*period, id, by, &segment)?.number("actual");
        let now = actual.as_ref().map(|actual| actual.number.to_string());
        let told = |now: Option<String>| {
            format!("restated since it was closed: {} was {}", now.unwrap_or_else(absent), then.unwrap_or("absent"))
        };
        (now.as_deref() != then).then(|| (at, told(now)))
    };
    periods.iter().zip(&row.actuals).enumerate().filter_map(one).collect()
}
