//! The rows of a source that a reading is about: which segment, which of those who report, which days.
//!
//! Owns what is there and what is not. Knows no aggregate.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

use jiff::civil::Date;

use super::absence::Absence;
use super::caveat::Caveat;
use super::reading::Reader;
use super::window::Window;
use crate::formula::{Formula, Function};
use crate::metric::{Scorecard, Source};
use crate::observe::{Cell, Moment, Segment, SourceTable};
use crate::period::{Days, Period};
use crate::plan::{BoundAggregate, Scan};

/// Some of those who report to a source, by the value of its roster's column.
pub(super) type Members = Rc<BTreeSet<String>>;

/// What holds for a source whatever is asked of it.
pub(super) struct Facts {
    /// Whether any of its cells was rejected.
    has_rejects: bool,
    /// Periods that end no later count as whole.
    closed: Option<Date>,
    /// From its first row to its last.
    span: Option<Span>,
    /// The same of each member of its roster, where its periods are finer than the scorecard's.
    pub(super) members: BTreeMap<String, Span>,
}

/// From a first moment to a last one.
#[derive(Clone, Copy)]
pub(super) struct Span {
    first: Period,
    last: Period,
    /// The most days without rows between two moments: so long a silence says nothing yet.
    idle: i32,
}

impl Span {
    fn at(moment: Period) -> Span {
        Span { first: moment, last: moment, idle: 0 }
    }

    fn then(self, moment: Period) -> Span {
        Span { last: moment, idle: self.idle.max(between(self.last.last(), moment.first()) - 1), ..self }
    }

    fn or(self, other: Span) -> Span {
        let (first, last) = (self.first.min(other.first), self.last.max(other.last));
        Span { first, last, idle: self.idle.min(other.idle) }
    }
}

/// How many days one date is after another.
fn between(earlier: Date, later: Date) -> i32 {
    earlier.until(later).map_or(0, |span| span.get_days())
}

impl Facts {
    pub(super) fn of(scan: &Scan, table: &SourceTable, scorecard: &Scorecard, closed: Option<Date>) -> Facts {
        let ends = table.moments.keys().next().zip(table.last());
        let is_finer = table.grain.is_some_and(|grain| grain < scorecard.grain);
        let mut members: BTreeMap<String, Span> = BTreeMap::new();
        if let Some(column) = scan.roster.filter(|_| is_finer) {
            for (period, moment) in &table.moments {
                for keys in moment.segments.keys().filter(|keys| !keys[column].is_empty()) {
                    match members.get_mut(&keys[column]) {
                        Some(span) => *span = span.then(*period),
                        None => _ = members.insert(keys[column].clone(), Span::at(*period)),
                    }
                }
            }
        }
        Facts {
            has_rejects: table.unplaced > 0 || table.moments.values().any(|moment| !moment.rejected.is_empty()),
            closed,
            span: ends.map(|(first, last)| Span { last, ..Span::at(*first) }),
            members,
        }
    }

    /// Whether a span begins inside a unit, later than its gaps explain.
    fn begins_in(span: Span, unit: Period) -> bool {
        let first = span.first.first();
        first <= unit.last() && between(unit.first(), first) > span.idle
    }

    /// Whether a span stops inside a unit, earlier than its gaps explain, unless that counts as whole.
    fn stops_in(&self, span: Span, unit: Period) -> bool {
        let (last, is_open) = (span.last.last(), self.closed.is_none_or(|closed| closed < unit.last()));
        is_open && unit.first() <= last && between(last, unit.last()) > span.idle
    }

    /// Whether a member begins late or stops early in a unit in which others report.
    pub(super) fn is_cut(&self, member: &str, unit: Period, all: Span) -> bool {
        self.members.get(member).is_some_and(|own| {
            let (before, after) =
                (between(all.first.first(), own.first.first()), between(own.last.last(), all.last.last()));
            (Facts::begins_in(*own, unit) && before > own.idle) || (self.stops_in(*own, unit) && after > own.idle)
        })
    }
}

/// The rows of one source that a reading is about.
#[derive(Clone)]
pub(super) struct Scope<'p> {
    pub(super) reader: &'p Reader<'p>,
    pub(super) scan: &'p Scan,
    pub(super) table: &'p SourceTable,
    pub(super) segment: Option<&'p Segment>,
    /// Only the rows of these; `None` for all.
    pub(super) members: Option<Members>,
    pub(super) facts: &'p Facts,
}

/// The moments of a table that lie in some days.
pub(super) fn within(table: &SourceTable, days: Days) -> impl DoubleEndedIterator<Item = (&Period, &Moment)> {
    let (least, greatest) = days.bounds();
    table.moments.range(least..=greatest).filter(move |(period, _)| period.last() <= days.last)
}

impl<'p> Scope<'p> {
    /// The same rows, of some members only.
    pub(super) fn of(&self, members: Members) -> Scope<'p> {
        Scope { members: Some(members), ..self.clone() }
    }

    pub(super) fn source(&self) -> &'p Source {
        self.reader.scorecard().source(self.scan.source)
    }

    pub(super) fn source_name(&self) -> String {
        self.source().id.clone()
    }

    /// The cells of one moment that are meant.
    pub(super) fn cells<'m>(&'m self, moment: &'m Moment) -> impl Iterator<Item = &'m Vec<Cell>> {
        // The keys asked for come first, so that a segment's rows lie together.
        let from = self.segment.map_or(Bound::Unbounded, |segment| Bound::Included(&segment[..]));
        let after = moment.segments.range::<[String], _>((from, Bound::Unbounded));
        let segment = after.take_while(|(keys, _)| self.in_segment(keys));
        segment.filter(|(keys, _)| self.is_member(keys)).map(|(_, cells)| cells)
    }

    pub(super) fn in_segment(&self, keys: &Segment) -> bool {
        // A segment of fewer values than dimensions is all that begin with them.
        self.segment.is_none_or(|segment| segment.len() <= self.scan.split && keys.starts_with(segment))
    }

    /// Whether these rows are some of the source's, by a segment or by the condition of the report.
    pub(super) fn is_part(&self) -> bool {
        self.segment.is_some() || self.reader.plan().asked.is_some()
    }

    fn is_member(&self, keys: &Segment) -> bool {
        match (&self.members, self.scan.roster) {
            (Some(members), Some(column)) => keys.get(column).is_some_and(|key| members.contains(key)),
            _ => true,
        }
    }

    /// Why nothing can be said of the part asked for, if so.
    pub(super) fn dimensions(&self) -> Result<(), Absence> {
        let by = &self.reader.plan().by;
        let asked = &self.scan.keys[..self.scan.split];
        let missing = match self.segment {
            Some(segment) => by[..segment.len()].iter().find(|column| !asked.contains(column)),
            None => None,
        };
        match self.scan.lacks.as_ref().or(missing) {
            Some(column) => Err(Absence::NoDimension { source: self.source_name(), column: column.clone() }),
            None => Ok(()),
        }
    }

    /// The periods the window is built from: the scorecard's, or the source's where those are coarser.
    pub(super) fn units(&self, window: Window) -> Result<Rc<[Period]>, Absence> {
        let days = window.days();
        let source_grain = self.table.grain.ok_or_else(|| self.no_rows(days))?;
        let grain = source_grain.max(self.reader.scorecard().grain);
        let units = self.reader.memo().tiling(grain, days, || self.reader.calendar().within(grain, days));
        let tiles = units.first().is_some_and(|unit| unit.first() == days.first)
            && units.last().is_some_and(|unit| unit.last() == days.last);
        if tiles { Ok(units) } else { Err(Absence::NotTiled { grain, days }) }
    }

    /// The first moment of a unit.
    pub(super) fn opening(&self, unit: Period) -> Option<Days> {
        within(self.table, unit.days()).next().map(|(period, _)| period.days())
    }

    /// The last moment of a unit.
    pub(super) fn closing(&self, unit: Period) -> Option<Days> {
        within(self.table, unit.days()).next_back().map(|(period, _)| period.days())
    }

    pub(super) fn has_rows(&self, days: Days) -> bool {
        within(self.table, days).any(|(_, moment)| moment.rows > 0)
    }

    /// From the first to the last row of those whose rows a formula is about.
    pub(super) fn span(&self, formula: &Formula<BoundAggregate>) -> Option<Span> {
        let members = &self.facts.members;
        let meant: Vec<Span> =
            members.iter().filter(|(member, _)| self.is_meant(formula, member)).map(|(_, span)| *span).collect();
        // Rows of nobody on the roster are rows too.
        let some = meant.len() < members.len();
        meant.into_iter().reduce(Span::or).filter(|_| some).or(self.facts.span)
    }

    /// How much of a window is reported of what a formula needs, where its rows begin or stop inside one of the
    /// window's units.
    pub(super) fn partial(&self, formula: &Formula<BoundAggregate>, window: Window) -> Option<Caveat> {
        let span = self.span(formula)?;
        let grain = self.table.grain?;
        let unit = |date| self.reader.calendar().containing(grain.max(self.reader.scorecard().grain), date);
        let inside = |unit: &Period| window.days().first <= unit.first() && unit.last() <= window.days().last;
        // A unit that holds a day from outside the window does not lie in it: most windows are asked no further.
        let own = |date: Date| Some(date).filter(|date| window.days().contains(*date)).and_then(unit).filter(inside);
        let began = own(span.first.first()).is_some_and(|unit| Facts::begins_in(span, unit));
        let stopped = own(span.last.last()).is_some_and(|unit| self.facts.stops_in(span, unit));
        let mut lacks = false;
        formula.visit(&mut |bound| {
            lacks |= match bound.aggregate.function {
                // The opening moment is there although the rest is not, and the reverse.
                Function::First => began,
                Function::Last => stopped,
                Function::Only => false,
                _ => began || stopped,
            };
        });
        if !lacks {
            return None;
        }
        let of = window.days();
        let days = Days { first: of.first.max(span.first.first()), last: of.last.min(span.last.last()) };
        let count = |days| self.reader.calendar().within(grain, days).len();
        let (have, need) = (count(days), count(of));
        Some(Caveat::Partial { source: self.source_name(), have, need, grain, days, of })
    }

    /// What these bases lost to rejected cells in some days.
    pub(super) fn rejected(&self, bases: &BTreeSet<usize>, days: Days) -> Option<Caveat> {
        if !self.facts.has_rejects {
            return None;
        }
        let lost = |base: &usize| -> u64 {
            let moments = within(self.table, days).flat_map(|(_, moment)| &moment.rejected);
            moments
                .filter(|(keys, _)| self.in_segment(keys) && self.is_member(keys))
                .filter_map(|(_, lost)| lost.get(base))
                .sum()
        };
        // Two parts of a formula may have lost the same row, or two.
        let lost: Vec<u64> = bases.iter().map(lost).collect();
        let (least, most) = (lost.iter().copied().max().unwrap_or(0), lost.iter().sum());
        let unplaced = self.table.unplaced;
        (most > 0 || unplaced > 0).then(|| Caveat::Rejected { source: self.source_name(), least, most, unplaced })
    }

    pub(super) fn no_rows(&self, days: Days) -> Absence {
        let before = self.table.moments.keys().rev().find(|period| period.last() < days.first);
        let last_seen = before.map(|period| self.reader.calendar().name(*period));
        Absence::NoRows { source: self.source_name(), days, last_seen }
    }
}
