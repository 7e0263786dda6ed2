//! Which period a report is about when nobody says: the last one that every required source completes.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::diagnostic::{Code, Diagnostic};
use crate::metric::{Scorecard, Source};
use crate::observe::Observations;
use crate::period::{Calendar, Grain, Period};
use crate::plan::Plan;
use crate::prose;

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

/// Those declared to report of whom no row was ever seen: late for good, or misspelt.
pub fn never_seen(scorecard: &Scorecard, plan: &Plan, observations: &Observations) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (scan, table) in plan.scans.iter().zip(&observations.tables) {
        let source = scorecard.source(scan.source);
        let Some((roster, column)) = source.written.roster.as_ref().zip(scan.roster) else { continue };
        let keys = table.moments.values().flat_map(|moment| moment.segments.keys());
        let seen: BTreeSet<&str> = keys.map(|keys| keys[column].as_str()).filter(|key| !key.is_empty()).collect();
        for member in roster.expected.iter().filter(|member| !seen.contains(member.as_str())) {
            let message = format!("`{member}` is on the roster of `{}`, which has no row of it", source.id);
            let finding = Diagnostic::warning(Code::UnknownId, message).at(&source.path_place, "");
            let others = seen.iter().filter(|key| !roster.expected.iter().any(|expected| expected == *key));
            findings.push(match prose::did_you_mean(member, others.copied()) {
                Some(hint) => finding.help(hint),
                None => finding,
            });
        }
    }
    findings
}

/// The required sources that hold the default as-of back while others are two periods ahead or more:
/// a report that seems up to date then is not, and nothing else would say so.
pub fn held_back(scorecard: &Scorecard, plan: &Plan, observations: &Observations) -> Option<Diagnostic> {
    let ends = ends(scorecard, plan, observations)?;
    let first = ends.iter().map(|(_, end)| *end).min()?;
    let furthest = ends.iter().map(|(_, end)| *end).max()?;
    if furthest < scorecard.calendar.shift(first, 2)? {
        return None;
    }
    let behind: Vec<&Source> = ends.iter().filter(|(_, end)| *end == first).map(|(source, _)| *source).collect();
    let name = |period| scorecard.calendar.name(period);
    let (verb, them) = if behind.len() == 1 { ("ends", "it") } else { ("end", "them") };
    let message = format!(
        "{} {verb} {}, other required sources {}: the report waits for {them}",
        prose::list(behind.iter().map(|source| source.id.as_str())),
        name(first),
        name(furthest)
    );
    let finding = Diagnostic::warning(Code::HeldBack, message);
    let finding = behind.iter().fold(finding, |finding, source| finding.at(&source.path_place, ""));
    Some(finding.help(format!("`required = false` lets the report go on without {them}")))
}

/// Each required source that is planned, with the last period it completes.
fn ends<'s>(scorecard: &'s Scorecard, plan: &Plan, observations: &Observations) -> Option<Vec<(&'s Source, Period)>> {
    let sources = plan.scans.iter().map(|scan| scorecard.source(scan.source)).zip(&observations.tables);
    let required = sources.filter(|(source, _)| source.required);
    required
        .map(|(source, table)| Some((source, last_within(&scorecard.calendar, scorecard.grain, table.last()?.last())?)))
        .collect()
}
