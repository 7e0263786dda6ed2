//! Differences as JSON: `{schema_version, scorecard, before, after, periods, notes, not_compared, differs, changes}`.

use std::str::FromStr;

use serde_json::{Map, Number as JsonNumber, Value, json};

use crate::ledger::{Change, FileChange, Input};
use crate::render::json::written;
use crate::view::diff::Diff;

/// Grows when a key changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 1;

/// The differences as JSON.
pub fn json(diff: &Diff) -> String {
    written(&json!({
        "schema_version": SCHEMA_VERSION,
        "scorecard": diff.scorecard,
        "before": diff.before,
        "after": diff.after,
        "periods": diff.periods.iter().map(|period| &period.name).collect::<Vec<_>>(),
        "notes": diff.notes,
        "not_compared": diff.not_compared,
        "differs": diff.differs(),
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
    }))
}

fn change(change: &Change) -> Value {
    // The digits as they are: a double could not hold every exact decimal.
    let digits = |text: &str| JsonNumber::from_str(text).map_or(Value::Null, Value::Number);
    let value = |value: &Option<String>| match value {
        None => Value::Null,
        Some(text) if super::is_numeric(change) => digits(text),
        Some(text) => Value::String(text.clone()),
    };
    let segment: Map<String, Value> =
        change.segment.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
    json!({
        "kind": change.kind.word(),
        "period": change.period,
        "id": Some(&change.id).filter(|id| !id.is_empty()),
        "segment": segment,
        "what": change.what,
        "old": value(&change.old),
        "new": value(&change.new),
        "difference": change.difference.map_or(Value::Null, |difference| digits(&difference.to_string())),
        "files": change.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &FileChange) -> Value {
    let side = |input: &Option<Input>| match input {
        None => Value::Null,
        Some(input) => json!({
            "sha256": input.sha256,
            "bytes": input.bytes,
            "rows_read": input.rows.map(|(rows, _)| rows),
            "rows_kept": input.rows.map(|(_, kept)| kept),
        }),
    };
    json!({ "path": file.path, "old": side(&file.old), "new": side(&file.new) })
}
