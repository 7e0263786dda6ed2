//! What the scorecard says of findings: another severity, or that they are accepted, and why.

use globset::Glob;

use super::file::unused_silence;
use super::{RULES, Rule};
use crate::diagnostic::{Code, Diagnostic, Locus, Placed};
use crate::metric::{Checks, Silence};
use crate::prose;

/// Findings after the scorecard had its say.
pub(super) struct Settled {
    /// Those that stand, the worst first.
    pub(super) kept: Vec<Diagnostic>,
    /// How many are accepted.
    pub(super) silenced: usize,
}

/// Applies severities and silences; a silence that matches nothing is a finding itself.
pub(super) fn settle(checks: &Checks, findings: Vec<Diagnostic>, ran: &[&'static Rule]) -> Settled {
    let mut used = vec![false; checks.silences.len()];
    let (mut kept, mut silenced) = (Vec::new(), 0);
    for finding in findings {
        let finding = weighed(checks, finding);
        // Every silence that fits is of use, not the first alone.
        let fitting: Vec<usize> = (0..used.len()).filter(|at| fits(&checks.silences[*at], &finding)).collect();
        fitting.iter().for_each(|at| used[*at] = true);
        if fitting.is_empty() { kept.push(finding) } else { silenced += 1 }
    }
    let unused = checks.silences.iter().zip(used).filter(|(_, used)| !used).map(|(silence, _)| silence);
    for silence in unused {
        // What could not look may yet find something.
        if is_known(&silence.rule.value) && has_looked(&silence.rule.value, ran) {
            kept.push(weighed(checks, unused_silence::unused(silence)));
        }
    }
    kept.extend(unknown_names(checks));
    kept.sort_by_key(|finding| (finding.severity, place_of(finding)));
    Settled { kept, silenced }
}

fn weighed(checks: &Checks, finding: Diagnostic) -> Diagnostic {
    let said = checks.severity.iter().rev().find(|(rule, _)| rule.value == finding.code.as_str() && !finding.is_stop());
    Diagnostic { severity: said.map_or(finding.severity, |(_, severity)| *severity), ..finding }
}

/// A fault that stops a report cannot be talked away.
fn fits(silence: &Silence, finding: &Diagnostic) -> bool {
    let at = || match (&silence.at, &finding.about) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(pattern), Some(about)) => {
            let glob = Glob::new(&pattern.value).map(|glob| glob.compile_matcher());
            pattern.value == *about || glob.is_ok_and(|glob| glob.is_match(about))
        }
    };
    !finding.is_stop() && silence.rule.value == finding.code.as_str() && at()
}

fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

fn has_looked(name: &str, ran: &[&'static Rule]) -> bool {
    let is_rule = RULES.iter().any(|rule| rule.name == name);
    let skipped_any = ran.len() < RULES.len();
    if is_rule { ran.iter().any(|rule| rule.name == name) } else { !skipped_any }
}

fn names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name).chain(Code::ALL.iter().map(|code| code.name()))
}

fn unknown_names(checks: &Checks) -> Vec<Diagnostic> {
    let said = checks.severity.iter().map(|(rule, _)| rule).chain(checks.silences.iter().map(|silence| &silence.rule));
    let unknown = said.filter(|rule| !is_known(&rule.value));
    unknown
        .map(|Placed { value, place }| {
            let problem = Diagnostic::error(Code::UnknownId, format!("there is no rule `{value}`")).at(place, "");
            let help = prose::did_you_mean(value, names());
            problem.help(help.unwrap_or_else(|| "`goldthread check --list` lists the rules".to_owned()))
        })
        .collect()
}

/// Where a finding stands in the scorecard: what points elsewhere comes last.
fn place_of(finding: &Diagnostic) -> (usize, usize) {
    match finding.labels.first().map(|label| &label.locus) {
        Some(Locus::Scorecard(place)) => (place.file.index(), place.span.start),
        Some(Locus::Data { line, .. }) => (usize::MAX - 1, *line),
        None => (usize::MAX, 0),
    }
}
