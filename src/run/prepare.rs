//! What every report needs before it evaluates: which periods, which rows, the plan, the observations.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Findings, usage};
use crate::cli::ReportArgs;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{held_back, last_complete, last_within, never_seen};
use crate::formula::{Predicate, parse_predicate};
use crate::metric::Scorecard;
use crate::observe::{Manner, Observations, OnFault, Way, observe};
use crate::period::{Days, Grain, Named, Period, PeriodRequest};
use crate::plan::{Plan, plan};
use crate::prose;

/// What every report needs before it evaluates: the plan, the observations, the periods.
pub(super) struct Run {
    pub(super) plan: Plan,
    pub(super) observations: Observations,
    pub(super) warnings: Findings,
    pub(super) as_of: Period,
    /// The last day of the as-of that was asked for: it closes the periods up to it.
    pub(super) closed: Option<jiff::civil::Date>,
    /// Never empty.
    pub(super) periods: Vec<Period>,
}

impl Run {
    /// Reads what every metric needs: the as-of waits for every required source, and drag and thread scores
    /// for all that feeds a goal, whichever metrics are shown.
    pub(super) fn prepare(scorecard: &Scorecard, args: &ReportArgs, by: &[String]) -> Result<Run, Findings> {
        Run::prepare_with(scorecard, args, by, &|plan| plan)
    }

    /// The same of a plan that is changed before anything is read.
    pub(super) fn prepare_with(
        scorecard: &Scorecard,
        args: &ReportArgs,
        by: &[String],
        change: &dyn Fn(Plan) -> Plan,
    ) -> Result<Run, Findings> {
        let filter = condition(scorecard, args.filter.as_deref())?;
        let request = args.period.as_deref().map(period_request).transpose()?;
        let asked_as_of = args.as_of.as_deref().map(|text| as_of(scorecard, text)).transpose()?;
        let plan = change(plan(scorecard, &scorecard.ids().collect::<Vec<_>>(), by, filter.as_ref()));
        let observed = observe(scorecard, &plan, manner(args))?;
        let (observations, mut warnings) = (observed.value, observed.warnings);
        let as_of = match asked_as_of.or_else(|| last_complete(scorecard, &plan, &observations)) {
            Some(as_of) => as_of,
            None => return Err(no_as_of(scorecard, &plan, &observations)),
        };
        if asked_as_of.is_none() && !matches!(request, Some(PeriodRequest::One(_) | PeriodRequest::Range(..))) {
            warnings.extend(held_back(scorecard, &plan, &observations));
            warnings.extend(never_seen(scorecard, &plan, &observations));
        }
        let periods = periods(scorecard, request.as_ref(), coarser(args), as_of)?;
        Ok(Run { plan, observations, warnings, as_of, closed: asked_as_of.map(|period| period.last()), periods })
    }

    pub(super) fn one_period(scorecard: &Scorecard, args: &ReportArgs, command: &str) -> Result<Run, Findings> {
        let run = Run::prepare(scorecard, args, &[])?;
        match run.periods.len() {
            1 => Ok(run),
            several => Err(usage(
                format!("`{command}` reports on one period, and {several} are asked for"),
                "ask for one with `-p`; `show` takes ranges",
            )),
        }
    }

    /// The data files that were read, which nothing may replace.
    pub(super) fn read(&self) -> Vec<PathBuf> {
        let files = self.observations.tables.iter().flat_map(|table| &table.files);
        files.map(|file| file.opened.clone()).collect()
    }

    pub(super) fn last(&self) -> Period {
        self.periods[self.periods.len() - 1]
    }
}

pub(super) fn no_as_of(scorecard: &Scorecard, plan: &Plan, observations: &Observations) -> Findings {
    let empty = plan.scans.iter().zip(&observations.tables).filter(|(_, table)| table.last().is_none());
    let empty: Vec<_> = empty.map(|(scan, _)| scorecard.source(scan.source)).filter(|source| source.required).collect();
    let help = "say which period with `--as-of`, or set `required = false` on sources that may be empty";
    if empty.is_empty() {
        return usage("no required source completes a period, so there is none to report on", help);
    }
    let finding = |source: &&crate::metric::Source| {
        let message = format!("the source `{}` has no rows, so no period is complete", source.id);
        Diagnostic::error(Code::NoRows, message).at(&source.path_place, "").help(help)
    };
    empty.iter().map(finding).collect()
}

pub(super) fn manner(args: &ReportArgs) -> Manner {
    Manner {
        way: match (args.careful, args.fast) {
            (true, _) => Way::Careful,
            (_, true) => Way::Fast,
            _ => Way::Either,
        },
        on_fault: if args.lenient { OnFault::Reject } else { OnFault::Stop },
    }
}

pub(super) fn coarser(args: &ReportArgs) -> Option<Grain> {
    match (args.monthly, args.quarterly, args.yearly) {
        (true, _, _) => Some(Grain::Month),
        (_, true, _) => Some(Grain::Quarter),
        (_, _, true) => Some(Grain::Year),
        _ => None,
    }
}

pub(super) fn period_request(text: &str) -> Result<PeriodRequest, Findings> {
    PeriodRequest::parse(text).map_err(|error| vec![Diagnostic::error(Code::BadPeriod, error.to_string())])
}

pub(super) fn as_of(scorecard: &Scorecard, text: &str) -> Result<Period, Findings> {
    let request = period_request(text)?;
    let PeriodRequest::One(Named::Calendar(_) | Named::Fiscal { .. }) = request else {
        return Err(usage(format!("`--as-of {text}` is not one period"), "write one period, such as 2026-10"));
    };
    let unanchored = Period::beginning(Grain::Day, jiff::civil::date(2000, 1, 1)).into_iter();
    let found = unanchored.flat_map(|any| request.resolve(&scorecard.calendar, any).into_iter().flatten()).next();
    // A coarser period stands for its last day, a finer one for the last whole period up to it.
    let within = found.and_then(|period| last_within(&scorecard.calendar, scorecard.grain, period.last()));
    within.ok_or_else(|| {
        usage(format!("`--as-of {text}` lies outside the calendar"), "write one period, such as 2026-10")
    })
}

/// The periods to report on: what was asked, at the grain asked for.
pub(super) fn periods(
    scorecard: &Scorecard,
    request: Option<&PeriodRequest>,
    grain: Option<Grain>,
    as_of: Period,
) -> Result<Vec<Period>, Findings> {
    let calendar = &scorecard.calendar;
    let bad = |error: crate::period::RequestError| vec![Diagnostic::error(Code::BadPeriod, error.to_string())];
    let too_fine = |grain: Grain| {
        usage(
            format!("the scorecard reports by {}, so there is nothing by {grain}", scorecard.grain),
            format!("ask for a {} or coarser, or set `[scorecard] grain = \"{grain}\"`", scorecard.grain),
        )
    };
    let Some(request) = request else {
        let grain = grain.unwrap_or(scorecard.grain);
        if !scorecard.grain.nests_in(grain) {
            return Err(too_fine(grain));
        }
        let last = last_within(calendar, grain, as_of.last());
        return last.map(|period| vec![period]).ok_or_else(|| bad(crate::period::RequestError::OutOfCalendar));
    };
    let asked = request.resolve(calendar, as_of).map_err(bad)?;
    let grain = grain.unwrap_or(request.grain());
    if !scorecard.grain.nests_in(grain) {
        return Err(too_fine(grain));
    }
    if grain == request.grain() {
        return Ok(asked);
    }
    // Both ends are included: a month asked by quarter is the quarter it lies in.
    let outside = || bad(crate::period::RequestError::OutOfCalendar);
    let first = calendar.containing(grain, asked[0].first()).ok_or_else(outside)?;
    let last = calendar.containing(grain, asked[asked.len() - 1].last()).ok_or_else(outside)?;
    let days = Days { first: first.first(), last: last.last() };
    Ok(calendar.within(grain, days))
}

pub(super) fn dimensions(scorecard: &Scorecard, by: &[String]) -> Result<Vec<String>, Findings> {
    let known = known_dimensions(scorecard);
    let mut found: Vec<String> = Vec::new();
    let mut problems = Vec::new();
    for name in by.iter().map(|name| name.trim().to_owned()) {
        if !known.contains(name.as_str()) {
            problems.push(unknown_dimension(&name, &known));
        } else if !found.contains(&name) {
            found.push(name);
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

pub(super) fn known_dimensions(scorecard: &Scorecard) -> BTreeSet<&str> {
    scorecard.sources.iter().flat_map(|source| source.dimensions.iter().map(String::as_str)).collect()
}

fn unknown_dimension(name: &str, known: &BTreeSet<&str>) -> Diagnostic {
    let problem = Diagnostic::error(Code::Usage, format!("no source has a dimension `{name}`"));
    match prose::did_you_mean(name, known.iter().copied()) {
        Some(help) => problem.help(help),
        None => problem.help("declare it: `[sources.ID] dimensions = [\"region\"]`"),
    }
}

pub(super) fn condition(scorecard: &Scorecard, text: Option<&str>) -> Result<Option<Predicate<String>>, Findings> {
    let Some(text) = text else { return Ok(None) };
    let predicate = parse_predicate(text).map_err(|errors| {
        let finding = |error: crate::formula::FormulaError| {
            let problem = Diagnostic::error(error.code, format!("--where: {}", error.message));
            match error.help {
                Some(help) => problem.help(help),
                None => problem,
            }
        };
        errors.into_iter().map(finding).collect::<Findings>()
    })?;
    let known = known_dimensions(scorecard);
    let mut problems = Vec::new();
    predicate.visit(&mut |column| {
        if !known.contains(column.as_str()) {
            problems.push(unknown_dimension(column, &known));
        }
    });
    if problems.is_empty() { Ok(Some(predicate)) } else { Err(problems) }
}
