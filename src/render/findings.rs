//! What `check` found, one file a form; and the rules themselves.

mod rules;

use super::{Palette, diagnostics};
use crate::diagnostic::Files;
use crate::lint::Verdict;

pub use rules::{list, rule};

/// What a check came to, with the texts its findings point at.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'f> {
    /// The findings, and the rules that looked.
    pub verdict: &'f Verdict,
    /// The scorecard's files.
    pub files: &'f Files,
}

/// For people: annotated source, in the look of rustc.
pub fn human(findings: Findings<'_>, palette: Palette) -> String {
    diagnostics(&findings.verdict.findings, findings.files, palette)
}
