//! Selectors: which metrics a command speaks of.
//!
//! An id, a glob, `+id` (all that feeds it), `id+` (all that it feeds), `dept:`, `stage:`, `owner:`,
//! `status:`. Several are a union. Knows nothing of the command line.

use std::collections::BTreeSet;

use globset::GlobBuilder;

use crate::diagnostic::{Code, Diagnostic};
use crate::metric::{MetricId, Scorecard};
use crate::prose;
use crate::status::Status;

/// One selector, parsed and matched against a scorecard as far as it can be without numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// These metrics.
    Metrics(BTreeSet<MetricId>),
    /// Those that stand so.
    Standing(Status),
}

/// Reads selectors; all that match nothing are reported at once.
pub fn parse(scorecard: &Scorecard, texts: &[String]) -> Result<Vec<Selector>, Vec<Diagnostic>> {
    let (mut selectors, mut problems) = (Vec::new(), Vec::new());
    for text in texts {
        match parse_one(scorecard, text) {
            Ok(selector) => selectors.push(selector),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(selectors) } else { Err(problems) }
}

/// The metrics that may be meant: all of them where a status decides, which is known later.
pub fn candidates(scorecard: &Scorecard, selectors: &[Selector]) -> Vec<MetricId> {
    let mut all = selectors.is_empty();
    let mut ids = BTreeSet::new();
    for selector in selectors {
        match selector {
            Selector::Metrics(metrics) => ids.extend(metrics),
            Selector::Standing(_) => all = true,
        }
    }
    if all { scorecard.ids().collect() } else { ids.into_iter().collect() }
}

/// The metrics meant, now that statuses are known; no selector means all.
pub fn selected(
    scorecard: &Scorecard,
    selectors: &[Selector],
    status: impl Fn(MetricId) -> Status,
) -> BTreeSet<MetricId> {
    if selectors.is_empty() {
        return scorecard.ids().collect();
    }
    let mut ids = BTreeSet::new();
    for selector in selectors {
        match selector {
            Selector::Metrics(metrics) => ids.extend(metrics),
            Selector::Standing(wanted) => ids.extend(scorecard.ids().filter(|id| status(*id) == *wanted)),
        }
    }
    ids
}

fn parse_one(scorecard: &Scorecard, text: &str) -> Result<Selector, Vec<Diagnostic>> {
    let unknown = |what: &str, name: &str, known: Vec<&str>| {
        let problem = Diagnostic::error(Code::Usage, format!("there is no {what} `{name}`"));
        let help = prose::did_you_mean(name, known).unwrap_or_else(|| format!("the scorecard names no {what}"));
        vec![problem.help(help)]
    };
    let matching =
        |test: &dyn Fn(MetricId) -> bool| -> BTreeSet<MetricId> { scorecard.ids().filter(|id| test(*id)).collect() };
    let found = match text.split_once(':') {
        Some(("dept", name)) => {
            let found = matching(&|id| scorecard.department_of(id).is_some_and(|department| department.id == name));
            if !scorecard.departments.iter().any(|department| department.id == name) {
                return Err(unknown(
                    "department",
                    name,
                    scorecard.departments.iter().map(|department| department.id.as_str()).collect(),
                ));
            }
            found
        }
        Some(("stage", name)) => {
            if !scorecard.stages.iter().any(|stage| stage.value == name) {
                return Err(unknown(
                    "stage",
                    name,
                    scorecard.stages.iter().map(|stage| stage.value.as_str()).collect(),
                ));
            }
            matching(&|id| scorecard.metric(id).stage.as_deref() == Some(name))
        }
        Some(("owner", name)) => {
            let found =
                matching(&|id| scorecard.metric(id).answerable().is_some_and(|owner| owner.eq_ignore_ascii_case(name)));
            if found.is_empty() {
                let mut known: Vec<&str> = scorecard.ids().filter_map(|id| scorecard.metric(id).answerable()).collect();
                known.dedup();
                return Err(unknown("owner", name, known));
            }
            found
        }
        Some(("status", name)) => {
            let status = Status::ALL.into_iter().find(|status| status.word() == name);
            return status
                .map(Selector::Standing)
                .ok_or_else(|| unknown("status", name, Status::ALL.map(Status::word).to_vec()));
        }
        Some((prefix, _)) => {
            let problem = Diagnostic::error(Code::Usage, format!("`{prefix}:` is not a selector"));
            return Err(vec![problem.help("there is dept:, stage:, owner: and status:")]);
        }
        None => by_name(scorecard, text)?,
    };
    Ok(Selector::Metrics(found))
}

fn by_name(scorecard: &Scorecard, text: &str) -> Result<BTreeSet<MetricId>, Vec<Diagnostic>> {
    let name = text.strip_prefix('+').unwrap_or(text);
    let name = name.strip_suffix('+').unwrap_or(name);
    let (down, up) = (text.starts_with('+'), text.len() > 1 && text.ends_with('+'));
    if name.is_empty() {
        let problem = Diagnostic::error(Code::Usage, format!("the selector `{text}` names no metric"));
        return Err(vec![problem.help("write an id, `+id` for all that feeds it, or `id+` for all that it feeds")]);
    }
    let starts: Vec<MetricId> = if name.contains(['*', '?', '[', '{']) {
        let bad = |error: globset::Error| {
            vec![Diagnostic::error(Code::Usage, format!("`{name}` is not a pattern: {}", error.kind()))]
        };
        let glob = GlobBuilder::new(name).build().map_err(bad)?;
        let matcher = glob.compile_matcher();
        scorecard.ids().filter(|id| matcher.is_match(&scorecard.metric(*id).id)).collect()
    } else {
        scorecard.find(name).into_iter().collect()
    };
    if starts.is_empty() {
        let problem = Diagnostic::error(Code::Usage, format!("no metric is called `{name}`"));
        let known = scorecard.metrics.iter().map(|metric| metric.id.as_str());
        return Err(vec![match prose::did_you_mean(name, known) {
            Some(help) => problem.help(help),
            None => problem,
        }]);
    }
    let mut ids = BTreeSet::new();
    for start in starts {
        ids.insert(start);
        if down {
            ids.extend(scorecard.graph.below(start));
        }
        if up {
            ids.extend(scorecard.graph.above(start));
        }
    }
    Ok(ids)
}
