//! How a metric's numbers behave over time and over parts: what decides whether its targets add up, and
//! whether a target of the whole can be held against a part.

use crate::formula::{Formula, Function, Operator, OverTime, Term};
use crate::metric::{MetricId, Scorecard, Value};

/// The nature of one metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nature {
    /// Its numbers add up over time, and so do its targets.
    pub is_flow: bool,
    /// Its numbers grow with the days they are of: a flow, a flow times a rate, a count of different values.
    pub accumulates: bool,
    /// Its numbers do not grow with the part looked at: a rate, a mean, an extreme.
    pub is_intensive: bool,
    /// The numbers of parts add up to the number of the whole: flows and stocks, and sums of them.
    pub adds_over_parts: bool,
}

/// The nature of every metric, inputs first.
pub(super) fn natures(scorecard: &Scorecard) -> Vec<Nature> {
    let mut natures = vec![Nature::default(); scorecard.metrics.len()];
    for id in scorecard.graph.children_first() {
        let known = |input: &MetricId| natures[input.index()];
        natures[id.index()] = match &scorecard.metric(*id).value {
            Value::FromDrivers => Nature::default(),
            Value::Measured(measurement) => Nature {
                is_flow: measurement.formula.is_additive(&|leaf| leaf.function.over_time() == OverTime::Adds),
                accumulates: extent(&measurement.formula, &|leaf| over_time(leaf.function)) == Extent::Extensive,
                is_intensive: extent(&measurement.formula, &|leaf| of_function(leaf.function)) == Extent::Intensive,
                adds_over_parts: measurement
                    .formula
                    .is_additive(&|leaf| matches!(leaf.function.over_time(), OverTime::Adds | OverTime::ReadAtMoment)),
            },
            Value::Defined(formula) => Nature {
                is_flow: formula.is_additive(&|term| matches!(term, Term::Metric(input) if known(input).is_flow)),
                accumulates: extent(formula, &|term| {
                    if known(term.metric()).accumulates { Extent::Extensive } else { Extent::Intensive }
                }) == Extent::Extensive,
                is_intensive: extent(formula, &|term| {
                    if known(term.metric()).is_intensive { Extent::Intensive } else { Extent::Extensive }
                }) == Extent::Intensive,
                adds_over_parts: formula.is_additive(&|term| known(term.metric()).adds_over_parts),
            },
        };
    }
    natures
}

/// Whether a number grows with the part looked at, or with the days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// A literal: it takes the nature of what it is combined with.
    Literal,
    /// It does not grow.
    Intensive,
    /// It grows, or nothing better is known.
    Extensive,
}

fn of_function(function: Function) -> Extent {
    match function {
        Function::Avg | Function::Min | Function::Max | Function::Median | Function::Quantile => Extent::Intensive,
        Function::Sum
        | Function::Count
        | Function::CountDistinct
        | Function::First
        | Function::Last
        | Function::Only => Extent::Extensive,
    }
}

fn over_time(function: Function) -> Extent {
    match function.over_time() {
        OverTime::Adds => Extent::Extensive,
        _ if function == Function::CountDistinct => Extent::Extensive,
        OverTime::ReadAtMoment | OverTime::Recomputed | OverTime::Never => Extent::Intensive,
    }
}

fn extent<L>(formula: &Formula<L>, leaf: &impl Fn(&L) -> Extent) -> Extent {
    match formula {
        Formula::Number(_) => Extent::Literal,
        Formula::Leaf(l) => leaf(l),
        Formula::Negated(a) | Formula::Abs(a) => extent(a, leaf),
        Formula::Binary(operator, a, b) => match (operator, extent(a, leaf), extent(b, leaf)) {
            (_, Extent::Literal, Extent::Literal) => Extent::Literal,
            // A quotient of two amounts of the same rows is a rate.
            (Operator::Over, Extent::Extensive, Extent::Extensive) => Extent::Intensive,
            (_, Extent::Intensive | Extent::Literal, Extent::Intensive | Extent::Literal) => Extent::Intensive,
            _ => Extent::Extensive,
        },
    }
}
