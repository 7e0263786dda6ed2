//! Texts that say when, understood under the formats of their file and the scorecard's calendar.

use std::rc::Rc;

use super::faults::{self, Spot};
use super::work::{Gathered, Record, Work};
use crate::metric::{Layout, Quarters};
use crate::observe::findings::Sight;
use crate::observe::header::At;
use crate::observe::record::Kind;
use crate::period::{Calendar, Grain, Period, WrittenPeriod};

/// A text of the period's column, understood.
#[derive(Clone)]
pub(super) enum When {
    Known(Rc<Known>),
    /// Two dates, until the order is known.
    Open,
    Not,
}

/// A period, and its name as texts are compared with it.
pub(super) struct Known {
    pub(super) period: Period,
    pub(super) name: String,
}

impl When {
    pub(super) fn known(&self) -> Option<&Known> {
        match self {
            When::Known(known) => Some(known),
            When::Open | When::Not => None,
        }
    }
}

impl Work<'_> {
    /// The field of the period; `None` in a wide file.
    pub(super) fn period_field(&self) -> Option<usize> {
        match self.file.columns.at.first() {
            Some(At::Field(field)) => Some(*field),
            _ => None,
        }
    }

    /// What a text of the period's column (or a header of a wide file) says.
    pub(super) fn when(
        &self,
        text: &str,
        kind: Kind,
        record: &Record<'_>,
        field: usize,
        gathered: &mut Gathered,
    ) -> When {
        if let Some(known) = gathered.periods.get(text) {
            return known.clone();
        }
        let name = |period: Period| {
            let plain = Calendar::default().name(period);
            match Period::parse(text) {
                Some(_) => text.to_owned(),
                None if Period::parse(&plain) == Some(period) => plain,
                None => self.calendar.name(period),
            }
        };
        let found = if kind == Kind::Written {
            WrittenPeriod::parse(text)
        } else {
            Period::parse(text).map(WrittenPeriod::Known)
        };
        let when = match found {
            None => When::Not,
            Some(written) => {
                let written = match self.quarter(written, text, field, record, gathered) {
                    Some(written) => written,
                    None => return When::Open,
                };
                if let Some(slot) = gathered.findings.borrow_mut().of_date(written) {
                    *slot = Some(self.sight_of_period(text, field, record));
                }
                match written.settle(self.rules.formats.order, self.calendar) {
                    Some(period) => When::Known(Rc::new(Known { period, name: name(period) })),
                    None if self.rules.formats.order.is_none() => When::Open,
                    None => When::Not,
                }
            }
        };
        gathered.periods.insert(text.to_owned(), when.clone());
        when
    }

    /// A quarter without `FY` is the calendar's or the fiscal year's: where the two differ, the scorecard says which.
    fn quarter(
        &self,
        written: WrittenPeriod,
        text: &str,
        field: usize,
        record: &Record<'_>,
        gathered: &mut Gathered,
    ) -> Option<WrittenPeriod> {
        let WrittenPeriod::Known(period) = written else { return Some(written) };
        if period.grain() != Grain::Quarter || self.calendar.is_plain() {
            return Some(written);
        }
        match self.source.written.quarters {
            Some(Quarters::Calendar) => Some(written),
            Some(Quarters::Fiscal) => {
                let (year, quarter) = (period.first().year(), Some((period.first().month() + 2) / 3));
                Some(WrittenPeriod::Fiscal { year, quarter })
            }
            // The program's own way of writing a quarter of the calendar.
            None if Period::parse(text).is_some() => Some(written),
            None => {
                let sight = self.sight_of_period(text, field, record);
                gathered.findings.borrow_mut().open_quarter.get_or_insert(sight);
                None
            }
        }
    }

    fn sight_of_period(&self, text: &str, field: usize, record: &Record<'_>) -> Sight {
        let locus = match self.source.written.layout {
            Layout::Long => (record.place)(Some(field)),
            Layout::Wide => self.file.columns.headers[field].clone(),
        };
        Sight { text: text.to_owned(), column: self.source.period.clone(), locus }
    }

    /// Keeps a row whose period cannot be read as a fault.
    pub(super) fn not_a_period(
        &self,
        record: &Record<'_>,
        across: usize,
        header: Option<&String>,
        gathered: &mut Gathered,
    ) {
        let field = header.map_or(self.period_field(), |_| Some(across));
        let text = field.and_then(|field| record.fields.get(field)).map(|field| field.text.trim()).unwrap_or_default();
        gathered.out.unplaced += u64::from(self.is_rejecting());
        let column = &self.source.period;
        let spot = Spot { source: &self.source.id, column, text };
        let (text, order) = (header.map_or(text, String::as_str), self.rules.formats.order);
        let place = || match (header, field) {
            (Some(_), Some(field)) => self.file.columns.headers[field].clone(),
            _ => (record.place)(field),
        };
        gathered.out.faults.keep(self.is_rejecting(), &spot, || faults::of_period(text, column, order, place()));
    }
}
