//! What finance asks of an export: what it was made of, what was left out and why, and whether parts equal wholes.

use std::collections::BTreeSet;

use crate::evaluate::ControlTotal;
use crate::metric::{MetricId, Scorecard};
use crate::number::Number;
use crate::observe::{FileFacts, Observations};
use crate::period::Period;
use crate::plan::Plan;

/// Where an export came from and what it ties to.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The program and its version.
    pub program: String,
    /// The command, as it could be typed again.
    pub command: String,
    /// The scorecard's name.
    pub scorecard: String,
    /// The period counted back from.
    pub as_of: String,
    /// The names of the first and the last period reported.
    pub periods: (String, String),
    /// Which rows the figures are of, where `--where` says so: rows kept are counted before that.
    pub condition: Option<String>,
    /// Rows of the export, without its header.
    pub rows: usize,
    /// The file written, where one is: name, SHA-256, bytes.
    pub output: Option<Hashed>,
    /// The scorecard and the files it includes.
    pub scorecards: Vec<Hashed>,
    /// The data files.
    pub inputs: Vec<Input>,
    /// The control totals.
    pub controls: Vec<Control>,
    /// Whether parts equal wholes; empty unless something was split.
    pub parts: Vec<Parts>,
}

/// A file by its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hashed {
    /// As the scorecard would name it.
    pub path: String,
    /// In hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A data file, what was read of it and what was left out.
#[derive(Clone, Debug)]
pub struct Input {
    /// The id of the source it belongs to.
    pub source: String,
    /// By its content.
    pub file: Hashed,
    /// How it is written and how many rows it has.
    pub facts: FileFacts,
    /// The first and the last period of the source.
    pub periods: Option<(String, String)>,
}

/// A control total.
#[derive(Clone, Debug)]
pub struct Control {
    /// The id of the source.
    pub source: String,
    /// The column.
    pub column: String,
    /// What it should add up to.
    pub equals: Number,
    /// What it adds up to.
    pub found: Number,
    /// Whether the two are the same.
    pub ties: bool,
}

impl Control {
    /// A control total as it was compared.
    pub fn of(total: &ControlTotal<'_>) -> Control {
        Control {
            source: total.source.id.clone(),
            column: total.control.column.clone(),
            equals: Number::Exact(total.control.equals),
            found: total.found,
            ties: total.ties,
        }
    }
}

/// A metric's parts beside its wholes.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The metric's id.
    pub metric: String,
    /// Whether parts of it add up at all: rates, means and extremes do not.
    pub adds_up: bool,
    /// The level of the parts compared, as the rows of a rollup have it; `None` where there are none to compare.
    pub level: Option<String>,
    /// The first dimension asked for that it does not have, for which it is not compared by all of them.
    pub lacks: Option<String>,
    /// In how many periods the parts equal the whole, exactly.
    pub equal: usize,
    /// In how many they equal it as far as doubles can tell: where something was divided, and has no short decimal form.
    pub close: usize,
    /// Each period in which they do not.
    pub unequal: Vec<Unequal>,
}

/// A period in which parts differ from the whole.
#[derive(Clone, Debug)]
pub struct Unequal {
    /// The period's name.
    pub period: String,
    /// The whole; `None` where there is none.
    pub whole: Option<Number>,
    /// What the parts add up to; `None` where no part has a figure.
    pub parts: Option<Number>,
}

/// The sums of parts, of each metric in each period.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Periods there are.
    periods: usize,
    sums: Vec<Option<Sum>>,
}

/// A sum of parts.
#[derive(Clone, Copy, Debug)]
struct Sum {
    sum: Number,
    /// What the parts add up to without their signs: what their rounding is measured by.
    size: f64,
}

impl Sums {
    /// Nothing yet, for so many metrics and periods.
    pub fn new(metrics: usize, periods: usize) -> Sums {
        Sums { periods, sums: vec![None; metrics * periods] }
    }

    /// Adds one part of a metric in a period, by their positions.
    pub fn add(&mut self, metric: usize, period: usize, part: Number) {
        self.put(metric * self.periods + period, Sum { sum: part, size: part.abs().to_f64() });
    }

    fn put(&mut self, at: usize, part: Sum) {
        let together = |sum: Sum| Sum {
            // A sum that is too large for a number differs from every whole.
            sum: sum.sum.plus(part.sum).unwrap_or(Number::Approx(f64::MAX)),
            size: sum.size + part.size,
        };
        self.sums[at] = Some(self.sums[at].map_or(part, together));
    }

    /// Adds what others have added up.
    pub fn merge(&mut self, other: &Sums) {
        for (at, part) in other.sums.iter().enumerate() {
            if let Some(part) = part {
                self.put(at, *part);
            }
        }
    }

    /// What the parts of a metric add up to in a period.
    pub fn of(&self, metric: usize, period: usize) -> Option<Number> {
        self.at(metric, period).map(|sum| sum.sum)
    }

    fn at(&self, metric: usize, period: usize) -> Option<Sum> {
        self.sums[metric * self.periods + period]
    }
}

/// How far doubles that were rounded once each may be off, as a share of what was added.
const ROUNDING: f64 = 1e-12;

/// How parts stand to their whole.
enum Standing {
    Equal,
    Close,
    Unequal,
}

impl Sum {
    fn beside(self, whole: Number) -> Standing {
        match (self.sum, whole) {
            (Number::Exact(_), Number::Exact(_)) if self.sum == whole => Standing::Equal,
            (Number::Exact(_), Number::Exact(_)) => Standing::Unequal,
            _ if (self.sum.to_f64() - whole.to_f64()).abs() <= ROUNDING * self.size => Standing::Close,
            _ => Standing::Unequal,
        }
    }
}

/// How parts stand to their whole; nothing where neither is there.
fn standing(whole: Option<Number>, parts: Option<Sum>) -> Option<Standing> {
    match (whole, parts) {
        (None, None) => None,
        (Some(whole), Some(parts)) => Some(parts.beside(whole)),
        // What is made of nothing is nothing.
        (Some(whole), None) if whole.is_zero() => Some(Standing::Equal),
        _ => Some(Standing::Unequal),
    }
}

/// Parts beside wholes, of each metric selected.
///
/// `depth` says by how many of the dimensions of `by`, from the first, parts of a metric were added up: 0 where it has none,
/// `None` where they do not add up.
pub fn parts(
    scorecard: &Scorecard,
    selected: &BTreeSet<MetricId>,
    periods: &[Period],
    by: &[String],
    depth: &dyn Fn(MetricId) -> Option<usize>,
    wholes: &Sums,
    sums: &Sums,
) -> Vec<Parts> {
    let compare = |id: &MetricId| {
        let metric = scorecard.metric(*id).id.clone();
        let Some(depth) = depth(*id) else { return Parts { metric, ..Parts::default() } };
        let level = (depth > 0).then(|| by[..depth].join("/"));
        let mut compared = Parts { metric, adds_up: true, level, lacks: by.get(depth).cloned(), ..Parts::default() };
        for (at, period) in periods.iter().enumerate().filter(|_| depth > 0) {
            let (whole, parts) = (wholes.of(id.index(), at), sums.at(id.index(), at));
            match standing(whole, parts) {
                None => {}
                Some(Standing::Equal) => compared.equal += 1,
                Some(Standing::Close) => compared.close += 1,
                Some(Standing::Unequal) => {
                    let (period, parts) = (scorecard.calendar.name(*period), parts.map(|parts| parts.sum));
                    compared.unequal.push(Unequal { period, whole, parts });
                }
            }
        }
        compared
    };
    selected.iter().map(compare).collect()
}

/// The data files of a run, by their content.
///
/// # Errors
/// All that hashing met.
pub fn inputs<E>(
    scorecard: &Scorecard,
    plan: &Plan,
    observations: &Observations,
    hashed: &dyn Fn(&FileFacts) -> Result<Hashed, Vec<E>>,
) -> Result<Vec<Input>, Vec<E>> {
    let (mut inputs, mut failed) = (Vec::new(), Vec::new());
    let mut add = |source: &str, facts: &FileFacts, periods: Option<(String, String)>| match hashed(facts) {
        Ok(file) => inputs.push(Input { source: source.to_owned(), file, facts: facts.clone(), periods }),
        Err(problems) => failed.extend(problems),
    };
    for (scan, table) in plan.scans.iter().zip(&observations.tables) {
        let name = |period: &Period| scorecard.calendar.name(*period);
        let periods = table.moments.keys().next().zip(table.moments.keys().next_back());
        let periods = periods.map(|(first, last)| (name(first), name(last)));
        for facts in &table.files {
            add(&scorecard.source(scan.source).id, facts, periods.clone());
        }
    }
    for facts in &observations.rates {
        add(scorecard.rates.as_ref().map_or("", |rates| &rates.source.id), facts, None);
    }
    if failed.is_empty() { Ok(inputs) } else { Err(failed) }
}
