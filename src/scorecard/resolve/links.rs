//! The links of every `drives`, and with the definitions' inputs the graph.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_spanned::Spanned;

use super::super::raw::{Entry, RawLink, RawMetric, RawScorecard};
use super::metrics::id_of;
use super::{Resolver, place};
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{Cycle, Edge, Graph, Tie};
use crate::metric::{Link, Metric, MetricId, Value};
use crate::prose;

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
        match Graph::new(children) {
            Ok(graph) => (self.problems.len() == found_before).then_some(graph),
            Err(cycles) => {
                for cycle in cycles {
                    self.cycle(&cycle, raw);
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
                other => match RawLink::deserialize(other.clone()) {
                    Ok(link) => link,
                    Err(error) => {
                        let problem = Diagnostic::error(
                            Code::BadType,
                            format!("this is not a link: {}", error.message().replace('\n', " ")),
                        )
                        .at(&at, "");
                        self.problems.push(
                            problem
                                .help("write an id, or `{ to = \"churn\", weight = 3, lag = 1, because = \"...\" }`"),
                        );
                        continue;
                    }
                },
            };
            let weight = written.weight.unwrap_or(1.0);
            if !(weight.is_finite() && weight > 0.0) {
                self.problems.push(
                    Diagnostic::error(Code::BadSetting, "the weight of a link must be above 0")
                        .at(&at, "")
                        .help("drop the link if it does not count"),
                );
            }
            let Some(to) = id_of(raw, &written.to) else {
                let name = Spanned::new(self.word_in(value, &written.to, entry), written.to.clone());
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

    /// The span of an id inside a link, for the caret.
    fn word_in(&self, value: &Spanned<toml::Value>, word: &str, entry: &Entry<RawMetric>) -> std::ops::Range<usize> {
        let span = value.span();
        let written = &self.files.get(entry.id.place.file).text[span.clone()];
        match written.find(&format!("\"{word}\"")) {
            Some(at) => span.start + at..span.start + at + word.len() + 2,
            None => span,
        }
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

    fn cycle(&mut self, cycle: &Cycle, raw: &RawScorecard) {
        let name = |id: &MetricId| raw.metrics[id.index()].id.value.clone();
        let mut names: Vec<String> = cycle.0.iter().map(name).collect();
        names.push(names[0].clone());
        let message = format!("the thread runs in a circle: {}", names.join(" → "));
        let mut problem = Diagnostic::error(Code::Cycle, message);
        for id in &cycle.0 {
            problem = problem.at(&raw.metrics[id.index()].id.place, "");
        }
        self.problems.push(problem.help("cut the loop: a thread runs upward only, from departments to goals"));
    }

    fn without_drivers(&mut self, raw: &RawScorecard, metrics: &[Option<Metric>], children: &[Vec<Edge>]) {
        for ((entry, metric), edges) in raw.metrics.iter().zip(metrics).zip(children) {
            let empty =
                metric.as_ref().is_some_and(|metric| matches!(metric.value, Value::FromDrivers)) && edges.is_empty();
            if empty {
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
                (metric.input_weights.iter().find(|(id, _)| !known.contains(id)), &entry.table.weights)
            {
                let message = format!(
                    "`weights` names `{}`, which is not an input of `{}`",
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
