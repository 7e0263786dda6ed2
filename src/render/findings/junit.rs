//! JUnit XML in the dialect of Jenkins' `junit-10.xsd`: a suite a group of rules, and one for faults. The only home of
//! quick-junit.
//!
//! A rule that found nothing is a test case that passes, one that could not look is skipped. Each finding is a test case
//! of its own, for a case has one failure: it fails where it would fail the run, else it passes and tells what was found.
//! What stopped the check is an error. There is no time, host or random id: the same findings give the same bytes.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::super::style::harmless;
use super::Findings;
use crate::diagnostic::{Diagnostic, Name};
use crate::lint::{Group, RULES, Rule};

/// The suite of what no rule found.
const FAULTS: &str = "faults";

/// Every rule and every finding.
pub fn junit(findings: Findings<'_>) -> String {
    let mut report = Report::new("goldthread check");
    for group in Group::ALL {
        let mut suite = Suite::new(group.word());
        for rule in RULES.iter().filter(|rule| rule.group == group) {
            suite.rule(findings, rule);
        }
        report.add_test_suite(suite.suite);
    }
    let mut faults = Suite::new(FAULTS);
    all(findings, |name| matches!(name, Name::Fault(_))).for_each(|finding| faults.finding(findings, finding));
    report.add_test_suite(faults.suite);
    let text = report.to_string().unwrap_or_else(|error| unreachable!("XML is written to memory: {error}"));
    // The schema has no such attribute there, and every suite tells its own.
    let text = text.replacen(&format!(" skipped=\"{}\"", report.skipped), "", 1);
    // A job's log would obey it, even inside a document.
    text.replace("##[", "#&#35;[")
}

fn all<'f>(findings: Findings<'f>, of: impl Fn(Name) -> bool + 'f) -> impl Iterator<Item = &'f Diagnostic> {
    findings.verdict.findings.iter().filter(move |finding| of(finding.code))
}

struct Suite {
    suite: TestSuite,
    /// How often a name was given: a reader takes equal names for one case.
    given: BTreeMap<String, usize>,
}

impl Suite {
    fn new(name: &str) -> Suite {
        Suite { suite: TestSuite::new(name), given: BTreeMap::new() }
    }

    fn rule(&mut self, findings: Findings<'_>, rule: &Rule) {
        let found: Vec<&Diagnostic> = all(findings, |name| name == Name::Rule(rule.name)).collect();
        if found.is_empty() {
            let mut status = TestCaseStatus::success();
            let among = |rules: &[&Rule]| rules.iter().any(|other| other.name == rule.name);
            let reason = match findings.verdict {
                verdict if among(&verdict.skipped) => Some("could not look: what it looks at could not be read"),
                verdict if among(&verdict.idle) => {
                    Some("did not look: there is no earlier version and nothing closed, or no repository")
                }
                _ => None,
            };
            if let Some(reason) = reason {
                status = TestCaseStatus::skipped();
                status.set_message(reason);
            }
            self.case(rule.name.to_owned(), status);
        }
        found.into_iter().for_each(|finding| self.finding(findings, finding));
    }

    fn finding(&mut self, findings: Findings<'_>, finding: &Diagnostic) {
        let about = finding.about.as_ref().map_or(String::new(), |about| format!(" {}", harmless(about)));
        let name = format!("{}{about}", finding.code);
        let text = text(findings, finding);
        if !findings.strictness.fails(finding.severity) {
            let case = self.case(name, TestCaseStatus::success());
            case.set_system_out(format!("{}: {}\n{text}", finding.severity.word(), harmless(&finding.message)));
            return;
        }
        let kind = if finding.is_stop() { NonSuccessKind::Error } else { NonSuccessKind::Failure };
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(harmless(&finding.message)).set_type(finding.severity.word()).set_description(text);
        self.case(name, status);
    }

    /// Adds a test case under a name that no other of the suite has.
    fn case(&mut self, name: String, status: TestCaseStatus) -> &mut TestCase {
        let turn = self.given.entry(name.clone()).and_modify(|turn| *turn += 1).or_insert(1);
        let name = if *turn > 1 { format!("{name} ({turn})") } else { name };
        let mut case = TestCase::new(name, status);
        case.set_classname(format!("goldthread.{}", self.suite.name.as_str()));
        self.suite.add_test_case(case);
        let last = self.suite.test_cases.len() - 1;
        &mut self.suite.test_cases[last]
    }
}

/// The place, what else is known, and the remedy: a line each.
fn text(findings: Findings<'_>, finding: &Diagnostic) -> String {
    let spot = findings.spot(finding);
    // A line that began with a name could be a command.
    let mut lines = vec![format!("at {}", harmless(spot.path))];
    if let Some(stretch) = spot.stretch {
        let column = stretch.columns.map_or(String::new(), |(column, _)| format!(":{column}"));
        lines[0].push_str(&format!(":{}{column}", stretch.line));
    }
    lines.extend(finding.notes.iter().map(|note| format!("note: {}", harmless(note))));
    lines.extend(finding.help.iter().map(|help| format!("help: {}", harmless(help))));
    lines.join("\n")
}
