//! One short function a command, each a chain of stages.
//!
//! Prints nothing and ends nothing: what to print and how to end is an [`Output`], `main` acts on it.

mod chart;
mod check;
mod close;
mod closed;
mod diff;
mod hashes;
mod init;
mod levels;
mod outputs;
mod prepare;
mod rollup;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::prepare::{Run, as_of, condition, dimensions, no_as_of};
use crate::cli::{self, Cli, Command, FailOn, Format, ManArgs, ReportArgs, ShowArgs, ThreadArgs, TraceArgs};
use crate::diagnostic::{Code, Diagnostic, Files};
use crate::evaluate::{Evaluation, Mark, Processes, Reader, Standing, evaluate, process_at};
use crate::lint;
use crate::metric::{MetricId, Scorecard};
use crate::period::{Days, Period};
use crate::plan::{PrintedPlan, plan};
use crate::prose;
use crate::render::{self, Palette};
use crate::scorecard::{self, find_upwards, load, resolve};
use crate::select;
use crate::status::Status;
use crate::view;

/// What a run came to.
#[derive(Debug, Default)]
pub struct Output {
    /// For standard output, or the file of `-o`: text, or a picture.
    pub content: Content,
    /// Where to write it, if not to standard output.
    pub file: Option<PathBuf>,
    /// Folders to make where they are not there, before anything is written.
    pub folders: Vec<PathBuf>,
    /// A closed period to write, before all else.
    pub closing: Option<Closing>,
    /// Further files to write, whole, before the text.
    pub beside: Vec<(PathBuf, Vec<u8>)>,
    /// What to append to a file, created where it is missing, before the text.
    pub appended: Option<(PathBuf, String)>,
    /// The data files that were read, which no output may replace.
    pub read: Vec<PathBuf>,
    /// Findings, for standard error.
    pub diagnostics: Vec<Diagnostic>,
    /// Lines for standard error.
    pub messages: Vec<String>,
    /// A last line for standard error, after the text.
    pub last_line: Option<String>,
    /// The texts the findings point at.
    pub files: Files,
    /// 0 done, 1 done and the answer is no, 2 could not do it.
    pub exit: u8,
}

/// A closed period on its way to its file: whole, and only where the file is still what was read.
#[derive(Debug)]
pub struct Closing {
    /// The file.
    pub path: PathBuf,
    /// What it held; `None` where it was not there.
    pub before: Option<String>,
    /// What it is to hold.
    pub text: String,
}

/// What a run has to say, or draw.
#[derive(Debug)]
pub enum Content {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a temporary file, where it may be more than memory should hold; in the folder of the file of `-o`.
    Spooled(tempfile::NamedTempFile),
}

impl Default for Content {
    fn default() -> Content {
        Content::Bytes(Vec::new())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        Content::Bytes(bytes)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Content {
        Content::Bytes(text.into_bytes())
    }
}

/// What the world around the run is like.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Columns to lay text out for; unlimited when absent.
    pub width: Option<usize>,
    /// Whether escape codes are wanted.
    pub palette: Palette,
}

type Findings = Vec<Diagnostic>;

/// Runs a command.
pub fn run(cli: &Cli, surroundings: Surroundings) -> Output {
    match &cli.command {
        Command::Show(args) => report(cli, &|scorecard, files| show(scorecard, files, args, surroundings)),
        Command::Thread(args) => report(cli, &|scorecard, _| thread(scorecard, args, surroundings)),
        Command::Trace(args) => report(cli, &|scorecard, _| trace(scorecard, args, surroundings)),
        Command::Rollup(args) => report(cli, &|scorecard, files| rollup::rollup(scorecard, files, args)),
        Command::Close(args) => report(cli, &|scorecard, files| close::close(scorecard, files, args)),
        Command::Diff(args) => diff::diff(cli, args, surroundings),
        Command::Chart(args) => report(cli, &|scorecard, files| chart::chart(scorecard, files, args)),
        Command::Check(args) => check::check(cli, args, surroundings),
        Command::Init(args) => init::init(args),
        Command::Schema => schema(),
        Command::Completions(args) => Output { content: cli::registration(args.shell).into(), ..Output::default() },
        Command::Man(args) => man(args),
    }
}

fn schema() -> Output {
    let rules: Vec<(&str, &str)> = lint::RULES.iter().map(|rule| (rule.name, rule.summary)).collect();
    Output { content: scorecard::schema(&rules).into(), ..Output::default() }
}

fn man(args: &ManArgs) -> Output {
    let Some(folder) = &args.folder else { return Output { content: cli::manual().into(), ..Output::default() } };
    if !folder.is_dir() {
        let problem = Diagnostic::error(Code::Usage, format!("there is no folder `{}`", folder.display()));
        return Output { diagnostics: vec![problem.help("make it first")], exit: 2, ..Output::default() };
    }
    let beside = cli::pages().into_iter().map(|(name, text)| (folder.join(name), text.into())).collect();
    Output { beside, ..Output::default() }
}

/// What a report says of a scorecard that holds, and of the files it stands in.
type Reporting<'r> = dyn Fn(&Scorecard, &[&Path]) -> Result<Output, Findings> + 'r;

fn report(cli: &Cli, say: &Reporting<'_>) -> Output {
    if cli.command.output() == Some(Path::new("-")) {
        let diagnostics = usage("`-` names no file", "leave `-o` out for standard output, and say the form with `-O`");
        return Output { diagnostics, exit: 2, ..Output::default() };
    }
    let path = match scorecard_path(cli.scorecard.as_deref()) {
        Ok(path) => path,
        Err(diagnostics) => return Output { diagnostics, exit: 2, ..Output::default() },
    };
    let loaded = load(&path);
    let files: Vec<&Path> = loaded.files.paths().collect();
    let result = resolve(&loaded).and_then(|scorecard| say(&scorecard, &files));
    let result = result.and_then(|output| match outputs::overwritten(&output, &loaded.named()) {
        None => Ok(output),
        Some(problem) => Err(vec![problem]),
    });
    let output = result.unwrap_or_else(|diagnostics| Output { diagnostics, exit: 2, ..Output::default() });
    Output { files: loaded.files, ..output }
}

fn show(
    scorecard: &Scorecard,
    files: &[&Path],
    args: &ShowArgs,
    surroundings: Surroundings,
) -> Result<Output, Findings> {
    let selectors = select::parse(scorecard, &args.selectors)?;
    let by = dimensions(scorecard, &args.by)?;
    let run = Run::prepare(scorecard, &args.report, &by)?;
    let ledger = closed::of_periods(files, &run.periods)?;
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let wholes: Vec<Evaluation> = run.periods.iter().map(|period| evaluate(&reader, *period, None)).collect();
    let last = &wholes[wholes.len() - 1];
    let selected = select::selected(scorecard, &selectors, |id| last.standing(id).status());
    let format = format_of(args)?;
    let mut output = Output { file: args.output.clone(), diagnostics: run.warnings.clone(), ..Output::default() };
    outputs::of_reading(&args.report, &run.observations, &mut output);
    // Every segment in every period: a part that comes late or goes early has its row and says so.
    let days = Days { first: run.periods[0].first(), last: run.last().last() };
    let parts = if by.is_empty() { Vec::new() } else { reader.segments(days) };
    let in_period =
        |period: &Period| parts.iter().map(|part| evaluate(&reader, *period, Some(part))).collect::<Vec<_>>();
    let segments: Vec<Evaluation> = run.periods.iter().flat_map(in_period).collect();
    let condition = run.plan.asked.as_ref().map(ToString::to_string);
    if matches!(format, Format::Table | Format::Markdown) {
        let depth = args.depth.map(usize::from);
        let shown = view::show(scorecard, &wholes, &segments, &selected, depth, args.sort.into(), condition);
        let processes = Processes::of(&reader, &selected, &[run.last()]);
        let shown = shown.with_processes(scorecard, run.last(), &processes);
        let shown = shown.with_closed(scorecard, &ledger, &run.periods, &by);
        let text = match format {
            Format::Table => render::show(&shown, surroundings.width, surroundings.palette),
            _ => render::markdown(&shown),
        };
        output.content = text.into();
    } else {
        let mut evaluations: Vec<&Evaluation> = wholes.iter().chain(&segments).collect();
        evaluations.sort_by_key(|evaluation| evaluation.period);
        let processes = Processes::of(&reader, &selected, &run.periods);
        let recorder = view::Recorder::new(scorecard, run.as_of, &by, condition.as_deref(), &processes);
        let recorder = recorder.with_ledger(&ledger);
        let evaluations: Vec<_> = evaluations.iter().map(|one| (recorder.head(one), *one)).collect();
        let records = view::records(&recorder, &evaluations, &selected);
        let text = match format {
            Format::Json => render::json(&records),
            _ => csv(&records, &mut output.messages),
        };
        output.content = text.into();
    }
    let failing = failing(scorecard, &[&wholes[..], &segments[..]], &selected, &args.fail_on);
    if !failing.is_empty() {
        output.exit = 1;
        let text = format!("{} matched --fail-on: {}", prose::count(failing.len(), "metric"), failing.join(", "));
        output.messages.push(text);
    }
    Ok(output)
}

fn thread(scorecard: &Scorecard, args: &ThreadArgs, surroundings: Surroundings) -> Result<Output, Findings> {
    of_one_period(scorecard, &args.selectors, &args.report, "thread", &|_, reader, evaluation, id| {
        let process = process_at(reader, id, evaluation.period).ok();
        let view = view::thread(scorecard, evaluation, id);
        let view = view.with_process(scorecard, evaluation.period, process.as_ref());
        render::thread(&view, surroundings.width, surroundings.palette)
    })
}

fn trace(scorecard: &Scorecard, args: &TraceArgs, surroundings: Surroundings) -> Result<Output, Findings> {
    if args.plan {
        let selectors = select::parse(scorecard, &args.selectors)?;
        let filter = condition(scorecard, args.report.filter.as_deref())?;
        let plan = plan(scorecard, &select::candidates(scorecard, &selectors), &[], filter.as_ref());
        let text = PrintedPlan { plan: &plan, scorecard }.to_string();
        return Ok(Output { content: text.into(), ..Output::default() });
    }
    of_one_period(scorecard, &args.selectors, &args.report, "trace", &|run, reader, evaluation, id| {
        render::trace(&view::trace(reader, &run.observations, evaluation, id), surroundings.palette)
    })
}

/// What a command says of each metric selected, in one period.
type Telling<'t> = dyn Fn(&Run, &Reader<'_>, &Evaluation, MetricId) -> String + 't;

fn of_one_period(
    scorecard: &Scorecard,
    selectors: &[String],
    args: &ReportArgs,
    command: &str,
    tell: &Telling<'_>,
) -> Result<Output, Findings> {
    let selectors = select::parse(scorecard, selectors)?;
    let run = Run::one_period(scorecard, args, command)?;
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let evaluation = evaluate(&reader, run.last(), None);
    let selected = select::selected(scorecard, &selectors, |id| evaluation.standing(id).status());
    let texts: Vec<String> = selected.iter().map(|id| tell(&run, &reader, &evaluation, *id)).collect();
    let mut output =
        Output { content: texts.join("\n").into(), diagnostics: run.warnings.clone(), ..Output::default() };
    outputs::of_reading(args, &run.observations, &mut output);
    Ok(output)
}

/// This program and its version, as files say what wrote them.
fn program() -> String {
    format!("goldthread {}", env!("CARGO_PKG_VERSION"))
}

fn usage(message: impl Into<String>, help: impl Into<String>) -> Findings {
    vec![Diagnostic::error(Code::Usage, message).help(help)]
}

fn format_of(args: &ShowArgs) -> Result<Format, Findings> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let Some(path) = &args.output else { return Ok(Format::Table) };
    match outputs::extension(path).as_str() {
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        "md" => Ok(Format::Markdown),
        "txt" => Ok(Format::Table),
        _ => Err(usage(
            format!("the extension of `{}` names no format", path.display()),
            "end it in .csv, .json, .md or .txt, or say `-O csv`",
        )),
    }
}

fn csv(records: &view::Records<'_>, messages: &mut Vec<String>) -> String {
    let (text, guarded) = render::csv(records);
    messages.extend(csv_guarded(guarded));
    text
}

/// That text cells of a CSV are not quite what they were, where some are.
fn csv_guarded(guarded: usize) -> Option<String> {
    let cells = prose::count(guarded, "text cell");
    (guarded > 0).then(|| format!("{cells} began like a formula and got a leading apostrophe"))
}

/// The metrics selected that stand so in any period or part reported.
fn failing(
    scorecard: &Scorecard,
    reported: &[&[Evaluation]],
    selected: &BTreeSet<MetricId>,
    on: &[FailOn],
) -> Vec<String> {
    let stands = |standing: &Standing| {
        on.iter().any(|on| match on {
            FailOn::OffTarget => standing.status() == Status::OffTarget,
            FailOn::AtRisk => matches!(standing.status(), Status::AtRisk | Status::OffTarget),
            FailOn::NoData => standing.status() == Status::NoData,
            FailOn::Watermelon => standing.mark == Some(Mark::Watermelon),
        })
    };
    let fails = |id: &&MetricId| {
        let counts = |evaluation: &&Evaluation| evaluation.segment.is_none() || evaluation.standing(**id).is_part();
        reported.iter().copied().flatten().filter(counts).any(|evaluation| stands(evaluation.standing(**id)))
    };
    selected.iter().filter(fails).map(|id| scorecard.metric(*id).id.clone()).collect()
}

/// The scorecard named, or `scorecard.toml` here or in the nearest folder above.
fn scorecard_path(named: Option<&Path>) -> Result<PathBuf, Findings> {
    named.map(Path::to_owned).or_else(find_upwards).ok_or_else(|| {
        let problem = Diagnostic::error(Code::BadFile, "no `scorecard.toml` here or in a folder above");
        vec![problem.help("name one: `goldthread -s FILE show`")]
    })
}
