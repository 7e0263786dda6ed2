//! How finely each metric can be split: by how many of the dimensions asked for, from the coarsest on, and into which
//! segments. Knows which columns sources have, and no number.

use std::collections::BTreeSet;

use crate::evaluate::Reader;
use crate::metric::{MetricId, Scorecard, Value};
use crate::observe::Segment;
use crate::period::Days;
use crate::plan::{Plan, Scan};
use crate::run::Run;

/// The finest level of each metric: 0 is the whole, 1 the first dimension, and so on.
pub(super) struct Levels {
    finest: Vec<usize>,
}

impl Levels {
    /// As the sources are that each metric is made of.
    pub(super) fn of(scorecard: &Scorecard, plan: &Plan) -> Levels {
        let mut finest = vec![0; scorecard.metrics.len()];
        for id in scorecard.graph.children_first() {
            finest[id.index()] = match &scorecard.metric(*id).value {
                Value::Measured(_) => {
                    plan.metrics[id.index()].as_ref().map_or(0, |planned| known(plan, &plan.scans[planned.scan]))
                }
                Value::Defined(formula) => {
                    let mut least = plan.by.len();
                    formula.visit(&mut |term| least = least.min(finest[term.metric().index()]));
                    least
                }
                // A score is of the whole.
                Value::FromDrivers => 0,
            };
        }
        Levels { finest }
    }

    /// The finest level of a metric.
    pub(super) fn finest(&self, id: MetricId) -> usize {
        self.finest[id.index()]
    }
}

/// How many of the dimensions asked for a source has, up to the first that it lacks.
fn known(plan: &Plan, scan: &Scan) -> usize {
    let own = &scan.keys[..scan.split];
    if scan.lacks.is_some() { 0 } else { plan.by.iter().take_while(|column| own.contains(column)).count() }
}

/// The segments of some levels in some days, of every source that knows the level; a part after what it is a part of.
pub(super) fn segments(scorecard: &Scorecard, run: &Run, lengths: &BTreeSet<usize>, days: Days) -> BTreeSet<Segment> {
    let depths: BTreeSet<usize> = run.plan.scans.iter().map(|scan| known(&run.plan, scan)).collect();
    let mut found = BTreeSet::new();
    for depth in depths.into_iter().filter(|depth| lengths.iter().any(|length| length <= depth)) {
        let plan = split_by(&run.plan, depth);
        let reader = Reader::new(scorecard, &plan, &run.observations, run.closed);
        for segment in reader.segments(days) {
            let prefixes = lengths.iter().filter_map(|length| segment.get(..*length));
            found.extend(prefixes.map(<[String]>::to_vec));
        }
    }
    found
}

/// The plan of a report that asks for the first dimensions only, so that the sources with just those have segments.
fn split_by(plan: &Plan, depth: usize) -> Plan {
    let mut shorter = plan.clone();
    for scan in &mut shorter.scans {
        scan.split = known(plan, scan);
    }
    shorter.by.truncate(depth);
    shorter
}
