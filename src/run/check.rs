//! `check`: the scorecard and its data looked at by every rule, before the report.

use std::path::{Path, PathBuf};

use super::{Output, Surroundings, as_of, closed, no_as_of, outputs, scorecard_path, usage};
use crate::cli::{CheckArgs, Cli, FindingsFormat};
use crate::diagnostic::{Code, Diagnostic, Files, Locus};
use crate::evaluate::{held_back, last_complete, never_seen};
use crate::lint::{self, Design, Faults, Record, Strictness, Verdict, lint};
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
        let text = findings::list(lint::RULES, surroundings.width) + &findings::faults(surroundings.width);
        return Output { content: text.into(), ..Output::default() };
    }
    if let Some(name) = &args.explain {
        return explain(name, surroundings);
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
        content: text(found, format_of(args), surroundings).into(),
        file: args.output.clone(),
        appended: args.summary.clone().map(|path| (path, findings::summary(found))),
        read: looked.read.clone(),
        messages: if args.verbose { findings::told(found) } else { Vec::new() },
        last_line: findings::line(found.verdict),
        exit: exit(found.verdict, strictness),
        ..Output::default()
    };
    let output = match outputs::overwritten(&output, &looked.named).or_else(|| outputs::no_findings(&output)) {
        None => output,
        Some(problem) => Output { diagnostics: vec![problem], exit: 2, ..Output::default() },
    };
    Output { files: looked.files, ..output }
}

/// What was asked for, else what the extension of `-o` says.
fn format_of(args: &CheckArgs) -> FindingsFormat {
    let extension = args.output.as_deref().map(outputs::extension);
    args.format.unwrap_or(match extension.as_deref() {
        Some("json") => FindingsFormat::Json,
        Some("xml") => FindingsFormat::Junit,
        _ => FindingsFormat::Human,
    })
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

fn explain(name: &str, surroundings: Surroundings) -> Output {
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
        return Output { content: findings::fault(*code, surroundings.width).into(), ..Output::default() };
    }
    match lint::find(name) {
        Some(rule) => Output { content: findings::rule(rule, surroundings.width).into(), ..Output::default() },
        None => {
            let problem = Diagnostic::error(Code::UnknownId, format!("there is no rule `{name}`"));
            let help = prose::nearest(name, lint::RULES.iter().map(|rule| rule.name));
            let help = help.map(|near| format!("did you mean `{near}`?"));
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
    /// Every file it names.
    named: Vec<PathBuf>,
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
        Ok(scorecard) => looked(&scorecard, &path, home.repository.clone(), args),
        Err(findings) => Looked { verdict: stopped(findings), ..Looked::default() },
    };
    Looked { named: loaded.named(), files: loaded.files, scorecard, home, ..looked }
}

/// No rule looks at a scorecard that does not hold.
fn stopped(findings: Vec<Diagnostic>) -> Verdict {
    Verdict { findings, skipped: lint::RULES.to_vec(), ..Verdict::default() }
}

/// Every rule that can look, and what was found on the way.
fn looked(scorecard: &Scorecard, path: &Path, repository: Option<PathBuf>, args: &CheckArgs) -> Looked {
    let design = Design { scorecard, repository };
    let title = Some(scorecard.title.clone());
    let mut read: Vec<PathBuf> = args.against.iter().cloned().collect();
    let blind = |found: Vec<Diagnostic>| lint(&design, None, Faults { found, unasked: Code::ALL });
    let earlier = match args.against.as_deref().map(earlier).transpose() {
        Ok(earlier) => earlier,
        Err(found) => return Looked { verdict: blind(found), title, read, ..Looked::default() },
    };
    let ledger = match closed::ledger(path) {
        Ok(ledger) => ledger,
        Err(found) => return Looked { verdict: blind(found), title, read, ..Looked::default() },
    };
    let plan = plan(scorecard, &scorecard.ids().collect::<Vec<_>>(), &[], None).with_controls(scorecard);
    match observed(scorecard, &plan, args) {
        Ok((observations, faults, as_of)) => {
            let files: Vec<_> = observations.files().cloned().collect();
            read.extend(files.iter().map(|file| file.opened.clone()));
            let record = Record::new(scorecard, earlier.as_ref(), &plan, &observations, as_of).with_ledger(&ledger);
            let reading = Reading { as_of: Some(scorecard.calendar.name(as_of)), files };
            Looked { verdict: lint(&design, Some(&record), faults), title, reading, read, ..Looked::default() }
        }
        Err(found) => Looked { verdict: blind(found), title, read, ..Looked::default() },
    }
}

/// What was read, what was found on the way, and the period the check is about.
type Observed = (Observations, Faults, Period);

fn observed(scorecard: &Scorecard, plan: &Plan, args: &CheckArgs) -> Result<Observed, Vec<Diagnostic>> {
    let asked = args.as_of.as_deref().map(|text| as_of(scorecard, text)).transpose()?;
    let way = if args.careful { Way::Careful } else { Way::Either };
    let observed = observe(scorecard, plan, Manner { way, on_fault: OnFault::Stop })?;
    let (observations, mut found) = (observed.value, observed.warnings);
    let Some(as_of) = asked.or_else(|| last_complete(scorecard, plan, &observations)) else {
        return Err(no_as_of(scorecard, plan, &observations));
    };
    before_all_rows(scorecard, &observations, as_of)?;
    found.extend(never_seen(scorecard, plan, &observations));
    // An as-of that is given waits for no one.
    let unasked: &[Code] = if asked.is_some() { &[Code::HeldBack] } else { &[] };
    if asked.is_none() {
        found.extend(held_back(scorecard, plan, &observations));
    }
    Ok((observations, Faults { found, unasked }, as_of))
}

/// An as-of before the first row of all: whatever rules said would be about nothing.
fn before_all_rows(scorecard: &Scorecard, observations: &Observations, as_of: Period) -> Result<(), Vec<Diagnostic>> {
    let first = observations.tables.iter().filter_map(|table| table.moments.keys().next()).map(Period::first).min();
    match first.and_then(|first| scorecard.calendar.containing(scorecard.grain, first)) {
        Some(first) if as_of.last() < first.first() => {
            let name = |period| scorecard.calendar.name(period);
            let message = format!("no source has a row up to `--as-of {}`", name(as_of));
            Err(usage(message, format!("the data begin in {}", name(first))))
        }
        _ => Ok(()),
    }
}

/// The earlier version named by `--against`, with all that is wrong with it.
fn earlier(path: &Path) -> Result<Scorecard, Vec<Diagnostic>> {
    let loaded = load(path);
    resolve(&loaded).map_err(|problems| {
        let of_earlier = |problem: Diagnostic| {
            let at = problem.labels.first().and_then(|label| match &label.locus {
                Locus::Scorecard(place) => Some(loaded.files.line_of(place)),
                Locus::Data { .. } => None,
            });
            let at = at.map_or_else(|| path.display().to_string(), |(file, line)| format!("{file}, line {line}"));
            let message = format!("the earlier version does not hold: {} ({at})", problem.message);
            let help =
                "`--against` takes an earlier scorecard with all that it includes, such as a worktree of that time";
            Diagnostic::error(Code::Usage, message).help(help)
        };
        problems.into_iter().map(of_earlier).collect()
    })
}

/// The nearest folder above a scorecard that holds a repository.
fn repository(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    path.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}
