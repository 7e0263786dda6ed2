//! What a metric means, as texts that differ where the meaning does: every setting of the scorecard language that can
//! change a number, a target or a status is an aspect of the metrics it touches, or a setting of the whole.
//!
//! Which settings those are, and of which others nothing reported depends, is kept by `tests/rollup/aspects.rs`, which
//! knows every key of the language.

mod source;

use std::collections::BTreeSet;

use super::Definition;
use crate::formula::{Formula, Term};
use crate::graph::Tie;
use crate::metric::{Bar, Bars, MetricId, Rollup, Schedule, Scorecard, Value};

/// What an aspect changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The number itself.
    Number,
    /// The number itself, rarely: in dimensions a word such as `North Total` makes a row a total. Told where a number is
    /// another and no file behind it is.
    Rarely,
    /// What was promised: told by the numbers it comes to.
    Promise,
    /// What is made of the number.
    Judgement,
}

/// Every aspect a definition can have. What it has none of is left out of it.
pub(super) const ASPECTS: [(&str, Meaning); 32] = [
    ("value", Meaning::Number),
    ("source", Meaning::Number),
    ("where", Meaning::Number),
    ("rows of the source", Meaning::Number),
    ("path", Meaning::Number),
    ("period", Meaning::Number),
    ("dimensions", Meaning::Rarely),
    ("duplicates", Meaning::Number),
    ("columns", Meaning::Number),
    ("scale", Meaning::Number),
    ("currency", Meaning::Number),
    ("rates", Meaning::Number),
    ("layout", Meaning::Number),
    ("sheet", Meaning::Number),
    ("encoding", Meaning::Number),
    ("delimiter", Meaning::Number),
    ("header", Meaning::Number),
    ("comment", Meaning::Number),
    ("numbers", Meaning::Number),
    ("missing", Meaning::Number),
    ("totals", Meaning::Number),
    ("date_order", Meaning::Number),
    ("grain", Meaning::Number),
    ("quarters", Meaning::Number),
    ("roster", Meaning::Number),
    ("unit", Meaning::Number),
    ("better", Meaning::Judgement),
    ("target", Meaning::Promise),
    ("threshold", Meaning::Promise),
    ("weights", Meaning::Judgement),
    ("rollup", Meaning::Judgement),
    ("critical", Meaning::Judgement),
];

/// The aspects that ledgers told before they listed which they tell.
pub(super) const FIRST: [&str; 12] = [
    "value",
    "source",
    "where",
    "rows of the source",
    "scale",
    "unit",
    "better",
    "target",
    "threshold",
    "weights",
    "rollup",
    "critical",
];

/// What the text of a target begins with that is read from the rows.
pub(super) const MEASURED: &str = "measured: ";

/// The setting of the whole scorecard on which every number depends.
pub(super) const OF_NUMBERS: &str = "grain";

/// The setting that says what quarters and years mean where data are written by them: another number of other files needs
/// no such explanation.
pub(super) const OF_CALENDAR: &str = "fiscal_year";

/// The definition of a metric.
pub(super) fn of(scorecard: &Scorecard, id: MetricId) -> Definition {
    let metric = scorecard.metric(id);
    let inputs = inputs(scorecard, id);
    let own = std::iter::once(id).chain(inputs.iter().copied());
    let sources: BTreeSet<&str> = own.flat_map(|id| source::read(scorecard, scorecard.metric(id))).collect();
    Definition {
        id: metric.id.clone(),
        name: metric.name.clone(),
        sources: sources.into_iter().map(str::to_owned).collect(),
        inputs: inputs.into_iter().map(|input| scorecard.metric(input).id.clone()).collect(),
        aspects: aspects(scorecard, id),
    }
}

/// The metrics that a metric is made of by definitions, near and far.
fn inputs(scorecard: &Scorecard, id: MetricId) -> BTreeSet<MetricId> {
    let (mut found, mut open) = (BTreeSet::new(), vec![id]);
    while let Some(id) = open.pop() {
        let edges = scorecard.graph.children(id).iter().filter(|edge| matches!(edge.tie, Tie::Definition));
        open.extend(edges.map(|edge| edge.child).filter(|child| found.insert(*child)));
    }
    found
}

fn aspects(scorecard: &Scorecard, id: MetricId) -> Vec<(String, String)> {
    let metric = scorecard.metric(id);
    let mut aspects: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, text: Option<String>| {
        aspects.extend(text.filter(|text| !text.is_empty()).map(|text| (name.to_owned(), text)));
    };
    match &metric.value {
        Value::Measured(measurement) => {
            add("value", Some(measurement.formula.to_string()));
            add("where", measurement.filter.as_ref().map(ToString::to_string));
            for (name, text) in source::aspects(scorecard, metric, measurement) {
                add(name, text);
            }
        }
        Value::Defined(formula) => add("value", Some(by_ids(scorecard, formula))),
        Value::FromDrivers => {}
    }
    add("unit", metric.unit.as_ref().map(|unit| unit.word().to_owned()));
    add("better", metric.better.map(|better| better.word().to_owned()));
    add("target", metric.target.as_ref().map(bars));
    add("threshold", metric.threshold.as_ref().map(bars));
    add("weights", Some(weights(scorecard, id)));
    add("rollup", rollup(metric.rollup));
    add("critical", metric.critical.then(|| "true".to_owned()));
    aspects
}

fn by_ids(scorecard: &Scorecard, formula: &Formula<Term<MetricId>>) -> String {
    let name = |id: &MetricId| scorecard.metric(*id).id.clone();
    let named = formula.try_map(&mut |term| {
        Ok::<_, std::convert::Infallible>(match term {
            Term::Metric(metric) => Term::Metric(name(metric)),
            Term::Previous(metric) => Term::Previous(name(metric)),
            Term::Trailing(metric, periods) => Term::Trailing(name(metric), *periods),
        })
    });
    match named {
        Ok(formula) => formula.to_string(),
        Err(never) => match never {},
    }
}

/// The children with their weights, by id: drivers as they are linked, inputs where they are weighed.
fn weights(scorecard: &Scorecard, id: MetricId) -> String {
    let declared = &scorecard.metric(id).input_weights;
    let child = |edge: &crate::graph::Edge| {
        let name = &scorecard.metric(edge.child).id;
        match &edge.tie {
            Tie::Link(link) if link.lag > 0 => Some(format!("{name} {} lag {}", link.weight, link.lag)),
            Tie::Link(link) => Some(format!("{name} {}", link.weight)),
            Tie::Definition => {
                declared.iter().find(|(input, _)| *input == edge.child).map(|(_, weight)| format!("{name} {weight}"))
            }
        }
    };
    // In which order they stand in the file means nothing.
    let mut edges: Vec<&crate::graph::Edge> = scorecard.graph.children(id).iter().collect();
    edges.sort_by_key(|edge| scorecard.metric(edge.child).id.as_str());
    edges.into_iter().filter_map(child).collect::<Vec<_>>().join(", ")
}

fn rollup(rollup: Rollup) -> Option<String> {
    match rollup {
        Rollup::Mean => None,
        Rollup::Geometric => Some("geometric".to_owned()),
        Rollup::Weakest => Some("weakest".to_owned()),
    }
}

fn bars(bars: &Bars) -> String {
    let of = |schedule: &Schedule| match schedule {
        Schedule::Always(one) => bar(*one),
        Schedule::From(dated) => {
            dated.iter().map(|(from, one)| format!("{} from {from}", bar(*one))).collect::<Vec<_>>().join(", ")
        }
        Schedule::Measured(formula) => format!("{MEASURED}{formula}"),
    };
    bars.by_grain.iter().map(|(grain, schedule)| format!("{grain}: {}", of(schedule))).collect::<Vec<_>>().join("; ")
}

fn bar(bar: Bar) -> String {
    match bar {
        Bar::Level(level) => level.normalize().to_string(),
        Bar::Range(low, high) => format!("{} to {}", low.normalize(), high.normalize()),
    }
}

/// What holds for every metric: name and value.
pub(super) fn settings(scorecard: &Scorecard) -> Vec<(String, String)> {
    let scoring = &scorecard.scoring;
    let year = scorecard.calendar.fiscal(2001, None);
    let starts = year.map_or_else(String::new, |year| year.first().strftime("%B").to_string().to_lowercase());
    [
        ("grain", scorecard.grain.to_string()),
        ("fiscal_year", starts),
        ("currency", scorecard.currency.clone().unwrap_or_else(|| "none".to_owned())),
        ("tolerance", scoring.tolerance.normalize().to_string()),
        ("min_coverage", scoring.min_coverage.to_string()),
        ("on_target", scoring.on_target.to_string()),
        ("at_risk", scoring.at_risk.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}
