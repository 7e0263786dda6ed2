//! One source: which column says when, by which columns its numbers split, and what must be said of its files.

use std::collections::BTreeSet;

use super::column::{Column, ONE, Periods, Table, is_missing, periods_of};
use super::group::Group;
use super::metrics::Metric;
use super::words::{self, Hint, hints};
use crate::diagnostic::{Code, Diagnostic};
use crate::observe::{SampleCell, SampleKind, SampleRow};
use crate::period::{Grain, Period, WrittenPeriod};
use crate::prose;

/// A source as proposed.
pub(super) struct Source<'s> {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) folder: String,
    pub(super) department: usize,
    pub(super) table: Table<'s>,
    pub(super) when: When,
    /// Positions of the columns its numbers split by.
    pub(super) dimensions: Vec<usize>,
    /// What a row is told from others by.
    pub(super) rows: Rows,
    pub(super) sheet: Option<String>,
    pub(super) comment: Option<&'static str>,
    pub(super) is_whole: bool,
    pub(super) currency: Option<String>,
    /// Where it ends before others do: how far those go.
    pub(super) ends_before: Option<String>,
    pub(super) metrics: Vec<Metric>,
    /// Columns of numbers that no metric is proposed of.
    pub(super) left_out: Vec<String>,
    /// Columns that not all of its files have.
    pub(super) added: Vec<String>,
}

/// Where a source says when.
pub(super) struct When {
    /// The column; `None` where headers say it.
    pub(super) column: Option<usize>,
    /// The columns whose headers are periods.
    pub(super) across: Vec<usize>,
    /// One a row, or one a header.
    pub(super) periods: Periods,
}

/// What tells rows apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Their period and dimensions.
    Dimensions,
    /// A column that names each row.
    Named(usize),
    /// Nothing: two rows with one period and the same dimensions are two events.
    Events,
}

impl Source<'_> {
    /// Whether each row is an event, of which a period has several.
    pub(super) fn is_of_events(&self) -> bool {
        self.rows != Rows::Dimensions
    }

    pub(super) fn grain(&self) -> Grain {
        self.when.periods.grain
    }

    pub(super) fn first(&self) -> Option<Period> {
        self.when.periods.values.iter().min_by_key(|period| period.first()).copied()
    }

    pub(super) fn last(&self) -> Option<Period> {
        self.when.periods.values.iter().max_by_key(|period| period.last()).copied()
    }
}

/// A source of a group of files.
///
/// # Errors
/// A row would stop a report; there is no header; no one column says when.
pub(super) fn source<'s>(group: &'s Group<'_>, id: String) -> Result<Source<'s>, Vec<Diagnostic>> {
    let odd: Vec<Diagnostic> = group.files.iter().flat_map(|file| file.survey.odd.iter().cloned()).collect();
    if !odd.is_empty() {
        let left_out = format!("`{}` is left out of the scorecard", group.path);
        return Err(odd.into_iter().map(|problem| problem.note(left_out.clone())).collect());
    }
    let table = Table::of(group.files.iter().map(|file| &file.survey).collect());
    if table.rows.is_empty() {
        let message = format!("`{}` has no rows but totals", group.path);
        return Err(vec![Diagnostic::error(Code::NoRows, message).help("send the rows that the totals are of")]);
    }
    let when = when(&table, group)?;
    if let Some(column) = when.column {
        named(&table, column, group)?;
        of_one_column(&table, &when, column, group)?;
    }
    let dimensions = dimensions(&table, &when);
    let rows = rows(&table, &when, &dimensions);
    let first = &group.files[0].survey;
    Ok(Source {
        id,
        path: group.path.clone(),
        folder: group.folder.clone(),
        department: 0,
        currency: currency(&table),
        when,
        dimensions,
        rows,
        sheet: first.sheet.clone(),
        comment: group.files.iter().find_map(|file| file.survey.comment),
        is_whole: group.files.iter().all(|file| file.survey.is_whole),
        ends_before: None,
        metrics: Vec::new(),
        left_out: Vec::new(),
        added: group.added.clone(),
        table,
    })
}

fn when(table: &Table<'_>, group: &Group<'_>) -> Result<When, Vec<Diagnostic>> {
    let across: Vec<usize> =
        (0..table.columns.len()).filter(|at| WrittenPeriod::parse(&table.columns[*at].header).is_some()).collect();
    let long = (0..table.columns.len()).filter_map(|at| Some((rank(table, at)?, at)));
    let long = long.max_by_key(|(rank, at)| (*rank, std::cmp::Reverse(*at)));
    let is_wide = across.len() >= 3 || (across.len() == 2 && long.is_none());
    let headers: Vec<(usize, &str, bool)> =
        across.iter().map(|at| (0, table.columns[*at].header.as_str(), true)).collect();
    if is_wide && let Ok(periods) = periods_of(&headers) {
        let different: BTreeSet<String> = periods.values.iter().map(|period| period.first().to_string()).collect();
        let numbers =
            across.iter().all(|at| table.columns[*at].numbers.is_some() || table.columns[*at].texts.is_empty());
        if different.len() == across.len() && numbers {
            return Ok(When { column: None, across, periods });
        }
    }
    let Some((_, column)) = long else { return Err(no_period(table, group)) };
    let again = periods_of_column(table, column);
    again.map(|periods| When { column: Some(column), across: Vec::new(), periods }).map_err(|_| no_period(table, group))
}

fn periods_of_column(table: &Table<'_>, column: usize) -> Result<Periods, String> {
    let written = |cell: &SampleCell| cell.kind == SampleKind::Written;
    let texts = table.cells(column).map(|(file, cell)| (file, cell.text.as_str(), written(cell)));
    periods_of(&texts.collect::<Vec<_>>())
}

/// How likely a column says when; the greater the likelier.
fn rank(table: &Table<'_>, at: usize) -> Option<u32> {
    let column = &table.columns[at];
    let periods = column.periods.as_ref().ok().filter(|_| column.is_named)?;
    let is_called_so = hints(&column.words, Hint::When);
    // Any number of four digits may be a year.
    let is_number = column.numbers.is_some() && periods.grain == Grain::Year;
    let is_year = periods.values.iter().all(|period| (1950..=2100).contains(&period.first().year()));
    if is_number && !(is_year && (is_called_so || at == 0)) {
        return None;
    }
    Some(
        u32::from(is_called_so) * 4 + u32::from(periods.grain != Grain::Year) * 2 + u32::from(column.numbers.is_none()),
    )
}

/// Finds that the first line is names, and no row: what says when is not called by a period, nor a number by a number.
fn named(table: &Table<'_>, column: usize, group: &Group<'_>) -> Result<(), Vec<Diagnostic>> {
    let header = &table.columns[column].header;
    if WrittenPeriod::parse(header).is_none() {
        return Ok(());
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
    let message = format!("`{}` has no header", group.path);
    let problem = Diagnostic::error(Code::BadColumn, message);
    let problem = problem.note(format!("its first line is data: `{}`", prose::shortened(names.join(", ").trim(), 60)));
    Err(vec![problem.help("put a line of names above the rows: `month`, and what each other column counts")])
}

/// Finds that no other column says which part of the year that `column` says.
fn of_one_column(table: &Table<'_>, when: &When, column: usize, group: &Group<'_>) -> Result<(), Vec<Diagnostic>> {
    if when.periods.grain != Grain::Year {
        return Ok(());
    }
    let is_part = |at: &usize| *at != column && is_part_of_year(&table.columns[*at], &when.periods);
    let Some(part) = (0..table.columns.len()).find(is_part) else { return Ok(()) };
    let (year, part) = (&table.columns[column].header, &table.columns[part].header);
    let message = format!("`{}` says when in two columns, `{year}` and `{part}`", group.path);
    let problem = Diagnostic::error(Code::BadColumn, message);
    Err(vec![problem.help("a period is read from one column: put both into one, such as 2025-01")])
}

/// Whether a column beside one of years holds months, or what else a year is parted into: it is called so, or it counts
/// up from row to row within each year, and never beyond twelve.
fn is_part_of_year(column: &Column, years: &Periods) -> bool {
    const PARTS: [&str; 16] = [
        "month",
        "months",
        "monat",
        "mois",
        "mes",
        "mese",
        "maand",
        "quarter",
        "qtr",
        "quartal",
        "trimestre",
        "week",
        "woche",
        "semaine",
        "kw",
        "semana",
    ];
    // A month's name or number is one still; what is counted in a month is none.
    const NAMING: [&str; 10] = ["name", "no", "nr", "num", "number", "of", "the", "year", "code", "id"];
    if column.words.iter().any(|word| PARTS.contains(&word.as_str())) {
        return column.words.iter().all(|word| PARTS.contains(&word.as_str()) || NAMING.contains(&word.as_str()));
    }
    let Some(numbers) = column.numbers.as_ref().filter(|numbers| numbers.is_whole()) else { return false };
    let values: Option<Vec<i128>> = numbers.values.iter().map(|value| value.map(|value| value / ONE)).collect();
    let Some(values) = values.filter(|values| values.iter().all(|value| (1..=12).contains(value))) else {
        return false;
    };
    let pairs =
        || years.values.windows(2).zip(values.windows(2)).filter(|(years, _)| years[0].first() == years[1].first());
    pairs().count() >= 2 && pairs().all(|(_, values)| values[0] + 1 == values[1])
}

fn no_period(table: &Table<'_>, group: &Group<'_>) -> Vec<Diagnostic> {
    let message = format!("`{}` has no column whose cells all read as periods", group.path);
    let problem = Diagnostic::error(Code::BadColumn, message);
    let called = table.columns.iter().find(|column| hints(&column.words, Hint::When));
    let across = table.columns.iter().filter(|column| WrittenPeriod::parse(&column.header).is_some()).count();
    let problem = match across {
        0 => problem,
        _ => problem.note("headers read as periods, but not two of one size with numbers alone below them"),
    };
    let problem = match called.and_then(|column| Some((column, column.periods.as_ref().err()?))) {
        Some((column, text)) if !column.is_named => problem.note(format!(
            "another column is called `{}` too, `{}` for example",
            column.header,
            prose::shortened(text, 40)
        )),
        Some((column, text)) if text.is_empty() => problem.note(format!("a cell of `{}` is blank", column.header)),
        Some((column, text)) => {
            problem.note(format!("`{}` has `{}`", column.header, prose::shortened(text.trim(), 40)))
        }
        None => problem,
    };
    vec![problem.help("every row says when: 2024-01-31, 31/01/2024, 2024-01, Jan-24, 2024-W05, Q1 2024 or 2024")]
}

/// Columns of few different texts; and the one that names what is measured, however many those are.
fn dimensions(table: &Table<'_>, when: &When) -> Vec<usize> {
    const MOST: usize = 50;
    const MOST_COLUMNS: usize = 6;
    let rows = table.rows.len();
    let is_split = |at: &usize| {
        let column = &table.columns[*at];
        if Some(*at) == when.column || when.across.contains(at) || !column.is_named || column.numbers.is_some() {
            return false;
        }
        if column.periods.is_ok() || when.column.is_none() && ["period", "value"].contains(&column.name.as_str()) {
            return false;
        }
        let distinct = column.texts.len();
        let is_long = column.texts.iter().any(|text| text.chars().count() > 80);
        let few = distinct <= MOST && (distinct * 2 <= rows || distinct <= 12) && !hints(&column.words, Hint::Id);
        distinct > 0 && !is_long && (few || hints(&column.words, Hint::Indicator) || when.column.is_none())
    };
    (0..table.columns.len()).filter(is_split).take(MOST_COLUMNS).collect()
}

/// Whether period and dimensions tell the rows apart, and what does where they do not.
fn rows(table: &Table<'_>, when: &When, dimensions: &[usize]) -> Rows {
    let mut seen = BTreeSet::new();
    let key = |(at, (_, row)): (usize, &(usize, &SampleRow))| {
        let period = when.column.map(|_| when.periods.values[at].first());
        // A row across begins where its file's own periods do.
        let begin = when.across.iter().find(|column| !row.cells[**column].text.is_empty()).filter(|_| period.is_none());
        (period, begin, dimensions.iter().map(|column| row.cells[*column].text.to_lowercase()).collect::<Vec<_>>())
    };
    if table.rows.iter().enumerate().all(|row| seen.insert(key(row))) {
        return Rows::Dimensions;
    }
    let names_rows = |at: &usize| {
        let column = &table.columns[*at];
        let is_filled = table.cells(*at).all(|(_, cell)| !is_missing(&cell.text));
        let is_name = hints(&column.words, Hint::Id) || column.numbers.is_none() && column.periods.is_err();
        Some(*at) != when.column
            && !when.across.contains(at)
            && column.is_named
            && is_filled
            && is_name
            && column.texts.len() == table.rows.len()
            && column.texts.iter().all(|text| text.chars().count() <= 40)
    };
    (0..table.columns.len()).find(names_rows).map_or(Rows::Events, Rows::Named)
}

/// The currency that stands beside amounts, where it is one.
fn currency(table: &Table<'_>) -> Option<String> {
    let written =
        table.columns.iter().filter_map(|column| column.numbers.as_ref()).flat_map(|numbers| &numbers.currencies);
    let codes: BTreeSet<&String> = written.flatten().collect();
    if let Some(code) = codes.first() {
        return Some((*code).clone());
    }
    table.columns.iter().find_map(|column| words::currency_of(&column.words))
}
