//! The stretch of time a value is read for.

use crate::period::{Days, Grain, Period};

/// A stretch of time to read a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl std::hash::Hash for Window {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // The period says nothing that its days and grain do not.
        (self.days, self.grain, self.period.is_some()).hash(state);
    }
}

/// Different stretches of days, each once; mostly one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretches {
    first: Option<Days>,
    further: Vec<Days>,
}

impl Stretches {
    pub(super) fn add(&mut self, days: Days) {
        if self.first.is_none() {
            self.first = Some(days);
        } else if self.iter().all(|known| known != days) {
            self.further.push(days);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Days> {
        self.first.into_iter().chain(self.further.iter().copied())
    }

    pub(super) fn count(&self) -> usize {
        usize::from(self.first.is_some()) + self.further.len()
    }
}
