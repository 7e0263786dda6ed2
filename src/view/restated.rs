//! Which figures of a report are not what they were when their period was closed.

use std::collections::BTreeSet;

use super::remarks::Remark;
use super::show::{Row, Show};
use crate::evaluate::CaveatKind;
use crate::ledger::{Ledger, is_noise};
use crate::metric::{Scorecard, Value};
use crate::period::Period;

impl Show {
    /// The same with a mark and a remark for every actual that was closed as another. `periods` are those of the report,
    /// oldest first, `by` its dimensions; what is of some rows only was never closed.
    pub fn with_closed(mut self, scorecard: &Scorecard, ledger: &Ledger, periods: &[Period], by: &[String]) -> Show {
        if self.condition.is_some() || ledger.is_empty() {
            return self;
        }
        let redefined = ledger.redefined(periods, scorecard);
        let then = Then { scorecard, ledger, periods, redefined: &redefined, by };
        let mut remarks: Vec<Remark> = Vec::new();
        for index in 0..self.rows.len() {
            for (at, text) in then.others(&self.rows[index], &self.ids[index]) {
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

/// What was closed, and what is reported now.
struct Then<'t> {
    scorecard: &'t Scorecard,
    ledger: &'t Ledger,
    periods: &'t [Period],
    /// The metrics that are computed in another way than they were closed, of each period.
    redefined: &'t [BTreeSet<String>],
    by: &'t [String],
}

impl Then<'_> {
    /// The actuals of a row that were closed as others, by their position, each with what to say of it.
    fn others(&self, row: &Row, id: &str) -> Vec<(usize, String)> {
        let segment = row.segment.as_ref().map(|segment| segment.values.clone());
        let absent = || "absent".to_owned();
        // What is defined over others is worked out in doubles.
        let is_defined = |id| matches!(self.scorecard.metric(id).value, Value::Defined(_));
        let is_defined = self.scorecard.find(id).is_some_and(is_defined);
        let one = |(at, actual): (usize, &Option<super::Quantity>)| {
            let period = self.periods.get(at)?;
            let then = self.ledger.figure(*period, id, self.by, &segment)?.number("actual");
            let now = actual.as_ref().map(|actual| actual.number.to_string());
            if now.as_deref() == then || (is_defined && is_noise((then, now.as_deref()))) {
                return None;
            }
            let is_redefined = self.redefined[at].contains(id);
            let what = if is_redefined { "defined otherwise than when" } else { "restated since" };
            let (now, then) = (now.unwrap_or_else(absent), then.unwrap_or("absent"));
            Some((at, format!("{what} it was closed: {now} was {then}")))
        };
        row.actuals.iter().enumerate().filter_map(one).collect()
    }
}
