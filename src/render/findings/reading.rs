//! What was read for a check, and how it is written: what `--verbose` tells.

use super::super::facts::{rows, written};
use super::super::style::harmless;
use super::{Findings, without_commands};
use crate::lint::Rule;
use crate::observe::FileFacts;
use crate::prose;

/// What was read for a check; nothing where a fault stopped it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The name of the period the check is about.
    pub as_of: Option<String>,
    /// The data files, by source.
    pub files: Vec<FileFacts>,
}

/// A line for the period, for each file and for the rules. Each begins with a word of ours: a job's log takes a line
/// that begins with `::` for a command.
pub fn told(findings: Findings<'_>) -> Vec<String> {
    let reading = findings.reading;
    let as_of = reading.as_of.as_ref().map(|period| format!("as of {period}"));
    let files = reading.files.iter().map(|file| format!("read `{}`: {}", harmless(&file.path), facts(file)));
    as_of.into_iter().chain(files).chain([looked(findings)]).map(|line| without_commands(&line)).collect()
}

/// How a file is written, and which of its rows count.
pub(super) fn facts(file: &FileFacts) -> String {
    harmless(&format!("{}; rows: {}", written(file), rows(file)))
}

/// How many rules looked, and which could not.
pub(super) fn looked(findings: Findings<'_>) -> String {
    let (ran, skipped) = (&findings.verdict.ran, &findings.verdict.skipped);
    if ran.is_empty() && !skipped.is_empty() {
        return "no rule could look".to_owned();
    }
    let mut text = format!("{} looked", prose::count(ran.len(), "rule"));
    if !skipped.is_empty() {
        let names = prose::list(skipped.iter().map(|rule: &&Rule| rule.name));
        text.push_str(&format!("; {} could not: {names}", skipped.len()));
    }
    text
}
