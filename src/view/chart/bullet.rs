//! Actuals against their targets, as Stephen Few draws them.

use super::{Heading, Refusal, Subject};
use crate::status::Status;
use crate::view::{Promised, Quantity, Shape};

/// One bar a metric, each on its own scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Bullet {
    /// What stands around it.
    pub heading: Heading,
    /// In file order.
    pub bars: Vec<BulletBar>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct BulletBar {
    /// Its name.
    pub name: String,
    /// What was read.
    pub actual: Quantity,
    /// What was promised.
    pub target: Promised,
    /// How it stands.
    pub status: Status,
}

impl Bullet {
    /// The chart of the metrics selected that have an actual and a target.
    ///
    /// # Errors
    /// None of them has both.
    pub fn of(subject: &Subject<'_>) -> Result<Bullet, Refusal> {
        let scorecard = subject.scorecard();
        let bar = |id: &crate::metric::MetricId| {
            let (metric, standing) = (scorecard.metric(*id), subject.evaluation.standing(*id));
            let shape = Shape::of(metric);
            Some(BulletBar {
                name: metric.name.clone(),
                actual: shape.value(standing.actual.as_ref().ok()?.value),
                target: shape.promised(*standing.target.as_ref().ok()?),
                status: standing.status(),
            })
        };
        let bars: Vec<BulletBar> = subject.selected.iter().filter_map(bar).collect();
        if bars.is_empty() {
            return Err(Refusal::new(
                "none of these metrics has an actual and a target",
                "name others, or ask for another period",
            ));
        }
        let heading = Heading {
            title: format!("{} against their targets", crate::prose::count(bars.len(), "metric")),
            subtitle: subject.subtitle(),
            ..Heading::default()
        };
        Ok(Bullet { heading, bars })
    }
}
