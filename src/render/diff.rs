//! Differences for people, and as CSV. Numbers stand in full: a difference in the last digit is one.

mod json;

use std::collections::{BTreeSet, HashMap};

use super::csv::{CsvForm, CsvRows};
use super::style::{Palette, Tone, harmless, paint};
use crate::ledger::{Change, FileChange, Input, Kind, NUMBERS, number};
use crate::number::Number;
use crate::prose;
use crate::view::Field;
use crate::view::diff::{Diff, DiffPeriod};

pub use json::json;

/// The differences by kind, each with its period, its metric, and the files behind it.
pub fn human(diff: &Diff, palette: Palette) -> String {
    let title = diff.scorecard.as_deref().map_or(String::new(), |title| format!("{}: ", harmless(title)));
    let head = format!("{title}{} against {}", harmless(&diff.after), harmless(&diff.before));
    let mut out = format!("{}\n", paint(palette, Tone::Strong, &head));
    out.push_str(&paint(palette, Tone::Faint, &told_periods(&diff.periods)));
    out.push('\n');
    for note in notes(diff) {
        out.push_str(&format!("{note}\n"));
    }
    for (kind, changes) in diff.by_kind() {
        out.push_str(&format!("\n{}\n", paint(palette, Tone::Strong, heading(kind))));
        for (periods, change) in together(&changes) {
            out.push_str(&format!("  {}\n", entry(&period_names(&periods, &diff.periods), change)));
        }
        // Files change for many figures at once.
        let mut told = BTreeSet::new();
        for file in changes.iter().flat_map(|change| &change.files).map(file) {
            if !told.contains(&file) {
                out.push_str(&paint(palette, Tone::Faint, &format!("    {file}\n")));
                told.insert(file);
            }
        }
    }
    if !diff.differs() {
        let what = if diff.not_compared.is_empty() { "reported" } else { "compared" };
        out.push_str(&format!("\nNothing that was {what} differs.\n"));
    }
    out
}

/// What a reader should know beside the differences, a line each.
pub fn notes(diff: &Diff) -> impl Iterator<Item = String> {
    diff.notes.iter().chain(&diff.not_compared).map(|note| harmless(note))
}

/// What is the same in several periods, such as a changed definition, once, with all of them.
fn together<'c>(changes: &[&'c Change]) -> Vec<(Vec<&'c str>, &'c Change)> {
    let mut found: Vec<(Vec<&str>, &Change)> = Vec::new();
    let mut places = HashMap::new();
    for change in changes {
        let next = found.len();
        // Figures are of one period each.
        let is_of_many = change.kind == Kind::ChangedDefinition && !is_numeric(change);
        let key = || (&change.id, &change.segment, &change.what, &change.old, &change.new);
        match if is_of_many { *places.entry(key()).or_insert(next) } else { next } {
            place if place < next => found[place].0.push(&change.period),
            _ => found.push((vec![&change.period], change)),
        }
    }
    found
}

/// The periods of a change, among those compared.
fn period_names(names: &[&str], compared: &[DiffPeriod]) -> String {
    if let [one] = names {
        return harmless(one);
    }
    let names: BTreeSet<&str> = names.iter().copied().collect();
    runs(compared.iter().filter(|period| names.contains(period.name.as_str())))
}

fn told_periods(periods: &[DiffPeriod]) -> String {
    match periods {
        [] => "no period".to_owned(),
        [one] => harmless(&one.name),
        _ => format!("{}, {}", runs(periods.iter()), prose::count(periods.len(), "period")),
    }
}

/// Periods that follow each other by the first and the last of them: what lies between is always meant.
fn runs<'p>(periods: impl Iterator<Item = &'p DiffPeriod>) -> String {
    let mut runs: Vec<(&DiffPeriod, &DiffPeriod)> = Vec::new();
    for period in periods {
        match runs.last_mut() {
            Some((_, last)) if period.follows(last) => *last = period,
            _ => runs.push((period, period)),
        }
    }
    let told = |(first, last): &(&DiffPeriod, &DiffPeriod)| {
        let (one, other) = (harmless(&first.name), harmless(&last.name));
        if first == last { one } else { format!("{one} to {other}") }
    };
    runs.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Restated => "Restated history",
        Kind::MovedTarget => "Moved targets",
        Kind::ChangedDefinition => "Changed definitions",
        Kind::NewMetric => "New metrics",
        Kind::GoneMetric => "Gone metrics",
        Kind::Rescored => "What follows from these",
        Kind::GonePeriod => "Gone periods",
        Kind::NewPeriod => "New periods",
    }
}

fn entry(period: &str, change: &Change) -> String {
    let values: Vec<String> = change.segment.iter().map(|(_, value)| shown(value)).collect();
    let part = if values.is_empty() { String::new() } else { format!(" ({})", values.join(" / ")) };
    let id = if change.id.is_empty() { "scorecard" } else { &change.id };
    let is_text = !is_numeric(change) && change.what != "status";
    let text = |value: &Option<String>| match value.as_deref().map(harmless) {
        None => "absent".to_owned(),
        Some(text) if is_text => format!("`{text}`"),
        Some(text) => text,
    };
    let told = |before: &str, value: &Option<String>| match value {
        Some(_) => format!("{before}{}", text(value)),
        None => String::new(),
    };
    match change.kind {
        Kind::NewPeriod => format!("{period}  is reported and not among these"),
        Kind::GonePeriod => format!("{period}  is not reported any more"),
        // An export of parts alone has no whole to tell.
        Kind::NewMetric => format!("{period}  {id}{part}{}", told(": ", &change.new)),
        Kind::GoneMetric => format!("{period}  {id}{part}{}", told(": was ", &change.old)),
        _ => {
            let by = change.difference.map_or(String::new(), |difference| format!(" ({})", signed(difference)));
            let (old, new) = (text(&change.old), text(&change.new));
            format!("{period}  {id}{part}: {} {new}, was {old}{by}", change.what.replace('_', " "))
        }
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "(blank)".to_owned() } else { harmless(value) }
}

fn signed(difference: Number) -> String {
    if difference > Number::ZERO { format!("+{difference}") } else { difference.to_string() }
}

/// How a file changed, in words.
fn file(change: &FileChange) -> String {
    let path = harmless(&change.path);
    let rows = |input: &Input| input.rows.map_or(0, |(rows, _)| rows);
    let count = |input: &Input| prose::count(usize::try_from(rows(input)).unwrap_or(usize::MAX), "row");
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if rows(old) == rows(new) => format!("{path} changed: {} as before", count(new)),
        (Some(old), Some(new)) => {
            format!("{path} changed: {}, was {}", count(new), prose::grouped(&rows(old).to_string()))
        }
        (None, Some(new)) => format!("{path} is new: {}", count(new)),
        (Some(old), None) => format!("{path} is gone: was {}", count(old)),
        (None, None) => path,
    }
}

/// The columns of [`csv`].
const COLUMNS: [&str; 9] = ["kind", "period", "id", "segment", "what", "old", "new", "difference", "files"];

/// One row a difference, and how many text cells were guarded.
pub fn csv(diff: &Diff) -> (Vec<u8>, usize) {
    let mut rows = CsvRows::new(CsvForm::Machine);
    rows.header(&COLUMNS.map(str::to_owned));
    for change in &diff.changes {
        let value = |value: &Option<String>| match value {
            None => Field::Absent,
            Some(text) => match number(text).filter(|_| is_numeric(change)) {
                Some(number) => Field::Number(number),
                None => Field::text(text.clone()),
            },
        };
        let texts = |texts: Vec<String>| if texts.is_empty() { Field::Absent } else { Field::text(texts.join("; ")) };
        let segment = change.segment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        rows.row(&[
            Field::text(change.kind.word()),
            Field::text(change.period.as_str()),
            texts([&change.id].into_iter().filter(|id| !id.is_empty()).cloned().collect()),
            texts(segment),
            Field::text(change.what.as_str()),
            value(&change.old),
            value(&change.new),
            change.difference.map_or(Field::Absent, Field::Number),
            texts(change.files.iter().map(|file| file.path.clone()).collect()),
        ]);
    }
    rows.finish()
}

/// Whether old and new are numbers of a figure; an aspect may look like one.
fn is_numeric(change: &Change) -> bool {
    NUMBERS.contains(&change.what.as_str())
}
