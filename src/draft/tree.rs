//! A first tree: one goal, what drives it, and whose that is.
//!
//! No node is given more drivers than a person can weigh against each other: many metrics go through a node for their
//! department, many departments through areas, and many areas through areas of areas.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Nodes between departments and the goal, where there are many departments; those nearest to the goal first.
    pub(super) areas: Vec<Area>,
    /// Whether there are so many drivers that none would move the goal by its share alone.
    pub(super) is_crowded: bool,
}

/// A node that stands for others.
pub(super) struct Area {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) drives: String,
}

/// A department, and the node its metrics drive, where they have one of their own.
pub(super) struct Department {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) node: Option<String>,
    /// What its node or its metrics drive.
    pub(super) drives: String,
    /// Nodes between its metrics and its own node, where it has many metrics.
    pub(super) parts: Vec<Area>,
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
            departments.push(Department { id, name, node: None, drives: String::new(), parts: Vec::new() });
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
    let counts: Vec<usize> = (0..departments.len()).map(drivers).collect();
    let mut areas = Vec::new();
    if counts.iter().sum::<usize>() <= MOST_DRIVERS {
        departments.iter_mut().for_each(|department| department.drives.clone_from(&top));
    } else {
        let mut units: Vec<usize> = (0..departments.len()).filter(|at| counts[*at] > 0).collect();
        for at in units.iter().filter(|at| counts[**at] > 1) {
            let id = departments[*at].id.clone();
            let wanted = if taken.contains(&id) { format!("{id}_overall") } else { id };
            departments[*at].node = Some(untaken(&wanted, &mut taken));
        }
        // The order of files says nothing of what belongs together; names may.
        units.sort_by_key(|at| departments[*at].name.to_lowercase());
        let names: Vec<String> = units.iter().map(|at| departments[*at].name.clone()).collect();
        let (ups, between) = levels(&names, &top, "area", &mut taken);
        units.iter().zip(ups).for_each(|(at, up)| departments[*at].drives = up);
        areas = between;
    }
    tie(sources, &mut departments, &top, &mut taken);
    let is_crowded = is_crowded(sources, &departments, &areas, &top);
    Tree { departments, goal, top, areas, is_crowded }
}

/// Ties each metric to its department's node, through parts of it where there are many.
fn tie(sources: &mut [Source<'_>], departments: &mut [Department], top: &str, taken: &mut BTreeSet<String>) {
    for (at, department) in departments.iter_mut().enumerate() {
        let own = sources.iter_mut().filter(|source| source.department == at);
        let mut metrics: Vec<&mut Metric> =
            own.flat_map(|source| &mut source.metrics).filter(|metric| metric.id != top).collect();
        let names: Vec<String> = metrics.iter().map(|metric| metric.name.clone()).collect();
        let (ups, parts) = match &department.node {
            Some(node) => levels(&names, node, node, taken),
            None => (vec![department.drives.clone(); names.len()], Vec::new()),
        };
        metrics.iter_mut().zip(ups).for_each(|(metric, up)| metric.drives = up);
        department.parts = parts;
    }
}

/// What each of many drives on its way to `top`, and the nodes between: as many levels as it takes for no node to have
/// more drivers than can be weighed.
fn levels(names: &[String], top: &str, stem: &str, taken: &mut BTreeSet<String>) -> (Vec<String>, Vec<Area>) {
    if names.len() <= MOST_DRIVERS {
        return (vec![top.to_owned(); names.len()], Vec::new());
    }
    let several = names.len().div_ceil(MOST_DRIVERS);
    let part_of = |position: usize| position * several / names.len();
    let of_part =
        |part: usize| names.iter().enumerate().filter(move |(at, _)| part_of(*at) == part).map(|(_, name)| name);
    let called = |part: usize| match (of_part(part).next(), of_part(part).next_back()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} to {}", ends(first).0, ends(last).1)
        }
        (first, _) => first.cloned().unwrap_or_default(),
    };
    let called: Vec<String> = (0..several).map(called).collect();
    let ids: Vec<String> = (1..=several).map(|part| untaken(&format!("{stem}_{part}"), taken)).collect();
    let (ups, mut areas) = levels(&called, top, &format!("{stem}_of_areas"), taken);
    let parts = ids.iter().zip(called).zip(ups);
    areas.extend(parts.map(|((id, name), drives)| Area { id: id.clone(), name, drives }));
    ((0..names.len()).map(|position| ids[part_of(position)].clone()).collect(), areas)
}

/// Where what a name spans begins and ends.
fn ends(name: &str) -> (&str, &str) {
    name.split_once(" to ").map_or((name, name), |(first, rest)| (first, rest.rsplit(" to ").next().unwrap_or(rest)))
}

/// Whether a metric's share of the goal is less than a fiftieth, each driver of a node weighing alike.
fn is_crowded(sources: &[Source<'_>], departments: &[Department], areas: &[Area], top: &str) -> bool {
    const LEAST: f64 = 0.02;
    let nodes = areas.iter().chain(departments.iter().flat_map(|department| &department.parts));
    let mut up: BTreeMap<&str, &str> = nodes.map(|area| (area.id.as_str(), area.drives.as_str())).collect();
    up.extend(departments.iter().filter_map(|own| Some((own.node.as_deref()?, own.drives.as_str()))));
    let metrics = || sources.iter().flat_map(|source| &source.metrics).filter(|metric| metric.id != top);
    up.extend(metrics().map(|metric| (metric.id.as_str(), metric.drives.as_str())));
    let mut drivers: BTreeMap<&str, f64> = BTreeMap::new();
    up.values().for_each(|node| *drivers.entry(node).or_insert(0.0) += 1.0);
    let share = |metric: &Metric| {
        let way = std::iter::successors(up.get(metric.id.as_str()), |node| up.get(**node));
        way.map(|node| 1.0 / drivers[node]).product::<f64>()
    };
    metrics().any(|metric| share(metric) < LEAST)
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
