//! Why a value is absent, in the reader's words. Never a zero, never a blank without a reason.

use std::fmt;

use super::caveat::{Caveat, attended, names};
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
    /// There are rows, but none counts for the metric.
    NothingCounted {
        /// Which source.
        source: String,
        /// The last period in which something did count.
        last_seen: Option<String>,
    },
    /// There are rows that count, with nothing in their cells.
    Blank {
        /// Which source.
        source: String,
        /// The aggregate as written.
        written: String,
        /// The last period in which something did count.
        last_seen: Option<String>,
    },
    /// This part has rows, and none at the moment at which it is read.
    SilentThen {
        /// Which source.
        source: String,
        /// The moment.
        days: Days,
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
    /// Too few of those who should have reported did.
    Insufficient {
        /// Which source.
        source: String,
        /// How many reported: members, or over several units the reports of each in each.
        reported: usize,
        /// How many should have.
        expected: usize,
        /// Over how many units of the window.
        units: usize,
        /// The least share that counts, 0 to 1.
        least: f64,
        /// Who is late.
        late: Vec<String>,
    },
    /// This part is of those who should have reported and have not.
    Late {
        /// Which source.
        source: String,
        /// Who.
        late: Vec<String>,
    },
    /// Nobody reported in both periods, so nothing can be compared like for like.
    NoneInBoth,
    /// One of the two is not whole or not final.
    NotCompared(Box<Caveat>),
    /// A definition holds two stretches of time against each other, of which one is not whole or not final.
    LooksBack {
        /// Which input is not whole or not final.
        metric: String,
        /// With what it would be compared.
        with: &'static str,
        /// How so.
        because: Box<Caveat>,
    },
    /// Two flows of one definition do not cover the same days.
    DifferentDays {
        /// Which is partial.
        metric: String,
        /// Beside which other.
        other: String,
        /// How so.
        because: Box<Caveat>,
    },
    /// The target is for a whole period.
    PeriodIsPartial {
        /// Whether it is its end that is not reported: then `--as-of` can say that no more will come.
        lacks_end: bool,
    },
    /// The target is for all who report.
    Provisional,
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

impl Absence {
    /// The caveat for which a figure is not taken with others, if that is why it is absent.
    pub fn caveat(&self) -> Option<&Caveat> {
        match self {
            Absence::NotCompared(because)
            | Absence::LooksBack { because, .. }
            | Absence::DifferentDays { because, .. } => Some(because),
            Absence::Input { because, .. } => because.caveat(),
            _ => None,
        }
    }

    /// Whether the metric has parts and no total: its values are never put together.
    pub fn is_without_total(&self) -> bool {
        match self {
            Absence::NotRolledUp { .. } | Absence::SeveralRows { .. } => true,
            Absence::Input { because, .. } => because.is_without_total(),
            _ => false,
        }
    }

    /// Whether there is nothing that it could be of: no rows that count, or no such part.
    pub fn is_of_nothing(&self) -> bool {
        match self {
            Absence::NoValue
            | Absence::NoRows { .. }
            | Absence::NothingCounted { .. }
            | Absence::NoDimension { .. } => true,
            Absence::Input { because, .. } => because.is_of_nothing(),
            _ => false,
        }
    }

    /// Whether something is missing that was there before, and may still come.
    pub fn is_late(&self) -> bool {
        match self {
            Absence::NoRows { last_seen, .. }
            | Absence::NothingCounted { last_seen, .. }
            | Absence::Blank { last_seen, .. } => last_seen.is_some(),
            Absence::Insufficient { .. } | Absence::Late { .. } => true,
            Absence::Input { because, .. } => because.is_late(),
            _ => false,
        }
    }

    /// Whether it has no such part, whatever its rows.
    pub fn is_without_parts(&self) -> bool {
        match self {
            Absence::NoDimension { .. } => true,
            Absence::Input { because, .. } => because.is_without_parts(),
            _ => false,
        }
    }

    /// Whether there are rows, but of too few of those who should have reported.
    pub fn is_insufficient(&self) -> bool {
        match self {
            Absence::Insufficient { .. } | Absence::Late { .. } => true,
            Absence::Input { because, .. } => because.is_insufficient(),
            _ => false,
        }
    }
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
            Absence::Blank { source, written, last_seen } => {
                write!(f, "every cell of `{written}` in `{source}` is blank")?;
                last_seen.as_ref().map_or(Ok(()), |period| write!(f, ", last seen {period}"))
            }
            Absence::SilentThen { source, days } => {
                write!(f, "no rows in `{source}` for {days}, which is when it is read")
            }
            Absence::Incomplete { have, need, grain, first_missing } => {
                write!(f, "{have} of {} reported, {first_missing} is missing", prose::count(*need, grain.word()))
            }
            Absence::Insufficient { source, reported, expected, units, least, late } => {
                let (attended, least) = (attended(*reported, *expected, *units, source), least * 100.0);
                write!(f, "insufficient: {attended}, {least:.0} % is the least, late: {}", names(late))
            }
            Absence::Late { source, late } => write!(f, "late in `{source}`: {}", names(late)),
            Absence::NoneInBoth => write!(f, "nobody reported in both periods"),
            Absence::NotCompared(caveat) => write!(f, "not compared, {caveat}"),
            Absence::LooksBack { metric, with, because } => {
                write!(f, "{metric} is not compared with {with}, {because}")
            }
            Absence::DifferentDays { metric, other, because } => {
                write!(f, "{metric} and {other} are not of the same days, {because}")
            }
            Absence::PeriodIsPartial { lacks_end: true } => write!(f, "the period is partial, `--as-of` closes one"),
            Absence::PeriodIsPartial { lacks_end: false } => write!(f, "the period is partial"),
            Absence::Provisional => write!(f, "the value is provisional"),
            Absence::Fault(Fault::ZeroOfZero) => write!(f, "0 of 0"),
            Absence::Fault(Fault::ZeroDenominator) => write!(f, "the denominator is 0"),
            Absence::Fault(Fault::TooLarge) => write!(f, "the result is too large"),
            Absence::Fault(Fault::TooLong) => {
                write!(f, "the sum has more than 28 digits, which are not kept: send its column with fewer decimals")
            }
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
