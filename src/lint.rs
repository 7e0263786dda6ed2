//! `check`: what makes a scorecard fail by its design, and data that cannot be what they say.
//!
//! One rule a file, in four groups; `registry` lists them. A rule looks and answers findings; severities and silences of
//! the scorecard are applied here, to all alike. Formats nothing, and reads nothing but where the scorecard's paths lead.

mod amount;
mod file;
mod numbers;
mod registry;
mod silence;
mod targets;
mod thread;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Name, Severity};
use crate::evaluate::{Point, Reader, Reading, history, last_within};
use crate::ledger::Ledger;
use crate::metric::{Metric, MetricId, Scorecard};
use crate::observe::Observations;
use crate::period::Period;
use crate::plan::Plan;

pub use registry::{RULES, find};

/// A rule: what it is called, why it is there, and how it looks.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, in kebab-case.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How bad a finding is, unless the scorecard says otherwise.
    pub severity: Severity,
    /// One line for the list of rules: what a finding means.
    pub summary: &'static str,
    /// What it does: exactly what is found, with every bound.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What fires it, and only it.
    pub example: Example,
    /// The same, mended: nothing fires.
    pub instead: Example,
    /// How it looks.
    pub check: Check,
}

impl Rule {
    /// A finding of this rule about the thing with an id.
    fn finding(&self, about: &str, message: impl Into<String>) -> Diagnostic {
        let finding = Diagnostic::warning(Name::Rule(self.name), message).about(about);
        Diagnostic { severity: self.severity, ..finding }
    }
}

/// Changes to the sample scorecard, the one `init --sample` writes.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// Tables that replace those of the same name; others are added.
    pub tables: &'static str,
    /// Files that replace those of the same path, or are added.
    pub files: &'static [(&'static str, &'static str)],
    /// Tables of the earlier version that `--against` names, replaced in the same way.
    pub earlier: Option<&'static str>,
}

impl Example {
    /// Tables alone.
    const fn of(tables: &'static str) -> Example {
        Example { tables, files: &[], earlier: None }
    }

    /// Tables, and the files they read.
    const fn with(tables: &'static str, files: &'static [(&'static str, &'static str)]) -> Example {
        Example { tables, files, earlier: None }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How metrics, goals, departments and stages hang together.
    Thread,
    /// What was promised.
    Targets,
    /// What was read.
    Numbers,
    /// The scorecard's text.
    File,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Group; 4] = [Group::Thread, Group::Targets, Group::Numbers, Group::File];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Group::Thread => "thread",
            Group::Targets => "targets",
            Group::Numbers => "numbers",
            Group::File => "file",
        }
    }
}

/// How a rule looks, by what it needs.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At the scorecard alone.
    Design(fn(&Design<'_>) -> Vec<Diagnostic>),
    /// At the scorecard and the folder of its repository.
    Repository(fn(&Design<'_>, &Path) -> Vec<Diagnostic>),
    /// At what was read as well.
    Record(fn(&Record<'_>) -> Vec<Diagnostic>),
    /// At what was read, and at an earlier version of the scorecard or its closed periods.
    Comparison(fn(&Record<'_>) -> Vec<Diagnostic>),
    /// At what the other rules found: silences are looked after where they are applied.
    Silences,
}

/// What a rule sees that needs no data.
#[derive(Debug)]
pub struct Design<'d> {
    /// The scorecard.
    pub scorecard: &'d Scorecard,
    /// The folder that holds the scorecard's repository, where it lies in one.
    pub repository: Option<PathBuf>,
}

impl<'d> Design<'d> {
    /// Every metric with its id, in file order.
    fn metrics(&self) -> impl Iterator<Item = (MetricId, &'d Metric)> + use<'d> {
        let scorecard = self.scorecard;
        scorecard.ids().map(move |id| (id, scorecard.metric(id)))
    }
}

/// What a rule sees that needs data.
pub struct Record<'r> {
    /// The scorecard.
    pub scorecard: &'r Scorecard,
    /// An earlier version of it, where there is one to compare with.
    pub earlier: Option<&'r Scorecard>,
    /// What was closed, where anything is.
    pub ledger: Option<&'r Ledger>,
    /// What was planned.
    pub plan: &'r Plan,
    /// What was observed.
    pub observations: &'r Observations,
    /// Values of any metric in any window.
    pub reader: Reader<'r>,
    /// The period the check is about.
    pub as_of: Period,
    /// Of each metric, in file order: how it did in the last periods up to the as-of, oldest first.
    pub histories: Vec<Vec<Point>>,
}

/// How many periods back rules look.
const MEMORY: i64 = 24;

impl<'r> Record<'r> {
    /// What was read, up to `as_of`.
    pub fn new(
        scorecard: &'r Scorecard,
        earlier: Option<&'r Scorecard>,
        plan: &'r Plan,
        observations: &'r Observations,
        as_of: Period,
    ) -> Record<'r> {
        let reader = Reader::new(scorecard, plan, observations, None);
        let periods: Vec<Period> = (1 - MEMORY..=0).filter_map(|back| scorecard.calendar.shift(as_of, back)).collect();
        let histories = scorecard.ids().map(|id| history(&reader, id, None, &periods)).collect();
        Record { scorecard, earlier, ledger: None, plan, observations, reader, as_of, histories }
    }

    /// The same with what was closed.
    pub fn with_ledger(self, ledger: &'r Ledger) -> Record<'r> {
        Record { ledger: Some(ledger).filter(|ledger| !ledger.is_empty()), ..self }
    }

    /// Whether there is anything to compare the scorecard with.
    fn has_past(&self) -> bool {
        self.earlier.is_some() || self.ledger.is_some()
    }

    /// The actual of a point of a metric's history, where it is there, whole and final.
    fn whole<'p>(&self, id: MetricId, point: &'p Point) -> Option<&'p Reading> {
        let nature = self.reader.nature(id);
        point.actual.as_ref().ok().filter(|reading| reading.unlike(nature).is_none())
    }

    /// The period of the scorecard's grain up to which a scan's source reports, the as-of at most; `None` where it has no
    /// rows up to then.
    fn end(&self, scan: usize) -> Option<Period> {
        let last = self.moments(scan).next_back()?.last();
        last_within(&self.scorecard.calendar, self.scorecard.grain, last)
    }

    /// The periods in which a scan's source has rows, up to the as-of: what came later is not what the check is about.
    fn moments(&self, scan: usize) -> impl DoubleEndedIterator<Item = &'r Period> + use<'r> {
        let end = self.as_of.last();
        self.observations.tables[scan].moments.keys().filter(move |period| period.last() <= end)
    }

    /// Every metric with its id and its history, in file order.
    fn metrics(&self) -> impl Iterator<Item = (MetricId, &'r Metric, &[Point])> {
        self.scorecard.ids().map(|id| (id, self.scorecard.metric(id), self.histories[id.index()].as_slice()))
    }
}

/// What ends a check with 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Errors.
    #[default]
    Errors,
    /// Warnings too.
    Warnings,
}

impl Strictness {
    /// Whether a finding of a severity ends the check with 1.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Strictness::Errors => severity == Severity::Error,
            Strictness::Warnings => severity <= Severity::Warning,
        }
    }
}

/// What a check came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The worst first, then in the order of the file.
    pub findings: Vec<Diagnostic>,
    /// The rules that looked.
    pub ran: Vec<&'static Rule>,
    /// The rules that could not look, because the data could not be read.
    pub skipped: Vec<&'static Rule>,
    /// The rules that had nothing to look at: no earlier version, no repository.
    pub idle: Vec<&'static Rule>,
    /// How many findings the scorecard accepts, with a reason.
    pub silenced: usize,
}

impl Verdict {
    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// What was found before any rule looked.
#[derive(Debug, Default)]
pub struct Faults {
    /// In the order found.
    pub found: Vec<Diagnostic>,
    /// What was not asked about in this run.
    pub unasked: &'static [Code],
}

/// Looks at a scorecard, and at its data where they could be read.
pub fn lint(design: &Design<'_>, record: Option<&Record<'_>>, faults: Faults) -> Verdict {
    let (mut findings, mut verdict) = (faults.found, Verdict::default());
    for rule in RULES {
        let of = match (rule.check, record) {
            (Check::Design(check), _) => check(design),
            (Check::Repository(check), _) => match &design.repository {
                Some(folder) => check(design, folder),
                None => {
                    verdict.idle.push(rule);
                    continue;
                }
            },
            (Check::Record(check), Some(record)) => check(record),
            (Check::Comparison(check), Some(record)) if record.has_past() => check(record),
            (Check::Comparison(_), Some(_)) => {
                verdict.idle.push(rule);
                continue;
            }
            (Check::Record(_) | Check::Comparison(_), None) => {
                verdict.skipped.push(rule);
                continue;
            }
            (Check::Silences, _) => Vec::new(),
        };
        findings.extend(of);
        verdict.ran.push(rule);
    }
    let unasked = if record.is_some() { faults.unasked } else { Code::ALL };
    let settled = silence::settle(design.scorecard, findings, silence::Looked { ran: &verdict.ran, unasked });
    Verdict { findings: settled.kept, silenced: settled.silenced, ..verdict }
}
