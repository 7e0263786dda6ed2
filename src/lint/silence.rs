//! What the scorecard says of findings: another severity, or that they are accepted, and why.

use globset::{Glob, GlobMatcher};

use super::file::unused_silence;
use super::{RULES, Rule};
use crate::diagnostic::{Code, Diagnostic, Locus, Placed};
use crate::metric::{Checks, Scorecard, Silence};
use crate::prose;

/// Findings after the scorecard had its say.
pub(super) struct Settled {
    /// Those that stand, the worst first.
    pub(super) kept: Vec<Diagnostic>,
    /// How many are accepted.
    pub(super) silenced: usize,
}

/// What looked at all: a silence of what did not is not unused.
#[derive(Clone, Copy)]
pub(super) struct Looked<'l> {
    /// The rules that did.
    pub(super) ran: &'l [&'static Rule],
    /// The faults that were not asked about.
    pub(super) unasked: &'l [Code],
}

impl Looked<'_> {
    fn holds(self, name: &str) -> bool {
        let asked = |code: &&Code| code.name() == name && !self.unasked.contains(code);
        self.ran.iter().any(|rule| rule.name == name) || Code::ALL.iter().any(|code| asked(&code))
    }
}

/// Applies severities and silences; a silence that matches nothing is a finding itself.
pub(super) fn settle(scorecard: &Scorecard, findings: Vec<Diagnostic>, looked: Looked<'_>) -> Settled {
    let checks = &scorecard.checks;
    let mut silences: Vec<Ready<'_>> = checks.silences.iter().map(Ready::new).collect();
    let (mut kept, mut silenced) = (Vec::new(), 0);
    for finding in findings {
        let finding = weighed(checks, finding);
        let mut is_silenced = false;
        // Every silence that fits is of use, not the first alone.
        for silence in silences.iter_mut().filter(|silence| silence.fits(&finding)) {
            (silence.is_used, is_silenced) = (true, true);
        }
        if is_silenced { silenced += 1 } else { kept.push(finding) }
    }
    for Ready { silence, pattern, is_used } in &silences {
        if let Err(problem) = pattern {
            kept.push(Diagnostic::clone(problem));
        } else if !is_used && looked.holds(&silence.rule.value) {
            kept.push(weighed(checks, unused_silence::unused(silence, scorecard)));
        }
    }
    kept.extend(unknown_names(checks));
    kept.sort_by_key(|finding| (finding.severity, place_of(finding)));
    Settled { kept, silenced }
}

fn weighed(checks: &Checks, finding: Diagnostic) -> Diagnostic {
    let said = checks.severity.iter().rev().find(|(rule, _)| rule.value == finding.code.as_str() && !finding.is_stop());
    match said {
        Some((_, severity)) => finding.weighed(*severity),
        None => finding,
    }
}

/// A silence whose pattern is read once, for all findings.
struct Ready<'s> {
    silence: &'s Silence,
    /// What it is about; `None` where it is about everything. A pattern that is none is told.
    pattern: Result<Option<GlobMatcher>, Box<Diagnostic>>,
    is_used: bool,
}

impl<'s> Ready<'s> {
    fn new(silence: &'s Silence) -> Ready<'s> {
        let compiled = silence.at.as_ref().map(|at| (at, Glob::new(&at.value))).map(|(at, glob)| match glob {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => {
                let message = format!("`{}` is not a pattern: {}", at.value, error.kind());
                let help = "write an id, or a pattern with `*`, `?` or `[abc]`";
                Err(Box::new(Diagnostic::error(Code::BadSetting, message).at(&at.place, "").help(help)))
            }
        });
        Ready { silence, pattern: compiled.transpose(), is_used: false }
    }

    /// A fault that stops a report cannot be talked away.
    fn fits(&self, finding: &Diagnostic) -> bool {
        let at = || match (&self.pattern, &finding.about) {
            (Ok(None), _) => true,
            (Ok(Some(pattern)), Some(about)) => pattern.is_match(about),
            (Ok(Some(_)), None) | (Err(_), _) => false,
        };
        !finding.is_stop() && self.silence.rule.value == finding.code.as_str() && at()
    }
}

fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
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
            let help = prose::nearest(value, names()).map(|near| format!("did you mean `{near}`?"));
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
