//! `check`: the scorecard and its data looked at by every rule, before the report.

use std::path::{Path, PathBuf};

use super::{Findings, Output, Surroundings, as_of, no_as_of, scorecard_path};
use crate::cli::{CheckArgs, Cli};
use crate::diagnostic::{Code, Diagnostic, Name, Severity};
use crate::evaluate::{held_back, last_complete};
use crate::lint::{self, Design, Record, Verdict, lint};
use crate::metric::Scorecard;
use crate::observe::{Manner, Observations, OnFault, Way, observe};
use crate::period::Period;
use crate::plan::{Plan, plan};
use crate::prose;
use crate::render::findings::{self, Findings as Found};
use crate::scorecard::{load, resolve};

/// Lists or explains rules, or checks a scorecard.
pub(super) fn check(cli: &Cli, args: &CheckArgs, surroundings: Surroundings) -> Output {
    if args.list {
        return Output { text: findings::list(lint::RULES), ..Output::default() };
    }
    if let Some(name) = &args.explain {
        return explain(name);
    }
    let path = match scorecard_path(cli.scorecard.as_deref()) {
        Ok(path) => path,
        Err(diagnostics) => return Output { diagnostics, exit: 2, ..Output::default() },
    };
    let loaded = load(&path);
    let verdict = match resolve(&loaded) {
        Ok(scorecard) => verdict(&scorecard, &path, args),
        // No rule looks at a scorecard that does not hold.
        Err(findings) => Verdict { findings, skipped: lint::RULES.to_vec(), ..Verdict::default() },
    };
    let found = Found { verdict: &verdict, files: &loaded.files };
    let text = findings::human(found, surroundings.palette);
    let (exit, messages) = (exit(&verdict, args.strict), summary(&verdict).into_iter().collect());
    Output { text, file: args.output.clone(), exit, messages, files: loaded.files, ..Output::default() }
}

fn explain(name: &str) -> Output {
    match lint::find(name) {
        Some(rule) => Output { text: findings::rule(rule), ..Output::default() },
        None => {
            let problem = Diagnostic::error(Code::UnknownId, format!("there is no rule `{name}`"));
            let help = prose::did_you_mean(name, lint::RULES.iter().map(|rule| rule.name));
            let problem = problem.help(help.unwrap_or_else(|| "`goldthread check --list` lists the rules".to_owned()));
            Output { diagnostics: vec![problem], exit: 2, ..Output::default() }
        }
    }
}

/// 2 where something stopped the check, 1 where the answer is no.
fn exit(verdict: &Verdict, strict: bool) -> u8 {
    let is_fault = |finding: &Diagnostic| matches!(finding.code, Name::Fault(_)) && finding.severity == Severity::Error;
    if verdict.findings.iter().any(is_fault) {
        return 2;
    }
    u8::from(verdict.count(Severity::Error) > 0 || (strict && verdict.count(Severity::Warning) > 0))
}

/// One line on what was found; nothing where all is well.
fn summary(verdict: &Verdict) -> Option<String> {
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

/// Every rule that can look, and what was found on the way.
fn verdict(scorecard: &Scorecard, path: &Path, args: &CheckArgs) -> Verdict {
    let design = Design { scorecard, repository: repository(path) };
    let earlier = match args.against.as_deref().map(earlier).transpose() {
        Ok(earlier) => earlier,
        Err(faults) => return lint(&design, None, faults),
    };
    let plan = plan(scorecard, &scorecard.ids().collect::<Vec<_>>(), &[], None).with_controls(scorecard);
    match read(scorecard, &plan, args) {
        Ok((observations, warnings, as_of)) => {
            let record = Record::new(scorecard, earlier.as_ref(), &plan, &observations, as_of);
            lint(&design, Some(&record), warnings)
        }
        Err(faults) => lint(&design, None, faults),
    }
}

fn read(scorecard: &Scorecard, plan: &Plan, args: &CheckArgs) -> Result<(Observations, Findings, Period), Findings> {
    let asked = args.as_of.as_deref().map(|text| as_of(scorecard, text)).transpose()?;
    let way = if args.careful { Way::Careful } else { Way::Either };
    let observed = observe(scorecard, plan, Manner { way, on_fault: OnFault::Stop })?;
    let (observations, mut warnings) = (observed.value, observed.warnings);
    let Some(as_of) = asked.or_else(|| last_complete(scorecard, plan, &observations)) else {
        return Err(no_as_of(scorecard, plan, &observations));
    };
    if asked.is_none() {
        warnings.extend(held_back(scorecard, plan, &observations));
    }
    Ok((observations, warnings, as_of))
}

/// The earlier version named by `--against`.
fn earlier(path: &Path) -> Result<Scorecard, Findings> {
    let loaded = load(path);
    resolve(&loaded).map_err(|problems| {
        let what = format!("`{}` does not hold: {}", path.display(), problems[0].message);
        vec![Diagnostic::error(Code::Usage, what).help("`--against` takes an earlier version of the scorecard")]
    })
}

/// The nearest folder above a scorecard that holds a repository.
fn repository(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    path.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}
