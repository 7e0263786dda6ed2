//! A summary in Markdown, to be appended to the page of a job.
//!
//! Bounded: a page holds 1 MiB, and more is refused as a whole. So are rows, files and the length of a cell.

use super::super::markdown::escaped;
use super::reading::{facts, looked};
use super::{Findings, line};
use crate::diagnostic::Diagnostic;
use crate::prose;

/// Rows of the table, and files told.
const MOST: usize = 100;
/// Characters of a cell: a hundred rows of two such cells stay under 1 MiB even where each character is escaped.
const LONGEST: usize = 400;

/// Heading, counts, findings, and what was read.
pub fn summary(findings: Findings<'_>) -> String {
    let title = cell(findings.title.unwrap_or(findings.scorecard));
    let verdict = findings.verdict;
    let counts = line(verdict).unwrap_or_else(|| match verdict.silenced {
        0 => "all is well".to_owned(),
        accepted => format!("all is well; {} accepted", prose::count(accepted, "finding")),
    });
    let mut out = format!("## {title}\n\n{}\n\n", prose::capitalised(&counts));
    let all = &verdict.findings;
    if !all.is_empty() {
        out.push_str("| Severity | Rule | Where | Finding |\n| :-- | :-- | :-- | :-- |\n");
        all.iter().take(MOST).for_each(|finding| out.push_str(&row(findings, finding)));
        out.push('\n');
    }
    if all.len() > MOST {
        out.push_str(&format!("And {}.\n\n", prose::count(all.len() - MOST, "more finding")));
    }
    out.push_str(&read(findings));
    out
}

fn row(findings: Findings<'_>, finding: &Diagnostic) -> String {
    let spot = findings.spot(finding);
    let line = spot.stretch.map_or(String::new(), |stretch| format!(":{}", stretch.line));
    let place = format!("{}{line}", cell(spot.path));
    format!("| {} | {} | {place} | {} |\n", finding.severity.word(), finding.code, cell(&finding.message))
}

fn read(findings: Findings<'_>) -> String {
    let reading = findings.reading;
    let as_of = reading.as_of.as_ref().map_or(String::new(), |period| format!("As of {}; ", escaped(period)));
    let mut out = format!("{as_of}{}.\n", cell(&looked(findings)));
    if !reading.files.is_empty() {
        out.push_str("\nRead:\n\n");
    }
    for file in reading.files.iter().take(MOST) {
        out.push_str(&format!("- {}: {}\n", cell(&file.path), cell(&facts(file))));
    }
    if reading.files.len() > MOST {
        out.push_str(&format!("- and {}\n", prose::count(reading.files.len() - MOST, "more file")));
    }
    out
}

/// Text of a cell: what messages quote stands as code where nothing in it could be markup.
fn cell(text: &str) -> String {
    let text = prose::shortened(text, LONGEST);
    let parts: Vec<&str> = text.split('`').collect();
    let is_plain = |part: &&str| {
        let plain = |c: char| c.is_alphanumeric() || " _-./:".contains(c);
        part.starts_with(char::is_alphanumeric) && part.chars().all(plain)
    };
    // Every second part stands between two marks, where their number is even.
    if parts.len().is_multiple_of(2) || !parts.iter().skip(1).step_by(2).all(is_plain) {
        return escaped(&text);
    }
    let shown = |(at, part): (usize, &&str)| if at % 2 == 0 { escaped(part) } else { format!("`{part}`") };
    parts.iter().enumerate().map(shown).collect()
}
