//! Values of any metric over any stretch of time and any segment, each computed from base aggregates.
//!
//! Nothing here is computed from a printed number: a quarter, a year to date and a total are merged
//! from the same cells as a month of one region.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::absence::Absence;
use super::nature::{Nature, natures};
use jiff::civil::Date;

use crate::formula::{Formula, Function, Term};
use crate::metric::{MetricId, Scorecard, SourceId, Value};
use crate::number::{Fault, Number};
use crate::observe::{Cell, Moment, Observations, Segment, SourceTable};
use crate::period::{Calendar, Days, Grain, Period};
use crate::plan::{BoundAggregate, Plan, Scan};

/// A stretch of time to read a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    days: Days,
    /// The size of the report's periods.
    grain: Grain,
    /// The period it is, where it is one.
    period: Option<Period>,
}

impl Window {
    /// One period.
    pub fn of(period: Period) -> Window {
        Window { days: period.days(), grain: period.grain(), period: Some(period) }
    }

    /// From the start of a year to the end of a period of `grain`.
    pub fn to_date(days: Days, grain: Grain) -> Window {
        Window { days, grain, period: None }
    }

    /// Its days.
    pub fn days(&self) -> Days {
        self.days
    }

    /// The size of the report's periods.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The period it is, where it is one.
    pub fn period(&self) -> Option<Period> {
        self.period
    }
}

/// A value, and its parts where it is a quotient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The value.
    pub value: Number,
    /// What was divided.
    pub numerator: Option<Number>,
    /// By what.
    pub denominator: Option<Number>,
}

type Key = (MetricId, Window, Option<Segment>);
type CellKey = (SourceId, usize, Days, Option<Segment>);

/// Reads values; remembers them.
pub struct Reader<'r> {
    scorecard: &'r Scorecard,
    plan: &'r Plan,
    observations: &'r Observations,
    known: RefCell<HashMap<Key, Result<Reading, Absence>>>,
    cells: RefCell<HashMap<CellKey, Option<Cell>>>,
    natures: Vec<Nature>,
    /// Up to this day periods count as closed, whatever the sources say.
    closed: Option<Date>,
}

impl<'r> Reader<'r> {
    /// A reader of what was observed for a plan.
    ///
    /// Periods that end no later than `closed` count as whole even where a source stops inside them.
    pub fn new(
        scorecard: &'r Scorecard,
        plan: &'r Plan,
        observations: &'r Observations,
        closed: Option<Date>,
    ) -> Reader<'r> {
        let (known, cells) = (RefCell::default(), RefCell::default());
        Reader { scorecard, plan, observations, known, cells, natures: natures(scorecard), closed }
    }

    /// How a metric's numbers behave.
    pub fn nature(&self, id: MetricId) -> Nature {
        self.natures[id.index()]
    }

    /// The scorecard.
    pub fn scorecard(&self) -> &'r Scorecard {
        self.scorecard
    }

    /// The plan.
    pub fn plan(&self) -> &'r Plan {
        self.plan
    }

    /// The scorecard's calendar.
    pub fn calendar(&self) -> &'r Calendar {
        &self.scorecard.calendar
    }

    /// The segments observed in some days, in order, where a source has every dimension asked for.
    pub fn segments(&self, days: Days) -> Vec<Segment> {
        let whole = |(scan, _): &(&Scan, &SourceTable)| scan.keys.len() == self.plan.by.len();
        let tables = self.plan.scans.iter().zip(&self.observations.tables).filter(whole);
        let mut segments: Vec<Segment> = tables
            .flat_map(|(_, table)| within(table, days).flat_map(|(_, moment)| moment.segments.keys().cloned()))
            .collect();
        segments.sort();
        segments.dedup();
        segments
    }

    /// The value of a metric.
    pub fn read(&self, id: MetricId, window: Window, segment: Option<&Segment>) -> Result<Reading, Absence> {
        let key = (id, window, segment.cloned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let reading = match &self.scorecard.metric(id).value {
            Value::FromDrivers => Err(Absence::NoValue),
            Value::Measured(_) => self.measured(id, window, segment),
            Value::Defined(formula) => quotient(formula, &mut |term| self.term(term, window, segment)),
        };
        self.known.borrow_mut().insert(key, reading.clone());
        reading
    }

    /// The value of a formula over the metric's own source.
    pub fn measure(
        &self,
        id: MetricId,
        formula: &Formula<BoundAggregate>,
        window: Window,
        segment: Option<&Segment>,
    ) -> Result<Number, Absence> {
        let scan = self.planned(id)?.scan;
        formula.evaluate(&mut |bound| self.aggregate(scan, bound, window, segment))
    }

    /// The value of a definition's leaf.
    pub fn term(&self, term: &Term<MetricId>, window: Window, segment: Option<&Segment>) -> Result<Number, Absence> {
        let id = *term.metric();
        let window = match term {
            Term::Metric(_) => Ok(window),
            Term::Previous(_) => self.previous(window),
            Term::Trailing(_, periods) => self.trailing(window, *periods),
        };
        let reading = window.and_then(|window| self.read(id, window, segment));
        reading.map(|reading| reading.value).map_err(|because| {
            // The innermost reason is the one to act on.
            let because = match because {
                Absence::Input { .. } => return because,
                because => Box::new(because),
            };
            Absence::Input { metric: self.scorecard.metric(id).name.clone(), because }
        })
    }

    fn previous(&self, window: Window) -> Result<Window, Absence> {
        let period = window.period.ok_or(Absence::NothingBefore)?;
        self.calendar().shift(period, -1).map(Window::of).ok_or(Absence::OutOfCalendar)
    }

    fn trailing(&self, window: Window, periods: u32) -> Result<Window, Absence> {
        let calendar = self.calendar();
        // Twelve periods are twelve of the scorecard's, whatever the grain of the report.
        let last = calendar.containing(self.scorecard.grain, window.days.last).ok_or(Absence::OutOfCalendar)?;
        let first = calendar.shift(last, 1 - i64::from(periods)).ok_or(Absence::OutOfCalendar)?;
        if periods == 1 {
            return Ok(Window::of(last));
        }
        Ok(Window::to_date(Days { first: first.first(), last: last.last() }, window.grain))
    }

    fn planned(&self, id: MetricId) -> Result<&'r crate::plan::PlannedMetric, Absence> {
        self.plan.metrics[id.index()].as_ref().ok_or(Absence::NoValue)
    }

    fn measured(&self, id: MetricId, window: Window, segment: Option<&Segment>) -> Result<Reading, Absence> {
        let planned = self.planned(id)?;
        quotient(&planned.value, &mut |bound| self.aggregate(planned.scan, bound, window, segment))
    }

    fn aggregate(
        &self,
        scan: usize,
        bound: &BoundAggregate,
        window: Window,
        segment: Option<&Segment>,
    ) -> Result<Number, Absence> {
        let part =
            Part { reader: self, scan: &self.plan.scans[scan], table: &self.observations.tables[scan], bound, segment };
        part.number(window)
    }
}

/// Evaluates a formula, and its numerator and denominator where it is a quotient.
fn quotient<L>(formula: &Formula<L>, leaf: &mut impl FnMut(&L) -> Result<Number, Absence>) -> Result<Reading, Absence> {
    let value = formula.evaluate(leaf)?;
    let parts = match formula.quotient() {
        Some((numerator, denominator)) => (numerator.evaluate(leaf).ok(), denominator.evaluate(leaf).ok()),
        None => (None, None),
    };
    Ok(Reading { value, numerator: parts.0, denominator: parts.1 })
}

/// The moments of a table that lie in some days.
fn within(table: &SourceTable, days: Days) -> impl DoubleEndedIterator<Item = (&Period, &Moment)> {
    // A day is the least of the periods that begin with it.
    let from = Period::beginning(Grain::Day, days.first).map_or(Bound::Unbounded, Bound::Included);
    let after = days.last.tomorrow().ok().and_then(|next| Period::beginning(Grain::Day, next));
    let to = after.map_or(Bound::Unbounded, Bound::Excluded);
    table.moments.range((from, to)).filter(move |(period, _)| period.last() <= days.last)
}

/// One aggregate of one source for one segment.
struct Part<'p> {
    reader: &'p Reader<'p>,
    scan: &'p Scan,
    table: &'p SourceTable,
    bound: &'p BoundAggregate,
    segment: Option<&'p Segment>,
}

impl Part<'_> {
    fn number(&self, window: Window) -> Result<Number, Absence> {
        self.dimensions()?;
        let days = window.days;
        let Some(source_grain) = self.table.grain else { return Err(self.no_rows(days)) };
        if self.bound.aggregate.function == Function::Only {
            return self.only(window, source_grain);
        }
        let units = self.units(window, source_grain)?;
        let empty: Vec<&Period> = units.iter().filter(|unit| !self.has_rows(unit.days())).collect();
        if let Some(first) = empty.first() {
            return Err(if empty.len() == units.len() {
                self.nothing(days)
            } else {
                self.incomplete(&units, empty.len(), **first)
            });
        }
        match self.bound.aggregate.function {
            Function::First => {
                self.at_moment(units.first().copied(), window, |unit| within(self.table, unit.days()).next())
            }
            Function::Last => {
                self.at_moment(units.last().copied(), window, |unit| within(self.table, unit.days()).last())
            }
            _ => self.over(&units, window),
        }
    }

    fn dimensions(&self) -> Result<(), Absence> {
        let by = &self.reader.plan.by;
        let missing = match self.segment {
            Some(_) => by.iter().find(|column| !self.scan.keys.contains(column)),
            None => None,
        };
        match self.scan.lacks.as_ref().or(missing) {
            Some(column) => Err(Absence::NoDimension { source: self.source(), column: column.clone() }),
            None => Ok(()),
        }
    }

    fn source(&self) -> String {
        self.reader.scorecard.source(self.scan.source).id.clone()
    }

    /// The whole periods the window is built from; each must have data.
    fn units(&self, window: Window, source_grain: Grain) -> Result<Vec<Period>, Absence> {
        let calendar = self.reader.calendar();
        let grain = source_grain.max(self.reader.scorecard.grain);
        let units = calendar.within(grain, window.days);
        let tiles = units.first().is_some_and(|unit| unit.first() == window.days.first)
            && units.last().is_some_and(|unit| unit.last() == window.days.last);
        if !tiles {
            return Err(Absence::NotTiled { grain, days: window.days });
        }
        match units.iter().find(|unit| self.is_partial(**unit)) {
            Some(unit) => Err(self.partial(*unit)),
            None => Ok(units),
        }
    }

    /// Whether the source begins or stops inside a unit: then its rows are not the whole of it.
    fn is_partial(&self, unit: Period) -> bool {
        let (Some(first), Some(last)) = (self.table.moments.keys().next(), self.table.last()) else { return false };
        let closed = self.reader.closed.is_some_and(|closed| unit.last() <= closed);
        let begins = unit.days().contains(first.first()) && unit.first() < first.first();
        let stops = unit.days().contains(last.last()) && last.last() < unit.last();
        begins || (stops && !closed)
    }

    fn partial(&self, unit: Period) -> Absence {
        let within: Vec<&Period> = within(self.table, unit.days()).map(|(period, _)| period).collect();
        let days = match (within.first(), within.last()) {
            (Some(first), Some(last)) => Days { first: first.first(), last: last.last() },
            _ => unit.days(),
        };
        Absence::Partial { source: self.source(), unit: self.reader.calendar().name(unit), days }
    }

    fn only(&self, window: Window, source_grain: Grain) -> Result<Number, Absence> {
        let written = self.bound.written();
        let period =
            window.period.filter(|period| period.grain() == source_grain).ok_or_else(|| Absence::NotRolledUp {
                written: written.clone(),
                over: match window.period {
                    Some(period) => format!("a {}", period.grain()),
                    None => format!("{} of {source_grain}s", window.days),
                },
            })?;
        match self.merged(period.days()) {
            Some(Cell::Sum { sum, count: 1 }) => Ok(self.fixed(sum)),
            Some(Cell::Sum { count, .. }) if count > 1 && self.segment.is_none() && !self.reader.plan.by.is_empty() => {
                Err(Absence::NotRolledUp { written, over: format!("{} rows of different segments", count) })
            }
            Some(Cell::Sum { count, .. }) if count > 1 => Err(Absence::SeveralRows { count, written }),
            _ => Err(self.nothing(window.days)),
        }
    }

    /// The sum at one moment of a unit: a stock.
    fn at_moment<'t>(
        &self,
        unit: Option<Period>,
        window: Window,
        pick: impl Fn(Period) -> Option<(&'t Period, &'t Moment)>,
    ) -> Result<Number, Absence> {
        let moment = unit.and_then(pick).map(|(period, _)| period.days());
        match moment.and_then(|days| self.merged(days)) {
            Some(Cell::Sum { sum, count }) if count > 0 => Ok(self.fixed(sum)),
            _ => Err(self.nothing(moment.unwrap_or(window.days))),
        }
    }

    /// Merged over every unit, each of which must have something.
    fn over(&self, units: &[Period], window: Window) -> Result<Number, Absence> {
        let mut merged: Option<Cell> = None;
        let mut missing: Vec<Period> = Vec::new();
        for unit in units {
            match self.merged(unit.days()).filter(|cell| self.is_filled(cell, *unit)) {
                None => missing.push(*unit),
                Some(cell) => match &mut merged {
                    None => merged = Some(cell),
                    Some(mine) => mine.merge(cell).map_err(|_| Absence::Fault(Fault::TooLarge))?,
                },
            }
        }
        match (missing.first(), merged) {
            (None, Some(cell)) => self.value(cell),
            (Some(first), Some(_)) => Err(self.incomplete(units, missing.len(), *first)),
            (_, None) => Err(self.nothing(window.days)),
        }
    }

    fn incomplete(&self, units: &[Period], missing: usize, first_missing: Period) -> Absence {
        Absence::Incomplete {
            have: units.len() - missing,
            need: units.len(),
            grain: first_missing.grain(),
            first_missing: self.reader.calendar().name(first_missing),
        }
    }

    fn has_rows(&self, days: Days) -> bool {
        within(self.table, days).any(|(_, moment)| moment.rows > 0)
    }

    /// Whether a unit has data. A count may honestly be 0 where the source has rows.
    fn is_filled(&self, cell: &Cell, unit: Period) -> bool {
        match cell {
            Cell::Sum { count, .. } => *count > 0,
            Cell::Min(value) | Cell::Max(value) => value.is_some(),
            Cell::Values(values) => !values.is_empty(),
            Cell::Count(_) | Cell::Texts(_) => self.has_rows(unit.days()),
        }
    }

    /// The base aggregate over some days, of the segment or of all segments; remembered.
    fn merged(&self, days: Days) -> Option<Cell> {
        let key = (self.scan.source, self.bound.base, days, self.segment.cloned());
        if let Some(known) = self.reader.cells.borrow().get(&key) {
            return known.clone();
        }
        let merged = self.merge(days);
        self.reader.cells.borrow_mut().insert(key, merged.clone());
        merged
    }

    fn merge(&self, days: Days) -> Option<Cell> {
        let mut merged: Option<Cell> = None;
        for (_, moment) in within(self.table, days) {
            let whole = self.segment.is_none().then(|| moment.segments.values()).into_iter().flatten();
            let part = self.segment.and_then(|segment| moment.segments.get(segment));
            for cells in whole.chain(part) {
                let cell = cells[self.bound.base].clone();
                match &mut merged {
                    None => merged = Some(cell),
                    // What leaves 128 bits only when parts are put together is refused here.
                    Some(mine) => mine.merge(cell).ok()?,
                }
            }
        }
        merged
    }

    fn value(&self, cell: Cell) -> Result<Number, Absence> {
        match cell {
            Cell::Sum { sum, count } if self.bound.aggregate.function == Function::Avg => {
                Ok(self.fixed(sum).divided_by(Number::from(count as i64))?)
            }
            Cell::Sum { sum, .. } => Ok(self.fixed(sum)),
            Cell::Count(count) => Ok(Number::from(count as i64)),
            Cell::Texts(texts) => Ok(Number::from(texts.len() as i64)),
            Cell::Min(value) | Cell::Max(value) => {
                value.map(|value| self.fixed(value)).ok_or(Absence::Fault(Fault::ZeroOfZero))
            }
            Cell::Values(values) => self.quantile(&values),
        }
    }

    /// Linear interpolation between the sorted values (Hyndman and Fan's type 7, SQL's `percentile_cont`).
    fn quantile(&self, values: &BTreeMap<i128, u64>) -> Result<Number, Absence> {
        let count: u64 = values.values().sum();
        let share = self.bound.aggregate.share.unwrap_or(rust_decimal::Decimal::new(5, 1));
        let position = share * rust_decimal::Decimal::from(count.saturating_sub(1));
        let below = position.floor();
        let at = |rank: u64| {
            let mut seen = 0;
            values.iter().find(|(_, times)| {
                seen += **times;
                rank < seen
            })
        };
        let rank = u64::try_from(below).unwrap_or(0);
        let (Some((low, _)), Some((high, _))) = (at(rank), at((rank + 1).min(count - 1))) else {
            return Err(Absence::Fault(Fault::ZeroOfZero));
        };
        let (low, high) = (self.fixed(*low), self.fixed(*high));
        Ok(low.plus(high.minus(low)?.times(Number::Exact(position - below))?)?)
    }

    fn fixed(&self, mantissa: i128) -> Number {
        Number::from_scaled(mantissa, self.table.scale.decimals())
    }

    fn no_rows(&self, days: Days) -> Absence {
        let before = self.table.moments.keys().rev().find(|period| period.last() < days.first);
        let last_seen = before.map(|period| self.reader.calendar().name(*period));
        Absence::NoRows { source: self.source(), days, last_seen }
    }

    fn nothing(&self, days: Days) -> Absence {
        if !self.has_rows(days) {
            return self.no_rows(days);
        }
        let seen = self.table.moments.iter().rev().find(|(period, _)| {
            period.last() < days.first && self.merged(period.days()).is_some_and(|cell| self.is_filled(&cell, **period))
        });
        Absence::NothingCounted {
            source: self.source(),
            last_seen: seen.map(|(period, _)| self.reader.calendar().name(*period)),
        }
    }
}
