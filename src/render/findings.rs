//! What `check` found, one file a form; and the rules themselves.
//!
//! Every form takes names, paths and messages for hostile: none may become a line, a command, a tag or an escape code.
//! Where paths of a form begin is said in its file: people and editors read them from the folder the run began in,
//! GitHub and GitLab from the root of the repository.

mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod reading;
mod rules;
mod short;
mod summary;

use super::Palette;
use super::diagnostics::annotated;
use crate::diagnostic::{Diagnostic, Files, Severity};
use crate::lint::{Strictness, Verdict};
use crate::prose;

pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
pub use place::Home;
pub use reading::{Reading, told};
pub use rules::{fault, faults, list, rule};
pub use short::short;
pub use summary::summary;

use place::{Spot, spot};

/// What a check came to, with what its forms say beside.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'f> {
    /// The findings, and the rules that looked.
    pub verdict: &'f Verdict,
    /// The scorecard's files, the texts the findings point at.
    pub files: &'f Files,
    /// The path of the scorecard as a message shows it: where findings without a place are told.
    pub scorecard: &'f str,
    /// The scorecard's title, where it could be read.
    pub title: Option<&'f str>,
    /// Where paths begin.
    pub home: &'f Home,
    /// What was read.
    pub reading: &'f Reading,
    /// Which findings are failures.
    pub strictness: Strictness,
}

impl<'f> Findings<'f> {
    /// Where a finding is: the place to mend, else the scorecard as a whole.
    fn spot(&self, finding: &'f Diagnostic) -> Spot<'f> {
        finding.labels.first().map_or(Spot { path: self.scorecard, stretch: None }, |label| spot(label, self.files))
    }
}

/// For people: annotated source, in the look of rustc; source lines longer than `width` columns are cut.
pub fn human(findings: Findings<'_>, width: Option<usize>, palette: Palette) -> String {
    without_commands(&annotated(&findings.verdict.findings, findings.files, palette, width))
}

/// Text for people that a job's log obeys nowhere: the older form of a GitHub command works from any place in a line.
/// The newer one begins its line, and no line of ours begins with a name.
fn without_commands(text: &str) -> String {
    text.replace("##[", "# #[")
}

/// One line on what was found; nothing where all is well.
pub fn line(verdict: &Verdict) -> Option<String> {
    if verdict.findings.is_empty() {
        return None;
    }
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let found = counts.iter().map(|(severity, word)| (verdict.count(*severity), word)).filter(|(count, _)| *count > 0);
    let mut text = prose::join(&found.map(|(count, word)| prose::count(count, word)).collect::<Vec<_>>(), "and");
    if verdict.silenced > 0 {
        text.push_str(&format!("; {} accepted", prose::count(verdict.silenced, "finding")));
    }
    if !verdict.skipped.is_empty() {
        text.push_str(&format!("; {} could not look", prose::count(verdict.skipped.len(), "rule")));
    }
    Some(text)
}
