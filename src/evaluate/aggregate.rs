//! One aggregate of one source over a stretch of time, merged from its base aggregate's cells.

use std::collections::{BTreeMap, BTreeSet};

use super::absence::Absence;
use super::scope::{Scope, within};
use super::window::Window;
use crate::formula::{Function, RowExpr};
use crate::number::{Fault, Number};
use crate::observe::Cell;
use crate::period::{Days, Grain, Period};
use crate::plan::BoundAggregate;

/// One aggregate over the rows of a scope.
pub(super) struct Part<'p> {
    pub(super) scope: &'p Scope<'p>,
    pub(super) bound: &'p BoundAggregate,
}

impl Part<'_> {
    /// Its value over a window.
    pub(super) fn number(&self, window: Window) -> Result<Number, Absence> {
        let scope = self.scope;
        scope.dimensions()?;
        let days = window.days();
        let Some(source_grain) = scope.table.grain else { return Err(scope.no_rows(days)) };
        if self.bound.aggregate.function == Function::Only {
            return self.only(window, source_grain);
        }
        let units = scope.units(window)?;
        let empty: Vec<&Period> = units.iter().filter(|unit| !scope.has_rows(unit.days())).collect();
        if let Some(first) = empty.first() {
            return Err(if empty.len() == units.len() {
                self.nothing(days)
            } else {
                self.incomplete(&units, empty.len(), **first)
            });
        }
        match self.bound.aggregate.function {
            Function::First => self.at_moment(units.first().and_then(|unit| scope.opening(*unit)), window),
            Function::Last => self.at_moment(units.last().and_then(|unit| scope.closing(*unit)), window),
            _ => self.over(&units, window),
        }
    }

    fn only(&self, window: Window, source_grain: Grain) -> Result<Number, Absence> {
        let written = self.bound.written();
        let period =
            window.period().filter(|period| period.grain() == source_grain).ok_or_else(|| Absence::NotRolledUp {
                written: written.clone(),
                over: match window.period() {
                    Some(period) => format!("a {}", period.grain()),
                    None => format!("{} of {source_grain}s", window.days()),
                },
            })?;
        match self.merged(period.days())? {
            Some(Cell::Sum { sum, count: 1 }) => self.fixed(sum),
            Some(Cell::Sum { count, .. })
                if count > 1 && self.scope.segment.is_none() && !self.scope.reader.plan().by.is_empty() =>
            {
                Err(Absence::NotRolledUp { written, over: format!("{} rows of different segments", count) })
            }
            Some(Cell::Sum { count, .. }) if count > 1 => Err(Absence::SeveralRows { count, written }),
            _ => Err(self.nothing(window.days())),
        }
    }

    /// The sum at one moment: a stock.
    fn at_moment(&self, moment: Option<Days>, window: Window) -> Result<Number, Absence> {
        match moment.map_or(Ok(None), |days| self.merged(days))? {
            Some(Cell::Sum { sum, count }) if count > 0 => self.fixed(sum),
            _ => Err(self.nothing_then(moment, window)),
        }
    }

    /// Why nothing was there at a moment: a part may have rows before it or after.
    fn nothing_then(&self, moment: Option<Days>, window: Window) -> Absence {
        let reason = self.nothing(moment.unwrap_or(window.days()));
        match moment {
            Some(days) if self.scope.segment.is_some() && reason.is_of_nothing() && self.has_cells(window.days()) => {
                Absence::SilentThen { source: self.scope.source_name(), days }
            }
            _ => reason,
        }
    }

    /// Merged over every unit, each of which must have something.
    ///
    /// A part may have nothing in a unit in which others have, unless a roster says that it should report: what there is
    /// is all there is then, as it is for the whole, and parts add up to it.
    fn over(&self, units: &[Period], window: Window) -> Result<Number, Absence> {
        let mut merged: Option<Cell> = None;
        let mut missing: Vec<Period> = Vec::new();
        for unit in units {
            match self.merged(unit.days())?.filter(|cell| self.is_filled(cell, *unit)) {
                None if self.may_be_silent(*unit)? => {}
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
            (_, None) => Err(self.nothing(window.days())),
        }
    }

    /// Whether a part may have nothing in a unit: where others have something, and nobody who should report is late.
    fn may_be_silent(&self, unit: Period) -> Result<bool, Absence> {
        let scope = self.scope;
        if !scope.is_part() || scope.member_is_late(self.bound.base, unit) {
            return Ok(false);
        }
        // Of what was asked for by a condition, the rest was not read.
        if scope.reader.plan().asked.is_some() {
            return Ok(true);
        }
        let whole = Scope { segment: None, ..scope.clone() };
        let cell = Part { scope: &whole, bound: self.bound }.merged(unit.days())?;
        Ok(cell.is_some_and(|cell| self.is_filled(&cell, unit)))
    }

    fn incomplete(&self, units: &[Period], missing: usize, first_missing: Period) -> Absence {
        Absence::Incomplete {
            have: units.len() - missing,
            need: units.len(),
            grain: first_missing.grain(),
            first_missing: self.scope.reader.calendar().name(first_missing),
        }
    }

    /// Whether a unit has data. A count may honestly be 0 where the source has rows.
    fn is_filled(&self, cell: &Cell, unit: Period) -> bool {
        cell.is_filled().unwrap_or_else(|| self.scope.has_rows(unit.days()))
    }

    /// The base aggregate over some days, of the segment or of all segments; remembered.
    fn merged(&self, days: Days) -> Result<Option<Cell>, Absence> {
        let scope = self.scope;
        // One row of cells is found again as quickly as what was remembered of it.
        let mut moments = within(scope.table, days);
        if let (Some((_, moment)), None) = (moments.next(), moments.next()) {
            let mut cells = scope.cells(moment);
            if let (only, None) = (cells.next(), cells.next()) {
                return Ok(only.map(|cells| cells[self.bound.base].clone()));
            }
        }
        let key = (scope.scan.source, self.bound.base, days, scope.segment);
        Ok(scope.reader.memo().cell(key, scope.members.as_ref(), || self.merge(days))?)
    }

    fn merge(&self, days: Days) -> Result<Option<Cell>, Fault> {
        let mut merged: Option<Cell> = None;
        for (_, moment) in within(self.scope.table, days) {
            for cells in self.scope.cells(moment) {
                let cell = cells[self.bound.base].clone();
                match &mut merged {
                    None => merged = Some(cell),
                    // What leaves 128 bits only when parts are put together is refused here.
                    Some(mine) => mine.merge(cell).map_err(|_| Fault::TooLarge)?,
                }
            }
        }
        Ok(merged)
    }

    fn value(&self, cell: Cell) -> Result<Number, Absence> {
        match cell {
            Cell::Sum { sum, count } if self.bound.aggregate.function == Function::Avg => {
                Ok(self.fixed(sum)?.divided_by(Number::from(count as i64))?)
            }
            Cell::Sum { sum, .. } => self.fixed(sum),
            Cell::Count(count) => Ok(Number::from(count as i64)),
            Cell::Texts(texts) => Ok(Number::from(texts.len() as i64)),
            Cell::Min(value) | Cell::Max(value) => {
                value.map_or(Err(Absence::Fault(Fault::ZeroOfZero)), |value| self.fixed(value))
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
        let (low, high) = (self.fixed(*low)?, self.fixed(*high)?);
        Ok(low.plus(high.minus(low)?.times(Number::Exact(position - below))?)?)
    }

    /// A fixed-point value as a number: with all its digits, or not at all, unless a quotient in each row was rounded anyway.
    fn fixed(&self, mantissa: i128) -> Result<Number, Absence> {
        let argument = self.bound.aggregate.argument.as_ref();
        match Number::from_scaled(mantissa, self.scope.table.scale.decimals()) {
            Number::Approx(_) if !argument.is_some_and(RowExpr::divides) => Err(Absence::Fault(Fault::TooLong)),
            number => Ok(number),
        }
    }

    /// Whether the part has rows in some days.
    fn has_cells(&self, days: Days) -> bool {
        within(self.scope.table, days).any(|(_, moment)| self.scope.cells(moment).next().is_some())
    }

    /// Why nothing counted in some days.
    fn nothing(&self, days: Days) -> Absence {
        if !self.scope.has_rows(days) {
            return self.scope.no_rows(days);
        }
        let is_seen = |period: Period| {
            let cell = self.merged(period.days()).ok().flatten();
            cell.is_some_and(|cell| self.is_filled(&cell, period))
        };
        let before = self.scope.table.moments.keys().rev().filter(|period| period.last() < days.first);
        let last_seen = before.copied().find(|period| is_seen(*period));
        let last_seen = last_seen.map(|period| self.scope.reader.calendar().name(period));
        let source = self.scope.source_name();
        // Of rows that meet no condition, none is told from one with a blank cell.
        let bases = BTreeSet::from([self.bound.base]);
        let is_blank = self.scope.scan.bases[self.bound.base].filter.is_none()
            && self.has_cells(days)
            && self.scope.rejected(&bases, days).is_none();
        if is_blank {
            Absence::Blank { source, written: self.bound.written(), last_seen }
        } else {
            Absence::NothingCounted { source, last_seen }
        }
    }
}
