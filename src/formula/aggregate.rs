//! Aggregates of a source's rows, and how each combines over time.
//!
//! Owns the list of functions and their rules. Computes nothing.

use std::fmt;

use rust_decimal::Decimal;

use super::RowExpr;

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// Sum: a flow.
    Sum,
    /// Mean: a sum over a count.
    Avg,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Rows, or rows whose cell is not blank.
    Count,
    /// Different texts.
    CountDistinct,
    /// Middle value, interpolated.
    Median,
    /// Value at a share of the sorted values, interpolated.
    Quantile,
    /// Sum at the opening moment: a stock.
    First,
    /// Sum at the closing moment: a stock.
    Last,
    /// The one row there is.
    Only,
}

/// How an aggregate's value for a long period follows from its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverTime {
    /// Parts add up.
    Adds,
    /// Recomputed from sum and count, from extremes, or from the rows themselves.
    Recomputed,
    /// Read at the first or last moment.
    ReadAtMoment,
    /// Not at all.
    Never,
}

impl Function {
    /// All of them, in the order of the documentation.
    pub const ALL: [Function; 11] = [
        Function::Sum,
        Function::Avg,
        Function::Min,
        Function::Max,
        Function::Count,
        Function::CountDistinct,
        Function::Median,
        Function::Quantile,
        Function::First,
        Function::Last,
        Function::Only,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Sum => "sum",
            Function::Avg => "avg",
            Function::Min => "min",
            Function::Max => "max",
            Function::Count => "count",
            Function::CountDistinct => "count_distinct",
            Function::Median => "median",
            Function::Quantile => "quantile",
            Function::First => "first",
            Function::Last => "last",
            Function::Only => "only",
        }
    }

    /// Its rule over time.
    pub fn over_time(self) -> OverTime {
        match self {
            Function::Sum | Function::Count => OverTime::Adds,
            Function::First | Function::Last => OverTime::ReadAtMoment,
            Function::Only => OverTime::Never,
            Function::Avg
            | Function::Min
            | Function::Max
            | Function::CountDistinct
            | Function::Median
            | Function::Quantile => OverTime::Recomputed,
        }
    }

    /// Whether its argument is text that is told apart, not a number that is read.
    pub fn takes_text(self) -> bool {
        matches!(self, Function::Count | Function::CountDistinct)
    }
}

/// `sum(minutes * calls)`, `count(*)`, `quantile(wait, 0.9)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which function.
    pub function: Function,
    /// Its argument; `None` for `count(*)`.
    pub argument: Option<RowExpr<String>>,
    /// The share of `quantile`, 0 to 1.
    pub share: Option<Decimal>,
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.argument, self.share) {
            (None, _) => write!(f, "{}(*)", self.function.name()),
            (Some(argument), None) => write!(f, "{}({argument})", self.function.name()),
            (Some(argument), Some(share)) => write!(f, "{}({argument}, {share})", self.function.name()),
        }
    }
}
