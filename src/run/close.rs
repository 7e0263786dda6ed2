//! `close`: what is reported of a complete period, frozen into the ledger.

use std::path::Path;

use super::prepare::{dimensions, period_request, periods};
use super::{Closing, Findings, Output, Run, closed, hashes, usage};
use crate::cli::{CloseArgs, ReportArgs};
use crate::diagnostic::{Code, Diagnostic};
use crate::ledger::{Figure, Report, Version, appended};
use crate::metric::Scorecard;
use crate::period::Period;
use crate::prose;

/// How many figures a refusal names.
const MOST_NAMED: usize = 10;

/// Closes a period.
///
/// # Errors
/// The period is not complete, is closed already, or has figures that are not final.
pub(super) fn close(scorecard: &Scorecard, files: &[&Path], args: &CloseArgs) -> Result<Output, Findings> {
    let by = dimensions(scorecard, &args.by)?;
    let root = files.first().copied().unwrap_or(Path::new(""));
    let ledger = closed::ledger(root)?;
    let run = Run::prepare(scorecard, &ReportArgs::default(), &by)?;
    let period = asked(scorecard, args, run.as_of)?;
    let name = scorecard.calendar.name(period);
    let path = closed::file(root, &name);
    let reason = reason(args, &name, ledger.has(period))?;
    let report = closed::report(scorecard, &run, period, &by, &closed::inputs(scorecard, files, &run)?);
    if !args.provisional {
        final_figures(&report, &name)?;
    }
    let before = if reason.is_some() { Some(closed::text(&path)?) } else { None };
    let (figures, metrics) = (report.figures.len(), report.definitions.len());
    let program = format!("goldthread {}", env!("CARGO_PKG_VERSION"));
    let version = Version { reason, program, report };
    let text = appended(before.as_deref(), period, &name, &version, hashes::of_bytes);
    // What cannot be read back is not written.
    closed::closed(&path, &text)?;
    let (figures, metrics) = (prose::count(figures, "figure"), prose::count(metrics, "metric"));
    Ok(Output {
        content: format!("closed {name}: {figures} of {metrics} in {}\n", path.display()).into(),
        folders: vec![closed::folder(root)],
        read: run.read(),
        closing: Some(Closing { path, before, text }),
        diagnostics: run.warnings,
        ..Output::default()
    })
}

/// The one period to close.
fn asked(scorecard: &Scorecard, args: &CloseArgs, as_of: Period) -> Result<Period, Findings> {
    let request = period_request(&args.period)?;
    let asked = periods(scorecard, Some(&request), None, as_of)?;
    let [period] = asked[..] else {
        let message = format!("`close` closes one period, and `{}` is {}", args.period, asked.len());
        return Err(usage(message, "close them one after the other"));
    };
    if period.grain() != scorecard.grain {
        let message =
            format!("`{}` is a {}, and the scorecard reports by {}", args.period, period.grain(), scorecard.grain);
        return Err(usage(message, format!("close each {} of it", scorecard.grain)));
    }
    if period.last() > as_of.last() {
        let (name, last) = (scorecard.calendar.name(period), scorecard.calendar.name(as_of));
        let message = format!("{name} is not complete: every required source completes {last} and nothing later");
        return Err(usage(
            message,
            "wait for the sources, or set `required = false` on those that a close need not wait for",
        ));
    }
    Ok(period)
}

/// Why a period is closed again; `None` where it is closed for the first time.
fn reason(args: &CloseArgs, name: &str, is_closed: bool) -> Result<Option<String>, Findings> {
    let reason = args.reopen.as_deref().map(str::trim);
    match (reason, is_closed) {
        (None, false) => Ok(None),
        (None, true) => Err(usage(
            format!("{name} is closed, and a closed period is not rewritten"),
            format!(
                "see what differs with `goldthread diff -p {name}`; close it again with `--reopen REASON`, which stays in the ledger"
            ),
        )),
        (Some(""), _) => Err(usage("`--reopen` has no reason", "say why, in a few words: they stay in the ledger")),
        (Some(_), false) => {
            Err(usage(format!("{name} is not closed, so there is nothing to reopen"), "leave `--reopen` out"))
        }
        (Some(reason), true) => Ok(Some(reason.to_owned())),
    }
}

/// Refuses figures that are not whole and final.
fn final_figures(report: &Report, name: &str) -> Result<(), Findings> {
    let open: Vec<&Figure> = report.figures.iter().filter(|figure| figure.caveat.is_some()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let message = format!("{name} is not final: {} partial or provisional", prose::count(open.len(), "figure"));
    let mut problem = Diagnostic::error(Code::Usage, message);
    for figure in open.iter().take(MOST_NAMED) {
        let part = figure.segment.as_ref().map_or(String::new(), |segment| format!(" ({})", segment.join(" / ")));
        let caveat = figure.caveat.as_deref().unwrap_or_default();
        problem = problem.note(format!("`{}`{part}: {caveat}", figure.id));
    }
    if open.len() > MOST_NAMED {
        problem = problem.note(format!("and {} more", open.len() - MOST_NAMED));
    }
    Err(vec![problem.help("wait for what is late, or close it as it is with `--provisional`: the ledger then says so")])
}
