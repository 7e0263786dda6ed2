//! How a number came about: formula, parts with their values, rows, files, target, rules.

use super::steadiness::period_at;
use super::thread::written;
use super::{Promised, Quantity, Shape, Steadiness};
use crate::evaluate::{Evaluation, Figure, LEAST_VALUES, NoLimits, Reader, Window, process_at};
use crate::formula::OverTime;
use crate::metric::{Bars, MetricId, Polarity, Schedule, Value};
use crate::number::Number;
use crate::observe::{FileFacts, Observations};
use crate::period::Grain;
use crate::plan::Plan;
use crate::status::Status;

/// The report `trace` gives for one metric.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The period's name and days.
    pub period: (String, String),
    /// Its value, full precision.
    pub actual: Result<Number, String>,
    /// Its value for people.
    pub shown: Option<Quantity>,
    /// The formula as the program understands it.
    pub formula: Option<String>,
    /// The condition on rows.
    pub filter: Option<String>,
    /// What the formula is made of, with values.
    pub parts: Vec<Part>,
    /// Which source, and which rows of it.
    pub source: Option<(String, Option<String>)>,
    /// The files read.
    pub files: Vec<FileFacts>,
    /// The amounts that were converted, by currency, where its value is made of such.
    pub converted: Option<Converted>,
    /// Rows of the source in the period.
    pub rows: Option<u64>,
    /// How it combines over time.
    pub over_time: Option<&'static str>,
    /// What its value rests on that is not whole, not final or could not be read.
    pub caveats: Vec<String>,
    /// What it was when it was last whole, and how many of which periods before, where it has no value now.
    pub last_known: Option<LastKnownShown>,
    /// The period before, a year before, the year to date.
    pub compared: Vec<Other>,
    /// What its last figures stay within while nothing changes; `None` for a metric without a value.
    pub limits: Option<Result<LimitsShown, TooFew>>,
    /// What its thread score rests on that is not whole, not final or could not be read.
    pub thread_caveats: Vec<String>,
    /// Its target, and where that comes from.
    pub target: (Result<Promised, String>, Option<String>),
    /// What target and threshold rest on that could not be read.
    pub target_caveats: Vec<String>,
    /// Its threshold, and where that comes from.
    pub threshold: (Result<Promised, String>, Option<String>),
    /// Beyond the promise.
    pub stretch: Option<Promised>,
    /// Best in class.
    pub benchmark: Option<Quantity>,
    /// Which way is better.
    pub better: Option<Polarity>,
    /// Own score.
    pub score: Option<f64>,
    /// The status shown.
    pub status: Status,
    /// Thread score and coverage, for nodes with children.
    pub thread: Option<(Option<f64>, f64)>,
    /// Thread score if all that is missing were 0, and if it were 100, where something is missing.
    pub bounds: Option<(f64, f64)>,
}

/// Amounts that were converted into the scorecard's currency.
#[derive(Clone, Debug)]
pub struct Converted {
    /// That currency.
    pub into: String,
    /// Those converted, in order of their codes.
    pub currencies: Vec<ConvertedFrom>,
    /// The files of the rates.
    pub files: Vec<FileFacts>,
}

/// Amounts of one currency.
#[derive(Clone, Debug)]
pub struct ConvertedFrom {
    /// The currency.
    pub code: String,
    /// Rows of the source in it, in the period.
    pub rows: u64,
    /// The rates, each with the name of the time it holds for; none for the scorecard's own currency.
    pub rates: Vec<(Number, String)>,
}

/// What a metric was when it was last whole.
#[derive(Clone, Debug)]
pub struct LastKnownShown {
    /// The period's name.
    pub period: String,
    /// Its value then.
    pub value: Number,
    /// How many periods before.
    pub ago: usize,
    /// Of which size.
    pub grain: Grain,
}

/// Limits of the periods up to the one reported on.
#[derive(Clone, Debug)]
pub struct LimitsShown {
    /// The lower limit.
    pub lower: Quantity,
    /// The centre line.
    pub centre: Quantity,
    /// The upper limit.
    pub upper: Quantity,
    /// Of how many values they are.
    pub values: usize,
    /// The name of the first of their periods.
    pub since: String,
    /// What changed then, where the process was changed on purpose.
    pub because: Option<String>,
    /// What they say.
    pub steadiness: Steadiness,
}

/// That there are no limits: so many values, where it takes more.
#[derive(Clone, Copy, Debug)]
pub struct TooFew {
    /// How many there are.
    pub values: usize,
    /// How many it takes.
    pub least: usize,
}

/// A figure beside the actual.
#[derive(Clone, Debug)]
pub struct Other {
    /// Of when.
    pub what: &'static str,
    /// Its value, or why there is none.
    pub value: Result<Number, String>,
    /// Whether it is of those who reported in both periods.
    pub in_both: bool,
    /// What it rests on.
    pub caveats: Vec<String>,
}

/// A part of a formula and its value.
#[derive(Clone, Debug)]
pub struct Part {
    /// As written.
    pub written: String,
    /// Its value, or why there is none.
    pub value: Result<Number, String>,
}

/// Traces one metric of an evaluation.
pub fn trace(reader: &Reader<'_>, observations: &Observations, evaluation: &Evaluation, id: MetricId) -> Trace {
    let scorecard = reader.scorecard();
    let (metric, standing) = (scorecard.metric(id), evaluation.standing(id));
    let shape = Shape::of(metric);
    let promised = |promise: &Result<crate::evaluate::Promise, crate::evaluate::Absence>| match promise {
        Ok(promise) => Ok(shape.promised(*promise)),
        Err(reason) => Err(reason.to_string()),
    };
    let notes = |figure: Figure| standing.notes.iter().filter(move |note| note.figure == figure);
    let caveats = |figure: Figure| -> Vec<String> { notes(figure).map(|note| note.caveat.to_string()).collect() };
    let other = |what, value: &Result<Number, crate::evaluate::Absence>, figure| Other {
        what,
        value: value.clone().map_err(|reason| reason.to_string()),
        in_both: standing.is_of_both(figure),
        caveats: caveats(figure),
    };
    let scan = scan_of(reader.plan(), id);
    let table = scan.map(|scan| &observations.tables[scan]);
    let days = evaluation.period.days();
    let rows = table.map(|table| {
        table
            .moments
            .iter()
            .filter(|(period, _)| days.contains(period.first()) && days.contains(period.last()))
            .map(|(_, moment)| moment.rows)
            .sum()
    });
    let is_leaf = scorecard.graph.is_leaf(id);
    Trace {
        name: metric.name.clone(),
        id: metric.id.clone(),
        period: (scorecard.calendar.name(evaluation.period), days.to_string()),
        actual: standing.actual.as_ref().map(|reading| reading.value).map_err(ToString::to_string),
        shown: standing.actual.as_ref().ok().map(|reading| shape.value(reading.value)),
        formula: metric
            .measurement()
            .map(|measurement| measurement.formula.to_string())
            .or_else(|| written(scorecard, id)),
        filter: metric.measurement().and_then(|measurement| measurement.filter.as_ref()).map(ToString::to_string),
        parts: parts(reader, evaluation, id),
        source: metric.measurement().map(|measurement| {
            let source = scorecard.source(measurement.source);
            (source.id.clone(), source.filter.as_ref().map(ToString::to_string))
        }),
        files: table.map(|table| table.files.clone()).unwrap_or_default(),
        converted: converted(reader, observations, evaluation, id),
        rows,
        over_time: over_time(reader, id),
        caveats: caveats(Figure::Actual),
        target_caveats: caveats(Figure::Target),
        last_known: standing.last_known.map(|known| LastKnownShown {
            period: scorecard.calendar.name(known.period),
            value: known.value,
            ago: known.ago,
            grain: known.period.grain(),
        }),
        compared: vec![
            other("the period before", &standing.prior, Figure::Prior),
            other("a year before", &standing.prior_year, Figure::PriorYear),
            other("fiscal year to date", &standing.ytd, Figure::YearToDate),
        ],
        limits: limits(reader, evaluation, id),
        thread_caveats: caveats(Figure::Thread),
        target: (promised(&standing.target), metric.target.as_ref().map(|bars| origin(reader, id, bars, evaluation))),
        threshold: (promised(&standing.threshold), threshold_origin(reader, id, evaluation)),
        stretch: standing.stretch.map(|stretch| shape.promised(stretch)),
        benchmark: metric.benchmark.map(|benchmark| shape.value(benchmark.into())),
        better: metric.better,
        score: standing.score,
        status: standing.status(),
        thread: (!is_leaf).then_some((standing.thread.score, standing.thread.coverage)),
        bounds: standing.thread.bounds.filter(|_| !is_leaf && standing.thread.coverage < 1.0 - 1e-12),
    }
}

fn limits(reader: &Reader<'_>, evaluation: &Evaluation, id: MetricId) -> Option<Result<LimitsShown, TooFew>> {
    let (metric, calendar, period) = (reader.scorecard().metric(id), reader.calendar(), evaluation.period);
    if matches!(metric.value, Value::FromDrivers) {
        return None;
    }
    let process = match process_at(reader, id, period) {
        Ok(process) => process,
        Err(NoLimits::TooFew(values)) => return Some(Err(TooFew { values, least: LEAST_VALUES })),
    };
    let phase = process.phases.last()?;
    let first = phase.points.clone().find(|at| process.values[*at].is_some())?;
    let shape = Shape::of(metric);
    let shown = process.shown(&process.limits, metric.unit.as_ref());
    let quantity = |value: f64| Number::approx(value).map(|number| shape.value(number));
    Some(Ok(LimitsShown {
        lower: quantity(shown.lower)?,
        centre: quantity(shown.centre)?,
        upper: quantity(shown.upper)?,
        values: process.values[phase.points.clone()].iter().flatten().count(),
        since: period_at(&process, first, period, calendar)?,
        because: phase.because.clone(),
        steadiness: Steadiness::of(&process, period, calendar),
    }))
}

fn scan_of(plan: &Plan, id: MetricId) -> Option<usize> {
    plan.metrics[id.index()].as_ref().map(|planned| planned.scan)
}

/// Which currencies a measured value was converted from in the period, and at which rates.
fn converted(
    reader: &Reader<'_>,
    observations: &Observations,
    evaluation: &Evaluation,
    id: MetricId,
) -> Option<Converted> {
    let (scorecard, plan) = (reader.scorecard(), reader.plan());
    let planned = plan.metrics[id.index()].as_ref()?;
    let mut converts = false;
    planned.value.visit(&mut |bound| converts |= plan.scans[planned.scan].bases[bound.base].converts);
    if !converts {
        return None;
    }
    let days = evaluation.period.days();
    let mut currencies: Vec<ConvertedFrom> = Vec::new();
    let exchanges = observations.tables[planned.scan].exchanges.iter();
    for exchange in exchanges.filter(|one| days.contains(one.period.first()) && days.contains(one.period.last())) {
        let at = currencies.iter().position(|known| known.code == exchange.code).unwrap_or_else(|| {
            currencies.push(ConvertedFrom { code: exchange.code.clone(), rows: 0, rates: Vec::new() });
            currencies.len() - 1
        });
        currencies[at].rows += exchange.rows;
        if let Some(of) = exchange.of {
            let rate = (exchange.rate.number(), scorecard.calendar.name(of));
            if !currencies[at].rates.contains(&rate) {
                currencies[at].rates.push(rate);
            }
        }
    }
    currencies.sort_by(|a, b| a.code.cmp(&b.code));
    let into = scorecard.currency.clone().unwrap_or_default();
    Some(Converted { into, currencies, files: observations.rates.clone() })
}

fn parts(reader: &Reader<'_>, evaluation: &Evaluation, id: MetricId) -> Vec<Part> {
    let window = Window::of(evaluation.period);
    let segment = evaluation.segment.as_ref();
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |written: String, value: Result<Number, crate::evaluate::Absence>| {
        if parts.iter().all(|part| part.written != written) {
            parts.push(Part { written, value: value.map_err(|reason| reason.to_string()) });
        }
    };
    match &reader.scorecard().metric(id).value {
        Value::Measured(_) => {
            if let Some(planned) = &reader.plan().metrics[id.index()] {
                planned.value.visit(&mut |bound| {
                    let one = crate::formula::Formula::Leaf(bound.clone());
                    let reading = reader.measure(id, &one, window, segment);
                    add(bound.written(), reading.map(|reading| reading.value));
                });
            }
        }
        Value::Defined(formula) => formula.visit(&mut |term| {
            let name = |id: &MetricId| reader.scorecard().metric(*id).id.clone();
            let written = match term {
                crate::formula::Term::Metric(metric) => name(metric),
                crate::formula::Term::Previous(metric) => format!("previous({})", name(metric)),
                crate::formula::Term::Trailing(metric, periods) => format!("trailing({}, {periods})", name(metric)),
            };
            add(written, reader.term(term, window, segment).map(|reading| reading.value));
        }),
        Value::FromDrivers => {}
    }
    parts
}

fn over_time(reader: &Reader<'_>, id: MetricId) -> Option<&'static str> {
    match &reader.scorecard().metric(id).value {
        Value::FromDrivers => None,
        Value::Defined(_) if reader.nature(id).is_flow => Some("a flow: its inputs add up over time"),
        Value::Defined(_) => Some("recomputed from its inputs at every grain, never rolled up itself"),
        Value::Measured(measurement) => {
            let mut rules = Vec::new();
            measurement.formula.visit(&mut |aggregate| rules.push(aggregate.function.over_time()));
            Some(if rules.contains(&OverTime::Never) {
                "one cell a period: not rolled up"
            } else if reader.nature(id).is_flow {
                "a flow: adds up over time"
            } else if rules.iter().all(|rule| *rule == OverTime::ReadAtMoment) {
                "a stock: read at the opening or closing moment"
            } else {
                "each part is rolled up by its own rule, then combined"
            })
        }
    }
}

fn origin(reader: &Reader<'_>, id: MetricId, bars: &Bars, evaluation: &Evaluation) -> String {
    let scorecard = reader.scorecard();
    let grain = evaluation.period.grain();
    let (schedule, own) = match (bars.at(grain), bars.at(scorecard.grain)) {
        (Some(schedule), _) => (schedule, true),
        (None, Some(schedule)) => (schedule, false),
        (None, None) => return "declared for another grain".to_owned(),
    };
    match schedule {
        Schedule::Measured(formula) => format!("measured beside the actual: {formula}"),
        Schedule::Always(_) | Schedule::From(_) if !own && reader.nature(id).is_flow => {
            format!("the sum of its {}s' targets", scorecard.grain)
        }
        Schedule::Always(_) => "declared".to_owned(),
        Schedule::From(dated) => match dated.iter().rev().find(|(from, _)| *from <= evaluation.period.last()) {
            Some((from, _)) => format!("declared from {from} on"),
            None => "declared from a later date on".to_owned(),
        },
    }
}

fn threshold_origin(reader: &Reader<'_>, id: MetricId, evaluation: &Evaluation) -> Option<String> {
    let scorecard = reader.scorecard();
    let metric = scorecard.metric(id);
    match (&metric.threshold, &metric.target) {
        (Some(bars), _) => Some(origin(reader, id, bars, evaluation)),
        (None, Some(_)) => {
            let percent = Number::from(100).times(scorecard.scoring.tolerance.into()).ok()?;
            Some(format!("{percent} % of the target, on the worse side"))
        }
        (None, None) => None,
    }
}
