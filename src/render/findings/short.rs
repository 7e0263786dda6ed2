//! One line a finding, as compilers write them and editors read them: `path:line:column: severity[rule]: message`.
//!
//! The remedy is left to the longer forms. Of a data file the line is told, of a finding without a place the scorecard.

use std::fmt::Write as _;

use super::super::style::harmless;
use super::{Findings, without_commands};

/// The findings, the worst first.
pub fn short(findings: Findings<'_>) -> String {
    let mut out = String::new();
    for finding in &findings.verdict.findings {
        let spot = findings.spot(finding);
        // A job's log takes a line that begins with `::` for a command.
        let begin = if spot.path.trim_start().starts_with(':') { "./" } else { "" };
        let _ = write!(out, "{begin}{}:", harmless(spot.path));
        if let Some(stretch) = spot.stretch {
            let _ = write!(out, "{}:", stretch.line);
            if let Some((column, _)) = stretch.columns {
                let _ = write!(out, "{column}:");
            }
        }
        let _ = writeln!(out, " {}[{}]: {}", finding.severity.word(), finding.code, harmless(&finding.message));
    }
    without_commands(&out)
}
