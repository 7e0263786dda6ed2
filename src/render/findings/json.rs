//! The findings for programs. Keys are stable; paths are told as messages tell them, from where the run began.

use serde_json::{Map, Value, json};

use super::super::json::written as json_text;
use super::place::Spot;
use super::{Findings, spot};
use crate::diagnostic::{Diagnostic, Name, Severity};
use crate::lint::Rule;
use crate::observe::{FileFacts, Told};

/// Grows when a key changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 1;

/// All that is known of a check.
pub fn json(findings: Findings<'_>) -> String {
    let verdict = findings.verdict;
    let names = |rules: &[&Rule]| rules.iter().map(|rule| rule.name).collect::<Vec<_>>();
    json_text(&json!({
        "schema_version": SCHEMA_VERSION,
        "scorecard": findings.title,
        "path": findings.scorecard,
        "as_of": findings.reading.as_of,
        "summary": {
            "errors": verdict.count(Severity::Error),
            "warnings": verdict.count(Severity::Warning),
            "notes": verdict.count(Severity::Note),
            "accepted": verdict.silenced,
            "looked": verdict.ran.len(),
            "could_not_look": verdict.skipped.len(),
        },
        "findings": verdict.findings.iter().map(|finding| one(findings, finding)).collect::<Vec<_>>(),
        "could_not_look": names(&verdict.skipped),
        "files": findings.reading.files.iter().map(file).collect::<Vec<_>>(),
    }))
}

fn one(findings: Findings<'_>, finding: &Diagnostic) -> Value {
    let kind = match finding.code {
        Name::Rule(_) => "rule",
        Name::Fault(_) => "fault",
    };
    let mut object = Map::from_iter([
        ("rule".to_owned(), json!(finding.code.as_str())),
        ("kind".to_owned(), json!(kind)),
        ("severity".to_owned(), json!(finding.severity.word())),
        ("message".to_owned(), json!(finding.message)),
        ("about".to_owned(), json!(finding.about)),
    ]);
    object.extend(place(&findings.spot(finding)));
    let labels = finding.labels.iter().map(|label| {
        let mut object = place(&spot(label, findings.files));
        object.insert("text".to_owned(), json!(label.text));
        Value::Object(object)
    });
    object.insert("labels".to_owned(), labels.collect());
    object.insert("notes".to_owned(), json!(finding.notes));
    object.insert("help".to_owned(), json!(finding.help));
    Value::Object(object)
}

/// The end is exclusive: `end_column` is the column after the last character.
fn place(spot: &Spot<'_>) -> Map<String, Value> {
    let (stretch, columns) = (spot.stretch, spot.stretch.and_then(|stretch| stretch.columns));
    Map::from_iter([
        ("path".to_owned(), json!(spot.path)),
        ("line".to_owned(), json!(stretch.map(|stretch| stretch.line))),
        ("column".to_owned(), json!(columns.map(|(column, _)| column))),
        ("end_line".to_owned(), json!(stretch.map(|stretch| stretch.end_line))),
        ("end_column".to_owned(), json!(columns.map(|(_, end)| end))),
    ])
}

fn file(file: &FileFacts) -> Value {
    let told = |fact: &Option<Told>| fact.as_ref().map(|told| json!({ "value": told.what, "is_set": told.is_set }));
    let renamed = file.renamed.iter().map(|(name, header)| (name.clone(), json!(header)));
    let (compared, alone) = file.totals;
    json!({
        "path": file.path,
        "bytes": file.bytes,
        "rows": file.rows,
        "kept": file.kept,
        "copies": file.copies,
        "totals": { "compared": compared, "alone": alone },
        "encoding": told(&file.encoding),
        "delimiter": told(&file.delimiter),
        "header": told(&file.header),
        "numbers": told(&file.numbers),
        "dates": told(&file.dates),
        "renamed": Value::Object(renamed.collect()),
    })
}
