//! Values of any metric over any stretch of time and any segment, each computed from base aggregates.
//!
//! Nothing here is computed from a printed number: a quarter, a year to date and a total are merged
//! from the same cells as a month of one region.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::absence::Absence;
use super::aggregate::Part;
use super::caveat::{Caveat, Figure, gather};
use super::inputs::Inputs;
use super::memo::Memo;
use super::nature::{Nature, natures};
use super::scope::{Facts, Scope, within};
use super::window::{Stretches, Window};
use crate::formula::{Formula, Term};
use crate::metric::{MetricId, Scorecard, Value};
use crate::number::Number;
use crate::observe::{Observations, Segment, SourceTable};
use crate::period::{Calendar, Days};
use crate::plan::{BoundAggregate, Plan, Scan};

/// A value, its parts where it is a quotient, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value.
    pub value: Number,
    /// What was divided.
    pub numerator: Option<Number>,
    /// By what.
    pub denominator: Option<Number>,
    /// Why it is not to be taken like others, if so; those of a kind together.
    pub caveats: Vec<Caveat>,
    /// The days that what it is made of is measured over: several where a definition looks back.
    pub(super) days: Stretches,
}

impl Reading {
    /// The caveat that forbids holding it against whole and final figures, if any.
    pub fn unlike(&self, nature: Nature) -> Option<&Caveat> {
        self.caveats.iter().find(|caveat| caveat.forbids_comparison(nature))
    }
}

/// Reads values; remembers them.
pub struct Reader<'r> {
    scorecard: &'r Scorecard,
    plan: &'r Plan,
    observations: &'r Observations,
    memo: Memo,
    /// Whether anything was rejected at all.
    has_rejects: bool,
    natures: Vec<Nature>,
    /// Of each scan's source.
    facts: Vec<Facts>,
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
        let natures = natures(scorecard);
        let scans = plan.scans.iter().zip(&observations.tables);
        let facts = scans.map(|(scan, table)| Facts::of(scan, table, scorecard, closed)).collect();
        let lost = |table: &SourceTable| table.unplaced > 0 || table.moments.values().any(|m| !m.rejected.is_empty());
        let has_rejects = observations.tables.iter().any(lost);
        Reader { scorecard, plan, observations, memo: Memo::default(), has_rejects, natures, facts }
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

    /// The segments observed in some days, and those of the late, in order, where a source has every dimension
    /// asked for.
    pub fn segments(&self, days: Days) -> Vec<Segment> {
        let tables = self.plan.scans.iter().zip(&self.observations.tables);
        let whole = tables.filter(|(scan, _)| scan.split == self.plan.by.len());
        let segments = whole.flat_map(|(scan, table)| {
            let mut segments = observed(scan, table, days);
            segments.extend(self.expected_segments(scan, table, days));
            segments
        });
        segments.collect::<BTreeSet<Segment>>().into_iter().collect()
    }

    /// The segments of those who should report, where that is asked for: some may have no rows.
    fn expected_segments(&self, scan: &Scan, table: &SourceTable, days: Days) -> BTreeSet<Segment> {
        let source = self.scorecard.source(scan.source);
        let roster = source.written.roster.as_ref().filter(|_| scan.roster.is_some_and(|column| column < scan.split));
        let (Some(roster), Some(grain)) = (roster, table.grain) else { return BTreeSet::new() };
        let units = self.calendar().within(grain.max(self.scorecard.grain), days);
        let before = units.iter().filter_map(|unit| self.calendar().shift(*unit, -1));
        let mut expected: BTreeSet<Segment> = before.flat_map(|unit| observed(scan, table, unit.days())).collect();
        if scan.split == 1 {
            expected.extend(roster.expected.iter().map(|member| vec![member.clone()]));
        }
        expected
    }

    /// The value of a metric.
    pub fn read(&self, id: MetricId, window: Window, segment: Option<&Segment>) -> Result<Reading, Absence> {
        self.read_like(id, window, segment, None)
    }

    /// The value over those who also reported in another window, where its sources have a roster.
    pub(super) fn read_like(
        &self,
        id: MetricId,
        window: Window,
        segment: Option<&Segment>,
        other: Option<Window>,
    ) -> Result<Reading, Absence> {
        self.memo.reading((id, window, segment, other), || match &self.scorecard.metric(id).value {
            Value::FromDrivers => Err(Absence::NoValue),
            Value::Measured(_) => self.measured(id, window, segment, other),
            Value::Defined(formula) => self.defined(formula, window, segment, other),
        })
    }

    /// Whether an earlier window is of other members, in any of what a metric is made of.
    pub(super) fn has_others(
        &self,
        id: MetricId,
        (window, earlier): (Window, Window),
        segment: Option<&Segment>,
        figure: Figure,
    ) -> bool {
        if self.plan.scans.iter().all(|scan| scan.roster.is_none()) {
            return false;
        }
        let look = || self.look_for_others(id, (window, earlier), segment, figure);
        self.memo.others((id, window, earlier, segment, figure), look)
    }

    fn look_for_others(
        &self,
        id: MetricId,
        (window, earlier): (Window, Window),
        segment: Option<&Segment>,
        figure: Figure,
    ) -> bool {
        match &self.scorecard.metric(id).value {
            Value::FromDrivers => false,
            Value::Measured(_) => self.plan.metrics[id.index()].as_ref().is_some_and(|planned| {
                self.scope(planned.scan, segment).has_others(&planned.value, window, earlier, figure)
            }),
            Value::Defined(formula) => {
                let mut others = false;
                formula.visit(&mut |term| {
                    let windows = self.window_of(term, window).ok().zip(self.window_of(term, earlier).ok());
                    let mut of = |windows| self.has_others(*term.metric(), windows, segment, figure);
                    others = others || windows.is_some_and(&mut of);
                });
                others
            }
        }
    }

    /// The value of a formula over the metric's own source, whoever reported, and whether it is partial.
    pub fn measure(
        &self,
        id: MetricId,
        formula: &Formula<BoundAggregate>,
        window: Window,
        segment: Option<&Segment>,
    ) -> Result<Reading, Absence> {
        let scope = self.scope(self.planned(id)?.scan, segment);
        let caveats = scope.partial(formula, window).into_iter().collect();
        Ok(Reading { caveats, ..scope.reading(formula, window)? })
    }

    /// Whether all that a metric is made of in a window is whole and final: asked where it has no value to tell so.
    pub fn is_whole(&self, id: MetricId, window: Window) -> bool {
        match &self.scorecard.metric(id).value {
            Value::FromDrivers => true,
            Value::Measured(_) => self.planned(id).is_ok_and(|planned| {
                let (scope, formula) = (self.scope(planned.scan, None), &planned.value);
                let Ok(provisional) = scope.provisional(formula, window) else { return false };
                let caveats = [scope.partial(formula, window), provisional, scope.lost(formula, window)];
                !caveats.iter().flatten().any(|caveat| caveat.forbids_comparison(self.nature(id)))
            }),
            Value::Defined(formula) => {
                let mut whole = true;
                formula.visit(&mut |term| {
                    whole =
                        whole && self.window_of(term, window).is_ok_and(|window| self.is_whole(*term.metric(), window));
                });
                whole
            }
        }
    }

    /// What a formula over the metric's own source lost to rejected cells.
    pub(super) fn lost(
        &self,
        id: MetricId,
        formula: &Formula<BoundAggregate>,
        window: Window,
        segment: Option<&Segment>,
    ) -> Option<Caveat> {
        self.scope(self.planned(id).ok()?.scan, segment).lost(formula, window)
    }

    /// What a metric and its inputs lost to rejected cells in a window, even where no value is left.
    pub(super) fn rejected(&self, id: MetricId, window: Window, segment: Option<&Segment>) -> Vec<Caveat> {
        if !self.has_rejects {
            return Vec::new();
        }
        let mut caveats = Vec::new();
        match &self.scorecard.metric(id).value {
            Value::FromDrivers => {}
            Value::Measured(_) => {
                let planned = self.plan.metrics[id.index()].as_ref();
                caveats.extend(planned.and_then(|planned| self.lost(id, &planned.value, window, segment)));
            }
            Value::Defined(formula) => formula.visit(&mut |term| {
                let window = self.window_of(term, window).unwrap_or(window);
                gather(&mut caveats, self.rejected(*term.metric(), window, segment));
            }),
        }
        caveats
    }

    /// The value of a definition's leaf.
    pub fn term(&self, term: &Term<MetricId>, window: Window, segment: Option<&Segment>) -> Result<Reading, Absence> {
        self.term_like(term, window, segment, None)
    }

    fn term_like(
        &self,
        term: &Term<MetricId>,
        window: Window,
        segment: Option<&Segment>,
        other: Option<Window>,
    ) -> Result<Reading, Absence> {
        let id = *term.metric();
        let shifted = |window| self.window_of(term, window);
        let windows = shifted(window).and_then(|window| Ok((window, other.map(shifted).transpose()?)));
        let reading = windows.and_then(|(window, other)| self.read_like(id, window, segment, other));
        reading.map_err(|because| {
            // The innermost reason is the one to act on.
            let because = match because {
                Absence::Input { .. } => return because,
                because => Box::new(because),
            };
            Absence::Input { metric: self.scorecard.metric(id).name.clone(), because }
        })
    }

    fn window_of(&self, term: &Term<MetricId>, window: Window) -> Result<Window, Absence> {
        match term {
            Term::Metric(_) => Ok(window),
            Term::Previous(_) => self.previous(window),
            Term::Trailing(_, periods) => self.trailing(window, *periods),
        }
    }

    fn previous(&self, window: Window) -> Result<Window, Absence> {
        let period = window.period().ok_or(Absence::NothingBefore)?;
        self.calendar().shift(period, -1).map(Window::of).ok_or(Absence::OutOfCalendar)
    }

    fn trailing(&self, window: Window, periods: u32) -> Result<Window, Absence> {
        let calendar = self.calendar();
        // Twelve periods are twelve of the scorecard's, whatever the grain of the report.
        let last = calendar.containing(self.scorecard.grain, window.days().last).ok_or(Absence::OutOfCalendar)?;
        let first = calendar.shift(last, 1 - i64::from(periods)).ok_or(Absence::OutOfCalendar)?;
        if periods == 1 {
            return Ok(Window::of(last));
        }
        Ok(Window::to_date(Days { first: first.first(), last: last.last() }, window.grain()))
    }

    fn planned(&self, id: MetricId) -> Result<&'r crate::plan::PlannedMetric, Absence> {
        self.plan.metrics[id.index()].as_ref().ok_or(Absence::NoValue)
    }

    pub(super) fn scope<'s>(&'s self, scan: usize, segment: Option<&'s Segment>) -> Scope<'s> {
        Scope {
            reader: self,
            scan: &self.plan.scans[scan],
            table: &self.observations.tables[scan],
            segment,
            members: None,
            facts: &self.facts[scan],
        }
    }

    fn measured(
        &self,
        id: MetricId,
        window: Window,
        segment: Option<&Segment>,
        other: Option<Window>,
    ) -> Result<Reading, Absence> {
        let planned = self.planned(id)?;
        let scope = self.scope(planned.scan, segment);
        if let Some(other) = other {
            return match scope.in_both(&planned.value, window, other)? {
                Some(members) => scope.of(members).reading(&planned.value, window),
                None => scope.reading(&planned.value, window),
            };
        }
        let mut reading = scope.reading(&planned.value, window).map_err(|reason| match reason {
            Absence::NothingCounted { .. }
            | Absence::Blank { .. }
            | Absence::SilentThen { .. }
            | Absence::Incomplete { .. } => scope.late(&planned.value, window).unwrap_or(reason),
            reason => reason,
        })?;
        let partial = scope.partial(&planned.value, window);
        let provisional = scope.provisional(&planned.value, window)?;
        let caveats = [partial, provisional, scope.lost(&planned.value, window)];
        gather(&mut reading.caveats, caveats.into_iter().flatten());
        reading.days.add(window.days());
        Ok(reading)
    }

    fn defined(
        &self,
        formula: &Formula<Term<MetricId>>,
        window: Window,
        segment: Option<&Segment>,
        other: Option<Window>,
    ) -> Result<Reading, Absence> {
        let mut inputs = Inputs::default();
        let reading = quotient(formula, &mut |term: &Term<MetricId>| {
            let reading = self.term_like(term, window, segment, other)?;
            inputs.add(term, &reading);
            Ok(reading.value)
        });
        let reading = reading.map_err(|reason| {
            let mut reasons = vec![reason];
            if reasons[0].is_insufficient() {
                formula.visit(&mut |term| reasons.extend(self.term_like(term, window, segment, other).err()));
            }
            // That an input has no such part at all goes before that too few of it have reported.
            let first = reasons.iter().position(|reason| !reason.is_insufficient()).unwrap_or(0);
            reasons.swap_remove(first)
        })?;
        Ok(Reading { caveats: inputs.caveats(self)?, days: inputs.days(), ..reading })
    }

    pub(super) fn memo(&self) -> &Memo {
        &self.memo
    }
}

/// The segments with rows in some days, read or rejected.
fn observed(scan: &Scan, table: &SourceTable, days: Days) -> BTreeSet<Segment> {
    let moments = within(table, days).map(|(_, moment)| moment);
    let keys = moments.flat_map(|moment| moment.segments.keys().chain(moment.rejected.keys()));
    keys.filter_map(|keys| keys.get(..scan.split)).map(<[String]>::to_vec).collect()
}

impl Scope<'_> {
    /// The value of a formula over these rows.
    pub(super) fn value(&self, formula: &Formula<BoundAggregate>, window: Window) -> Result<Number, Absence> {
        formula.evaluate(&mut |bound| Part { scope: self, bound }.number(window))
    }

    fn reading(&self, formula: &Formula<BoundAggregate>, window: Window) -> Result<Reading, Absence> {
        quotient(formula, &mut |bound| Part { scope: self, bound }.number(window))
    }

    /// What of these rows it lost to rejected cells.
    fn lost(&self, formula: &Formula<BoundAggregate>, window: Window) -> Option<Caveat> {
        let mut bases = BTreeSet::new();
        formula.visit(&mut |bound| {
            bases.insert(bound.base);
        });
        self.rejected(&bases, window.days())
    }
}

/// Evaluates a formula, and its numerator and denominator where it is a quotient.
fn quotient<L>(formula: &Formula<L>, leaf: &mut impl FnMut(&L) -> Result<Number, Absence>) -> Result<Reading, Absence> {
    let value = formula.evaluate(leaf)?;
    let parts = match formula.quotient() {
        Some((numerator, denominator)) => (numerator.evaluate(leaf).ok(), denominator.evaluate(leaf).ok()),
        None => (None, None),
    };
    Ok(Reading { value, numerator: parts.0, denominator: parts.1, caveats: Vec::new(), days: Stretches::default() })
}
