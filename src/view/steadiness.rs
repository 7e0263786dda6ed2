//! What a metric's limits say of its last figure and of its target: signal or noise, kept or missed by design.
//!
//! Names the signal and since when; which shape stands for it is the renderer's.

use super::words::decimals;
use crate::evaluate::{Assurance, Doubt, Process, Processes, Season, Variation};
use crate::metric::{MetricId, Scorecard};
use crate::period::{Calendar, Period};
use crate::prose;
use crate::stats::xmr::{Side, Signal};

/// What limits say of a metric in the period reported on.
#[derive(Clone, Debug, PartialEq)]
pub struct Steadiness {
    /// Whether its last figure is a signal, and for better or worse.
    pub variation: Variation,
    /// The signal in words, and since when: `7 points above its centre since 2026-04`.
    pub signal: Option<String>,
    /// What is to be expected of its target.
    pub assurance: Option<Assurance>,
    /// Why both are to be taken with care.
    pub doubts: Vec<Doubt>,
}

impl Steadiness {
    /// What a process says whose last point is of `period`.
    pub(super) fn of(process: &Process, period: Period, calendar: &Calendar) -> Steadiness {
        Steadiness {
            variation: process.variation,
            signal: signal(process, period, calendar),
            // Of what is no longer measured nothing is to be expected.
            assurance: process.assurance.filter(|_| process.has_last()),
            doubts: process.doubts.clone(),
        }
    }

    /// The same of one of many processes, where it has limits.
    pub(super) fn among(
        processes: &Processes,
        id: MetricId,
        period: Period,
        scorecard: &Scorecard,
    ) -> Option<Steadiness> {
        Some(Steadiness::of(processes.get(id, period)?, period, &scorecard.calendar))
    }
}

/// The name of the period of a point, of a series that ends with `last`.
pub(super) fn period_at(process: &Process, point: usize, last: Period, calendar: &Calendar) -> Option<String> {
    let back = i64::try_from(process.values.len() - 1).ok()? - i64::try_from(point).ok()?;
    Some(calendar.name(calendar.shift(last, -back)?))
}

fn signal(process: &Process, last: Period, calendar: &Calendar) -> Option<String> {
    let signal = process.variation.signal()?;
    let since = period_at(process, process.run.start, last, calendar)?;
    let points = process.run.len();
    let side = |high: &'static str, low: &'static str| if signal.side() == Side::High { high } else { low };
    let limit = side("upper limit", "lower limit");
    let many = prose::count(points, "point");
    Some(match signal {
        Signal::Outside(_) if points == 1 => format!("{} its {limit} in {since}", side("above", "below")),
        Signal::Outside(_) => format!("{many} {} its {limit} since {since}", side("above", "below")),
        Signal::Trend(_) => format!("{many} {} since {since}", side("rising", "falling")),
        Signal::TwoOfThree(_) => format!("2 of 3 points close to its {limit} since {since}"),
        Signal::Shift(_) => format!("{many} {} its centre since {since}", side("above", "below")),
    })
}

/// A doubt in words, and how strong it is.
pub(crate) fn doubted(doubt: Doubt) -> String {
    match doubt {
        Doubt::NoVariation => "every value is the same: there is no noise to tell a signal from".to_owned(),
        Doubt::Autocorrelated(by) => {
            format!("values follow their neighbours (correlation {}): signals surprise less", decimals(by, 2))
        }
        Doubt::Seasonal(season, by) => {
            let season = match season {
                Season::Week => "week",
                Season::Year => "year",
            };
            format!("values follow those of a {season} before (correlation {}): compare with them", decimals(by, 2))
        }
        Doubt::Screening(share) => {
            format!("without its largest jumps the limits would lie {} % closer", decimals(share * 100.0, 0))
        }
        Doubt::Trending(by) => {
            let way = if by > 0.0 { "rise" } else { "fall" };
            format!("values {way} all along (correlation with time {}): compare changes", decimals(by, 2))
        }
    }
}
