//! What the cells of a file say of how they are written, and the formats that follow: found out or told to be open.
//!
//! Every finding keeps the first place it was met at. A format follows from cells that prove it, in the file or, where
//! the file proves nothing, in the other files of the source; where nothing proves it and a cell would be two numbers
//! or two dates, the run stops and says what to declare.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Locus};
use crate::formula::{DecimalMark, NumberFormat, Proof, is_written};
use crate::metric::Source;
use crate::period::{DateOrder, WrittenPeriod};

/// A cell that shows something, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) text: String,
    pub(super) column: String,
    pub(super) locus: Locus,
}

/// A column, and the base that reads it where that is no percent metric's.
pub(super) type PercentKey = (usize, Option<usize>);

/// What the cells of one file show, each with its first sight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Whether a number was read that is not written the machine's way.
    pub(super) is_styled: bool,
    pub(super) point: Option<Sight>,
    pub(super) comma: Option<Sight>,
    pub(super) open_point: Option<Sight>,
    pub(super) open_comma: Option<Sight>,
    pub(super) day_first: Option<Sight>,
    pub(super) month_first: Option<Sight>,
    pub(super) open_date: Option<Sight>,
    pub(super) open_quarter: Option<Sight>,
    /// By currency as written.
    pub(super) currencies: BTreeMap<String, Sight>,
    /// A decimal comma between commas, in whatever column.
    pub(super) hint: Option<Sight>,
    /// For each column, a cell with a percent sign and one without; apart for each base that is no percent metric's.
    pub(super) percents: BTreeMap<PercentKey, (Option<Sight>, Option<Sight>)>,
    /// For each base, a share beyond 1.
    pub(super) beyond_one: BTreeMap<usize, Sight>,
}

/// How the cells of one file are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Formats {
    pub(super) numbers: NumberFormat,
    /// `None` while nothing needs it.
    pub(super) order: Option<DateOrder>,
}

impl Findings {
    /// Where the proof of a number is to be kept, while nothing is kept there.
    pub(super) fn of_number(&mut self, proof: Proof) -> Option<&mut Option<Sight>> {
        let slot = match proof {
            Proof::Nothing => return None,
            Proof::Decimal(DecimalMark::Point) => &mut self.point,
            Proof::Decimal(DecimalMark::Comma) => &mut self.comma,
            Proof::Open(DecimalMark::Point) => &mut self.open_point,
            Proof::Open(DecimalMark::Comma) => &mut self.open_comma,
        };
        slot.is_none().then_some(slot)
    }

    /// Where what a date shows is to be kept, while nothing is kept there.
    pub(super) fn of_date(&mut self, written: WrittenPeriod) -> Option<&mut Option<Sight>> {
        let slot = match written.proves() {
            Some(DateOrder::DayFirst) => &mut self.day_first,
            Some(DateOrder::MonthFirst) => &mut self.month_first,
            None if written.is_open() => &mut self.open_date,
            None => return None,
        };
        slot.is_none().then_some(slot)
    }

    /// Adds what a later piece of the same file shows.
    pub(super) fn merge(&mut self, later: Findings) {
        let keep = |mine: &mut Option<Sight>, other: Option<Sight>| {
            if mine.is_none() {
                *mine = other;
            }
        };
        self.is_styled |= later.is_styled;
        keep(&mut self.point, later.point);
        keep(&mut self.comma, later.comma);
        keep(&mut self.open_point, later.open_point);
        keep(&mut self.open_comma, later.open_comma);
        keep(&mut self.day_first, later.day_first);
        keep(&mut self.month_first, later.month_first);
        keep(&mut self.open_date, later.open_date);
        keep(&mut self.open_quarter, later.open_quarter);
        keep(&mut self.hint, later.hint);
        for (currency, sight) in later.currencies {
            self.currencies.entry(currency).or_insert(sight);
        }
        for (base, (with, without)) in later.percents {
            let mine = self.percents.entry(base).or_default();
            keep(&mut mine.0, with);
            keep(&mut mine.1, without);
        }
        for (base, sight) in later.beyond_one {
            self.beyond_one.entry(base).or_insert(sight);
        }
    }

    /// Whether a cell has proven what the decimal mark is.
    pub(super) fn shows_a_mark(&self) -> bool {
        self.point.is_some() || self.comma.is_some()
    }

    /// Whether a number shows a point or a comma, not the machine's way.
    pub(super) fn has_marks(&self) -> bool {
        self.is_styled
            && [&self.point, &self.comma, &self.open_point, &self.open_comma].into_iter().any(Option::is_some)
    }

    /// Whether a date shows which number is the day, or could.
    pub(super) fn has_dates(&self) -> bool {
        [&self.day_first, &self.month_first, &self.open_date].into_iter().any(Option::is_some)
    }

    fn decimal_mark(&self) -> Option<DecimalMark> {
        match (&self.point, &self.comma) {
            (Some(_), None) => Some(DecimalMark::Point),
            (None, Some(_)) => Some(DecimalMark::Comma),
            _ => None,
        }
    }

    fn date_order(&self) -> Option<DateOrder> {
        match (&self.day_first, &self.month_first) {
            (Some(_), None) => Some(DateOrder::DayFirst),
            (None, Some(_)) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

/// What makes files written alike: the same program most likely wrote them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FormKind {
    /// Whether fields are parted by commas.
    pub(super) by_commas: bool,
    /// The delimiter, of a text.
    pub(super) delimiter: Option<u8>,
    /// The encoding's name, of a text.
    pub(super) encoding: Option<&'static str>,
}

/// What all of them agree on, where they do.
fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// What the files of a source come to: a format for each, and what stays open.
pub(super) struct Settled {
    pub(super) formats: Vec<Formats>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Settles the formats of all files of a source.
///
/// Where fields are parted by commas a lone point is a decimal mark, unless some cell shows a decimal comma.
pub(super) fn settle(source: &Source, currency: Option<&str>, files: &[Findings], forms: &[FormKind]) -> Settled {
    let comma_anywhere = files.iter().any(|file| file.comma.is_some() || file.hint.is_some());
    let mut settled = Settled { formats: Vec::new(), problems: Vec::new() };
    for (file, form) in files.iter().zip(forms) {
        // Only files written alike speak for each other.
        let alike = || files.iter().zip(forms).filter(|(_, other)| *other == form).map(|(file, _)| file);
        let decimal = file.decimal_mark().or_else(|| only(alike().filter_map(Findings::decimal_mark)));
        let numbers = source.written.numbers.unwrap_or_else(|| {
            settled.problems.extend(open_number(source, file, decimal, form.by_commas && !comma_anywhere));
            NumberFormat::found(decimal.unwrap_or(DecimalMark::Point))
        });
        let order = source.written.date_order.or_else(|| {
            let order = file.date_order().or_else(|| only(alike().filter_map(Findings::date_order)));
            settled.problems.extend(open_date(source, file, order));
            order
        });
        settled.problems.extend(file.open_quarter.as_ref().map(|sight| open_quarter(source, sight)));
        settled.formats.push(Formats { numbers, order });
    }
    settled.problems.extend(percents(source, files));
    settled.problems.extend(currencies(source, currency, files));
    settled
}

fn seen(problem: Diagnostic, sight: &Sight) -> Diagnostic {
    problem.at_locus(sight.locus.clone(), format!("column `{}`", sight.column))
}

fn open_number(
    source: &Source,
    file: &Findings,
    decimal: Option<DecimalMark>,
    point_is_plain: bool,
) -> Option<Diagnostic> {
    let id = &source.id;
    if let (Some(point), Some(comma)) = (&file.point, &file.comma) {
        let message = format!("`{}` has a decimal point and `{}` a decimal comma", point.text, comma.text);
        let problem = seen(seen(Diagnostic::error(Code::AmbiguousNumber, message), comma), point);
        let help = format!(
            "write all numbers alike, or say how they are written: `numbers = \"1,234.5\"` or `numbers = \"1.234,5\"` in `[sources.{id}]`"
        );
        return Some(problem.help(help));
    }
    let open = match (decimal, &file.open_comma, &file.open_point) {
        (Some(_), ..) => return None,
        (None, Some(comma), _) => comma,
        (None, None, Some(point)) if !point_is_plain => point,
        _ => return None,
    };
    let readings = |mark: char| {
        let (whole, digits) = open.text.split_once(mark).unwrap_or((&open.text, ""));
        (format!("{whole}{digits}"), format!("{whole}.{digits}"))
    };
    let mark = if open.text.contains(',') { ',' } else { '.' };
    let (thousands, fraction) = readings(mark);
    let (as_group, as_decimal) = if mark == ',' { ("1,234.5", "1234,5") } else { ("1.234,5", "1234.5") };
    let message = format!("`{}` is {thousands} or {fraction}, and no other cell tells which", open.text);
    let help = format!(
        "add `numbers = \"{as_group}\"` to `[sources.{id}]` for {thousands}, `numbers = \"{as_decimal}\"` for {fraction}"
    );
    Some(seen(Diagnostic::error(Code::AmbiguousNumber, message), open).help(help))
}

fn open_date(source: &Source, file: &Findings, order: Option<DateOrder>) -> Option<Diagnostic> {
    let id = &source.id;
    if let (Some(day), Some(month)) = (&file.day_first, &file.month_first) {
        let message = format!("`{}` has the day first and `{}` the month", day.text, month.text);
        let problem = seen(seen(Diagnostic::error(Code::AmbiguousDate, message), month), day);
        return Some(problem.help(format!(
            "write all dates alike, or say how: `date_order = \"dmy\"` or `\"mdy\"` in `[sources.{id}]`"
        )));
    }
    let open = file.open_date.as_ref().filter(|_| order.is_none())?;
    let readings = WrittenPeriod::parse(open.text.trim()).map(|written| {
        [DateOrder::DayFirst, DateOrder::MonthFirst].map(|order| {
            written.settle(Some(order), &crate::period::Calendar::default()).map(|period| period.first().to_string())
        })
    });
    let [day_first, month_first] = readings.unwrap_or_default().map(Option::unwrap_or_default);
    let message =
        format!("`{}` is {day_first} or {month_first}, and no date of the column has a number over 12", open.text);
    let help = format!(
        "add `date_order = \"dmy\"` to `[sources.{id}]` for {day_first}, `date_order = \"mdy\"` for {month_first}"
    );
    Some(seen(Diagnostic::error(Code::AmbiguousDate, message), open).help(help))
}

fn open_quarter(source: &Source, sight: &Sight) -> Diagnostic {
    let message = format!("`{}` is a quarter of the calendar or of the fiscal year, which differ", sight.text);
    let help = format!("add `quarters = \"calendar\"` or `quarters = \"fiscal\"` to `[sources.{}]`", source.id);
    seen(Diagnostic::error(Code::AmbiguousDate, message), sight).help(help)
}

fn percents(source: &Source, files: &[Findings]) -> Vec<Diagnostic> {
    let id = &source.id;
    let mut problems: Vec<Diagnostic> = Vec::new();
    let columns: BTreeSet<_> = files.iter().flat_map(|file| file.percents.keys()).collect();
    for column in columns {
        let of_column = || files.iter().filter_map(|file| file.percents.get(column));
        let with = of_column().find_map(|(with, _)| with.as_ref());
        let without = of_column().find_map(|(_, without)| without.as_ref());
        if let (Some(with), Some(without)) = (with, without) {
            let message = format!("`{}` has a percent sign and `{}` has none", with.text, without.text);
            let problem = seen(seen(Diagnostic::error(Code::AmbiguousPercent, message), without), with);
            problems.push(problem.help("write all cells of the column alike: `12.5%`, or `0.125`"));
        }
    }
    for sight in files.iter().flat_map(|file| file.beyond_one.values()) {
        let (text, column) = (&sight.text, &sight.column);
        let message = format!("`{text}` is {text} % or {text} times the whole, and it has no percent sign");
        let help = format!(
            "add `scale = {{ {column} = 0.01 }}` to `[sources.{id}]` where cells are percentages, `scale = {{ {column} = 1 }}` where they are fractions"
        );
        problems.push(seen(Diagnostic::error(Code::AmbiguousPercent, message), sight).help(help));
    }
    // One column is told once.
    let mut told: Vec<Diagnostic> = Vec::new();
    for problem in problems {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

/// Two currencies in one source. Where one is declared, every other is a fault of its cell.
fn currencies(source: &Source, declared: Option<&str>, files: &[Findings]) -> Option<Diagnostic> {
    if declared.is_some() {
        return None;
    }
    let mut sights = files.iter().flat_map(|file| &file.currencies);
    let (first, one) = sights.next()?;
    let (second, other) = sights
        .find(|(currency, _)| *currency != first && !is_written(first, currency) && !is_written(currency, first))?;
    let message = format!("the source `{}` has amounts in `{first}` and in `{second}`", source.id);
    let problem = seen(seen(Diagnostic::error(Code::MixedCurrency, message), other), one);
    Some(problem.help("declare a source for each currency, and convert before they are added up"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(text: &str) -> Sight {
        let locus = Locus::Data { path: "a.csv".into(), line: 2, text: text.to_owned(), span: 0..text.len() };
        Sight { text: text.to_owned(), column: "amount".into(), locus }
    }

    #[test]
    fn the_empty_part_is_the_identity_and_the_first_sight_stays() {
        let mut full = Findings { point: Some(sight("1.5")), ..Findings::default() };
        let copy = full.clone();
        full.merge(Findings::default());
        assert_eq!(full, copy);
        full.merge(Findings { point: Some(sight("2.5")), ..Findings::default() });
        assert_eq!(full, copy);
        let mut empty = Findings::default();
        empty.merge(full.clone());
        assert_eq!(empty, full);
    }
}
