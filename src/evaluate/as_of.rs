//! Which period a report is about when nobody says: the last one that every required source completes.

use jiff::civil::Date;

use crate::metric::{Scorecard, Source};
use crate::observe::Observations;
use crate::period::{Calendar, Grain, Period};
use crate::plan::Plan;

/// The last period of the scorecard's grain that every required source completes.
///
/// A source by day completes the periods up to its last day. `None` where a required source has no rows.
pub fn last_complete(scorecard: &Scorecard, plan: &Plan, observations: &Observations) -> Option<Period> {
    let ends: Option<Vec<(&Source, Period)>> = ends(scorecard, plan, observations);
    ends?.into_iter().map(|(_, end)| end).min()
}

/// The last period of `grain` that ends no later than `date`.
pub fn last_within(calendar: &Calendar, grain: Grain, date: Date) -> Option<Period> {
    let period = calendar.containing(grain, date)?;
    if period.last() <= date { Some(period) } else { calendar.shift(period, -1) }
}

/// Each required source that is planned, with the last period it completes.
fn ends<'s>(scorecard: &'s Scorecard, plan: &Plan, observations: &Observations) -> Option<Vec<(&'s Source, Period)>> {
    let sources = plan.scans.iter().map(|scan| scorecard.source(scan.source)).zip(&observations.tables);
    let required = sources.filter(|(source, _)| source.required);
    required
        .map(|(source, table)| Some((source, last_within(&scorecard.calendar, scorecard.grain, table.last()?.last())?)))
        .collect()
}
