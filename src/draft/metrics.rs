//! The metrics a source may be measured by: parts of a whole, shares, amounts, stocks, sums. Never many.

use std::collections::{BTreeMap, BTreeSet};

use super::column::{Column, Numbers, ONE, Signs};
use super::pairs::{Pair, pairs};
use super::source::{Rows, Source};
use super::words::{self, Hint, goal_rank, hints};
use crate::formula::quoted_name;
use crate::observe::SampleCell;
use crate::period::{Grain, WrittenPeriod};

/// A metric as proposed.
pub(super) struct Metric {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) filter: Option<String>,
    pub(super) unit: String,
    pub(super) decimals: Option<u8>,
    /// A formula over a column that seems to hold its targets.
    pub(super) target: Option<String>,
    /// Whether more of it is better, as its words say.
    pub(super) is_better_higher: bool,
    /// What a person must decide of its value or unit.
    pub(super) doubts: Vec<(Key, &'static str)>,
    /// The columns its numbers are read from; the cells of a wide file where it is none.
    pub(super) columns: BTreeSet<usize>,
    /// Where cells are a share without a sign: the column's name, and whether one is beyond 1.
    pub(super) scaled: Option<(String, bool)>,
    /// How much it sounds like a customer goal; the least is the best.
    pub(super) goal: Option<usize>,
    /// The id of the node it drives; the tree says which.
    pub(super) drives: String,
    /// How much it says; the least says most.
    order: u8,
}

/// What a doubt is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Value,
    Unit,
}

const AVERAGE: &str = "a mean of percentages is not the percentage of the whole: are its two parts in the file?";
const MEAN: &str = "a mean of the rows: is it theirs to average?";
const ONLY: &str = "one row a period: a quarter or a year needs its parts";
const ADDED: &str = "a sum of several rows a period: do they add up?";
const WHICH_CURRENCY: &str = "which currency?";
const OF_WHAT: &str = "a number of what?";

/// Proposes at most so many metrics, the most telling ones, and names the columns of numbers that are left out.
pub(super) fn propose(source: &mut Source<'_>, grain: Grain, most: usize) {
    let found = match (source.when.column, indicator(source)) {
        (_, Some(column)) => of_indicators(source, column, grain),
        (None, None) => across(source).into_iter().collect(),
        (Some(_), None) => of_columns(source, grain),
    };
    let mut metrics = found;
    if metrics.is_empty() && rows_vary(source) {
        metrics.extend(source.when.column.map(|_| count_of_rows(source)));
    }
    let mut order: Vec<usize> = (0..metrics.len()).collect();
    order.sort_by_key(|at| (metrics[*at].goal.is_none(), metrics[*at].order, *at));
    let kept: BTreeSet<usize> = order.into_iter().take(most).collect();
    let mut at = 0;
    metrics.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
    let used: BTreeSet<usize> = metrics.iter().flat_map(|metric| metric.columns.iter().copied()).collect();
    source.left_out = numeric(source)
        .into_iter()
        .filter(|at| !used.contains(at))
        .map(|at| source.table.columns[at].name.clone())
        .collect();
    source.metrics = metrics;
}

/// Columns of numbers that may be measured.
fn numeric(source: &Source<'_>) -> Vec<usize> {
    let columns = &source.table.columns;
    let rows = source.table.rows.len();
    let is_measured = |at: &usize| {
        let column = &columns[*at];
        let Some(numbers) = &column.numbers else { return false };
        let names_rows = source.rows == Rows::Named(*at);
        // A source has amounts of one currency.
        let own = words::currency_of(&column.words).filter(|_| numbers.currencies.is_empty());
        let is_foreign = numbers.currencies.iter().any(|code| code.is_none() || *code != source.currency)
            || own.is_some() && own != source.currency;
        let is_label =
            hints(&column.words, Hint::Label) || hints(&column.words, Hint::Id) || hints(&column.words, Hint::NoActual);
        // The same number all through is a setting, not a measurement.
        let is_constant = rows > 3 && numbers.is_constant();
        let is_copy = columns[..*at]
            .iter()
            .any(|other| other.is_named && other.numbers.as_ref().is_some_and(|other| other.values == numbers.values));
        let says_when =
            !column.words.is_empty() && column.words.iter().all(|word| hints(std::slice::from_ref(word), Hint::When));
        Some(*at) != source.when.column
            && column.is_named
            && !(names_rows
                || is_foreign
                || is_label
                || is_constant
                || is_copy
                || says_when
                || numbers.counts_rows(source.is_of_events()))
            && numbers.percent != Signs::Some
    };
    (0..columns.len()).filter(is_measured).collect()
}

fn of_columns(source: &Source<'_>, grain: Grain) -> Vec<Metric> {
    let numeric = numeric(source);
    let columns = &source.table.columns;
    let pairs = if source.is_of_events() { Vec::new() } else { pairs(columns, &numeric) };
    let mut metrics: Vec<Metric> = Vec::new();
    if source.is_of_events() && rows_vary(source) {
        metrics.push(count_of_rows(source));
    }
    for at in &numeric {
        if let Some(pair) = pairs.iter().find(|pair| pair.part == *at) {
            metrics.push(ratio(columns, pair));
        } else if !pairs.iter().any(|pair| pair.whole == *at) {
            metrics.extend(of_column(source, *at, grain));
        }
    }
    metrics
}

fn ratio(columns: &[Column], pair: &Pair) -> Metric {
    let (part, whole) = (&columns[pair.part], &columns[pair.whole]);
    let is_opening = hints(&whole.words, Hint::Opening);
    let is_churn = hints(&part.words, Hint::Lost) && (is_opening || hints(&whole.words, Hint::Stock));
    let below = match (is_opening, hints(&whole.words, Hint::Stock)) {
        (true, _) => "first",
        (_, true) => "last",
        _ => "sum",
    };
    let value = format!("sum({}) / {below}({})", quoted_name(&part.name), quoted_name(&whole.name));
    let id = if is_churn { "churn".to_owned() } else { format!("{}_rate", part.name) };
    let name = match is_churn {
        true => "Churn".to_owned(),
        false => format!("{} of {}", words::title(&part.header), words::title(&whole.header).to_lowercase()),
    };
    let goal = if is_churn { Some(0) } else { goal_rank(&part.words) };
    let is_better_higher = !hints(&part.words, Hint::Worse);
    let columns = BTreeSet::from([pair.part, pair.whole]);
    Metric { is_better_higher, columns, goal, ..metric(id, name, value, "percent", 1) }
}

/// A metric with nothing odd about it.
fn metric(id: String, name: String, value: String, unit: &str, order: u8) -> Metric {
    Metric {
        id,
        name,
        value,
        filter: None,
        unit: unit.to_owned(),
        decimals: None,
        target: None,
        is_better_higher: true,
        doubts: Vec::new(),
        columns: BTreeSet::new(),
        scaled: None,
        goal: None,
        drives: String::new(),
        order,
    }
}

/// Whether one period has more rows than another; where all have as many, their number says nothing.
fn rows_vary(source: &Source<'_>) -> bool {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let periods = source.when.periods.values.iter().map(|period| period.first().to_string());
    periods.for_each(|period| *counts.entry(period).or_insert(0) += 1);
    counts.len() == 1 || counts.values().collect::<BTreeSet<_>>().len() > 1
}

fn count_of_rows(source: &Source<'_>) -> Metric {
    let words = words::words(&source.id);
    let rows = if source.is_of_events() { "Number of" } else { "Rows of" };
    let name = format!("{rows} {}", source.id.replace('_', " "));
    let is_better_higher = !hints(&words, Hint::Worse);
    let made = metric(format!("{}_count", source.id), name, "count(*)".to_owned(), "count", 0);
    Metric { is_better_higher, goal: goal_rank(&words), ..made }
}

/// How a column's numbers are meant, by its words and cells.
struct Meaning {
    unit: String,
    aggregate: &'static str,
    doubts: Vec<(Key, &'static str)>,
    is_share: bool,
    order: u8,
}

fn meaning(source: &Source<'_>, words: &[String], numbers: &Numbers, is_alone: bool) -> Meaning {
    let within_one = numbers.filled().all(|value| (0..=ONE).contains(&value));
    let is_percent =
        numbers.percent == Signs::All || hints(words, Hint::Percent) || hints(words, Hint::Rate) && within_one;
    let mean = |unit: &str, doubt| Meaning {
        unit: unit.to_owned(),
        aggregate: if is_alone { "only" } else { "avg" },
        doubts: vec![(Key::Value, if is_alone { ONLY } else { doubt })],
        is_share: is_percent,
        order: 2,
    };
    let is_money = !numbers.currencies.is_empty() || hints(words, Hint::Money);
    let time = ["days", "hours", "minutes"].into_iter().find(|unit| words.iter().any(|word| word == unit));
    if is_percent {
        mean("percent", AVERAGE)
    } else if hints(words, Hint::Rate) {
        mean("ratio", AVERAGE)
    } else if hints(words, Hint::Score) {
        mean("score", MEAN)
    } else if is_money {
        let (unit, doubt) = match &source.currency {
            Some(code) => (code.clone(), None),
            None => ("EUR".to_owned(), Some((Key::Unit, WHICH_CURRENCY))),
        };
        let made = if hints(words, Hint::Mean) { mean(&unit, MEAN) } else { plain(&unit, "sum", 3) };
        Meaning { doubts: made.doubts.into_iter().chain(doubt).collect(), ..made }
    } else if hints(words, Hint::Opening) {
        plain("count", "first", 4)
    } else if hints(words, Hint::Stock) {
        plain("count", "last", 4)
    } else if let Some(unit) = time {
        if source.is_of_events() { mean(unit, MEAN) } else { plain(unit, "sum", 5) }
    } else if hints(words, Hint::Mean) {
        let made = mean("count", MEAN);
        Meaning { doubts: made.doubts.into_iter().chain([(Key::Unit, OF_WHAT)]).collect(), ..made }
    } else {
        plain("count", "sum", 5)
    }
}

fn plain(unit: &str, aggregate: &'static str, order: u8) -> Meaning {
    Meaning { unit: unit.to_owned(), aggregate, doubts: Vec::new(), is_share: false, order }
}

/// Whether each period has one row, of the scorecard's own grain.
fn is_alone(source: &Source<'_>, grain: Grain) -> bool {
    let periods: BTreeSet<String> =
        source.when.periods.values.iter().map(|period| period.first().to_string()).collect();
    source.when.column.is_some() && source.grain() == grain && periods.len() == source.table.rows.len()
}

fn of_column(source: &Source<'_>, at: usize, grain: Grain) -> Option<Metric> {
    let column = &source.table.columns[at];
    let numbers = column.numbers.as_ref()?;
    let meaning = meaning(source, &column.words, numbers, is_alone(source, grain));
    let value = format!("{}({})", meaning.aggregate, quoted_name(&column.name));
    let has_sign = column.header.contains('%');
    let title = words::title(&column.header);
    let is_of_rows = meaning.aggregate == "avg" && !["percent", "ratio", "score"].contains(&meaning.unit.as_str());
    let is_called_so = ["avg", "average", "mean"].iter().any(|word| column.words.iter().any(|own| own == word));
    let name = if is_of_rows && !is_called_so { format!("Average {}", title.to_lowercase()) } else { title };
    let made = metric(column.name.clone(), name, value, &meaning.unit, meaning.order);
    Some(Metric {
        target: target(source, at).map(|name| format!("{}({name})", meaning.aggregate)),
        decimals: decimals(&meaning.unit, meaning.aggregate, numbers),
        is_better_higher: !hints(&column.words, Hint::Worse),
        columns: BTreeSet::from([at]),
        scaled: scaled(&column.name, has_sign, numbers).filter(|_| meaning.is_share),
        goal: goal_rank(&column.words),
        doubts: meaning.doubts,
        ..made
    })
}

/// Words for what was promised.
const TARGETS: [&str; 6] = ["target", "plan", "ziel", "soll", "budget", "objectif"];

/// The column of targets beside a column of actuals: called like it but for the word.
fn target(source: &Source<'_>, at: usize) -> Option<String> {
    let columns = &source.table.columns;
    let is_target = |column: &&Column| {
        column.is_named
            && column.numbers.is_some()
            && TARGETS.iter().any(|word| column.words.iter().any(|own| own == word))
    };
    let bare = |words: &[String]| -> BTreeSet<String> {
        let is_kind = |word: &str| ["actual", "value", "wert", "ist"].contains(&word) || TARGETS.contains(&word);
        words.iter().filter(|word| !is_kind(word)).cloned().collect()
    };
    let own = bare(&columns[at].words);
    let alike = columns.iter().filter(is_target).find(|column| bare(&column.words) == own);
    // A column called `Target` alone is of the one before it.
    let beside = || columns.get(at + 1).filter(is_target).filter(|column| bare(&column.words).is_empty());
    let found = alike.or_else(beside)?;
    fits(columns[at].numbers.as_ref()?, found.numbers.as_ref()?).then(|| quoted_name(&found.name))
}

/// Whether targets are of the size of what they are targets of.
fn fits(actual: &Numbers, target: &Numbers) -> bool {
    const TIMES: i128 = 5;
    let mean = |numbers: &Numbers| {
        let all: Vec<i128> = numbers.filled().map(|value| value.abs() / 1_000).collect();
        (all.iter().sum::<i128>()) / i128::try_from(all.len().max(1)).unwrap_or(1)
    };
    let (actual, target) = (mean(actual), mean(target));
    actual <= target.saturating_mul(TIMES) && target <= actual.saturating_mul(TIMES)
}

/// Counts are shown whole, which fractions are not.
fn decimals(unit: &str, aggregate: &str, numbers: &Numbers) -> Option<u8> {
    (unit == "count" && (aggregate == "avg" || !numbers.is_whole())).then_some(2)
}

/// What must be said of the scale of shares: cells beyond 1, or a percent sign in the header and none in the cells.
fn scaled(name: &str, has_sign: bool, numbers: &Numbers) -> Option<(String, bool)> {
    let beyond = numbers.filled().any(|value| value.abs() > ONE);
    (numbers.percent == Signs::None && (beyond || has_sign)).then(|| (name.to_owned(), beyond))
}

/// The cells of a wide file, all of one kind.
fn across(source: &Source<'_>) -> Option<Metric> {
    let cells: Vec<(usize, &SampleCell)> = source.when.across.iter().flat_map(|at| source.table.cells(*at)).collect();
    let numbers = source.table.numbers_of(&cells)?;
    let is_foreign = numbers.currencies.iter().any(|code| code.is_none() || *code != source.currency);
    if numbers.percent == Signs::Some || is_foreign {
        return None;
    }
    let words = words::words(&source.id);
    let meaning = meaning(source, &words, &numbers, false);
    let value = format!("{}(value)", meaning.aggregate);
    let made = metric(source.id.clone(), words::title(&source.id), value, &meaning.unit, meaning.order);
    Some(Metric {
        decimals: decimals(&meaning.unit, meaning.aggregate, &numbers),
        is_better_higher: !hints(&words, Hint::Worse),
        scaled: scaled("value", false, &numbers).filter(|_| meaning.is_share),
        goal: goal_rank(&words),
        doubts: meaning.doubts,
        ..made
    })
}

/// The dimension whose texts say what is measured.
fn indicator(source: &Source<'_>) -> Option<usize> {
    let called = |at: &&usize| hints(&source.table.columns[**at].words, Hint::Indicator);
    source.dimensions.iter().find(called).copied()
}

/// A metric for each text of the column that says what is measured.
fn of_indicators(source: &Source<'_>, column: usize, grain: Grain) -> Vec<Metric> {
    let fields: Vec<usize> = match source.when.column {
        None => source.when.across.clone(),
        Some(_) => numeric(source).into_iter().take(1).collect(),
    };
    let Some(field) = fields.first().copied() else { return Vec::new() };
    let called =
        if source.when.column.is_none() { "value".to_owned() } else { source.table.columns[field].name.clone() };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let texts = source.table.cells(column).map(|(_, cell)| cell.text.as_str());
    let mut metrics = Vec::new();
    for text in texts.filter(|text| seen.insert(text)) {
        // A condition reads dates as dates; a blank is none.
        if text.is_empty() || WrittenPeriod::parse(text).is_some() || text.chars().any(words::is_hidden) {
            continue;
        }
        let rows: Vec<usize> =
            (0..source.table.rows.len()).filter(|row| source.table.rows[*row].1.cells[column].text == text).collect();
        metrics.extend(of_indicator(source, (column, text), (&fields, &called), &rows, grain));
    }
    metrics
}

fn of_indicator(
    source: &Source<'_>,
    (column, text): (usize, &str),
    (fields, called): (&[usize], &str),
    rows: &[usize],
    grain: Grain,
) -> Option<Metric> {
    let cell = |row: &usize| {
        fields
            .iter()
            .map(|field| (source.table.rows[*row].0, &source.table.rows[*row].1.cells[*field]))
            .collect::<Vec<_>>()
    };
    let cells: Vec<(usize, &SampleCell)> = rows.iter().flat_map(cell).collect();
    let numbers = source.table.numbers_of(&cells)?;
    let is_foreign = numbers.currencies.iter().any(|code| code.is_none() || *code != source.currency);
    if numbers.percent == Signs::Some || is_foreign || (cells.len() > 3 && numbers.is_constant()) {
        return None;
    }
    let is_wide = source.when.column.is_none();
    let periods: BTreeSet<String> =
        rows.iter().filter(|_| !is_wide).map(|row| source.when.periods.values[*row].first().to_string()).collect();
    let files: BTreeSet<usize> = rows.iter().map(|row| source.table.rows[*row].0).collect();
    let is_alone = source.grain() == grain && rows.len() == if is_wide { files.len() } else { periods.len() };
    let text_words = words::words(text);
    let made = meaning(source, &text_words, &numbers, is_alone);
    // One table holds numbers of many kinds: unless the words say more, each row stands for itself.
    let (aggregate, doubt) = if is_alone { ("only", Some((Key::Value, ONLY))) } else { (made.aggregate, None) };
    let mut doubts = made.doubts;
    if doubts.iter().all(|(key, _)| *key != Key::Value) {
        doubts.extend(doubt);
    }
    if aggregate == "sum" {
        doubts.push((Key::Value, ADDED));
    }
    if made.unit == "count" && doubts.iter().all(|(key, _)| *key != Key::Unit) {
        doubts.push((Key::Unit, OF_WHAT));
    }
    let header = if is_wide { "" } else { source.table.columns[fields[0]].header.as_str() };
    let slug = words::slug(text);
    let id = if slug.is_empty() { source.id.clone() } else { slug };
    let name = quoted_name(&source.table.columns[column].name);
    let filter = Some(format!("{name} = '{}'", text.replace('\'', "''")));
    let value = format!("{aggregate}({})", quoted_name(called));
    let target = fields.first().filter(|_| !is_wide).and_then(|field| target(source, *field));
    Some(Metric {
        filter,
        target: target.map(|name| format!("{aggregate}({name})")),
        decimals: decimals(&made.unit, aggregate, &numbers),
        is_better_higher: !hints(&text_words, Hint::Worse),
        columns: if is_wide { BTreeSet::new() } else { fields.iter().copied().collect() },
        scaled: None,
        goal: goal_rank(&text_words),
        doubts,
        ..metric(id, words::title(text), value, unit_of_shares(&made.unit, made.is_share, &numbers, header), made.order)
    })
}

/// A column of many kinds has one scale: a share that is not sure to be a fraction is left as the number it is.
fn unit_of_shares<'u>(unit: &'u str, is_share: bool, numbers: &Numbers, header: &str) -> &'u str {
    let beyond = numbers.filled().any(|value| value.abs() > ONE) || header.contains('%');
    if is_share && numbers.percent == Signs::None && beyond { "score" } else { unit }
}
