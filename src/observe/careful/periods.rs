//! Texts that say when, understood under the formats of their file and the scorecard's calendar.

use std::cell::Cell;
use std::rc::Rc;

use super::faults::{self, Spot};
use super::work::{Gathered, Record, Work};
use crate::diagnostic::{Code, Diagnostic};
use crate::metric::{Layout, Quarters};
use crate::observe::findings::Sight;
use crate::observe::header::At;
use crate::observe::record::Kind;
use crate::period::{Calendar, Grain, Period, WrittenPeriod};

/// A text of the period's column, understood.
pub(super) enum When {
    Known(Known),
    /// Two dates, until the order is known.
    Open,
    Not,
}

/// A period, and its name as texts are compared with it.
pub(super) struct Known {
    pub(super) period: Period,
    pub(super) name: String,
}

/// What a text says, and what it shows of how dates are written.
pub(super) struct Understood {
    pub(super) when: When,
    written: Option<WrittenPeriod>,
    is_open_quarter: bool,
    /// Whether what it shows has been noted.
    is_noted: Cell<bool>,
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
    pub(super) fn when(&self, text: &str, kind: Kind, gathered: &mut Gathered) -> Rc<Understood> {
        if let Some(known) = gathered.periods.get(text) {
            return known.clone();
        }
        let understood = Rc::new(self.understand(text, kind));
        gathered.periods.insert(text.to_owned(), understood.clone());
        understood
    }

    fn understand(&self, text: &str, kind: Kind) -> Understood {
        let written = match kind {
            Kind::Written => WrittenPeriod::parse(text),
            Kind::Typed | Kind::Percent | Kind::Hundredths | Kind::Money(_) => {
                Period::parse(text).map(WrittenPeriod::Known)
            }
        };
        let (when, is_open_quarter) = match written.map(|written| (written, self.quarter(written, text))) {
            None => (When::Not, false),
            Some((_, None)) => (When::Open, true),
            Some((_, Some(written))) => match written.settle(self.rules.formats.order, self.calendar) {
                Some(period) => (When::Known(self.known(period, text)), false),
                None if self.rules.formats.order.is_none() => (When::Open, false),
                None => (When::Not, false),
            },
        };
        Understood { when, written, is_open_quarter, is_noted: Cell::new(false) }
    }

    /// A period with its name; where the scorecard says what the source's dates stand for, that.
    fn known(&self, period: Period, text: &str) -> Known {
        let declared = self.source.written.grain.filter(|grain| period.grain().nests_in(*grain));
        let period = declared.and_then(|grain| self.calendar.containing(grain, period.first())).unwrap_or(period);
        let plain = Calendar::default().name(period);
        let name = match Period::parse(text) {
            Some(same) if same == period => text.to_owned(),
            _ if Period::parse(&plain) == Some(period) => plain,
            _ => self.calendar.name(period),
        };
        Known { period, name }
    }

    /// A quarter without `FY` is the calendar's or the fiscal year's: `None` where the two differ and nothing says which.
    fn quarter(&self, written: WrittenPeriod, text: &str) -> Option<WrittenPeriod> {
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
            None => Period::parse(text).map(|_| written),
        }
    }

    /// Notes what a period that counts shows of the order of day and month.
    pub(super) fn note_period(
        &self,
        understood: &Understood,
        text: &str,
        field: usize,
        record: &Record<'_>,
        gathered: &Gathered,
    ) {
        if understood.is_noted.replace(true) {
            return;
        }
        let mut findings = gathered.findings.borrow_mut();
        if understood.is_open_quarter {
            findings.open_quarter.get_or_insert_with(|| self.sight_of_period(text, field, record));
        } else if let Some(slot) = understood.written.and_then(|written| findings.of_date(written)) {
            *slot = Some(self.sight_of_period(text, field, record));
        }
    }

    /// Headers of a wide file that are one period, in whatever form.
    pub(super) fn headers_twice(&self) -> Vec<Diagnostic> {
        let mut seen: Vec<(Period, usize)> = Vec::new();
        let mut problems = Vec::new();
        for (field, header) in &self.file.columns.across {
            let When::Known(known) = self.understand(header, Kind::Written).when else { continue };
            if let Some((_, first)) = seen.iter().find(|(period, _)| *period == known.period) {
                let names = &self.file.columns.names;
                let message = format!("the headers `{}` and `{header}` say the same period", names[*first]);
                let loci = &self.file.columns.headers;
                let problem = Diagnostic::error(Code::BadColumn, message)
                    .at_locus(loci[*field].clone(), "again here")
                    .at_locus(loci[*first].clone(), "first here")
                    .at(&self.source.path_place, "read here");
                problems.push(problem.help("rename or remove one of them"));
            }
            seen.push((known.period, *field));
        }
        problems
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
