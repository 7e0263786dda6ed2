//! One piece of a file the careful way: split, understood cell by cell, aggregated; everything odd kept with its place.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::cells::{CellRow, Notes, Rules};
use super::faults::{self, Faults, Spot};
use super::groups::Groups;
use super::periods::{Known, Understood, When};
use super::rates::{RateFault, RowRates, rate_fault};
use super::twins::{Identity, RowPlace};
use crate::diagnostic::Locus;
use crate::formula::{CellFault, Cells, DecimalMark, Predicate, Proof, RowFault, Scale, WrittenNumber};
use crate::metric::{Layout, Source};
use crate::number::Number;
use crate::observe::OnFault;
use crate::observe::files::InputFile;
use crate::observe::findings::{Findings, Formats, Sight};
use crate::observe::header::At;
use crate::observe::locus::in_record;
use crate::observe::pieces::Piece;
use crate::observe::rates::{Rates, code};
use crate::observe::record::{Field, Kind};
use crate::observe::row::{RowBase, position};
use crate::observe::table::Moment;
use crate::observe::totals::{Tally, TotalWords};
use crate::period::{Calendar, Grain, Period};
use crate::plan::Scan;

/// What it takes to read the pieces of one file.
pub(super) struct Work<'w> {
    pub(super) index: usize,
    pub(super) file: &'w InputFile,
    pub(super) source: &'w Source,
    pub(super) scan: &'w Scan,
    pub(super) calendar: &'w Calendar,
    pub(super) rules: Rules<'w>,
    pub(super) scale: Scale,
    on_fault: OnFault,
    rates: Option<RowRates<'w>>,
    pub(super) filter: Option<Predicate<usize>>,
    bases: Vec<RowBase>,
    keys: Vec<usize>,
    identity: Option<Vec<usize>>,
    pub(super) summed: Vec<usize>,
    /// The columns numbers are read from.
    numeric: Vec<usize>,
    pub(super) words: TotalWords,
    /// Whether totals are compared in this pass.
    pub(super) tallies: bool,
    skip: &'w HashSet<RowPlace>,
}

/// What is the same for all files of a pass.
#[derive(Clone, Copy)]
pub(super) struct Pass<'p> {
    pub(super) source: &'p Source,
    pub(super) scan: &'p Scan,
    pub(super) calendar: &'p Calendar,
    pub(super) currency: Option<&'p str>,
    pub(super) rates: Option<&'p Rates>,
    pub(super) scale: Scale,
    pub(super) on_fault: OnFault,
    pub(super) tallies: bool,
    pub(super) skip: &'p HashSet<RowPlace>,
}

/// What a piece came to.
#[derive(Default)]
pub(super) struct Yield {
    pub(super) rows: u64,
    pub(super) kept: u64,
    pub(super) totals: u64,
    pub(super) moments: BTreeMap<Period, Moment>,
    pub(super) faults: Faults,
    pub(super) findings: Findings,
    pub(super) identities: Vec<Identity>,
    pub(super) tally: Tally,
    pub(super) grains: BTreeMap<Grain, Locus>,
    pub(super) unplaced: u64,
    pub(super) not_utf8: bool,
    pub(super) too_large: bool,
    pub(super) unrated: BTreeMap<(Period, String), Locus>,
}

/// Where a row's values go.
struct Aggregates<'a> {
    groups: &'a mut Groups,
    out: &'a mut Yield,
    shares_known: &'a mut [bool],
    has_percent: bool,
}

/// What is gathered while a piece is read.
pub(super) struct Gathered {
    pub(super) out: Yield,
    groups: Groups,
    pub(super) findings: RefCell<Findings>,
    pub(super) periods: HashMap<String, Rc<Understood>>,
    /// Whether fields parted by commas stand in quotes, which a decimal comma needs.
    has_quotes: bool,
    has_percent: bool,
    /// Whether a row of the piece may be a total.
    may_total: bool,
    /// For each base, whether the piece can show nothing more of percentages.
    shares_known: Vec<bool>,
}

/// A record and how to say where it stands.
pub(super) struct Record<'r> {
    pub(super) line: u64,
    pub(super) fields: &'r [Field<'r>],
    pub(super) place: &'r dyn Fn(Option<usize>) -> Locus,
}

impl<'w> Work<'w> {
    pub(super) fn new(pass: Pass<'w>, index: usize, file: &'w InputFile, formats: Formats) -> Work<'w> {
        let (source, scan) = (pass.source, pass.scan);
        let at = |columns: &[String]| columns.iter().map(|column| position(scan, column)).collect::<Vec<usize>>();
        Work {
            index,
            file,
            source,
            scan,
            calendar: pass.calendar,
            rules: Rules::of(source, scan, formats, pass.currency),
            scale: pass.scale,
            on_fault: pass.on_fault,
            rates: RowRates::of(scan, pass.rates),
            filter: scan.filter.as_ref().map(|filter| filter.map(&mut |column| position(scan, column))),
            bases: RowBase::of(scan),
            keys: at(&scan.keys),
            identity: scan.identity.as_ref().map(|columns| at(columns)),
            summed: at(&scan.summed),
            numeric: numeric(&RowBase::of(scan)),
            words: TotalWords::of(source, file),
            tallies: pass.tallies,
            skip: pass.skip,
        }
    }

    /// The fields that are read.
    pub(super) fn needs(&self, field: usize) -> bool {
        self.identity.is_some()
            || self.file.columns.at.contains(&At::Field(field))
            || self.file.columns.across.iter().any(|(across, _)| *across == field)
            || self.file.columns.marked.iter().any(|(marked, _)| *marked == field)
    }

    /// Reads a piece.
    pub(super) fn read(&self, piece: &Piece) -> Yield {
        let mut gathered = Gathered {
            out: Yield::default(),
            groups: Groups::default(),
            findings: RefCell::default(),
            periods: HashMap::new(),
            has_percent: true,
            has_quotes: false,
            may_total: true,
            shares_known: vec![false; self.bases.len()],
        };
        match piece {
            Piece::Text { bytes, line } => {
                gathered.has_percent = memchr::memchr(b'%', bytes).is_some();
                gathered.may_total = self.words.may_stand_in(bytes);
                let by_commas = self.file.text().is_some_and(|form| form.delimiter == b',');
                gathered.has_quotes = by_commas && memchr::memchr(b'"', bytes).is_some();
                self.text(bytes, *line, &mut gathered);
            }
            Piece::Rows(rows) => {
                let path = self.file.shown_place();
                for row in rows {
                    let place = |field: Option<usize>| {
                        let (line, span) = row.line(field);
                        in_record(&path, row.number, &line, span)
                    };
                    let mut fields = row.fields.clone();
                    fields.resize(fields.len().max(self.file.fields()), Field::default());
                    self.record(&Record { line: row.number, fields: &fields, place: &place }, &mut gathered);
                }
            }
        }
        let mut out = gathered.out;
        out.findings = gathered.findings.into_inner();
        match gathered.groups.moments() {
            Ok(moments) => out.moments = moments,
            Err(_) => out.too_large = true,
        }
        out
    }

    pub(super) fn is_rejecting(&self) -> bool {
        self.on_fault == OnFault::Reject
    }

    pub(super) fn record(&self, record: &Record<'_>, gathered: &mut Gathered) {
        if record.fields.iter().all(|field| field.text.trim().is_empty()) {
            return;
        }
        if gathered.has_quotes {
            self.hint(record, gathered);
        }
        if self.source.written.layout == Layout::Long {
            return self.row(record, 0, None, gathered);
        }
        if gathered.may_total && self.mark(record).is_some() {
            return self.total_of_wide(record, gathered);
        }
        for (field, header) in &self.file.columns.across {
            let text = record.fields.get(*field).map(|field| field.text.trim()).unwrap_or_default();
            if !self.source.written.missing.holds(text) {
                self.row(record, *field, Some(header), gathered);
            }
        }
    }

    /// A decimal comma anywhere between commas makes a lone point doubtful, even where the column is not read.
    fn hint(&self, record: &Record<'_>, gathered: &Gathered) {
        let mut findings = gathered.findings.borrow_mut();
        if findings.hint.is_some() {
            return;
        }
        let shows = |field: &Field<'_>| {
            field.text.contains(',')
                && WrittenNumber::parse(field.text.trim())
                    .is_some_and(|number| number.proof() == Proof::Decimal(DecimalMark::Comma))
        };
        if let Some(field) = record.fields.iter().position(shows) {
            let column = self.file.columns.names.get(field).cloned().unwrap_or_default();
            let text = record.fields[field].text.trim().to_owned();
            findings.hint = Some(Sight { text, column, locus: (record.place)(Some(field)) });
        }
    }

    /// One row: a record of a long file, or one cell across of a wide one.
    fn row(&self, record: &Record<'_>, across: usize, header: Option<&String>, gathered: &mut Gathered) {
        let (text, kind) = self.period_text(record, header);
        let understood = self.when(text, kind, gathered);
        let when_field = header.map_or_else(|| self.period_field().unwrap_or_default(), |_| across);
        let notes = Notes { findings: &gathered.findings, place: record.place, names: &self.scan.columns };
        let row = self.cells(record, across, understood.when.known(), &notes);
        let kept = match self.filter.as_ref().map_or(Ok(Some(true)), |filter| filter.holds(&row, self.scale)) {
            Ok(kept) => kept == Some(true),
            // The condition may be on a period that is not understood yet.
            Err(_) if matches!(understood.when, When::Open) => {
                return self.note_period(&understood, text, when_field, record, gathered);
            }
            Err(fault) => {
                gathered.out.unplaced += u64::from(self.is_rejecting());
                gathered.out.rows += 1;
                return self.fault(fault, &row, record, &mut gathered.out.faults);
            }
        };
        if header.is_none() && kept && gathered.may_total && self.mark(record).is_some() {
            return self.total(record, gathered);
        }
        gathered.out.rows += 1;
        let is_copy = self.skip.contains(&(self.index, record.line, across));
        if self.tallies && !is_copy {
            self.tally(&row, understood.when.known(), kept, &mut gathered.out.tally);
        }
        if !kept {
            return self.numeric.iter().for_each(|column| row.note_unread(*column));
        }
        self.note_period(&understood, text, when_field, record, gathered);
        let known = match &understood.when {
            When::Known(known) => known,
            When::Open => return,
            When::Not => return self.not_a_period(record, across, header, gathered),
        };
        gathered.out.identities.extend(self.identity_of(record, &known.name, across));
        if is_copy {
            return;
        }
        gathered.out.kept += 1;
        gathered.out.grains.entry(known.period.grain()).or_insert_with(|| (record.place)(Some(when_field)));
        let mut into = Aggregates {
            groups: &mut gathered.groups,
            out: &mut gathered.out,
            shares_known: &mut gathered.shares_known,
            has_percent: gathered.has_percent,
        };
        self.aggregate(known, &row, record, &mut into);
    }

    /// The text that says when, and what the file says of it.
    pub(super) fn period_text<'r>(&self, record: &'r Record<'_>, header: Option<&'r String>) -> (&'r str, Kind) {
        match header {
            Some(header) => (header, Kind::Written),
            None => {
                let field = self.period_field().and_then(|field| record.fields.get(field));
                field.map_or(("", Kind::Written), |field| (field.text.trim(), field.kind))
            }
        }
    }

    pub(super) fn cells<'r>(
        &'r self,
        record: &'r Record<'_>,
        across: usize,
        when: Option<&'r Known>,
        notes: &'r Notes<'_>,
    ) -> CellRow<'r> {
        CellRow {
            fields: record.fields,
            at: &self.file.columns.at,
            headers: &self.file.columns.names,
            when: when.map(|known| known.name.as_str()),
            across,
            rules: &self.rules,
            notes,
        }
    }

    /// Takes what every base takes from a row of a period.
    fn aggregate(&self, when: &Known, row: &CellRow<'_>, record: &Record<'_>, into: &mut Aggregates<'_>) {
        let unrated = || self.rates.as_ref().is_some_and(|rates| rates.missing(when.period, row).is_some());
        let group = into.groups.of((when.period, &when.name), &self.keys, row, &self.bases, &unrated);
        let mut found: Vec<(usize, RowFault<usize>)> = Vec::new();
        for (index, base) in self.bases.iter().enumerate() {
            match base.value(row, self.scale) {
                Err(fault) => found.push((index, fault)),
                Ok(None) => base.columns().iter().for_each(|column| row.note_unread(*column)),
                Ok(Some(value)) => {
                    if base.converts() && into.groups.is_unrated(group) {
                        self.note_unrated(when.period, row, record, into.out);
                    }
                    self.judge_rate(when, value, row, record, into.out);
                    into.out.too_large |= into.groups.add(group, index, base, value, row).is_err();
                    if !into.shares_known[index] {
                        into.shares_known[index] = self.note_share(index, value, row, into.has_percent);
                    }
                }
            }
        }
        if found.is_empty() {
            return;
        }
        if self.is_rejecting() {
            found.iter().for_each(|(base, _)| into.groups.reject(group, *base));
        }
        let mut faults: Vec<RowFault<usize>> = Vec::new();
        for (_, fault) in found {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        // In the order of the line, whatever asked for the cells first.
        faults.sort_by_key(|fault| match fault {
            RowFault::Cell(column, _) => row.field_of(*column).unwrap_or_default(),
            RowFault::ZeroDenominator | RowFault::Result(_) => usize::MAX,
        });
        for fault in faults {
            self.fault(fault, row, record, &mut into.out.faults);
        }
    }

    /// Notes what is wrong with a row of rates, whose one base is its rate.
    fn judge_rate(&self, when: &Known, value: i128, row: &CellRow<'_>, record: &Record<'_>, out: &mut Yield) {
        let (Some(own), Some(of), Some(rate)) = (&self.scan.rates_in, self.keys.first(), self.numeric.first()) else {
            return;
        };
        let number = Number::from_scaled(value, self.scale.decimals());
        let currency = row.text(*of).unwrap_or_default();
        let (problem, column) = match rate_fault(own, currency, &self.calendar.name(when.period), number) {
            None => return,
            Some(RateFault::Currency(problem)) => (problem, *of),
            Some(RateFault::Rate(problem)) => (problem, *rate),
        };
        let name = row.name(column);
        let spot = Spot { source: &self.source.id, column: &name, text: row.raw(column) };
        let place = || (record.place)(row.field_of(column));
        out.faults.keep(self.is_rejecting(), &spot, || problem.at_locus(place(), format!("column `{name}`")));
    }

    /// Notes the first row of a currency that has no rate.
    fn note_unrated(&self, when: Period, row: &CellRow<'_>, record: &Record<'_>, out: &mut Yield) {
        let Some(rates) = &self.rates else { return };
        if let Some(missing) = rates.missing(when, row) {
            let field = rates.column.and_then(|column| row.field_of(column));
            out.unrated.entry(missing).or_insert_with(|| (record.place)(field));
        }
    }

    /// Notes what a cell that counted shows of percentages: with a sign, without one, beyond 1. Answers whether the
    /// piece can show nothing more of the base.
    fn note_share(&self, base: usize, value: i128, row: &CellRow<'_>, has_percent: bool) -> bool {
        // Percent metrics take a column's cells alike; others may read a column in which each row is of another kind.
        let reader = if self.bases[base].is_share() { None } else { Some(base) };
        let (columns, is_share) = (self.bases[base].columns(), self.bases[base].is_share());
        let is_beyond = is_share && value.unsigned_abs() > 10u128.pow(self.scale.decimals());
        let mut findings = row.notes.findings.borrow_mut();
        for column in columns {
            let text = row.raw(*column).trim();
            let sight = || row.notes.sight(text, row.field_of(*column), *column);
            let is_percent = row.is_percent(*column);
            // Nothing is the same with the sign and without.
            if text.contains(|c: char| ('1'..='9').contains(&c)) {
                let (with, without) = findings.percents.entry((*column, reader)).or_default();
                let slot = if is_percent { with } else { without };
                if slot.is_none() {
                    *slot = Some(sight());
                }
            }
            let header = row.field_of(*column).map_or("", |field| self.file.columns.names[field].as_str());
            let says_percent = is_share && value != 0 && header.contains('%');
            let is_open = (is_beyond || says_percent) && !is_percent && self.rules.factors[*column].is_none();
            if is_open && !findings.beyond_one.contains_key(&base) {
                let sight = sight();
                findings.beyond_one.insert(base, sight);
            }
        }
        let is_known = |column: &usize| {
            let seen = findings.percents.get(&(*column, reader));
            seen.is_some_and(|(with, without)| without.is_some() && (with.is_some() || !has_percent))
        };
        columns.iter().all(is_known) && (!is_share || findings.beyond_one.contains_key(&base))
    }

    fn fault(&self, fault: RowFault<usize>, row: &CellRow<'_>, record: &Record<'_>, faults: &mut Faults) {
        if let RowFault::Cell(_, CellFault::TooFine) | RowFault::Result(CellFault::TooFine) = fault {
            faults.too_fine = true;
        }
        let (column, text) = match fault {
            RowFault::Cell(column, _) => (row.name(column), row.raw(column)),
            RowFault::ZeroDenominator | RowFault::Result(_) => (String::new(), ""),
        };
        let spot = Spot { source: &self.source.id, column: &column, text };
        faults.keep(self.is_rejecting(), &spot, || {
            let raw = |column: usize| row.raw(column).to_owned();
            let place = |column: Option<usize>| (record.place)(column.and_then(|column| row.field_of(column)));
            let currency = self.rules.of_row.and_then(|column| row.text(column)).or(self.rules.currency);
            faults::of_cell(fault, &|column| row.name(column), &raw, &place, currency)
        });
    }

    /// What tells a row apart: its key with the period. Its content is the record, or the cell of a wide one.
    fn identity_of(&self, record: &Record<'_>, when: &str, across: usize) -> Option<Identity> {
        let identity = self.identity.as_ref()?;
        let currency = self.scan.currency.map(|key| self.keys[key]);
        let field = |column: &usize| -> Cow<'_, str> {
            let At::Field(field) = self.file.columns.at[*column] else { return "".into() };
            let text = record.fields.get(field).map_or("", |field| field.text.trim());
            match text {
                missing if self.source.written.missing.holds(missing) => "".into(),
                // One currency, however it is typed; rates are told apart by nothing else.
                text if Some(*column) == currency || self.scan.rates_in.is_some() => code(text).into(),
                text => text.into(),
            }
        };
        let key = std::iter::once(Cow::from(when)).chain(identity.iter().map(field));
        let content = match self.source.written.layout {
            Layout::Long => record.fields,
            Layout::Wide => record.fields.get(across..=across).unwrap_or_default(),
        };
        Some(Identity::of(&key, content, record.line, across))
    }
}

/// The columns numbers are read from, each once.
fn numeric(bases: &[RowBase]) -> Vec<usize> {
    let mut columns: Vec<usize> = bases.iter().flat_map(|base| base.columns().to_vec()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}
