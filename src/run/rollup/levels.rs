//! By how many of the dimensions asked for parts stand beside their whole: all of them, or as many as a metric's sources have.
//!
//! Compares nothing; knows no number.

use std::collections::BTreeSet;

use crate::evaluate::Nature;
use crate::metric::{MetricId, Scorecard, Value};
use crate::observe::Segment;
use crate::period::Days;
use crate::plan::{Plan, Scan};
use crate::run::Run;

/// The level at which the parts of each metric are compared with its whole.
pub(super) struct Levels {
    /// How many dimensions, from the first one asked for; `None` where parts do not add up.
    depths: Vec<Option<usize>>,
}

impl Levels {
    pub(super) fn of(scorecard: &Scorecard, plan: &Plan, nature: &dyn Fn(MetricId) -> Nature) -> Levels {
        let mut known = vec![0; scorecard.metrics.len()];
        for id in scorecard.graph.children_first() {
            known[id.index()] = match &scorecard.metric(*id).value {
                Value::FromDrivers => 0,
                Value::Measured(_) => plan.metrics[id.index()]
                    .as_ref()
                    .map_or(0, |planned| first_dimensions(plan, &plan.scans[planned.scan])),
                Value::Defined(formula) => {
                    let mut least = plan.by.len();
                    formula.visit(&mut |term| least = least.min(known[term.metric().index()]));
                    least
                }
            };
        }
        let depth = |id: MetricId| nature(id).adds_over_parts.then(|| known[id.index()]);
        Levels { depths: scorecard.ids().map(depth).collect() }
    }

    /// By how many dimensions, from the first one asked for, the parts of a metric are compared with its whole: 0 where it has
    /// no parts, `None` where they do not add up.
    pub(super) fn depth(&self, id: MetricId) -> Option<usize> {
        self.depths[id.index()]
    }
}

/// How many of the dimensions asked for a source has, up to the first one that it lacks.
fn first_dimensions(plan: &Plan, scan: &Scan) -> usize {
    plan.by.iter().zip(&scan.keys[..scan.split]).take_while(|(asked, has)| asked == has).count()
}

/// The segments, in some days, of sources that have the first dimensions asked for and not all of them.
pub(super) fn coarser_segments(run: &Run, days: Days) -> BTreeSet<Segment> {
    let mut segments = BTreeSet::new();
    for (scan, table) in run.plan.scans.iter().zip(&run.observations.tables) {
        let depth = first_dimensions(&run.plan, scan);
        if depth == 0 || depth == run.plan.by.len() {
            continue;
        }
        let (least, greatest) = days.bounds();
        for (_, moment) in table.moments.range(least..=greatest).filter(|(period, _)| period.last() <= days.last) {
            let keys = moment.segments.keys().chain(moment.rejected.keys());
            segments.extend(keys.filter_map(|keys| keys.get(..depth)).map(<[String]>::to_vec));
        }
    }
    segments
}
