//! Who should have reported, who has, and what that makes of a total.
//!
//! A member of a roster is late where it was expected and has no rows, or only blank cells, or has no more rows from inside the
//! period on, for longer than ever before, while others go on. It is expected by declaration, or because it reported in the
//! period before. A declared list is the surer one: who stays away for good is expected for one period only
//! where the list is taken from the data.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::absence::Absence;
use super::caveat::{Caveat, Figure, Provisional};
use super::scope::{Members, Scope, within};
use super::window::Window;
use crate::formula::{CellFault, Cells, Formula, Function, OverTime, Predicate, Scale, parse_cell};
use crate::metric::Roster;
use crate::number::Number;
use crate::observe::Segment;
use crate::period::{Days, Period};
use crate::plan::BoundAggregate;

/// Who was expected in each unit of a window, and who of them is late.
pub(super) struct Attendance {
    expected: BTreeSet<(Period, String)>,
    late: BTreeSet<(Period, String)>,
    /// Whether some of the rows of those who are late are there.
    has_some: bool,
}

impl Attendance {
    fn members(of: &BTreeSet<(Period, String)>) -> BTreeSet<String> {
        of.iter().map(|(_, member)| member.clone()).collect()
    }

    fn units(&self) -> usize {
        self.expected.iter().map(|(unit, _)| unit).collect::<BTreeSet<_>>().len()
    }
}

/// Days of a unit in which every member must have rows.
struct Slot {
    unit: Period,
    days: Days,
}

impl Scope<'_> {
    /// The caveat of a formula's value, where the source has a roster and someone on it is late.
    ///
    /// # Errors
    /// So few reported that the value says nothing.
    pub(super) fn provisional(
        &self,
        formula: &Formula<BoundAggregate>,
        window: Window,
    ) -> Result<Option<Caveat>, Absence> {
        let Some(attendance) = self.attendance(formula, window).filter(|attendance| !attendance.late.is_empty()) else {
            return Ok(None);
        };
        let (expected, units) = (attendance.expected.len(), attendance.units());
        let (source, reported) = (self.source_name(), expected - attendance.late.len());
        let late: Vec<String> = Attendance::members(&attendance.late).into_iter().collect();
        let least = self.reader.scorecard().scoring.min_coverage;
        if (reported as f64) < least * expected as f64 - 1e-9 {
            return Err(Absence::Insufficient { source, reported, expected, units, least, late });
        }
        let by_value = self.by_value(formula, window, &attendance);
        let provisional = Provisional { source, reported, expected, units, late, by_value, growth: None, mixed: false };
        Ok(Some(Caveat::Provisional(provisional)))
    }

    /// The members with rows throughout both windows; `None` where the source has no roster.
    pub(super) fn in_both(
        &self,
        formula: &Formula<BoundAggregate>,
        window: Window,
        other: Window,
    ) -> Result<Option<Members>, Absence> {
        if self.scan.roster.is_none() {
            return Ok(None);
        }
        let both = &self.throughout(formula, window)? & &self.throughout(formula, other)?;
        if both.is_empty() { Err(Absence::NoneInBoth) } else { Ok(Some(Rc::new(both))) }
    }

    /// Why a part that is a member of the roster has nothing to read: it is late.
    pub(super) fn late(&self, formula: &Formula<BoundAggregate>, window: Window) -> Option<Absence> {
        self.segment.zip(self.scan.roster.filter(|column| *column < self.scan.split))?;
        // Where nobody has rows, the source itself is what is missing.
        self.units(window).ok().filter(|units| units.iter().all(|unit| self.has_rows(unit.days())))?;
        let late: Vec<String> = Attendance::members(&self.attendance(formula, window)?.late).into_iter().collect();
        (!late.is_empty()).then(|| Absence::Late { source: self.source_name(), late })
    }

    /// Whether an earlier window is of other members, where nobody has declared who they are: the period before,
    /// of which some members lack a part, or a year before, with others than now.
    pub(super) fn has_others(
        &self,
        formula: &Formula<BoundAggregate>,
        window: Window,
        earlier: Window,
        figure: Figure,
    ) -> bool {
        let from_data = self.source().written.roster.as_ref().is_some_and(|roster| roster.expected.is_empty());
        let of = |window| -> Option<(BTreeSet<String>, BTreeSet<String>)> {
            let mut some = BTreeSet::new();
            self.slots(formula, window)
                .ok()?
                .iter()
                .for_each(|slot| some.extend((*self.seen(formula, slot.days, None)).clone()));
            some.retain(|member| self.is_meant(formula, member));
            let all = &some & &self.throughout(formula, window).ok()?;
            Some((some, all))
        };
        let Some((now, then)) = of(window).zip(of(earlier)).filter(|_| from_data) else { return false };
        then.0 != then.1 || (figure == Figure::PriorYear && now != then)
    }

    /// The members that lack nothing of a window.
    fn throughout(&self, formula: &Formula<BoundAggregate>, window: Window) -> Result<BTreeSet<String>, Absence> {
        let mut slots = self.slots(formula, window)?.into_iter();
        let first = slots.next().map(|slot| self.present(formula, &slot)).unwrap_or_default();
        Ok(slots.fold(first, |members, slot| &members & &self.present(formula, &slot)))
    }

    /// The members that lack nothing of a slot.
    fn present(&self, formula: &Formula<BoundAggregate>, slot: &Slot) -> BTreeSet<String> {
        // Late is who has no rows at all: none of this segment may just be how things are.
        let mut present = (*self.seen(formula, slot.days, None)).clone();
        // What is read at one moment is not the less for what follows it.
        let all = self.span(formula).filter(|_| slot.days == slot.unit.days());
        present.retain(|member| all.is_none_or(|all| !self.facts.is_cut(member, slot.unit, all)));
        present
    }

    fn attendance(&self, formula: &Formula<BoundAggregate>, window: Window) -> Option<Attendance> {
        let roster = self.source().written.roster.as_ref()?;
        let slots = self.slots(formula, window).ok()?;
        let mut attendance = Attendance { expected: BTreeSet::new(), late: BTreeSet::new(), has_some: false };
        for slot in &slots {
            let expected = self.expected(roster, formula, slot.unit);
            let present = self.present(formula, slot);
            let of_unit = |member: &String| (slot.unit, member.clone());
            attendance.late.extend(expected.difference(&present).map(of_unit));
            attendance.expected.extend(expected.iter().map(of_unit));
        }
        let late = Attendance::members(&attendance.late);
        attendance.has_some = slots.iter().any(|slot| !late.is_disjoint(&self.seen(formula, slot.days, None)));
        Some(attendance)
    }

    fn expected(&self, roster: &Roster, formula: &Formula<BoundAggregate>, unit: Period) -> BTreeSet<String> {
        let mut expected: BTreeSet<String> = match self.reader.calendar().shift(unit, -1) {
            _ if !roster.expected.is_empty() => roster.expected.iter().cloned().collect(),
            Some(before) => (*self.seen(formula, before.days(), self.segment)).clone(),
            None => BTreeSet::new(),
        };
        expected.retain(|member| self.is_meant(formula, member));
        expected
    }

    /// Whether rows of a member may count for a formula here, by the segment and the conditions alone.
    pub(super) fn is_meant(&self, formula: &Formula<BoundAggregate>, member: &str) -> bool {
        let Some(roster) = &self.source().written.roster else { return true };
        let of_segment = self.segment.zip(self.scan.roster.filter(|column| *column < self.scan.split));
        of_segment.is_none_or(|(segment, column)| segment.get(column).is_none_or(|own| own == member))
            && !self.rules_out(formula, &roster.column, member)
    }

    /// Whether no row of a member counts for any part of the formula, by the conditions alone.
    fn rules_out(&self, formula: &Formula<BoundAggregate>, column: &str, member: &str) -> bool {
        let mut counts = false;
        formula.visit(&mut |bound| {
            let filter = self.scan.bases[bound.base].filter.as_ref();
            counts |= filter.is_none_or(|filter| decided(filter, column, member) != Some(false));
        });
        !counts
    }

    /// A stock looks at one moment, everything else at every unit of the window.
    fn slots(&self, formula: &Formula<BoundAggregate>, window: Window) -> Result<Vec<Slot>, Absence> {
        let units = self.units(window)?;
        let (mut opening, mut closing, mut throughout) = (false, false, false);
        formula.visit(&mut |bound| match bound.aggregate.function {
            Function::First => opening = true,
            Function::Last => closing = true,
            _ => throughout = true,
        });
        let mut slots = Vec::new();
        let mut add = |unit: Option<&Period>, days: Option<Days>| {
            slots.extend(unit.zip(days).map(|(unit, days)| Slot { unit: *unit, days }));
        };
        if opening {
            add(units.first(), units.first().and_then(|unit| self.opening(*unit)));
        }
        if throughout {
            units.iter().for_each(|unit| add(Some(unit), Some(unit.days())));
        }
        if closing {
            add(units.last(), units.last().and_then(|unit| self.closing(*unit)));
        }
        Ok(slots)
    }

    /// The members that report in some days what a formula is of, in one segment or in any; remembered.
    fn seen(&self, formula: &Formula<BoundAggregate>, days: Days, segment: Option<&Segment>) -> Members {
        self.filling(&self.needed(formula), days, segment)
    }

    /// Whether the member whose part this is has not reported a base aggregate in a unit.
    pub(super) fn member_is_late(&self, base: usize, unit: Period) -> bool {
        let own = self.segment.zip(self.scan.roster).and_then(|(segment, column)| segment.get(column));
        let needed = if self.scan.bases[base].filter.is_none() { &[base][..] } else { &[] };
        own.is_some_and(|member| !self.filling(needed, unit.days(), None).contains(member))
    }

    /// The members that have filled some base aggregates in some days.
    fn filling(&self, needed: &[usize], days: Days, segment: Option<&Segment>) -> Members {
        self.reader.memo().seen((self.scan.source, days, segment), needed, || {
            let Some(column) = self.scan.roster else { return BTreeSet::new() };
            let scope = Scope { segment, ..self.clone() };
            let mut filled: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
            for (_, moment) in within(self.table, days) {
                let rows =
                    moment.segments.iter().filter(|(keys, _)| scope.in_segment(keys) && !keys[column].is_empty());
                for (keys, cells) in rows {
                    // A cell that could not be read has been sent; what was lost has a caveat of its own.
                    let rejected = moment.rejected.get(keys);
                    let is_there = |base: &usize| {
                        cells[*base].is_filled().unwrap_or(true) || rejected.is_some_and(|lost| lost.contains_key(base))
                    };
                    let there = needed.iter().copied().filter(is_there);
                    filled.entry(&keys[column]).or_default().extend(there);
                }
            }
            let all = filled.into_iter().filter(|(_, filled)| filled.len() == needed.len());
            all.map(|(member, _)| member.clone()).collect()
        })
    }

    /// The aggregates of a formula that who reports must have filled: a row with a blank cell is no report of it. Of
    /// those with a condition nobody knows: that none of its rows meets it may just be how things are.
    fn needed(&self, formula: &Formula<BoundAggregate>) -> Vec<usize> {
        let mut needed = BTreeSet::new();
        formula.visit(&mut |bound| {
            if self.scan.bases[bound.base].filter.is_none() {
                needed.insert(bound.base);
            }
        });
        needed.into_iter().collect()
    }

    /// What those who reported were of the whole in the period before, where values of members add up and all of
    /// them were there.
    fn by_value(&self, formula: &Formula<BoundAggregate>, window: Window, attendance: &Attendance) -> Option<Number> {
        let before = Window::of(self.reader.calendar().shift(window.period()?, -1)?);
        let expected = Attendance::members(&attendance.expected);
        let all_there = expected.is_subset(&self.throughout(formula, before).ok()?);
        if !adds_over_members(formula) || attendance.has_some || !all_there {
            return None;
        }
        let value = |members: BTreeSet<String>| -> Option<Number> {
            self.of(Rc::new(members)).value(formula, before).ok().filter(|value| *value >= Number::ZERO)
        };
        let late = &Attendance::members(&attendance.late) & &*self.seen(formula, before.days(), self.segment);
        let late = if late.is_empty() { Number::ZERO } else { value(late)? };
        let whole = value(expected)?;
        let share = whole.minus(late).ok()?.divided_by(whole).ok()?;
        (share >= Number::ZERO).then_some(share)
    }
}

/// Whether the values of members add up to the value of all.
pub(super) fn adds_over_members(formula: &Formula<BoundAggregate>) -> bool {
    formula.is_additive(&|bound| match bound.aggregate.function.over_time() {
        OverTime::Adds | OverTime::ReadAtMoment => true,
        OverTime::Recomputed | OverTime::Never => false,
    })
}

/// A row of which one cell is known.
struct OneCell<'t>(&'t str);

impl Cells<()> for OneCell<'_> {
    fn text(&self, (): ()) -> Option<&str> {
        Some(self.0)
    }

    fn number(&self, (): (), scale: Scale) -> Result<Option<i128>, CellFault> {
        parse_cell(self.0, scale)
    }
}

/// What a condition comes to for rows of which only one column is known; `None` where that depends on others.
fn decided(condition: &Predicate<String>, column: &str, value: &str) -> Option<bool> {
    match condition {
        Predicate::Not(a) => decided(a, column, value).map(|holds| !holds),
        Predicate::And(a, b) => match (decided(a, column, value), decided(b, column, value)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (a, b) => Some(a? && b?),
        },
        Predicate::Or(a, b) => match (decided(a, column, value), decided(b, column, value)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (a, b) => Some(a? || b?),
        },
        leaf => {
            let mut others = false;
            leaf.visit(&mut |name| others |= name != column);
            if others {
                return None;
            }
            leaf.map(&mut |_| ()).holds(&OneCell(value), Scale::USUAL).ok().flatten()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parse_predicate;

    #[test]
    fn a_condition_is_decided_by_one_column_where_it_can_be() {
        let of_north = |text: &str| decided(&parse_predicate(text).unwrap(), "region", "north");
        for (text, expected) in [
            ("region = 'north'", Some(true)),
            ("region <> 'north'", Some(false)),
            ("region in ('south', 'west')", Some(false)),
            ("region like 'n%' and channel = 'phone'", None),
            ("region = 'south' and channel = 'phone'", Some(false)),
            ("region = 'north' or channel = 'phone'", Some(true)),
            ("not (region = 'south' or channel is null)", None),
            ("channel is null", None),
        ] {
            assert_eq!(of_north(text), expected, "{text}");
        }
    }
}
