//! Annotations of a GitHub workflow: one command a line, as `actions/toolkit` escapes them and `actions/runner` reads
//! them. Paths begin at the root of the repository, which a workflow checks out as its workspace.
//!
//! A step keeps ten annotations a type and drops the rest in silence, so of more than ten the tenth says how many are
//! missing; it keeps 4,096 UTF-16 units of a message. Columns are told on one line only: GitHub takes no others.

use super::super::style::harmless;
use super::Findings;
use crate::diagnostic::{Diagnostic, Severity};
use crate::prose;

/// Annotations a step keeps of each type.
const KEPT: usize = 10;
/// Characters of a message: at most two units each.
const LONGEST: usize = 2_000;

/// The findings, the worst first.
pub fn github(findings: Findings<'_>) -> String {
    let mut out = String::new();
    for (severity, command) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")]
    {
        let all: Vec<&Diagnostic> =
            findings.verdict.findings.iter().filter(|finding| finding.severity == severity).collect();
        let shown = if all.len() > KEPT { KEPT - 1 } else { all.len() };
        for finding in &all[..shown] {
            out.push_str(&line(command, &properties(findings, finding), &message(finding)));
        }
        if all.len() > shown {
            let more = prose::count(all.len() - shown, &format!("more {}", severity.word()));
            let text = format!("{more}; GitHub keeps {KEPT} annotations a step: `goldthread check -O short` lists all");
            out.push_str(&line(command, &[("title", "goldthread check".to_owned())], &text));
        }
    }
    out
}

fn message(finding: &Diagnostic) -> String {
    let notes = finding.notes.iter().map(|note| format!("note: {}", harmless(note)));
    let help = finding.help.iter().map(|help| format!("help: {}", harmless(help)));
    let lines: Vec<String> = std::iter::once(harmless(&finding.message)).chain(notes).chain(help).collect();
    prose::shortened(&lines.join("\n"), LONGEST)
}

fn properties(findings: Findings<'_>, finding: &Diagnostic) -> Vec<(&'static str, String)> {
    let spot = findings.spot(finding);
    let path = harmless(&findings.home.in_repository(spot.path));
    // The runner drops an equals sign that begins a value.
    let path = if path.starts_with('=') { format!("./{path}") } else { path };
    let mut properties = vec![("file", path)];
    if let Some(stretch) = spot.stretch {
        properties.push(("line", stretch.line.to_string()));
        properties.push(("endLine", stretch.end_line.to_string()));
        if let Some((column, end)) = stretch.columns.filter(|_| stretch.line == stretch.end_line) {
            properties.extend([("col", column.to_string()), ("endColumn", end.to_string())]);
        }
    }
    // Last, because the runner trims the end of the last property.
    properties.push(("title", finding.code.as_str().to_owned()));
    properties
}

fn line(command: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(message))
}

/// The message's characters that would end it; `%` first, for it begins the others.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's, which end it or the properties as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
