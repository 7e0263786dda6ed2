//! `check`: the scorecard and its data looked at by every rule, before the report.

use std::path::{Path, PathBuf};

use super::{Findings as Faults, Output, Surroundings, as_of, no_as_of, outputs, scorecard_path};
use crate::cli::{CheckArgs, Cli, FindingsFormat};
use crate::diagnostic::{Code, Diagnostic, Files};
use crate::evaluate::{held_back, last_complete};
use crate::lint::{self, Design, Record, Strictness, Verdict, lint};
use crate::metric::Scorecard;
use crate::observe::{Manner, Observations, OnFault, Way, observe};
use crate::period::Period;
use crate::plan::{Plan, plan};
use crate::prose;
use crate::render::findings::{self, Findings, Home, Reading};
use crate::scorecard::{load, resolve};

/// Lists or explains rules, or checks a scorecard.
pub(super) fn check(cli: &Cli, args: &CheckArgs, surroundings: Surroundings) -> Output {
    if args.list {
        return Output { text: findings::list(lint::RULES), ..Output::default() };
    }
    if let Some(name) = &args.explain {
        return explain(name);
    }
    let looked = look(cli.scorecard.as_deref(), args);
    let strictness = if args.strict { Strictness::Warnings } else { Strictness::Errors };
    let found = Findings {
        verdict: &looked.verdict,
        files: &looked.files,
        scorecard: &looked.scorecard,
        title: looked.title.as_deref(),
        home: &looked.home,
        reading: &looked.reading,
        strictness,
    };
    let output = Output {
        text: text(found, args.format, surroundings),
        file: args.output.clone(),
        appended: args.summary.clone().map(|path| (path, findings::summary(found))),
        read: looked.read.clone(),
        messages: if args.verbose { findings::told(found) } else { Vec::new() },
        closing: findings::line(found.verdict),
        exit: exit(found.verdict, strictness),
        ..Output::default()
    };
    let output = match outputs::overwritten(&output, &looked.files) {
        None => output,
        Some(problem) => Output { diagnostics: vec![problem], exit: 2, ..Output::default() },
    };
    Output { files: looked.files, ..output }
}

fn text(found: Findings<'_>, format: FindingsFormat, surroundings: Surroundings) -> String {
    match format {
        FindingsFormat::Human => findings::human(found, surroundings.width, surroundings.palette),
        FindingsFormat::Short => findings::short(found),
        FindingsFormat::Json => findings::json(found),
        FindingsFormat::Github => findings::github(found),
        FindingsFormat::Gitlab => findings::gitlab(found),
        FindingsFormat::Junit => findings::junit(found),
    }
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
fn exit(verdict: &Verdict, strictness: Strictness) -> u8 {
    if verdict.findings.iter().any(Diagnostic::is_stop) {
        return 2;
    }
    u8::from(verdict.findings.iter().any(|finding| strictness.fails(finding.severity)))
}

/// What a look at a scorecard came to.
#[derive(Default)]
struct Looked {
    verdict: Verdict,
    files: Files,
    /// Its path, as a message shows it.
    scorecard: String,
    title: Option<String>,
    home: Home,
    reading: Reading,
    /// Every data file, and the earlier version.
    read: Vec<PathBuf>,
}

/// Looks at a scorecard. Whatever stands in the way is a finding, so that every form can tell it.
fn look(named: Option<&Path>, args: &CheckArgs) -> Looked {
    let folder = std::env::current_dir().unwrap_or_default();
    let path = match scorecard_path(named) {
        Ok(path) => path,
        Err(findings) => {
            let home = Home { folder, repository: None };
            return Looked {
                verdict: stopped(findings),
                scorecard: "scorecard.toml".to_owned(),
                home,
                ..Looked::default()
            };
        }
    };
    let home = Home { folder, repository: repository(&path) };
    let (scorecard, loaded) = (path.display().to_string(), load(&path));
    let looked = match resolve(&loaded) {
        Ok(scorecard) => looked(&scorecard, home.repository.clone(), args),
        Err(findings) => Looked { verdict: stopped(findings), ..Looked::default() },
    };
    Looked { files: loaded.files, scorecard, home, ..looked }
}

/// No rule looks at a scorecard that does not hold.
fn stopped(findings: Vec<Diagnostic>) -> Verdict {
    Verdict { findings, skipped: lint::RULES.to_vec(), ..Verdict::default() }
}

/// Every rule that can look, and what was found on the way.
fn looked(scorecard: &Scorecard, repository: Option<PathBuf>, args: &CheckArgs) -> Looked {
    let design = Design { scorecard, repository };
    let title = Some(scorecard.title.clone());
    let mut read: Vec<PathBuf> = args.against.iter().cloned().collect();
    let earlier = match args.against.as_deref().map(earlier).transpose() {
        Ok(earlier) => earlier,
        Err(faults) => return Looked { verdict: lint(&design, None, faults), title, read, ..Looked::default() },
    };
    let plan = plan(scorecard, &scorecard.ids().collect::<Vec<_>>(), &[], None).with_controls(scorecard);
    match observed(scorecard, &plan, args) {
        Ok((observations, warnings, as_of)) => {
            let files: Vec<_> = observations.tables.iter().flat_map(|table| table.files.iter().cloned()).collect();
            read.extend(files.iter().map(|file| file.opened.clone()));
            let record = Record::new(scorecard, earlier.as_ref(), &plan, &observations, as_of);
            let reading = Reading { as_of: Some(scorecard.calendar.name(as_of)), files };
            Looked { verdict: lint(&design, Some(&record), warnings), title, reading, read, ..Looked::default() }
        }
        Err(faults) => Looked { verdict: lint(&design, None, faults), title, read, ..Looked::default() },
    }
}

fn observed(scorecard: &Scorecard, plan: &Plan, args: &CheckArgs) -> Result<(Observations, Faults, Period), Faults> {
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
fn earlier(path: &Path) -> Result<Scorecard, Faults> {
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
