//! `rollup`: the numbers for other programs, with a manifest of what they rest on.

mod blocks;
mod command;
mod sinks;

use std::num::NonZeroUsize;
use std::path::Path;
use std::thread::available_parallelism;

use self::blocks::{Export, Totals};
use super::hashes::Hashing;
use super::levels::Levels;
use super::{Content, Findings, Output, Run, closed, dimensions, hashes, outputs, usage};
use crate::cli::{CsvReader, Layout, RollupArgs, RollupFormat};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Processes, Reader, Trends, control_totals, evaluate_with};
use crate::metric::Scorecard;
use crate::prose;
use crate::render::rollup as render;
use crate::select;
use crate::view::Recorder;
use crate::view::manifest::{Control, Manifest, inputs, parts};

/// Rolls up what is asked for.
///
/// # Errors
/// The arguments, the data, or a format that has no room for the rows.
pub(super) fn rollup(scorecard: &Scorecard, files: &[&Path], args: &RollupArgs) -> Result<Output, Findings> {
    rolled_up(scorecard, files, args, available_parallelism().unwrap_or(NonZeroUsize::MIN))
}

fn rolled_up(
    scorecard: &Scorecard,
    files: &[&Path],
    args: &RollupArgs,
    at_once: NonZeroUsize,
) -> Result<Output, Findings> {
    let format = format_of(args)?;
    let selectors = select::parse(scorecard, &args.selectors)?;
    let by = dimensions(scorecard, &args.by)?;
    let run = Run::prepare_with(scorecard, &args.report, &by, &|plan| plan.with_controls(scorecard))?;
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let last = evaluate_with(&reader, run.last(), None, Trends::Left);
    let selected = select::selected(scorecard, &selectors, |id| last.standing(id).status());
    let condition = run.plan.asked.as_ref().map(ToString::to_string);
    let levels = Levels::of(scorecard, &run.plan);
    // Parts have no limits of their own.
    let whole = selected.iter().copied().filter(|id| args.totals || levels.finest(*id) == 0).collect();
    let processes = Processes::of(&reader, &whole, &run.periods);
    let ledger = closed::of_periods(files, &run.periods)?;
    let beside = match args.layout {
        Layout::Tidy => Vec::new(),
        Layout::Wide => sinks::wide_columns(&run.periods, &scorecard.calendar),
    };
    let recorder = Recorder::new(scorecard, run.as_of, &by, condition.as_deref(), &processes);
    let recorder = recorder.with_ledger(&ledger).with_beside(beside);
    let export = Export {
        scorecard,
        run: &run,
        recorder: &recorder,
        by: &by,
        selected: &selected,
        totals: if args.totals { Totals::Shown } else { Totals::Left },
        levels: &levels,
        decimals: args.decimals,
        display: args.display.then(|| decimal_sign(args)),
        at_once,
    };
    let mut tally = export.tally();
    let mut manifest = begun(scorecard, &run, files, args, format, &export)?;
    let written = sinks::written(&export, args, format, &manifest, &mut tally)?;
    manifest.rows = written.rows;
    if !by.is_empty() {
        let depth = |id| reader.nature(id).adds_over_parts.then(|| levels.finest(id));
        manifest.parts = parts(scorecard, &selected, &run.periods, &by, &depth, &tally.wholes, &tally.parts);
    }
    let mut output = Output { file: args.output.clone(), diagnostics: run.warnings.clone(), ..Output::default() };
    outputs::of_reading(&args.report, &run.observations, &mut output);
    output.messages.extend(written.messages);
    // What is no file has nothing beside it.
    if let Some(path) = args.output.as_ref().filter(|path| !outputs::is_stream(path)) {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        manifest.output = Some(written.hashing.done(&name));
        let beside = path.with_file_name(format!("{name}.manifest.json"));
        output.beside.push((beside, render::manifest(&manifest).into()));
    }
    if args.reconcile {
        output.messages.extend(render::reconciliation(&manifest));
        if !ties(&manifest) {
            output.exit = 1;
        }
    } else {
        output.messages.extend(render::untied(&manifest));
    }
    output.content = written.content;
    Ok(output)
}

/// Whether all that should be equal is.
fn ties(manifest: &Manifest) -> bool {
    manifest.controls.iter().all(|control| control.ties) && manifest.parts.iter().all(|parts| parts.unequal.is_empty())
}

/// All of a manifest but what the rows make of it.
fn begun(
    scorecard: &Scorecard,
    run: &Run,
    files: &[&Path],
    args: &RollupArgs,
    format: RollupFormat,
    export: &Export<'_>,
) -> Result<Manifest, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let scorecards =
        files.iter().map(|path| hashes::of_file(path, &hashes::named(path, root))).collect::<Result<_, _>>()?;
    let inputs = inputs(scorecard, &run.plan, &run.observations, &|facts| hashes::of_data(facts, root))?;
    let name = |period: crate::period::Period| scorecard.calendar.name(period);
    Ok(Manifest {
        program: format!("goldthread {}", env!("CARGO_PKG_VERSION")),
        command: command::written(args, format, export.by),
        scorecard: scorecard.title.clone(),
        as_of: name(run.as_of),
        periods: (name(run.periods[0]), name(run.last())),
        condition: run.plan.asked.as_ref().map(ToString::to_string),
        scorecards,
        inputs,
        controls: control_totals(scorecard, &run.plan, &run.observations).iter().map(Control::of).collect(),
        ..Manifest::default()
    })
}

/// What people read beside numbers has their decimal sign.
fn decimal_sign(args: &RollupArgs) -> render::DecimalSign {
    match args.reader {
        CsvReader::Machine | CsvReader::Excel => render::DecimalSign::Point,
        CsvReader::ExcelEu => render::DecimalSign::Comma,
    }
}

fn format_of(args: &RollupArgs) -> Result<RollupFormat, Findings> {
    let format = match (args.format, &args.output) {
        (Some(format), _) => format,
        (None, None) => RollupFormat::Csv,
        (None, Some(path)) => match outputs::extension(path).as_str() {
            "csv" => RollupFormat::Csv,
            "json" => RollupFormat::Json,
            "xlsx" => RollupFormat::Xlsx,
            "parquet" => RollupFormat::Parquet,
            _ => {
                return Err(usage(
                    format!("the extension of `{}` names no format", path.display()),
                    "end it in .csv, .json, .xlsx or .parquet, or say `-O csv`",
                ));
            }
        },
    };
    if format != RollupFormat::Csv && args.reader != CsvReader::Machine {
        return Err(usage("`--for` is about CSV", "leave it out, or say `-O csv`"));
    }
    if args.layout == Layout::Tidy && args.figure != crate::cli::Figure::Actual {
        return Err(usage(
            "`--figure` is about `--layout wide`",
            "add `--layout wide`: a tidy rollup has every figure",
        ));
    }
    if args.layout == Layout::Wide && args.display {
        return Err(usage(
            "`--display` is about `--layout tidy`",
            "leave one of the two out: a wide rollup has one figure, which `--figure` names",
        ));
    }
    Ok(format)
}

/// A format that has no room for the rows, or a text that no cell has.
fn too_much(problem: String) -> Findings {
    vec![Diagnostic::error(Code::Usage, problem).help("write CSV: `-O csv`, or fewer metrics or periods")]
}

/// What was written.
struct Written {
    content: Content,
    hashing: Hashing,
    rows: usize,
    messages: Vec<String>,
}

impl Written {
    fn new(content: Content, hashing: Hashing, rows: usize, guarded: usize) -> Written {
        let cells = prose::count(guarded, "text cell");
        let message = format!("{cells} began like a formula and got a leading apostrophe");
        Written { content, hashing, rows, messages: if guarded > 0 { vec![message] } else { Vec::new() } }
    }

    fn held(bytes: Vec<u8>, rows: usize, guarded: usize) -> Written {
        let mut hashing = Hashing::default();
        hashing.add(&bytes);
        Written::new(bytes.into(), hashing, rows, guarded)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::path::Path;

    use clap::Parser;

    use super::{Content, rolled_up};
    use crate::cli::{Cli, Command};
    use crate::scorecard::{load, resolve};

    const SCORECARD: &str = r#"
[scorecard]
title = "small"
[sources.s]
path = "s.csv"
period = "month"
dimensions = ["region", "channel"]
[sources.t]
path = "t.csv"
period = "month"
dimensions = ["region"]
[metrics.m]
name = "M"
source = "t"
value = "sum(y)"
unit = "EUR"
drives = ["g"]
[goals.g]
name = "G"
source = "s"
value = "sum(x) / 7"
unit = "EUR"
sponsor = "someone"
"#;

    #[test]
    fn how_many_blocks_are_worked_on_at_once_changes_no_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let row = |at: usize| format!("2026-{:02},r{},c{},{}.{:02}\n", at % 3 + 1, at % 7, at % 2, at * 31, at % 100);
        let rows: String = (0..42).map(row).collect();
        std::fs::write(folder.path().join("s.csv"), format!("month,region,channel,x\n{rows}")).expect("a file");
        let coarse: String = (0..9).map(|at| format!("2026-0{},r{at},{at}.5\n", at % 3 + 1)).collect();
        std::fs::write(folder.path().join("t.csv"), format!("month,region,y\n{coarse}")).expect("a file");
        let path = folder.path().join("scorecard.toml");
        std::fs::write(&path, SCORECARD).expect("a file");
        let loaded = load(&path);
        let scorecard = resolve(&loaded).unwrap_or_else(|problems| panic!("{problems:?}"));
        let forms = [vec![], vec!["-O", "json"], vec!["--layout", "wide"], vec!["-O", "xlsx"], vec!["-O", "parquet"]];
        let with_totals = forms.iter().map(|form| [&form[..], &["--totals"]].concat());
        for options in forms.clone().into_iter().chain(with_totals) {
            let fixed = ["goldthread", "rollup", "-p", "2026-01..2026-03", "--by", "region,channel"];
            let arguments = fixed.into_iter().chain(["--reconcile"]).chain(options);
            let Ok(Cli { command: Command::Rollup(args), .. }) = Cli::try_parse_from(arguments) else {
                panic!("the arguments of a rollup");
            };
            let run = |at_once: usize| {
                let at_once = NonZeroUsize::new(at_once).expect("not zero");
                let output = rolled_up(&scorecard, &[&path as &Path], &args, at_once);
                let output = output.unwrap_or_else(|problems| panic!("{problems:?}"));
                let bytes = match output.content {
                    Content::Bytes(bytes) => bytes,
                    Content::Spooled(file) => std::fs::read(file.path()).expect("the rows"),
                };
                (bytes, output.messages)
            };
            let alone = run(1);
            assert!(alone.0.len() > 500, "{} bytes", alone.0.len());
            for at_once in [2, 3, 5, 64] {
                assert_eq!(run(at_once), alone, "{at_once} at once");
            }
        }
    }
}
