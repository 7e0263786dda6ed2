//! The stretch of time a value is read for.

use crate::period::{Days, Grain, Period};

/// A stretch of time to read a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    days: Days,
    /// The size of the report's periods.
    grain: Grain,
    /// The period it is, where it is one.
    period: Option<Period>,
}

impl Window {
    /// One period.
    pub fn of(period: Period) -> Window {
        Window { days: period.days(), grain: period.grain(), period: Some(period) }
    }

    /// From the start of a year to the end of a period of `grain`.
    pub fn to_date(days: Days, grain: Grain) -> Window {
        Window { days, grain, period: None }
    }

    /// Its days.
    pub fn days(&self) -> Days {
        self.days
    }

    /// The size of the report's periods.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The period it is, where it is one.
    pub fn period(&self) -> Option<Period> {
        self.period
    }
}
