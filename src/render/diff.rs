//! Differences for people, and as CSV. Numbers stand in full: a difference in the last digit is one.

mod json;

use super::csv::{CsvForm, CsvRows};
use super::style::{Palette, Tone, harmless, paint};
use crate::ledger::{Change, FileChange, Input, Kind, NUMBERS, number};
use crate::number::Number;
use crate::period::{Calendar, Period};
use crate::prose;
use crate::view::Field;
use crate::view::diff::Diff;

pub use json::json;

/// The differences by kind, each with its period, its metric, and the files behind it.
pub fn human(diff: &Diff, palette: Palette) -> String {
    let title = diff.scorecard.as_deref().map_or(String::new(), |title| format!("{}: ", harmless(title)));
    let head = format!("{title}{} against {}", harmless(&diff.after), harmless(&diff.before));
    let mut out = format!("{}\n", paint(palette, Tone::Strong, &head));
    out.push_str(&paint(palette, Tone::Faint, &told_periods(&diff.periods)));
    out.push('\n');
    for note in &diff.notes {
        out.push_str(&format!("{}\n", harmless(note)));
    }
    for (kind, changes) in diff.by_kind() {
        out.push_str(&format!("\n{}\n", paint(palette, Tone::Strong, heading(kind))));
        for (periods, change) in together(&changes) {
            out.push_str(&format!("  {}\n", entry(&period_names(&periods), change)));
        }
        // Files change for many figures at once.
        let mut files: Vec<String> = Vec::new();
        for file in changes.iter().flat_map(|change| &change.files).map(file) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        for file in files {
            out.push_str(&paint(palette, Tone::Faint, &format!("    {file}\n")));
        }
    }
    if !diff.differs() {
        out.push_str("\nNothing that was reported differs.\n");
    }
    out
}

/// What is the same in several periods, such as a changed definition, once, with all of them.
fn together<'c>(changes: &[&'c Change]) -> Vec<(Vec<&'c str>, &'c Change)> {
    let mut found: Vec<(Vec<&str>, &Change)> = Vec::new();
    for change in changes {
        let is_same = |known: &Change| {
            let of = |one: &'c Change| (&one.id, &one.segment, &one.what, &one.old, &one.new);
            let known = (&known.id, &known.segment, &known.what, &known.old, &known.new);
            known == of(change) && !is_numeric(change) && change.kind == Kind::ChangedDefinition
        };
        match found.iter_mut().find(|(_, known)| is_same(known)) {
            Some((periods, _)) => periods.push(&change.period),
            None => found.push((vec![&change.period], change)),
        }
    }
    found
}

/// Periods by name: neighbours as from the first to the last of them.
fn period_names(periods: &[&str]) -> String {
    let follows = |before: &str, name: &str| {
        let next = Period::parse(before).and_then(|period| Calendar::default().shift(period, 1));
        next.is_some() && next == Period::parse(name)
    };
    let runs = periods.chunk_by(|before, name| follows(before, name)).map(|run| match run {
        [first, .., last] => format!("{first} to {last}"),
        _ => run.concat(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

fn told_periods(periods: &[String]) -> String {
    match periods {
        [] => "no period".to_owned(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} to {last}, {}", prose::count(periods.len(), "period")),
    }
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
    match change.kind {
        Kind::NewPeriod => format!("{period}  is reported and not among these"),
        Kind::GonePeriod => format!("{period}  is not reported any more"),
        Kind::NewMetric => format!("{period}  {id}: {}", text(&change.new)),
        Kind::GoneMetric => format!("{period}  {id}: was {}", text(&change.old)),
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
