//! The links of every `drives`, and with the definitions' inputs the graph.

use std::collections::BTreeSet;

use serde_spanned::Spanned;

use super::super::raw::{Entry, RawLink, RawMetric, RawScorecard};
use super::metrics::id_of;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic, Locus, Place};
use crate::graph::{Cycle, Edge, Graph, Tie};
use crate::metric::{Link, Metric, MetricId, Value};
use crate::prose;

const HOW_TO_LINK: &str = "write an id, or `{ to = \"churn\", weight = 3, lag = 1, because = \"...\" }`";

/// The most a link weighs: weights are compared with each other, not with the world.
const MOST_WEIGHT: f64 = 1_000_000.0;
/// The most links from a goal down to a leaf.
const MOST_DEEP: usize = 100;

impl Resolver<'_> {
    /// Builds the graph; `None` once a problem makes it meaningless.
    pub(super) fn graph(&mut self, raw: &RawScorecard, metrics: &[Option<Metric>]) -> Option<Graph> {
        let found_before = self.problems.len();
        let mut children: Vec<Vec<Edge>> = metrics.iter().map(|metric| inputs(metric.as_ref())).collect();
        for (index, entry) in raw.metrics.iter().enumerate() {
            for link in self.links(MetricId::at(index), entry, raw) {
                let siblings = &mut children[link.to.index()];
                match siblings.iter().find(|edge| edge.child == link.from) {
                    Some(Edge { tie: Tie::Definition, .. }) => self.input_and_driver(&link, entry, raw),
                    Some(Edge { tie: Tie::Link(first), .. }) => {
                        let problem = Diagnostic::error(
                            Code::DuplicateId,
                            format!("`{}` drives `{}` twice", entry.id.value, raw.metrics[link.to.index()].id.value),
                        );
                        self.problems.push(
                            problem
                                .at(&link.place, "again here")
                                .at(&first.place, "first here")
                                .help("keep one of them"),
                        );
                    }
                    None => siblings.push(Edge { child: link.from, tie: Tie::Link(link) }),
                }
            }
        }
        self.without_drivers(raw, metrics, &children);
        match Graph::new(children.clone()) {
            Ok(graph) => {
                self.depth(&graph, raw);
                (self.problems.len() == found_before).then_some(graph)
            }
            Err(cycles) => {
                for cycle in cycles {
                    self.cycle(&cycle, raw, &children);
                }
                None
            }
        }
    }

    fn links(&mut self, from: MetricId, entry: &Entry<RawMetric>, raw: &RawScorecard) -> Vec<Link> {
        let mut links = Vec::new();
        for value in entry.table.drives.iter().flatten() {
            let at = place(value, entry.id.place.file);
            let written = match value.get_ref() {
                toml::Value::String(to) => RawLink { to: to.clone(), weight: None, lag: None, because: None },
                toml::Value::Table(table) => match self.link(table, &at) {
                    Some(link) => link,
                    None => continue,
                },
                _ => {
                    let problem = Diagnostic::error(Code::BadType, "a link is an id or a table").at(&at, "");
                    self.problems.push(problem.help(HOW_TO_LINK));
                    continue;
                }
            };
            let weight = written.weight.unwrap_or(1.0);
            if !(weight > 0.0 && weight <= MOST_WEIGHT) {
                self.problems.push(
                    Diagnostic::error(Code::BadSetting, "the weight of a link must be above 0 and at most 1000000")
                        .at(&self.word_in(&at, "weight"), "")
                        .help("drop the link if it does not count"),
                );
            }
            let Some(to) = id_of(raw, &written.to) else {
                let name = Spanned::new(self.word_in(&at, &written.to).span, written.to.clone());
                self.unknown(
                    "metric",
                    &name,
                    entry.id.place.file,
                    raw.metrics.iter().map(|metric| metric.id.value.as_str()),
                );
                continue;
            };
            links.push(Link {
                from,
                to,
                weight,
                lag: written.lag.unwrap_or(0),
                because: written.because.filter(|reason| !reason.trim().is_empty()),
                place: at,
            });
        }
        links
    }

    /// Reads a link that is written out, keeping every problem; `None` where it does not say what it drives.
    fn link(&mut self, table: &toml::Table, at: &Place) -> Option<RawLink> {
        let mut link = RawLink::default();
        for (key, value) in table {
            let wanted = match (key.as_str(), value) {
                ("to", toml::Value::String(to)) => {
                    link.to.clone_from(to);
                    continue;
                }
                ("because", toml::Value::String(because)) => {
                    link.because = Some(because.clone());
                    continue;
                }
                ("weight", toml::Value::Integer(_) | toml::Value::Float(_)) => {
                    link.weight = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
                    continue;
                }
                ("lag", toml::Value::Integer(lag)) if u32::try_from(*lag).is_ok() => {
                    link.lag = u32::try_from(*lag).ok();
                    continue;
                }
                ("to", _) => "the id of a metric",
                ("because", _) => "a text",
                ("weight", _) => "a number",
                ("lag", _) => "a whole number of periods from 0",
                (unknown, _) => {
                    let problem = Diagnostic::error(Code::UnknownKey, format!("a link has no key `{unknown}`"));
                    let problem = problem.at(&self.word_in(at, unknown), "");
                    let help = prose::did_you_mean(unknown, ["to", "weight", "lag", "because"]);
                    self.problems.push(problem.help(help.unwrap_or_default()));
                    continue;
                }
            };
            let problem = Diagnostic::error(Code::BadType, format!("`{key}` must be {wanted}"));
            self.problems.push(problem.at(&self.word_in(at, key), "").help(HOW_TO_LINK));
        }
        if !table.contains_key("to") {
            let problem = Diagnostic::error(Code::MissingKey, "this link does not say what it drives").at(at, "");
            self.problems.push(problem.help(HOW_TO_LINK));
        }
        table.get("to").is_some_and(toml::Value::is_str).then_some(link)
    }

    fn input_and_driver(&mut self, link: &Link, entry: &Entry<RawMetric>, raw: &RawScorecard) {
        let target = &raw.metrics[link.to.index()];
        let message = format!("`{}` is an input of `{}` and cannot also drive it", entry.id.value, target.id.value);
        let mut problem = Diagnostic::error(Code::InputAndDriver, message).at(&link.place, "claimed as a link here");
        if let Some(value) = &target.table.value {
            problem = problem.at(&place(value, target.id.place.file), "arithmetic already, here");
        }
        self.problems.push(problem.help("drop the link: what is arithmetic needs no belief"));
    }

    /// A loop as it runs, each link or definition of it pointed at.
    fn cycle(&mut self, cycle: &Cycle, raw: &RawScorecard, children: &[Vec<Edge>]) {
        let mut ids = cycle.0.clone();
        // From the first of them in the file.
        let first = (0..ids.len()).min_by_key(|at| ids[*at]).unwrap_or_default();
        ids.rotate_left(first);
        ids.push(ids[0]);
        let name = |id: MetricId| raw.metrics[id.index()].id.value.as_str();
        let names: Vec<&str> = ids.iter().map(|id| name(*id)).collect();
        let mut problem = Diagnostic::error(Code::Cycle, format!("the thread runs in a circle: {}", names.join(" → ")));
        for pair in ids.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let above = &raw.metrics[to.index()];
            let edge = children[to.index()].iter().find(|edge| edge.child == from);
            problem = match (edge.map(|edge| &edge.tie), &above.table.value) {
                (Some(Tie::Link(link)), _) => {
                    problem.at(&link.place, format!("`{}` drives `{}`", name(from), name(to)))
                }
                (_, Some(value)) => {
                    let at = self.word_in(&place(value, above.id.place.file), name(from));
                    problem.at(&at, format!("`{}` is computed from `{}`", name(to), name(from)))
                }
                (_, None) => problem.at(&above.id.place, ""),
            };
        }
        self.problems.push(problem.help("cut the loop: a thread runs upward only, from departments to goals"));
    }

    /// Whether a link that has a problem of its own was meant for this metric.
    fn nearly_driven(&self, id: &str) -> bool {
        let (meant, quoted) = (format!("did you mean `{id}`?"), format!("\"{id}\""));
        self.problems.iter().any(|problem| match problem.labels.first().map(|label| &label.locus) {
            Some(Locus::Scorecard(at)) => {
                let text = &self.files.get(at.file).text;
                let line = text[..at.span.start].rfind('\n').map_or(0, |start| start + 1);
                let end = text[at.span.end..].find('\n').map_or(text.len(), |end| at.span.end + end);
                problem.help.as_ref() == Some(&meant)
                    || (text[line..end].trim_start().starts_with("drives") && text[line..end].contains(&quoted))
            }
            _ => false,
        })
    }

    /// A thread has an end a reader can see: a bound on its depth also bounds every walk along it.
    fn depth(&mut self, graph: &Graph, raw: &RawScorecard) {
        let mut depth = vec![0usize; raw.metrics.len()];
        for id in graph.children_first() {
            depth[id.index()] = graph.children(*id).iter().map(|edge| depth[edge.child.index()] + 1).max().unwrap_or(0);
            if depth[id.index()] == MOST_DEEP + 1 {
                let entry = &raw.metrics[id.index()];
                let message = format!("the thread below `{}` is more than {MOST_DEEP} links deep", entry.id.value);
                let problem = Diagnostic::error(Code::BadSetting, message).at(&entry.id.place, "");
                self.problems.push(problem.help("link metrics to what they move directly"));
            }
        }
    }

    fn without_drivers(&mut self, raw: &RawScorecard, metrics: &[Option<Metric>], children: &[Vec<Edge>]) {
        for ((entry, metric), edges) in raw.metrics.iter().zip(metrics).zip(children) {
            let empty =
                metric.as_ref().is_some_and(|metric| matches!(metric.value, Value::FromDrivers)) && edges.is_empty();
            let told = |key: &str| self.told(&entry.id.place, key);
            if empty && !told("value") && !told(&entry.id.value) && !self.nearly_driven(&entry.id.value) {
                let problem = Diagnostic::error(
                    Code::MissingKey,
                    format!("`{}` has no `value` and nothing drives it", entry.id.value),
                );
                let help =
                    format!("say what its value is, or let another metric say `drives = [\"{}\"]`", entry.id.value);
                self.problems.push(problem.at(&entry.id.place, "").help(help));
            }
        }
        for (entry, metric) in raw.metrics.iter().zip(metrics) {
            let Some(metric) = metric else { continue };
            let known: BTreeSet<MetricId> = inputs(Some(metric)).iter().map(|edge| edge.child).collect();
            if let (Some((stranger, _)), Some(weights)) =
                (metric.input_weights.iter().find(|(id, _)| !known.contains(id)), entry.table.weights_of_inputs())
            {
                let message = format!(
                    "`input_weights` names `{}`, which is not an input of `{}`",
                    raw.metrics[stranger.index()].id.value,
                    entry.id.value
                );
                let help = if known.is_empty() {
                    "weights of drivers stand in their `drives`".to_owned()
                } else {
                    format!("its inputs are {}", prose::list(known.iter().map(|id| &raw.metrics[id.index()].id.value)))
                };
                self.problems.push(
                    Diagnostic::error(Code::BadSetting, message)
                        .at(&place(weights, entry.id.place.file), "")
                        .help(help),
                );
            }
        }
    }
}

/// The inputs of a definition as edges, each once, in the order of the formula.
fn inputs(metric: Option<&Metric>) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    if let Some(Metric { value: Value::Defined(formula), .. }) = metric {
        formula.visit(&mut |term| {
            if edges.iter().all(|edge| edge.child != *term.metric()) {
                edges.push(Edge { child: *term.metric(), tie: Tie::Definition });
            }
        });
    }
    edges
}
