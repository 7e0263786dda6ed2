//! A first tree: one goal, what drives it, and whose that is.
//!
//! No node is given more drivers than a person can weigh against each other: many metrics go through a node for their
//! department, many departments through areas.

use std::collections::BTreeSet;

use super::metrics::Metric;
use super::source::Source;
use super::words::{self, untaken};

/// Drivers of one node.
pub(super) const MOST_DRIVERS: usize = 7;

/// The tree above the metrics of the sources.
pub(super) struct Tree {
    pub(super) departments: Vec<Department>,
    pub(super) goal: Goal,
    /// The goal's id.
    pub(super) top: String,
    /// Nodes between departments and the goal, where there are many departments.
    pub(super) areas: Vec<String>,
}

/// A department, and the node its metrics drive, where they have one of their own.
pub(super) struct Department {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) node: Option<String>,
    /// What its node or its metrics drive.
    pub(super) drives: String,
}

/// The goal.
pub(super) enum Goal {
    /// A metric: of which source, at which position.
    Measured { source: usize, metric: usize },
    /// Nothing measures it yet.
    Placeholder(String),
}

/// The departments of sources: one a folder where there are several, else one a source.
pub(super) fn departments(sources: &mut [Source<'_>]) -> Vec<Department> {
    let folders: BTreeSet<&str> = sources.iter().map(|source| source.folder.as_str()).collect();
    let by_folder = folders.len() > 1;
    let mut taken = BTreeSet::new();
    let (mut departments, mut known): (Vec<Department>, Vec<String>) = (Vec::new(), Vec::new());
    for source in sources {
        let last = source.folder.rsplit('/').next().unwrap_or_default();
        let key = if by_folder { source.folder.clone() } else { source.id.clone() };
        source.department = known.iter().position(|other| *other == key).unwrap_or_else(|| {
            let slug = if by_folder { words::slug(last) } else { source.id.clone() };
            let id = untaken(if slug.is_empty() { "department" } else { &slug }, &mut taken);
            let name = words::title(if by_folder && !last.is_empty() { last } else { &id });
            departments.push(Department { id, name, node: None, drives: String::new() });
            known.push(key);
            departments.len() - 1
        });
    }
    departments
}

/// Names every metric and ties it to the goal.
pub(super) fn tree(sources: &mut [Source<'_>], mut departments: Vec<Department>) -> Tree {
    let mut taken = BTreeSet::new();
    let goal = goal(sources);
    for source in sources.iter_mut() {
        for metric in &mut source.metrics {
            let is_free = !taken.contains(&metric.id);
            let wanted = if is_free { metric.id.clone() } else { format!("{}_{}", source.id, metric.id) };
            metric.id = untaken(&wanted, &mut taken);
        }
    }
    let (top, goal) = match goal {
        Some((source, metric)) => (sources[source].metrics[metric].id.clone(), Goal::Measured { source, metric }),
        None => {
            let id = untaken("customer_goal", &mut taken);
            (id.clone(), Goal::Placeholder(id))
        }
    };
    let drivers = |department: usize| -> usize {
        let own = sources.iter().filter(|source| source.department == department);
        own.flat_map(|source| &source.metrics).filter(|metric| metric.id != top).count()
    };
    let all: usize = (0..departments.len()).map(drivers).sum();
    let mut areas = Vec::new();
    if all <= MOST_DRIVERS {
        departments.iter_mut().for_each(|department| department.drives.clone_from(&top));
        return Tree { departments, goal, top, areas };
    }
    let counts: Vec<usize> = (0..departments.len()).map(drivers).collect();
    let units: Vec<usize> = (0..departments.len()).filter(|at| counts[*at] > 0).collect();
    for at in &units {
        if counts[*at] > 1 {
            let id = departments[*at].id.clone();
            let wanted = if taken.contains(&id) { format!("{id}_overall") } else { id };
            departments[*at].node = Some(untaken(&wanted, &mut taken));
        }
    }
    if units.len() > MOST_DRIVERS {
        let several = units.len().div_ceil(MOST_DRIVERS);
        areas = (1..=several).map(|number| untaken(&format!("area_{number}"), &mut taken)).collect();
    }
    for (position, at) in units.iter().enumerate() {
        let area = areas.get(position * areas.len() / units.len());
        departments[*at].drives = area.unwrap_or(&top).clone();
    }
    Tree { departments, goal, top, areas }
}

/// The metric that sounds most like a customer goal, while others are left to drive it.
fn goal(sources: &[Source<'_>]) -> Option<(usize, usize)> {
    let all = || {
        sources
            .iter()
            .enumerate()
            .flat_map(|(at, source)| source.metrics.iter().enumerate().map(move |(own, metric)| (at, own, metric)))
    };
    if all().count() < 2 {
        return None;
    }
    let ranked = all().filter_map(|(at, own, metric): (usize, usize, &Metric)| Some((metric.goal?, at, own)));
    ranked.min().map(|(_, at, own)| (at, own))
}
