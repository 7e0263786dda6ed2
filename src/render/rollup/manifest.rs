//! A manifest as JSON beside an export, and what of it people are told.

use std::collections::BTreeMap;

use serde_json::{Map, Number as JsonNumber, Value, json};

use crate::number::Number;
use crate::observe::FileFacts;
use crate::prose::{self, grouped};
use crate::view::manifest::{Control, Hashed, Input, Manifest, Parts, Unequal};

/// Grows when a key changes its meaning, not when one is added.
const MANIFEST_VERSION: u32 = 1;

/// The manifest as JSON.
pub fn manifest(manifest: &Manifest) -> String {
    let mut root = Map::new();
    let mut put = |key: &str, value: Value| {
        root.insert(key.to_owned(), value);
    };
    put("manifest_version", json!(MANIFEST_VERSION));
    put("program", json!(manifest.program));
    put("command", json!(manifest.command));
    put("scorecard", json!(manifest.scorecard));
    put("as_of", json!(manifest.as_of));
    put("first_period", json!(manifest.periods.0));
    put("last_period", json!(manifest.periods.1));
    put("where", json!(manifest.condition));
    put("rows", json!(manifest.rows));
    put("output", manifest.output.as_ref().map_or(Value::Null, hashed));
    put("scorecard_files", manifest.scorecards.iter().map(hashed).collect());
    put("inputs", manifest.inputs.iter().map(input).collect());
    let control = |control: &Control| {
        json!({
            "source": control.source, "column": control.column, "equals": number(control.equals),
            "found": number(control.found), "ties": control.ties,
        })
    };
    put("control_totals", manifest.controls.iter().map(control).collect());
    put("parts", manifest.parts.iter().map(parts).collect());
    crate::render::json::written(&Value::Object(root))
}

fn number(number: Number) -> Value {
    number.to_string().parse::<JsonNumber>().map_or(Value::Null, Value::Number)
}

fn hashed(file: &Hashed) -> Value {
    json!({ "path": file.path, "sha256": file.sha256, "bytes": file.bytes })
}

fn input(input: &Input) -> Value {
    let facts = &input.facts;
    let told = |told: &Option<crate::observe::Told>| told.as_ref().map(|told| told.what.clone());
    json!({
        "source": input.source,
        "path": input.file.path,
        "sha256": input.file.sha256,
        "bytes": input.file.bytes,
        "encoding": told(&facts.encoding),
        "delimiter": told(&facts.delimiter),
        "rows_read": facts.rows,
        "rows_kept": facts.kept,
        "rows_dropped": dropped(facts).into_iter().map(|(why, rows)| (why.to_owned(), json!(rows))).collect::<Map<_, _>>(),
        "cells_rejected": facts.rejected_cells,
        "source_first_period": input.periods.as_ref().map(|periods| periods.0.clone()),
        "source_last_period": input.periods.as_ref().map(|periods| periods.1.clone()),
    })
}

/// Why rows of a file are not among those kept, and how many.
fn dropped(facts: &FileFacts) -> Vec<(&'static str, u64)> {
    let (compared, alone) = facts.totals;
    let others = compared + alone + facts.copies + facts.rejected_rows;
    let reasons = [
        ("where", facts.rows.saturating_sub(facts.kept + others)),
        ("totals", compared + alone),
        ("copies", facts.copies),
        ("rejected", facts.rejected_rows),
    ];
    reasons.into_iter().filter(|(_, rows)| *rows > 0).collect()
}

fn parts(parts: &Parts) -> Value {
    let unequal = |unequal: &Unequal| {
        json!({
            "period": unequal.period,
            "whole": unequal.whole.map_or(Value::Null, number),
            "parts": unequal.parts.map_or(Value::Null, number),
        })
    };
    json!({
        "metric": parts.metric,
        "adds_up": parts.adds_up,
        "level": parts.level,
        "lacks": parts.lacks,
        "periods_equal": parts.equal,
        "periods_close": parts.close,
        "unequal": parts.unequal.iter().map(unequal).collect::<Vec<_>>(),
    })
}

/// The reconciliation for people: rows in, kept and dropped; control totals; parts beside wholes.
pub fn reconciliation(manifest: &Manifest) -> Vec<String> {
    let mut lines = vec!["reconciliation".to_owned()];
    for input in &manifest.inputs {
        let facts = &input.facts;
        let number = |rows: u64| grouped(&rows.to_string());
        let reasons = dropped(facts).into_iter().map(|(why, rows)| format!("{} {why}", number(rows)));
        let reasons: Vec<String> = reasons.collect();
        let why = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        let cells = match facts.rejected_cells {
            0 => String::new(),
            cells => format!("; {} of rows kept rejected", prose::count(cells as usize, "cell")),
        };
        lines.push(format!(
            "  {}: {}: {} rows in, {} kept, {} dropped{why}{cells}",
            input.source,
            input.file.path,
            number(facts.rows),
            number(facts.kept),
            number(facts.rows.saturating_sub(facts.kept)),
        ));
    }
    if let Some(condition) = &manifest.condition {
        lines.push(format!("  figures are of the rows where {condition}; those kept are counted before that"));
    }
    lines.extend(manifest.controls.iter().map(|control| format!("  {}", of_control(control))));
    lines.extend(of_parts(&manifest.parts));
    lines
}

/// The control totals that do not tie, for people who asked for no reconciliation.
pub fn untied(manifest: &Manifest) -> Vec<String> {
    manifest.controls.iter().filter(|control| !control.ties).map(of_control).collect()
}

fn of_control(control: &Control) -> String {
    let (found, equals) = (grouped(&control.found.to_string()), grouped(&control.equals.to_string()));
    let verdict = if control.ties { "as declared".to_owned() } else { format!("and should be {equals}") };
    format!("control total of {} in {}: {found}, {verdict}", control.column, control.source)
}

fn of_parts(parts: &[Parts]) -> Vec<String> {
    let (adding, others): (Vec<&Parts>, Vec<&Parts>) = parts.iter().partition(|parts| parts.adds_up);
    let mut lines = Vec::new();
    let mut tell = |how: &str, periods: fn(&Parts) -> usize| {
        let some: Vec<usize> = adding.iter().map(|parts| periods(parts)).filter(|periods| *periods > 0).collect();
        if !some.is_empty() {
            let (periods, metrics) = (prose::count(some.iter().sum(), "figure"), prose::count(some.len(), "metric"));
            lines.push(format!("  parts equal the whole, {how}, in {periods} of {metrics}"));
        }
    };
    tell("to the last digit", |parts| parts.equal);
    tell("to twelve digits since it is divided", |parts| parts.close);
    for parts in &adding {
        lines.extend(parts.unequal.iter().map(|unequal| of_unequal(&parts.metric, unequal)));
    }
    lines.extend(of_levels(&adding));
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|parts| parts.metric.as_str()).collect();
        lines.push(format!("  do not add up over parts, and are not meant to: {}", names.join(", ")));
    }
    lines
}

fn of_unequal(metric: &str, unequal: &Unequal) -> String {
    let written = |number: Number| grouped(&number.to_string());
    let whole =
        unequal.whole.map_or("there is no whole".to_owned(), |whole| format!("the whole is {}", written(whole)));
    let parts = unequal.parts.map(|parts| format!("the parts add up to {}", written(parts)));
    let parts = parts.unwrap_or_else(|| "no part has a figure".to_owned());
    format!("  {metric} in {}: {parts}, {whole}", unequal.period)
}

/// What was compared by fewer dimensions than were asked for, or not at all.
fn of_levels(adding: &[&Parts]) -> Vec<String> {
    let mut told: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for parts in adding {
        let how = match (&parts.level, &parts.lacks) {
            (Some(level), Some(lacks)) => format!("compared by {level}, for there is no {lacks}"),
            (None, Some(lacks)) => format!("not compared, for there is no {lacks}"),
            _ if parts.equal + parts.close + parts.unequal.len() == 0 => {
                "not compared, for there are no figures".to_owned()
            }
            _ => continue,
        };
        told.entry(how).or_default().push(&parts.metric);
    }
    told.into_iter().map(|(how, metrics)| format!("  {how}: {}", metrics.join(", "))).collect()
}
