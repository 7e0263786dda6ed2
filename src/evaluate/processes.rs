//! The processes of metrics up to the periods of a report: how far back they look, and what they are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::history::{rebased, settled};
use super::process::{NoLimits, Process, Series};
use super::promise;
use super::reading::Reader;
use super::window::Window;
use crate::metric::MetricId;
use crate::period::{Grain, Period};

/// The processes of some metrics at the end of some periods, of the whole: parts have none, for each would add its own
/// false alarms.
#[derive(Clone, Debug, Default)]
pub struct Processes {
    known: BTreeMap<(MetricId, Period), Process>,
}

impl Processes {
    /// Those that have limits and a value for the last period, of these metrics in these periods.
    pub fn of(reader: &Reader<'_>, ids: &BTreeSet<MetricId>, periods: &[Period]) -> Processes {
        let each = ids.iter().flat_map(|id| periods.iter().map(move |period| (*id, *period)));
        let known = each.filter_map(|(id, period)| Some(((id, period), process_at(reader, id, period).ok()?)));
        Processes { known: known.filter(|(_, process)| process.has_last()).collect() }
    }

    /// The process of a metric up to a period, where it has limits and a value for it.
    pub fn get(&self, id: MetricId, period: Period) -> Option<&Process> {
        self.known.get(&(id, period))
    }
}

/// How many periods limits are computed from, the last of them included.
///
/// Enough for twelve values and for two rounds of what may repeat itself, and few enough that limits are of how things
/// go now: two years of months and of weeks, six of quarters, fifteen years, and of days two months, in which
/// what repeats itself is the week.
pub fn memory(grain: Grain) -> usize {
    match grain {
        Grain::Day => 60,
        Grain::Week => 104,
        Grain::Month => 24,
        Grain::Quarter => 24,
        Grain::Year => 15,
    }
}

/// The process of a metric over the periods up to one, which is its last.
///
/// # Errors
/// Fewer than twelve values since the last rebase.
pub fn process_at(reader: &Reader<'_>, id: MetricId, period: Period) -> Result<Process, NoLimits> {
    let (calendar, metric) = (reader.calendar(), reader.scorecard().metric(id));
    let back = (0..memory(period.grain()) as i64).rev();
    let periods: Vec<Period> = back.filter_map(|back| calendar.shift(period, -back)).collect();
    let value = |period: &Period| settled(&reader.read(id, Window::of(*period), None).ok()?);
    let begun = periods.iter().enumerate().filter_map(|(at, period)| Some((at, rebased(reader, id, *period)?)));
    let series = Series {
        values: periods.iter().map(value).collect(),
        begun: begun.collect(),
        grain: period.grain(),
        target: promise::target(reader, id, Window::of(period), None).ok(),
    };
    series.process(metric.better)
}
