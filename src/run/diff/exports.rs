//! Two exports against each other: rollups as CSV in tidy layout, files or folders of them. No scorecard is read, so that
//! of definitions only a changed unit is known.
//!
//! What an export leaves out by how it was asked for is no difference: only figures that both sides were asked for are
//! compared, and the rest is told.

mod read;
mod side;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::side::{Cut, OfPeriod, Shared, Side};
use super::Compared;
use crate::ledger::{Change, Kind, Report, compare};
use crate::period::Period;
use crate::prose;
use crate::run::{Findings, usage};
use crate::view::diff::{Diff, DiffPeriod};

/// How many metrics a note names.
const MOST_NAMED: usize = 3;

/// What differs between two exports.
///
/// # Errors
/// A side that cannot be read, or sides that were not asked for one figure alike.
pub(super) fn compared(from: &Path, to: &Path) -> Result<Compared, Findings> {
    let mut shared = Shared::default();
    // The newer side first: its order of metrics and dimensions is told.
    let after = read::side(to, &mut shared)?;
    let before = read::side(from, &mut shared)?;
    if before.cuts.is_disjoint(&after.cuts) {
        return Err(nothing_alike([(from, &before), (to, &after)], &shared));
    }
    let mut comparison = Comparison { shared: &shared, before: &before, after: &after, apart: BTreeMap::new() };
    let periods: BTreeSet<Period> = before.periods.keys().chain(after.periods.keys()).copied().collect();
    let changes = periods.into_iter().flat_map(|period| comparison.changes(period)).collect();
    let (before_name, after_name) = (from.display().to_string(), to.display().to_string());
    let both = before.periods.iter().filter(|(period, _)| after.periods.contains_key(period));
    let diff = Diff {
        periods: both.map(|(period, held)| DiffPeriod { name: held.name.clone(), period: *period }).collect(),
        changes,
        not_compared: comparison.told_apart(&before_name, &after_name),
        before: before_name,
        after: after_name,
        ..Diff::default()
    };
    let read = before.files.iter().chain(&after.files).cloned().collect();
    Ok(Compared { diff, read, warnings: Findings::new() })
}

fn nothing_alike(sides: [(&Path, &Side); 2], shared: &Shared) -> Findings {
    let told = |(path, side): (&Path, &Side)| {
        let cuts: Vec<String> = side.cuts.iter().map(|cut| shared.cut_at(*cut).told()).collect();
        format!("`{}` is {}", path.display(), prose::join(&cuts, "and"))
    };
    let [from, to] = sides.map(told);
    usage(
        format!("the two exports have no figure in common: {from}, {to}"),
        "write both with the same `--where` and `--by`, or with `--totals`",
    )
}

/// Which side alone holds figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Only {
    Before,
    After,
}

/// The metrics and periods of figures that one side was not asked for.
#[derive(Default)]
struct Apart {
    ids: BTreeSet<u32>,
    periods: BTreeSet<Period>,
}

struct Comparison<'c> {
    shared: &'c Shared,
    before: &'c Side,
    after: &'c Side,
    apart: BTreeMap<(Only, usize), Apart>,
}

impl Comparison<'_> {
    /// What differs in a period: the wholes, then the parts.
    fn changes(&mut self, period: Period) -> Vec<Change> {
        let (old, new) = match (self.before.periods.get(&period), self.after.periods.get(&period)) {
            (Some(old), Some(new)) => (old, new),
            (Some(old), None) => return vec![Change::of_period(Kind::GonePeriod, &old.name)],
            (None, Some(new)) => return vec![Change::of_period(Kind::NewPeriod, &new.name)],
            (None, None) => return Vec::new(),
        };
        let alike = self.alike(period, old, new);
        let mut cuts: Vec<usize> = alike.keys().copied().collect();
        cuts.sort_by_key(|cut| (self.shared.cut_at(*cut).by.len(), *cut));
        let mut one_sided = BTreeSet::new();
        let mut changes = Vec::new();
        for place in cuts {
            let cut = self.shared.cut_at(place);
            // What is on one side alone is told once, of its whole where there is one.
            let is_told = |id: &u32| self.is_of_both(*id) || one_sided.insert(*id);
            let ids: Vec<u32> = alike[&place].iter().copied().filter(is_told).collect();
            let before = self.report(place, &ids, self.before, old, new);
            let after = self.report(place, &ids, self.after, new, old);
            let found = compare(&new.name, &before, &after);
            changes.extend(found.into_iter().map(|change| of_condition(change, cut)));
        }
        changes
    }

    fn is_of_both(&self, id: u32) -> bool {
        self.before.ids.contains(&id) && self.after.ids.contains(&id)
    }

    /// The metrics whose figures in each cut both sides were asked for; the others are noted.
    ///
    /// That a figure is nowhere in a period is a difference where the other side was asked for it: its cut is there, and
    /// the metric does not stand in another cut instead.
    fn alike(&mut self, period: Period, old: &OfPeriod, new: &OfPeriod) -> BTreeMap<usize, BTreeSet<u32>> {
        let (old, new) = (old.cuts_of_metrics(), new.cuts_of_metrics());
        let mut alike: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        for (only, own, others, other) in
            [(Only::Before, &old, &new, self.after), (Only::After, &new, &old, self.before)]
        {
            for (id, cuts) in own {
                for cut in cuts {
                    let is_asked = match others.get(id) {
                        Some(others) => others.contains(cut),
                        None => other.cuts.contains(cut),
                    };
                    if is_asked {
                        alike.entry(*cut).or_default().insert(*id);
                    } else {
                        let apart = self.apart.entry((only, *cut)).or_default();
                        apart.ids.insert(*id);
                        apart.periods.insert(period);
                    }
                }
            }
        }
        alike
    }

    /// What a side reports of some metrics in a cut. Where a metric has no row its unit is that of the other side.
    fn report(&self, cut: usize, ids: &[u32], side: &Side, own: &OfPeriod, other: &OfPeriod) -> Report {
        let held = self.shared.cut_at(cut);
        let known = ids.iter().filter(|id| side.ids.contains(id));
        let unit = |id: u32| own.rows(cut, id).first().or(other.rows(cut, id).first()).map(|row| row.unit);
        let definitions = known.filter_map(|id| Some(self.shared.definition(*id, unit(*id)?)));
        let rows = ids.iter().flat_map(|id| own.rows(cut, *id));
        Report {
            by: held.by.clone(),
            definitions: definitions.collect(),
            figures: rows.map(|row| self.shared.figure(row, held)).collect(),
            ..Report::default()
        }
    }

    /// What was not compared, in words.
    fn told_apart(&self, before: &str, after: &str) -> Vec<String> {
        let told = |((only, cut), apart): (&(Only, usize), &Apart)| {
            let side = if *only == Only::Before { before } else { after };
            let metrics = match apart.ids.len() {
                count if count > MOST_NAMED => prose::count(count, "metric"),
                _ => prose::list(apart.ids.iter().map(|id| self.shared.text(*id))),
            };
            let (cut, periods) = (self.shared.cut_at(*cut).told(), prose::count(apart.periods.len(), "period"));
            format!("not compared: {metrics} {cut}, which `{side}` alone has, in {periods}")
        };
        self.apart.iter().map(told).collect()
    }
}

/// The condition beside the segment: two exports of a folder may have several.
fn of_condition(mut change: Change, cut: &Cut) -> Change {
    if !cut.condition.is_empty() {
        change.segment.push(("where".to_owned(), cut.condition.clone()));
    }
    change
}
