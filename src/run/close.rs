//! `close`: what is reported of a complete period, frozen into the ledger.

use std::path::Path;

use super::prepare::{dimensions, known_dimensions, period_request, periods};
use super::{Closing, Findings, Output, Run, closed, hashes, usage};
use crate::cli::{CloseArgs, ReportArgs};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Reader, evaluate};
use crate::ledger::{Closed, Report, Version, appended};
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
    let root = files.first().copied().unwrap_or(Path::new(""));
    let ledger = closed::ledger(root)?;
    let run = Run::prepare(scorecard, &ReportArgs::default(), &[])?;
    let period = asked(scorecard, args, run.as_of)?;
    let name = scorecard.calendar.name(period);
    let earlier = ledger.periods().find(|closed| closed.period == period);
    // A period may have had another name when it was closed: its file has that one still.
    let path = closed::file(root, earlier.map_or(&name, |closed| &closed.name));
    let reason = reason(args, &name, earlier.is_some())?;
    let by = split(scorecard, args, earlier)?;
    let run = if by.is_empty() { run } else { Run::prepare(scorecard, &ReportArgs::default(), &by)? };
    let report = closed::report(scorecard, &run, period, &by, &closed::inputs(scorecard, files, &run)?);
    reported(&report, &name)?;
    if !args.provisional {
        final_figures(&report, &late(scorecard, &run, period, &by), &name)?;
    }
    let before = if reason.is_some() { Some(closed::text(&path)?) } else { None };
    let (figures, metrics) = (report.figures.len(), report.definitions.len());
    let program = super::program();
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
        messages: narrowed(earlier, &by).into_iter().collect(),
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

/// The dimensions whose parts are frozen: those asked for; where nothing is said, those of the time before.
fn split(scorecard: &Scorecard, args: &CloseArgs, earlier: Option<&Closed>) -> Result<Vec<String>, Findings> {
    let Some(earlier) = earlier.map(|closed| &closed.report().by).filter(|_| args.by.is_empty()) else {
        let is_none = matches!(&args.by[..], [one] if one.trim().is_empty());
        return if is_none { Ok(Vec::new()) } else { dimensions(scorecard, &args.by) };
    };
    let still: Vec<&str> =
        earlier.iter().filter(|name| known_dimensions(scorecard).contains(name.as_str())).map(String::as_str).collect();
    if still.len() == earlier.len() {
        return Ok(earlier.clone());
    }
    let gone = earlier.iter().map(String::as_str).filter(|name| !still.contains(name));
    let message = format!("it was closed by {}, which no source has any more", prose::list(gone));
    Err(usage(message, format!("say by what it is closed now: `--by '{}'`", still.join(","))))
}

/// That parts which were frozen are frozen no more.
fn narrowed(earlier: Option<&Closed>, by: &[String]) -> Option<String> {
    let earlier = &earlier?.report().by;
    let dropped: Vec<&str> = earlier.iter().filter(|name| !by.contains(name)).map(String::as_str).collect();
    let (dropped, was) = (prose::list(dropped), earlier.join(", "));
    (!dropped.is_empty()).then(|| format!("it was closed by {was}: its parts by {dropped} are not frozen any more"))
}

/// Refuses a period of which nothing is known.
fn reported(report: &Report, name: &str) -> Result<(), Findings> {
    if report.figures.iter().any(|figure| figure.number("actual").is_some()) {
        return Ok(());
    }
    let reason = report.figures.iter().find_map(|figure| Some(format!("`{}`: {}", figure.id, figure.reason.as_ref()?)));
    let problem = Diagnostic::error(Code::Usage, format!("nothing is reported of {name}: no metric has an actual"));
    let problem = reason.into_iter().fold(problem, Diagnostic::note);
    Err(vec![problem.help("name a period that the sources have rows of")])
}

/// The metrics, and parts of them, without an actual that had one before, each with the reason.
fn late(scorecard: &Scorecard, run: &Run, period: Period, by: &[String]) -> Vec<String> {
    let reader = Reader::new(scorecard, &run.plan, &run.observations, run.closed);
    let parts = closed::parts(scorecard, run, period, by);
    let mut absent = Vec::new();
    for segment in std::iter::once(None).chain(parts.iter().map(Some)) {
        let evaluation = evaluate(&reader, period, segment);
        let part = segment.map_or(String::new(), |segment| format!(" ({})", segment.join(" / ")));
        for id in scorecard.ids() {
            let standing = evaluation.standing(id);
            let reason = standing.actual.as_ref().err().filter(|reason| reason.is_late());
            if let Some(reason) = reason.filter(|_| segment.is_none() || standing.is_part()) {
                absent.push(format!("`{}`{part}: {reason}", scorecard.metric(id).id));
            }
        }
    }
    absent
}

/// Refuses figures that are not whole and final, and those that are absent though they were there before.
fn final_figures(report: &Report, late: &[String], name: &str) -> Result<(), Findings> {
    let open = report.figures.iter().filter_map(|figure| {
        let part = figure.segment.as_ref().map_or(String::new(), |segment| format!(" ({})", segment.join(" / ")));
        Some(format!("`{}`{part}: {}", figure.id, figure.caveat.as_ref()?))
    });
    let open: Vec<String> = open.collect();
    let counts = [(open.len(), "partial or provisional"), (late.len(), "absent that had a value before")];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, what)| format!("{} {what}", prose::count(count, "figure"))).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let message = format!("{name} is not final: {}", counts.join(" and "));
    let all: Vec<&String> = late.iter().chain(&open).collect();
    let shown = all.iter().take(MOST_NAMED).copied().cloned();
    let more = (all.len() > MOST_NAMED).then(|| format!("and {} more", all.len() - MOST_NAMED));
    let problem = shown.chain(more).fold(Diagnostic::error(Code::Usage, message), Diagnostic::note);
    Err(vec![problem.help("wait for what is late, or close it as it is with `--provisional`: the ledger then says so")])
}
