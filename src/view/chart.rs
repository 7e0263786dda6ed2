//! Charts as values: series, domains, labels and marks of a picture, before anything is drawn.
//!
//! A chart says what is to be seen and why; where it stands on the page, in which colour and letters, is the renderer's.
//! Tests compare charts; pictures follow from them.

mod bullet;
mod heatmap;
mod scorecard;
mod sweetspot;
mod tree;
mod trend;
mod words;

use std::collections::BTreeSet;

use crate::evaluate::{Evaluation, Reader};
use crate::metric::{MetricId, Scorecard};
use crate::period::Period;

pub use bullet::{Bullet, BulletBand, BulletForm, BulletGroup, BulletRow, BulletScale};
pub use heatmap::{HeatCell, HeatHead, HeatPanel, Heatmap};
pub use scorecard::ScorecardTable;
pub use sweetspot::{Quadrant, Sweetspot, SweetspotPoint};
pub use tree::{Tied, Tree, TreeCost, TreeEdge, TreeNode};
pub use trend::{Footing, MOST_PANELS, Trend, TrendLimits, TrendPanel, TrendPoint, TrendScale};

/// What a chart is asked to be about.
pub struct Subject<'s> {
    /// For histories.
    pub reader: &'s Reader<'s>,
    /// The last period, whole.
    pub evaluation: &'s Evaluation,
    /// The last period of each segment that has data in any of the periods; none unless a dimension is asked for.
    pub segments: &'s [Evaluation],
    /// The dimensions that segments are of.
    pub by: &'s [String],
    /// The periods of a series, oldest first; never empty. The last is that of the evaluation.
    pub periods: &'s [Period],
    /// Which metrics.
    pub selected: BTreeSet<MetricId>,
    /// Whether they were named by the user.
    pub is_chosen: bool,
    /// Which rows count, where only some do.
    pub condition: Option<String>,
}

impl Subject<'_> {
    /// The scorecard it is of.
    pub fn scorecard(&self) -> &Scorecard {
        self.reader.scorecard()
    }

    /// The line below a title: the scorecard, the period, the condition.
    pub(crate) fn subtitle(&self) -> String {
        let scorecard = self.scorecard();
        let period = scorecard.calendar.name(self.evaluation.period);
        let condition = self.condition.iter().map(|condition| format!("where {condition}"));
        [scorecard.title.clone(), period].into_iter().chain(condition).collect::<Vec<_>>().join(" · ")
    }
}

/// What stands around every picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    /// What the picture says, in one sentence of at most two lines.
    pub title: String,
    /// Of what it is: the scorecard, the period, the condition.
    pub subtitle: String,
    /// What a reader must know to read it right, below it; each one line or more.
    pub notes: Vec<String>,
    /// All of it in words, for those who cannot see it.
    pub description: String,
}

/// A chart of one of the kinds there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// The golden thread.
    Tree(Tree),
    /// Metrics over time.
    Trend(Trend),
    /// Actuals against their targets.
    Bullet(Bullet),
    /// Stages by departments.
    Heatmap(Heatmap),
    /// The table as a picture.
    Scorecard(ScorecardTable),
    /// Influence on customer goals against influence on business goals.
    Sweetspot(Sweetspot),
}

impl Chart {
    /// What stands around it.
    pub fn heading(&self) -> &Heading {
        match self {
            Chart::Tree(chart) => &chart.heading,
            Chart::Trend(chart) => &chart.heading,
            Chart::Bullet(chart) => &chart.heading,
            Chart::Heatmap(chart) => &chart.heading,
            Chart::Scorecard(chart) => &chart.heading,
            Chart::Sweetspot(chart) => &chart.heading,
        }
    }

    /// The same with another title.
    pub fn titled(mut self, title: &str) -> Chart {
        let heading = match &mut self {
            Chart::Tree(chart) => &mut chart.heading,
            Chart::Trend(chart) => &mut chart.heading,
            Chart::Bullet(chart) => &mut chart.heading,
            Chart::Heatmap(chart) => &mut chart.heading,
            Chart::Scorecard(chart) => &mut chart.heading,
            Chart::Sweetspot(chart) => &mut chart.heading,
        };
        title.clone_into(&mut heading.title);
        self
    }
}

/// Why a picture would say nothing, or nothing that is true; and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In the words of a message: lower case, no full stop.
    pub reason: String,
    /// The remedy.
    pub help: String,
}

impl Refusal {
    /// A refusal with its remedy.
    pub fn new(reason: impl Into<String>, help: impl Into<String>) -> Refusal {
        Refusal { reason: reason.into(), help: help.into() }
    }
}
