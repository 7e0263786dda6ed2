//! What the first rows show of each column: periods, numbers, texts.
//!
//! Judges cells by the rules by which a report reads them, so that what is proposed can be read.

use std::collections::{BTreeMap, BTreeSet};

use super::words;
use crate::formula::{DecimalMark, NumberFormat, Proof, Scale, WrittenNumber, parse_cell};
use crate::metric::Missing;
use crate::observe::dialect::fold;
use crate::observe::{SampleCell, SampleKind, SampleRow, Survey, TotalMark};
use crate::period::{Calendar, DateOrder, Grain, Period, WrittenPeriod};

/// The first rows of the files of one source, which have one header.
pub(super) struct Table<'s> {
    pub(super) files: Vec<&'s Survey>,
    pub(super) columns: Vec<Column>,
    /// The rows that are data, each with its file.
    pub(super) rows: Vec<(usize, &'s SampleRow)>,
    /// Whether a row may be a total or data, and none is a total for sure.
    pub(super) may_have_totals: bool,
    /// The decimal mark of each file.
    marks: Vec<DecimalMark>,
}

/// One column.
pub(super) struct Column {
    /// As the files have it.
    pub(super) header: String,
    /// What formulas call it.
    pub(super) name: String,
    pub(super) words: Vec<String>,
    /// Whether its header tells it from all others.
    pub(super) is_named: bool,
    /// Its cells as numbers, where all that are not missing are.
    pub(super) numbers: Option<Numbers>,
    /// Its cells as periods, or the first that is none.
    pub(super) periods: Result<Periods, String>,
    /// The different texts in it.
    pub(super) texts: BTreeSet<String>,
}

/// Cells as numbers, in units of 10^-18.
pub(super) struct Numbers {
    /// One a row.
    pub(super) values: Vec<Option<i128>>,
    /// Whether percent signs stand in all cells, in none, or in some.
    pub(super) percent: Signs,
    /// Currencies beside them, as ISO codes; `None` for what is none.
    pub(super) currencies: BTreeSet<Option<String>>,
}

/// Where a sign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signs {
    All,
    None,
    Some,
}

/// Cells as periods.
pub(super) struct Periods {
    /// One a row.
    pub(super) values: Vec<Period>,
    pub(super) grain: Grain,
    /// The order of day and month that is to be declared, and whether a cell proves it.
    pub(super) order: Option<(DateOrder, bool)>,
}

/// One, in the units of [`Numbers`].
pub(super) const ONE: i128 = 1_000_000_000_000_000_000;

impl Numbers {
    pub(super) fn filled(&self) -> impl Iterator<Item = i128> {
        self.values.iter().copied().flatten()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.filled().all(|value| value % ONE == 0)
    }

    /// Whether they number the rows: they go up by one from row to row, from the first on, or, where rows are events,
    /// from any number on.
    pub(super) fn counts_rows(&self, is_of_events: bool) -> bool {
        const LEAST: usize = 6;
        let is_next = |pair: &[Option<i128>]| matches!(pair, [Some(one), Some(other)] if *other == one + ONE);
        let is_from_first = self.values.first().is_some_and(|first| matches!(first, Some(0 | ONE)));
        (is_from_first || is_of_events)
            && self.values.len() >= LEAST
            && self.is_whole()
            && self.values.windows(2).all(is_next)
    }

    pub(super) fn is_constant(&self) -> bool {
        let mut values = self.filled();
        let first = values.next();
        values.all(|value| Some(value) == first)
    }
}

impl<'s> Table<'s> {
    pub(super) fn of(files: Vec<&'s Survey>) -> Table<'s> {
        let all = || files.iter().enumerate().flat_map(|(file, survey)| survey.rows.iter().map(move |row| (file, row)));
        // A row that leaves blank what every row of data fills is a total, whatever else its words may mean.
        let data = || all().filter(|(_, row)| row.total.is_none());
        let filled: Vec<bool> = (0..files[0].names.len())
            .map(|at| data().next().is_some() && data().all(|(_, row)| !row.cells[at].text.is_empty()))
            .collect();
        let is_short =
            |row: &SampleRow| row.cells.iter().zip(&filled).any(|(cell, filled)| *filled && cell.text.is_empty());
        let is_total = |row: &SampleRow| {
            row.total == Some(TotalMark::Sure) || row.total == Some(TotalMark::Unsure) && is_short(row)
        };
        let is_sure = all().any(|(_, row)| is_total(row));
        let may_have_totals = !is_sure && all().any(|(_, row)| row.total == Some(TotalMark::Unsure));
        let rows: Vec<(usize, &SampleRow)> = all().filter(|(_, row)| row.total.is_none() || may_have_totals).collect();
        let marks = (0..files.len()).map(|file| decimal_mark(&rows, file)).collect::<Vec<_>>();
        // Files written alike speak for each other.
        let any = marks.iter().flatten().next().copied().unwrap_or(DecimalMark::Point);
        let marks = marks.into_iter().map(|mark| mark.unwrap_or(any)).collect();
        let mut table = Table { files, columns: Vec::new(), rows, may_have_totals, marks };
        table.columns = (0..table.files[0].names.len()).map(|index| table.column(index)).collect();
        table.name_columns();
        table
    }

    fn column(&self, index: usize) -> Column {
        let header = self.files[0].names[index].clone();
        let texts = self.cells(index).map(|(_, cell)| cell.text.clone()).filter(|text| !is_missing(text)).collect();
        let same = self.files[0].names.iter().filter(|name| fold(name) == fold(&header)).count();
        Column {
            is_named: same == 1 && !fold(&header).is_empty(),
            name: String::new(),
            words: words::words(&header),
            numbers: self.numbers(index),
            periods: self.periods(index),
            texts,
            header,
        }
    }

    /// Names for formulas: the header's own words where the reader finds it by them.
    fn name_columns(&mut self) {
        let headers: Vec<String> = self.columns.iter().map(|column| fold(&column.header)).collect();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (index, column) in self.columns.iter_mut().enumerate() {
            let slug = words::slug(&column.header);
            let wanted = if slug.is_empty() { format!("column_{}", index + 1) } else { slug };
            let others = headers.iter().enumerate().filter(|(other, _)| *other != index);
            let mut busy: BTreeSet<String> = others.map(|(_, header)| header.replace(' ', "_")).collect();
            busy.extend(taken.iter().cloned());
            if fold(&wanted) != headers[index] {
                // What a wide file's headers and cells are called.
                busy.extend(["period", "value"].map(str::to_owned));
            }
            column.name = words::untaken(&wanted, &mut busy);
            taken.insert(column.name.clone());
        }
    }

    pub(super) fn cells(&self, index: usize) -> impl Iterator<Item = (usize, &SampleCell)> {
        self.rows.iter().map(move |(file, row)| (*file, &row.cells[index]))
    }

    /// A cell as a number.
    pub(super) fn number(&self, file: usize, cell: &SampleCell) -> Option<i128> {
        number(cell, self.marks[file])
    }

    fn numbers(&self, index: usize) -> Option<Numbers> {
        self.numbers_of(&self.cells(index).collect::<Vec<_>>())
    }

    /// Cells as numbers, where all that are not missing are.
    pub(super) fn numbers_of(&self, cells: &[(usize, &SampleCell)]) -> Option<Numbers> {
        let (mut values, mut currencies) = (Vec::new(), BTreeSet::new());
        let (mut with, mut without) = (0, 0);
        for (file, cell) in cells {
            if is_missing(&cell.text) {
                values.push(None);
                continue;
            }
            let value = self.number(*file, cell)?;
            values.push(Some(value));
            let is_percent =
                matches!(cell.kind, SampleKind::Percent | SampleKind::Hundredths) || cell.text.ends_with('%');
            with += usize::from(is_percent);
            without += usize::from(!is_percent);
            match (&cell.kind, WrittenNumber::parse(&cell.text).and_then(|number| number.currency)) {
                (SampleKind::Money(written), _) => drop(currencies.insert(words::currency_code(written))),
                (_, Some(written)) => drop(currencies.insert(words::currency_code(written))),
                _ => {}
            }
        }
        let percent = match (with, without) {
            (0, _) => Signs::None,
            (_, 0) => Signs::All,
            _ => Signs::Some,
        };
        (with + without > 0).then_some(Numbers { values, percent, currencies })
    }

    fn periods(&self, index: usize) -> Result<Periods, String> {
        let cells = self.cells(index).map(|(file, cell)| (file, cell.text.as_str(), cell.kind == SampleKind::Written));
        periods_of(&cells.collect::<Vec<_>>())
    }

    /// How numbers must be declared so that the cells of these columns are read as they were here: the example, and
    /// whether a cell of the files proves it. `None` where nothing needs to be said.
    pub(super) fn declared_numbers(&self, used: &BTreeSet<usize>) -> Option<(&'static str, bool)> {
        let proofs = |file: usize| {
            let cells = self.rows.iter().filter(move |(of, _)| *of == file);
            let used = cells.flat_map(|(_, row)| used.iter().map(|column| &row.cells[*column]));
            used.filter(|cell| cell.kind == SampleKind::Written)
                .filter_map(|cell| WrittenNumber::parse(&cell.text))
                .map(|number| number.proof())
        };
        let shows_comma = self.rows.iter().flat_map(|(_, row)| &row.cells).any(|cell| {
            let number = WrittenNumber::parse(&cell.text);
            number.is_some_and(|number| number.proof() == Proof::Decimal(DecimalMark::Comma))
        });
        let is_open = |file: usize| {
            let is_plain = self.files[file].by_commas && !shows_comma;
            let open = proofs(file).any(|proof| match proof {
                Proof::Open(DecimalMark::Comma) => true,
                Proof::Open(DecimalMark::Point) => !is_plain,
                _ => false,
            });
            open && !proofs(file).any(|proof| matches!(proof, Proof::Decimal(_)))
        };
        let file = (0..self.files.len()).find(|file| is_open(*file))?;
        let is_proven = decimal_mark(&self.rows, file).is_some();
        let mark = self.marks[file];
        let formats = ["1,234.5", "1.234,5", "1 234.5", "1 234,5", "1'234.5", "1'234,5", "1234.5", "1234,5"];
        let cells = || self.rows.iter().flat_map(|(_, row)| used.iter().map(|column| &row.cells[*column]));
        let reads = |format: NumberFormat| {
            let written = cells().filter(|cell| cell.kind == SampleKind::Written && !is_missing(&cell.text));
            written.filter_map(|cell| WrittenNumber::parse(&cell.text)).all(|n| n.value(format, Scale::USUAL).is_ok())
        };
        let fitting = formats.into_iter().filter_map(|text| Some((text, NumberFormat::like(text)?)));
        let all: Vec<(&'static str, NumberFormat)> = fitting.filter(|(_, format)| reads(*format)).collect();
        let found = all.iter().find(|(_, format)| format.decimal == mark).or(all.first());
        found.map(|(text, _)| (*text, is_proven))
    }
}

/// Texts that are periods, each with its file and whether it is written text.
pub(super) fn periods_of(texts: &[(usize, &str, bool)]) -> Result<Periods, String> {
    let parse = |text: &str, is_written: bool| match is_written {
        true => WrittenPeriod::parse(text),
        false => Period::parse(text).map(WrittenPeriod::Known),
    };
    let mut known: BTreeMap<&str, Option<WrittenPeriod>> = BTreeMap::new();
    let (mut proven, mut open): (BTreeMap<usize, DateOrder>, BTreeSet<usize>) = (BTreeMap::new(), BTreeSet::new());
    for (file, text, is_written) in texts {
        let written = *known.entry(text).or_insert_with(|| parse(text, *is_written));
        let written = written.ok_or_else(|| (*text).to_owned())?;
        match written.proves() {
            Some(order) if proven.get(file).is_some_and(|other| *other != order) => return Err((*text).to_owned()),
            Some(order) => drop(proven.insert(*file, order)),
            None if written.is_open() => drop(open.insert(*file)),
            None => {}
        }
    }
    let orders: Vec<DateOrder> = proven.values().copied().collect();
    let first = orders.first().copied();
    if orders.iter().any(|order| Some(*order) != first) {
        return Err("dates whose order differs from file to file".to_owned());
    }
    let unproven = open.iter().any(|file| !proven.contains_key(file));
    let order = first.or((!open.is_empty()).then_some(DateOrder::DayFirst));
    let mut values = Vec::new();
    for (_, text, _) in texts {
        let settled = known[text].and_then(|written| written.settle(order, &Calendar::default()));
        values.push(settled.ok_or_else(|| (*text).to_owned())?);
    }
    let grain = values.first().map(Period::grain).ok_or_else(String::new)?;
    if let Some(at) = values.iter().position(|period| period.grain() != grain) {
        return Err(texts[at].1.to_owned());
    }
    Ok(Periods { values, grain, order: order.filter(|_| unproven).map(|order| (order, first.is_some())) })
}

pub(super) fn is_missing(text: &str) -> bool {
    thread_local!(static USUAL: Missing = Missing::default());
    USUAL.with(|missing| missing.holds(text))
}

fn number(cell: &SampleCell, mark: DecimalMark) -> Option<i128> {
    let plain = || parse_cell(&cell.text, Scale::USUAL).ok().flatten();
    match cell.kind {
        SampleKind::Typed | SampleKind::Percent | SampleKind::Money(_) => plain(),
        SampleKind::Hundredths => plain().map(|value| value / 100),
        SampleKind::Written => {
            let simple = (mark == DecimalMark::Point || !cell.text.contains(['.', ','])).then(plain).flatten();
            simple.or_else(|| WrittenNumber::parse(&cell.text)?.value(NumberFormat::found(mark), Scale::USUAL).ok())
        }
    }
}

/// The decimal mark that most cells of a file prove.
fn decimal_mark(rows: &[(usize, &SampleRow)], file: usize) -> Option<DecimalMark> {
    let (mut point, mut comma) = (0usize, 0usize);
    let cells = rows.iter().filter(|(of, _)| *of == file).flat_map(|(_, row)| &row.cells);
    for cell in cells.filter(|cell| cell.kind == SampleKind::Written && cell.text.contains(['.', ','])) {
        // A date with points is no number.
        if WrittenPeriod::parse(&cell.text).is_some() {
            continue;
        }
        match WrittenNumber::parse(&cell.text).map(|number| number.proof()) {
            Some(Proof::Decimal(DecimalMark::Point)) => point += 1,
            Some(Proof::Decimal(DecimalMark::Comma)) => comma += 1,
            _ => {}
        }
    }
    match (point, comma) {
        (0, 0) => None,
        _ if comma > point => Some(DecimalMark::Comma),
        _ => Some(DecimalMark::Point),
    }
}
