//! What a source adds to the meaning of a metric that is measured from it: which files, which of their rows, and how
//! cells become numbers. Of columns, those alone that the metric rests on. What is found out is no aspect: it follows from
//! the files.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::formula::{Aggregate, Formula, NumberFormat};
use crate::metric::{
    CurrencyOf, Duplicates, Layout, Measurement, Metric, Missing, Quarters, Rates, Schedule, Scorecard, Source, Totals,
    Written,
};
use crate::period::DateOrder;
use crate::plan;

/// The ids of the sources a metric's own numbers are read from: its source, and the rates where amounts are converted.
pub(super) fn read<'s>(scorecard: &'s Scorecard, metric: &Metric) -> impl Iterator<Item = &'s str> + use<'s> {
    let source = metric.measurement().map(|measurement| scorecard.source(measurement.source));
    let rates = scorecard.rates.as_ref().filter(|_| source.is_some_and(|source| is_converted(metric, source)));
    let ids = [source.map(|source| source.id.as_str()), rates.map(|rates| rates.source.id.as_str())];
    ids.into_iter().flatten()
}

/// The aspects of a metric that its source gives it; `None` for what is not declared.
pub(super) fn aspects(
    scorecard: &Scorecard,
    metric: &Metric,
    measurement: &Measurement,
) -> Vec<(&'static str, Option<String>)> {
    let source = scorecard.source(measurement.source);
    let written = &source.written;
    let columns = columns(metric, source);
    let rates = scorecard.rates.as_ref().filter(|_| is_converted(metric, source));
    let roster = written.roster.as_ref().map(|roster| {
        let expected =
            if roster.expected.is_empty() { String::new() } else { format!(" {}", sorted(&roster.expected)) };
        format!("{}{expected}, at least {}", roster.column, scorecard.scoring.min_coverage)
    });
    vec![
        ("source", Some(source.id.clone())),
        ("rows of the source", source.filter.as_ref().map(ToString::to_string)),
        ("path", Some(source.written_path.clone())),
        ("period", Some(source.period.clone())),
        ("dimensions", Some(sorted(&source.dimensions))),
        ("duplicates", Some(duplicates(scorecard, measurement))),
        ("columns", Some(headers(source, &columns))),
        ("scale", Some(scales(&written.scale, &columns))),
        ("currency", currency(scorecard, metric, source)),
        ("rates", rates.map(self::rates)),
        ("layout", (written.layout == Layout::Wide).then(|| "wide".to_owned())),
        ("sheet", written.sheet.as_ref().map(|sheet| sheet.value.clone())),
        ("encoding", written.encoding.as_ref().map(|encoding| encoding.value.to_lowercase())),
        ("delimiter", written.delimiter.map(delimiter)),
        ("header", written.header.map(|line| line.to_string())),
        ("comment", written.comment.clone()),
        ("missing", (written.missing != Missing::default()).then(|| words(&written.missing.0))),
        ("totals", (written.totals != Totals::default()).then(|| words(&written.totals.0))),
        ("grain", written.grain.map(|grain| grain.to_string())),
        ("roster", roster),
        ("numbers", numbers(written)),
        ("date_order", date_order(written)),
        ("quarters", quarters(written)),
    ]
}

/// The columns whose header or scale a metric rests on: those of its formulas and conditions, and those that say when,
/// of what part, in which currency and whether twice.
fn columns<'s>(metric: &'s Metric, source: &'s Source) -> BTreeSet<&'s str> {
    let key = source.written.key.iter().flatten();
    let mut columns: BTreeSet<&str> =
        std::iter::once(&source.period).chain(&source.dimensions).chain(key).map(String::as_str).collect();
    columns.extend(source.written.roster.as_ref().map(|roster| roster.column.as_str()));
    columns.extend(source.conversion.as_ref().and_then(|conversion| conversion.column()).map(String::as_str));
    let own = metric.measurement().and_then(|measurement| measurement.filter.as_ref());
    for filter in source.filter.iter().chain(own) {
        filter.visit(&mut |column| {
            columns.insert(column.as_str());
        });
    }
    for formula in formulas(metric) {
        formula.visit(&mut |aggregate| {
            if let Some(argument) = &aggregate.argument {
                argument.visit(&mut |column| {
                    columns.insert(column.as_str());
                });
            }
        });
    }
    columns
}

/// The formulas over rows: the value, and the target and threshold where those are measured.
fn formulas(metric: &Metric) -> impl Iterator<Item = &Formula<Aggregate>> {
    let bars = [&metric.target, &metric.threshold].into_iter().flatten().flat_map(|bars| &bars.by_grain);
    let measured = bars.filter_map(|(_, schedule)| match schedule {
        Schedule::Measured(formula) => Some(formula),
        Schedule::Always(_) | Schedule::From(_) => None,
    });
    metric.measurement().map(|measurement| &measurement.formula).into_iter().chain(measured)
}

/// Whether a rate goes into a number of the metric.
fn is_converted(metric: &Metric, source: &Source) -> bool {
    let Some(conversion) = &source.conversion else { return false };
    let mut found = false;
    for formula in formulas(metric) {
        formula.visit(&mut |aggregate| found |= plan::converts(aggregate, conversion));
    }
    found
}

fn sorted<'s>(names: impl IntoIterator<Item = &'s String>) -> String {
    let names: BTreeSet<&str> = names.into_iter().map(String::as_str).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Declared words, of which there may be none.
fn words(words: &[String]) -> String {
    if words.is_empty() { "none".to_owned() } else { sorted(words) }
}

/// Whether two rows with one key are two events or a mistake. Of long files the key changes no number: rows that are the
/// same word for word count once whatever it is, and others stop the run. Of wide ones it does, cell by cell.
fn duplicates(scorecard: &Scorecard, measurement: &Measurement) -> String {
    let written = &scorecard.source(measurement.source).written;
    let is_wide = written.layout == Layout::Wide;
    let columns = is_wide.then(|| plan::identity(scorecard, measurement.source)).flatten();
    let columns = columns.filter(|columns| !columns.is_empty());
    match (written.duplicates, columns) {
        (Duplicates::Sum, _) => "sum".to_owned(),
        (Duplicates::Error, None) => "error".to_owned(),
        (Duplicates::Error, Some(columns)) => format!("error by {}", sorted(&columns)),
    }
}

fn headers(source: &Source, columns: &BTreeSet<&str>) -> String {
    let renamed = columns.iter().filter(|column| source.header_of(column) != **column);
    renamed.map(|column| format!("{column} = {}", source.header_of(column))).collect::<Vec<_>>().join(", ")
}

fn scales(scale: &[(String, Decimal)], columns: &BTreeSet<&str>) -> String {
    let read = scale.iter().filter(|(column, factor)| columns.contains(column.as_str()) && *factor != Decimal::ONE);
    let mut texts: Vec<String> = read.map(|(column, factor)| format!("{column} * {}", factor.normalize())).collect();
    texts.sort_unstable();
    texts.join(", ")
}

/// What its amounts are in, and into what they are converted.
fn currency(scorecard: &Scorecard, metric: &Metric, source: &Source) -> Option<String> {
    let Some(conversion) = &source.conversion else { return source.written.currency.clone() };
    let into = scorecard.currency.as_deref().unwrap_or_default();
    let of = match &conversion.of {
        CurrencyOf::Column(column) => format!("by {column}"),
        CurrencyOf::Always(code) => code.clone(),
    };
    is_converted(metric, source)
        .then(|| format!("{of} into {into}: {}", sorted(conversion.amounts.iter().map(|amount| &amount.value))))
}

fn rates(rates: &Rates) -> String {
    let Written { numbers, date_order, quarters: whose, .. } = &rates.source.written;
    let columns = format!("{}: {}, {}, {}", rates.source.written_path, rates.source.period, rates.currency, rates.rate);
    let how = [numbers.map(NumberFormat::example), date_order.map(DateOrder::word), whose.map(quarters_word)];
    std::iter::once(columns.as_str()).chain(how.into_iter().flatten()).collect::<Vec<_>>().join("; ")
}

fn delimiter(byte: u8) -> String {
    if byte == b'\t' { "tab".to_owned() } else { char::from(byte).to_string() }
}

fn numbers(written: &Written) -> Option<String> {
    written.numbers.map(|numbers| numbers.example().to_owned())
}

fn date_order(written: &Written) -> Option<String> {
    written.date_order.map(|order| order.word().to_owned())
}

fn quarters(written: &Written) -> Option<String> {
    written.quarters.map(|whose| quarters_word(whose).to_owned())
}

fn quarters_word(whose: Quarters) -> &'static str {
    match whose {
        Quarters::Calendar => "calendar",
        Quarters::Fiscal => "fiscal",
    }
}
