//! From observations to standings: actual, target, status, score, thread score, drag, with a reason
//! wherever a value is absent.
//!
//! Plain arithmetic on small tables, no data frame. `reading` computes values of any stretch of time
//! from base aggregates (`aggregate`) over the rows it is about (`scope`) and of those who reported
//! (`roster`), or from other values where those are alike (`inputs`); `caveat` says what is not whole, final
//! or read, `promise` computes targets, `standing` holds like against like, `thread` is what the far ends of
//! the thread say. Formats nothing.

mod absence;
mod aggregate;
mod as_of;
mod caveat;
mod controls;
mod doubt;
mod history;
mod influence;
mod inputs;
mod memo;
mod nature;
mod process;
mod processes;
mod promise;
mod reading;
mod roster;
mod scope;
mod standing;
mod thread;
mod window;

use crate::metric::{Bar, MetricId, Scorecard, Value};
use crate::observe::Segment;
use crate::period::Period;

pub use absence::Absence;
pub use as_of::{held_back, last_complete, last_within, never_seen};
pub use caveat::{Caveat, CaveatKind, Figure, Note, Provisional};
pub use controls::{ControlTotal, control_totals};
pub use doubt::{Doubt, Season};
pub use history::{Point, history};
pub use influence::{flow, influence, shares};
pub use nature::Nature;
pub use process::{Assurance, LEAST_VALUES, NoLimits, Phase, Process, Series, Variation};
pub use processes::{Processes, memory, process_at};
pub use promise::{Promise, derived_threshold};
pub use reading::{Reader, Reading};
pub use standing::{LastKnown, Mark, Standing, Trends};
pub use thread::{Drag, drags, lost, weakest_path};
pub use window::Window;

/// Everything a report of one period and segment can say.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The period reported on.
    pub period: Period,
    /// The segment; `None` for the whole.
    pub segment: Option<Segment>,
    /// One a metric, in file order.
    pub standings: Vec<Standing>,
}

impl Evaluation {
    /// How a metric stands.
    pub fn standing(&self, id: MetricId) -> &Standing {
        &self.standings[id.index()]
    }
}

/// Evaluates every metric for one period and segment.
pub fn evaluate(reader: &Reader<'_>, period: Period, segment: Option<&Segment>) -> Evaluation {
    evaluate_with(reader, period, segment, Trends::Kept)
}

/// The same, with the last actuals of each metric or without.
pub fn evaluate_with(reader: &Reader<'_>, period: Period, segment: Option<&Segment>, trends: Trends) -> Evaluation {
    let scorecard = reader.scorecard();
    let mut standings: Vec<Standing> =
        scorecard.ids().map(|id| standing::own(reader, id, period, segment, trends)).collect();
    for id in scorecard.graph.children_first() {
        standings[id.index()].has_inputs =
            inputs_of(scorecard, *id).iter().any(|input| standings[input.index()].is_part());
    }
    thread::score(reader, period, segment, &mut standings);
    for id in scorecard.ids() {
        let is_leaf = scorecard.graph.is_leaf(id);
        let standing = &mut standings[id.index()];
        standing.mark = if is_leaf { None } else { standing::mark(standing) };
    }
    Evaluation { period, segment: segment.cloned(), standings }
}

/// What a definition is made of.
fn inputs_of(scorecard: &Scorecard, id: MetricId) -> Vec<MetricId> {
    let mut inputs = Vec::new();
    if let Value::Defined(formula) = &scorecard.metric(id).value {
        formula.visit(&mut |term| inputs.push(*term.metric()));
    }
    inputs
}

/// A bar as a promise.
pub(crate) fn promise_of(bar: Bar) -> Promise {
    match bar {
        Bar::Level(level) => Promise::Level(level.into()),
        Bar::Range(low, high) => Promise::Range(low.into(), high.into()),
    }
}
