//! The words of a scorecard as types: metrics, goals, targets, links, sources, departments.
//!
//! Everything here is checked: ids resolve, formulas parse, the graph has no cycle. Only
//! `scorecard` makes these; every later stage reads them and checks nothing again.

mod checks;
mod currency;
mod rebase;
mod source;

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Place, Placed};
use crate::formula::{Aggregate, Formula, Predicate, Term};
use crate::graph::Graph;

use crate::period::{Calendar, Grain};
use crate::unit::Unit;

pub use crate::graph::{Link, MetricId};
pub use checks::{Checks, Silence};
pub use currency::{Conversion, CurrencyOf, Rates};
pub use rebase::Rebase;
pub use source::{Control, Duplicates, Include, Layout, Missing, Quarters, Roster, Source, Totals, Written};

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) usize);

        impl $name {
            /// Its position in the scorecard.
            pub fn index(self) -> usize {
                self.0
            }
        }
    };
}

index! {
    /// A source of the scorecard, by position in file order.
    SourceId
}
index! {
    /// A department of the scorecard, by position in file order.
    DepartmentId
}

/// A scorecard whose every reference holds.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Its name.
    pub title: String,
    /// The size of the periods it reports on.
    pub grain: Grain,
    /// The currency of the company, where one is declared.
    pub currency: Option<String>,
    /// Where the rates of other currencies stand, where they are declared.
    pub rates: Option<Rates>,
    /// Where fiscal years begin.
    pub calendar: Calendar,
    /// The cut-offs.
    pub scoring: Scoring,
    /// What `check` is told of it.
    pub checks: Checks,
    /// In file order.
    pub departments: Vec<Department>,
    /// The customer's journey, in order.
    pub stages: Vec<Placed<String>>,
    /// The further files it asks for, in file order.
    pub includes: Vec<Include>,
    /// Keys still written under a name they no longer have.
    pub deprecated: Vec<Deprecated>,
    /// In file order.
    pub sources: Vec<Source>,
    /// Goals and metrics, in file order.
    pub metrics: Vec<Metric>,
    /// How they hang together.
    pub graph: Graph,
}

impl Scorecard {
    /// The metric of an id this scorecard gave out.
    pub fn metric(&self, id: MetricId) -> &Metric {
        &self.metrics[id.index()]
    }

    /// The source of an id this scorecard gave out.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0]
    }

    /// Every metric's id, in file order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = MetricId> + use<> {
        (0..self.metrics.len()).map(MetricId::at)
    }

    /// Every department's id, in file order.
    pub fn department_ids(&self) -> impl Iterator<Item = DepartmentId> + use<> {
        (0..self.departments.len()).map(DepartmentId)
    }

    /// The metric called `name`.
    pub fn find(&self, name: &str) -> Option<MetricId> {
        self.metrics.iter().position(|metric| metric.id == name).map(MetricId::at)
    }

    /// The department a metric belongs to: its own, or its source's.
    pub fn department_of(&self, id: MetricId) -> Option<&Department> {
        self.department_id_of(id).map(|department| &self.departments[department.0])
    }

    /// The same, by its id.
    pub fn department_id_of(&self, id: MetricId) -> Option<DepartmentId> {
        let metric = self.metric(id);
        let of_source = || metric.measurement().and_then(|measurement| self.source(measurement.source).department);
        metric.department.or_else(of_source)
    }
}

/// The cut-offs of scores, all on the scale 0 to 100 unless said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scoring {
    /// Default distance of the threshold from the target, as a share of |target|.
    pub tolerance: Decimal,
    /// The share of weight that must have data for a thread score to exist, 0 to 1.
    pub min_coverage: f64,
    /// Thread scores from here on are on-target.
    pub on_target: f64,
    /// Thread scores from here on are at-risk.
    pub at_risk: f64,
}

impl Default for Scoring {
    fn default() -> Self {
        Scoring { tolerance: Decimal::new(1, 1), min_coverage: 0.6, on_target: 85.0, at_risk: 50.0 }
    }
}

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    /// Its id in the file.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Who leads it.
    pub lead: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// A key under a name it no longer has; it is still read.
#[derive(Clone, Debug)]
pub struct Deprecated {
    /// The id of the table it stands in.
    pub about: String,
    /// As it is written.
    pub old: &'static str,
    /// As it should be.
    pub new: &'static str,
    /// Where it stands.
    pub place: Place,
}

/// A metric or a goal.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its id in the file.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether the thread ends here.
    pub role: Role,
    /// Where its numbers come from.
    pub value: Value,
    /// `None` only where there is no value.
    pub unit: Option<Unit>,
    /// Decimals shown to people, where declared.
    pub decimals: Option<u32>,
    /// Which way is better; `None` where there is no target.
    pub better: Option<Polarity>,
    /// What was promised.
    pub target: Option<Bars>,
    /// The least that is acceptable.
    pub threshold: Option<Bars>,
    /// Beyond the promise; shown, never scored.
    pub stretch: Option<Bars>,
    /// Best in class; shown, never scored.
    pub benchmark: Option<Decimal>,
    /// Whether nothing above is on-target while this is off-target.
    pub critical: bool,
    /// Who runs it.
    pub owner: Option<String>,
    /// Declared department; see [`Scorecard::department_of`].
    pub department: Option<DepartmentId>,
    /// The step of the customer's journey it belongs to.
    pub stage: Option<String>,
    /// How the scores of its children combine.
    pub rollup: Rollup,
    /// Declared weights of inputs of its definition.
    pub input_weights: Vec<(MetricId, f64)>,
    /// From when on its limits begin anew, oldest first.
    pub rebases: Vec<Rebase>,
    /// Where it is declared.
    pub place: Place,
}

impl Metric {
    /// How it is measured, where it is.
    pub fn measurement(&self) -> Option<&Measurement> {
        match &self.value {
            Value::Measured(measurement) => Some(measurement),
            Value::Defined(_) | Value::FromDrivers => None,
        }
    }

    /// Where its value stands; the metric itself where that is not from a source.
    pub fn value_place(&self) -> &Place {
        self.measurement().map_or(&self.place, |measurement| &measurement.place)
    }

    /// Whether the thread ends here.
    pub fn is_goal(&self) -> bool {
        matches!(self.role, Role::Goal { .. })
    }

    /// Who answers for it: the sponsor of a goal, the owner of a metric.
    pub fn answerable(&self) -> Option<&str> {
        match &self.role {
            Role::Goal { sponsor: Some(sponsor), .. } => Some(sponsor),
            _ => self.owner.as_deref(),
        }
    }

    /// Decimals shown to people. For percent: of the percentage.
    pub fn shown_decimals(&self) -> u32 {
        self.decimals.unwrap_or_else(|| self.unit.as_ref().map_or(1, Unit::usual_decimals))
    }
}

/// Goal or plain metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// An enterprise outcome.
    Goal {
        /// The one person accountable for it.
        sponsor: Option<String>,
        /// What it is worth to whom.
        lens: Lens,
    },
    /// Everything else.
    Metric,
}

/// To whom a goal is worth something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Lens {
    /// To the customer.
    Customer,
    /// To the business.
    #[default]
    Business,
}

/// Where a metric's numbers come from.
#[derive(Clone, Debug)]
pub enum Value {
    /// From the rows of a source.
    Measured(Measurement),
    /// From other metrics, by arithmetic. Exact.
    Defined(Formula<Term<MetricId>>),
    /// It has none: it is scored from its drivers alone.
    FromDrivers,
}

/// A formula over the rows of a source.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Which rows.
    pub source: SourceId,
    /// The arithmetic.
    pub formula: Formula<Aggregate>,
    /// Which of them count for this metric.
    pub filter: Option<Predicate<String>>,
    /// Where the formula stands.
    pub place: Place,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Polarity {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Inside a range is best.
    Between,
}

impl Polarity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Polarity::Higher => "higher",
            Polarity::Lower => "lower",
            Polarity::Between => "between",
        }
    }
}

/// How the scores of a node's children combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Rollup {
    /// Weighted mean: good makes up for bad.
    #[default]
    Mean,
    /// Weighted geometric mean: good makes up for bad only in part.
    Geometric,
    /// The worst child's score.
    Weakest,
}

/// A level, or the two ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// One number.
    Level(Decimal),
    /// From low to high, for `better = "between"`.
    Range(Decimal, Decimal),
}

/// Targets (or thresholds) for each grain they were declared for.
#[derive(Clone, Debug)]
pub struct Bars {
    /// Finest grain first.
    pub by_grain: Vec<(Grain, Schedule)>,
    /// Where they stand.
    pub place: Place,
}

impl Bars {
    /// What was declared for periods of `grain` itself.
    pub fn at(&self, grain: Grain) -> Option<&Schedule> {
        self.by_grain.iter().find(|(declared, _)| *declared == grain).map(|(_, schedule)| schedule)
    }
}

/// Targets over time.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// The same in every period.
    Always(Bar),
    /// From each date on; sorted, first entry first.
    From(Vec<(Date, Bar)>),
    /// Measured beside the actuals, with the metric's own source and `where`.
    Measured(Formula<Aggregate>),
}

impl Schedule {
    /// The constant or dated bar in force on `date`; `None` before the first or where it is measured.
    pub fn on(&self, date: Date) -> Option<Bar> {
        match self {
            Schedule::Always(bar) => Some(*bar),
            Schedule::From(dated) => dated.iter().rev().find(|(from, _)| *from <= date).map(|(_, bar)| *bar),
            Schedule::Measured(_) => None,
        }
    }
}
