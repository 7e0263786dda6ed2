//! Why a value is absent, in the reader's words. Never a zero, never a blank without a reason.

use std::fmt;

use crate::number::Fault;
use crate::period::{Days, Grain};
use crate::prose;

/// A reason.
#[derive(Clone, Debug, PartialEq)]
pub enum Absence {
    /// The metric has no value of its own.
    NoValue,
    /// The source has no rows in these days.
    NoRows {
        /// Which source.
        source: String,
        /// Which days.
        days: Days,
        /// The last period before them in which it had rows.
        last_seen: Option<String>,
    },
    /// There are rows, but none counts for the metric, or all its cells are blank.
    NothingCounted {
        /// Which source.
        source: String,
        /// The last period in which something did count.
        last_seen: Option<String>,
    },
    /// Some of the periods it is built from have nothing.
    Incomplete {
        /// Periods with data.
        have: usize,
        /// Periods needed.
        need: usize,
        /// Their size.
        grain: Grain,
        /// The first one without data.
        first_missing: String,
    },
    /// The source begins or stops inside the period.
    Partial {
        /// Which source.
        source: String,
        /// Which period.
        unit: String,
        /// The days of it that are reported.
        days: Days,
    },
    /// The arithmetic has no answer.
    Fault(Fault),
    /// `only` holds for one cell of the source and says nothing of more.
    NotRolledUp {
        /// The aggregate as written.
        written: String,
        /// Over what it would have to be rolled up: `a quarter`, `the year to date`.
        over: String,
    },
    /// `only` found several rows.
    SeveralRows {
        /// How many.
        count: u64,
        /// The aggregate as written.
        written: String,
    },
    /// The source does not have the column asked for.
    NoDimension {
        /// Which source.
        source: String,
        /// Which column.
        column: String,
    },
    /// The source's periods do not tile the days asked for.
    NotTiled {
        /// Their size.
        grain: Grain,
        /// What they should tile.
        days: Days,
    },
    /// An input of the definition is absent.
    Input {
        /// Which.
        metric: String,
        /// Why.
        because: Box<Absence>,
    },
    /// To date, there is no period before.
    NothingBefore,
    /// Outside the calendar.
    OutOfCalendar,
    /// No target is declared.
    NoTarget,
    /// Targets begin later.
    NoTargetYet,
    /// A target of this metric does not carry over to another grain.
    NeedsOwnTarget {
        /// What is lacking: `target`, `threshold`.
        what: &'static str,
        /// For which grain.
        grain: Grain,
    },
    /// A target for the whole says nothing of a part.
    TargetOfTheWhole,
    /// The default threshold is a share of the target, and the target is 0.
    ZeroTarget,
}

impl From<Fault> for Absence {
    fn from(fault: Fault) -> Self {
        Absence::Fault(fault)
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::NoValue => write!(f, "scored from its drivers alone"),
            Absence::NoRows { source, days, last_seen: None } => write!(f, "no rows in `{source}` for {days}"),
            Absence::NoRows { source, days, last_seen: Some(period) } => {
                write!(f, "no rows in `{source}` for {days}, last seen {period}")
            }
            Absence::NothingCounted { source, last_seen: None } => write!(f, "no row of `{source}` counts"),
            Absence::NothingCounted { source, last_seen: Some(period) } => {
                write!(f, "no row of `{source}` counts, last seen {period}")
            }
            Absence::Incomplete { have, need, grain, first_missing } => {
                write!(f, "{have} of {} reported, {first_missing} is missing", prose::count(*need, grain.word()))
            }
            Absence::Partial { source, unit, days } => {
                write!(f, "`{source}` reports only {days} of {unit}; `--as-of` closes a period")
            }
            Absence::Fault(Fault::ZeroOfZero) => write!(f, "0 of 0"),
            Absence::Fault(Fault::ZeroDenominator) => write!(f, "the denominator is 0"),
            Absence::Fault(Fault::TooLarge) => write!(f, "the result is too large"),
            Absence::NotRolledUp { written, over } => {
                write!(
                    f,
                    "`{written}` is one cell and is not rolled up over {over}: declare its parts (`sum(a) / sum(b)`), or `last` or `avg` where that is meant"
                )
            }
            Absence::SeveralRows { count, written } => write!(f, "`{written}` expects one row and finds {count}"),
            Absence::NoDimension { source, column } => write!(f, "`{source}` has no dimension `{column}`"),
            Absence::NotTiled { grain, days } => write!(f, "{grain}s do not add up to {days}"),
            Absence::Input { metric, because } => write!(f, "{metric}: {because}"),
            Absence::NothingBefore => write!(f, "to date, there is no period before"),
            Absence::OutOfCalendar => write!(f, "outside the calendar"),
            Absence::NoTarget => write!(f, "no target"),
            Absence::NoTargetYet => write!(f, "no target yet"),
            Absence::NeedsOwnTarget { what, grain } => {
                write!(f, "needs a {what} of its own for a {grain}: `{what} = {{ {grain} = ... }}`")
            }
            Absence::TargetOfTheWhole => write!(f, "the target is for the whole, not for a part"),
            Absence::ZeroTarget => write!(f, "the target is 0 and no threshold is declared"),
        }
    }
}
