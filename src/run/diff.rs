//! `diff`: what is reported now against what was closed, one revision against another, one export against another.

mod exports;
mod revision;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::prepare::{known_dimensions, period_request, periods};
use super::{Findings, Output, Run, Surroundings, closed, csv_guarded, outputs, report, usage};
use crate::cli::{Cli, DiffArgs, DiffFormat, ReportArgs};
use crate::ledger::{Change, Closed, Kind, Ledger, Report, compare};
use crate::metric::Scorecard;
use crate::period::Period;
use crate::prose;
use crate::render::diff as render;
use crate::view::diff::{Diff, DiffPeriod};

/// A difference with the files read for it.
struct Compared {
    diff: Diff,
    read: Vec<PathBuf>,
    warnings: Findings,
}

/// Compares what is asked for.
pub(super) fn diff(cli: &Cli, args: &DiffArgs, surroundings: Surroundings) -> Output {
    let Some((from, to)) = args.from.as_deref().zip(args.to.as_deref()) else {
        return report(cli, &|scorecard, files| {
            let compared = match args.revisions.as_slice() {
                [] => with_ledger(scorecard, files, args)?,
                revisions => revision::compared(scorecard, files, args, revisions)?,
            };
            written(compared, args, surroundings)
        });
    };
    let result = exports::compared(from, to).and_then(|compared| written(compared, args, surroundings));
    let result = result.and_then(|output| match outputs::overwritten(&output, &[]) {
        None => Ok(output),
        Some(problem) => Err(vec![problem]),
    });
    result.unwrap_or_else(|diagnostics| Output { diagnostics, exit: 2, ..Output::default() })
}

fn written(compared: Compared, args: &DiffArgs, surroundings: Surroundings) -> Result<Output, Findings> {
    let diff = &compared.diff;
    let mut output = Output { file: args.output.clone(), read: compared.read, ..Output::default() };
    output.diagnostics = compared.warnings;
    output.content = match format_of(args)? {
        DiffFormat::Human => render::human(diff, surroundings.palette).into(),
        DiffFormat::Json => render::json(diff).into(),
        DiffFormat::Csv => {
            let (bytes, guarded) = render::csv(diff);
            output.messages.extend(csv_guarded(guarded));
            // Its rows are differences, and a note is none.
            output.messages.extend(render::notes(diff));
            bytes.into()
        }
    };
    output.exit = u8::from(args.exit_code && diff.differs());
    Ok(output)
}

fn format_of(args: &DiffArgs) -> Result<DiffFormat, Findings> {
    let extension = args.output.as_deref().map(|path| path.extension().and_then(|extension| extension.to_str()));
    match (args.format, extension) {
        (Some(format), _) => Ok(format),
        (None, None | Some(Some("txt"))) => Ok(DiffFormat::Human),
        (None, Some(Some("json"))) => Ok(DiffFormat::Json),
        (None, Some(Some("csv"))) => Ok(DiffFormat::Csv),
        (None, Some(_)) => Err(usage(
            "the extension of the file of `-o` names no format",
            "end it in .json, .csv or .txt, or say `-O json`",
        )),
    }
}

/// Every closed period asked for, against what is reported of it now.
fn with_ledger(scorecard: &Scorecard, files: &[&Path], args: &DiffArgs) -> Result<Compared, Findings> {
    let root = files.first().copied().unwrap_or(Path::new(""));
    let ledger = closed::ledger(root)?;
    if ledger.is_empty() {
        return Err(usage(
            "nothing is closed yet",
            "close a period with `goldthread close -p PERIOD`, or name two sides: `--from` and `--to`, or revisions",
        ));
    }
    let run = Run::prepare(scorecard, &ReportArgs::default(), &[])?;
    let asked = asked(scorecard, args, run.as_of)?;
    let chosen: Vec<&Closed> =
        ledger.periods().filter(|closed| asked.as_ref().is_none_or(|asked| asked.contains(&closed.period))).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = ledger.periods().map(|closed| closed.name.as_str()).collect();
        let message = format!("`{}` is not closed", args.period.as_deref().unwrap_or_default());
        return Err(usage(message, format!("closed is {}", prose::list(names))));
    }
    let mut changes: BTreeMap<Period, Vec<Change>> = BTreeMap::new();
    for by in chosen.iter().map(|closed| &closed.report().by).collect::<BTreeSet<_>>() {
        changes.extend(split_alike(scorecard, files, by, &chosen)?);
    }
    for period in not_closed(scorecard, &ledger, asked.as_deref(), run.as_of) {
        let name = scorecard.calendar.name(period);
        changes.insert(period, vec![Change::of_period(Kind::NewPeriod, &name)]);
    }
    let reopened = chosen.iter().flat_map(|closed| {
        let reasons = closed.versions.iter().filter_map(|version| version.reason.as_deref());
        // A note is one line.
        let line = |reason: &str| reason.split_whitespace().collect::<Vec<_>>().join(" ");
        reasons.map(move |reason| format!("{} was closed again: {}", closed.name, line(reason)))
    });
    let notes = reopened.chain(chosen.iter().filter_map(|closed| without_cause(closed, changes.get(&closed.period)?)));
    let notes: Vec<String> = notes.collect();
    let read = chosen.iter().map(|closed| closed::file(root, &closed.name)).chain(run.read()).collect();
    let diff = Diff {
        scorecard: Some(scorecard.title.clone()),
        before: "what was closed".to_owned(),
        after: "now".to_owned(),
        periods: chosen.iter().map(|closed| DiffPeriod { name: closed.name.clone(), period: closed.period }).collect(),
        notes,
        not_compared: Vec::new(),
        changes: changes.into_values().flatten().collect(),
    };
    Ok(Compared { diff, read, warnings: run.warnings })
}

/// That figures of a period differ though neither their definitions nor the files behind them do.
fn without_cause(closed: &Closed, changes: &[Change]) -> Option<String> {
    let restated = changes.iter().filter(|change| change.kind == Kind::Restated && change.files.is_empty());
    let ids: BTreeSet<&str> = restated.map(|change| change.id.as_str()).collect();
    let program = &closed.versions.last()?.program;
    let of = prose::list(ids.iter().copied());
    (!ids.is_empty()).then(|| {
        let (name, now) = (&closed.name, crate::run::program());
        format!("{name}: no file behind {of} changed, and nothing the ledger tells of its meaning: {program} closed it, this is {now}")
    })
}

/// The periods asked for; `None` where all are.
fn asked(scorecard: &Scorecard, args: &DiffArgs, as_of: Period) -> Result<Option<Vec<Period>>, Findings> {
    let Some(text) = &args.period else { return Ok(None) };
    let request = period_request(text)?;
    periods(scorecard, Some(&request), Some(scorecard.grain), as_of).map(Some)
}

/// The differences of the closed periods that were split by some dimensions.
fn split_alike(
    scorecard: &Scorecard,
    files: &[&Path],
    by: &[String],
    chosen: &[&Closed],
) -> Result<Vec<(Period, Vec<Change>)>, Findings> {
    let known = known_dimensions(scorecard);
    let still: Vec<String> = by.iter().filter(|name| known.contains(name.as_str())).cloned().collect();
    // Parts by a dimension that is gone are of nothing any more: the wholes still are.
    let split: &[String] = if still.len() == by.len() { by } else { &[] };
    let run = Run::prepare(scorecard, &ReportArgs::default(), split)?;
    let inputs = closed::inputs(scorecard, files, &run)?;
    let mut found = Vec::new();
    for closed in chosen.iter().filter(|closed| closed.report().by == by) {
        if !scorecard.grain.nests_in(closed.period.grain()) {
            let message = format!(
                "{} was closed by {}, and the scorecard reports by {}",
                closed.name,
                closed.period.grain(),
                scorecard.grain
            );
            return Err(usage(message, "name other periods with `-p`"));
        }
        let now = closed::report(scorecard, &run, closed.period, split, &inputs);
        let changes = if split.len() == by.len() {
            compare(&closed.name, closed.report(), &now)
        } else {
            let gone = Change::of_dimensions(&closed.name, by, &still);
            std::iter::once(gone).chain(compare(&closed.name, &closed.report().of_wholes(), &now)).collect()
        };
        found.push((closed.period, changes));
    }
    Ok(found)
}

/// The periods that are complete and not closed: those asked for, else those since the first closed one.
fn not_closed(scorecard: &Scorecard, ledger: &Ledger, asked: Option<&[Period]>, as_of: Period) -> Vec<Period> {
    let complete = match (asked, ledger.periods().next()) {
        (Some(asked), _) => asked.to_vec(),
        (None, Some(first)) if first.period.first() <= as_of.last() => {
            let days = crate::period::Days { first: first.period.first(), last: as_of.last() };
            scorecard.calendar.within(scorecard.grain, days)
        }
        _ => Vec::new(),
    };
    let is_new = |period: &Period| period.last() <= as_of.last() && !ledger.has(*period);
    complete.into_iter().filter(is_new).collect()
}

/// The differences between two sides, period by period, in order.
fn between(before: &BTreeMap<Period, (String, Report)>, after: &BTreeMap<Period, (String, Report)>) -> Vec<Change> {
    let periods: BTreeSet<&Period> = before.keys().chain(after.keys()).collect();
    let of = |period: &Period| match (before.get(period), after.get(period)) {
        (Some((name, old)), Some((_, new))) => compare(name, old, new),
        (Some((name, _)), None) => vec![Change::of_period(Kind::GonePeriod, name)],
        (None, Some((name, _))) => vec![Change::of_period(Kind::NewPeriod, name)],
        (None, None) => Vec::new(),
    };
    periods.into_iter().flat_map(of).collect()
}
