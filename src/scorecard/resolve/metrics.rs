//! One `[goals.*]` or `[metrics.*]` table to a [`Metric`].

use rust_decimal::Decimal;
use serde_spanned::Spanned;

use super::super::raw::{Entry, RawMetric, RawScorecard};
use super::{Resolver, decimal, place};
use crate::diagnostic::{Code, Diagnostic, Placed};
use crate::formula::{Formula, Term, parse_definition, parse_measure};
use crate::metric::{Department, Measurement, Metric, MetricId, Role, Source, SourceId, Value};
use crate::period::{Calendar, Grain};
use crate::prose;
use crate::unit::Unit;

/// What a metric's table may refer to.
pub(super) struct Names<'n> {
    pub(super) departments: &'n [Department],
    pub(super) stages: &'n [Placed<String>],
    pub(super) sources: &'n [Source],
    pub(super) grain: Grain,
    pub(super) calendar: &'n Calendar,
    pub(super) tolerance: Decimal,
}

impl Names<'_> {
    /// How a period of the scorecard's grain is written, by example.
    pub(super) fn example(&self) -> &'static str {
        match self.grain {
            Grain::Day => "2025-06-01",
            Grain::Week => "2025-W23",
            Grain::Month => "2025-06",
            // Fiscal ones begin where no quarter or year of the calendar need begin.
            Grain::Quarter if self.calendar.is_plain() => "2025-Q3",
            Grain::Year if self.calendar.is_plain() => "2025",
            Grain::Quarter | Grain::Year => "2025-06",
        }
    }
}

impl Resolver<'_> {
    pub(super) fn metric(&mut self, entry: &Entry<RawMetric>, raw: &RawScorecard, names: &Names<'_>) -> Option<Metric> {
        let (table, file) = (&entry.table, entry.id.place.file);
        let found_before = self.problems.len();
        let value = self.value(entry, raw, names);
        let unit = self.unit(entry);
        let bars = self.bars(entry, names);
        let metric = Metric {
            id: entry.id.value.clone(),
            name: table.name.clone().unwrap_or_else(|| entry.id.value.clone()),
            role: self.role(entry),
            value: value.unwrap_or(Value::FromDrivers),
            unit,
            decimals: self.decimals(table.decimals.as_ref(), file),
            better: table.better.as_ref().map(|better| *better.get_ref()),
            target: bars.target,
            threshold: bars.threshold,
            stretch: bars.stretch,
            benchmark: self.benchmark(table.benchmark.as_ref(), file),
            critical: table.critical.unwrap_or(false),
            owner: table.owner.clone(),
            department: table.department.as_ref().and_then(|name| self.department(name, file, names.departments)),
            stage: self.stage(entry, names.stages),
            rollup: table.rollup.unwrap_or_default(),
            input_weights: self.input_weights(entry, raw),
            rebases: self.rebases(entry, names),
            place: entry.id.place.clone(),
        };
        (self.problems.len() == found_before).then_some(metric)
    }

    fn value(&mut self, entry: &Entry<RawMetric>, raw: &RawScorecard, names: &Names<'_>) -> Option<Value> {
        let (table, file) = (&entry.table, entry.id.place.file);
        let source = table.source.as_ref().and_then(|name| self.source_id(name, entry, names.sources));
        let filter = table.filter.as_ref().map(|text| (text, self.predicate(text, file)));
        match (&table.source, &table.value) {
            (Some(_), Some(text)) => {
                let formula = self.formula(text, file, parse_measure)?;
                Some(Value::Measured(Measurement {
                    source: source?,
                    formula,
                    filter: filter.and_then(|(_, filter)| filter),
                    place: place(text, file),
                }))
            }
            (Some(_), None) if self.told(&entry.id.place, "value") => None,
            (Some(source), None) => {
                let problem =
                    Diagnostic::error(Code::MissingKey, format!("`{}` has a source and no `value`", entry.id.value));
                self.problems.push(
                    problem.at(&place(source, file), "").help("say what of its rows counts: `value = \"sum(column)\"`"),
                );
                None
            }
            (None, value) => {
                if let Some((text, _)) = filter {
                    let problem = Diagnostic::error(
                        Code::BadSetting,
                        format!("`{}` has a `where` and no source whose rows it could choose", entry.id.value),
                    );
                    self.problems
                        .push(problem.at(&place(text, file), "").help("name its `source`, or drop the `where`"));
                }
                let Some(text) = value else { return Some(Value::FromDrivers) };
                let formula = self.formula(text, file, parse_definition)?;
                self.definition(&formula, text, entry, raw)
            }
        }
    }

    fn definition(
        &mut self,
        formula: &Formula<Term>,
        text: &Spanned<String>,
        entry: &Entry<RawMetric>,
        raw: &RawScorecard,
    ) -> Option<Value> {
        let file = entry.id.place.file;
        let mut inputs = 0;
        formula.visit(&mut |_| inputs += 1);
        if inputs == 0 {
            let problem =
                Diagnostic::error(Code::BadFormula, format!("`{}` is a constant: it names no metric", entry.id.value));
            self.problems.push(
                problem
                    .at(&place(text, file), "")
                    .help("name the metrics it is computed from, or the `source` its rows come from"),
            );
            return None;
        }
        let resolved = formula.try_map(&mut |term: &Term| {
            let found = id_of(raw, term.metric()).ok_or(())?;
            Ok::<_, ()>(match term {
                Term::Metric(_) => Term::Metric(found),
                Term::Previous(_) => Term::Previous(found),
                Term::Trailing(_, periods) => Term::Trailing(found, *periods),
            })
        });
        match resolved {
            Ok(formula) => Some(Value::Defined(formula)),
            Err(_) => {
                self.unknown_inputs(formula, text, entry, raw);
                None
            }
        }
    }

    fn unknown_inputs(
        &mut self,
        formula: &Formula<Term>,
        text: &Spanned<String>,
        entry: &Entry<RawMetric>,
        raw: &RawScorecard,
    ) {
        let mut unknown: Vec<String> = Vec::new();
        formula.visit(&mut |term: &Term| {
            if id_of(raw, term.metric()).is_none() && !unknown.contains(term.metric()) {
                unknown.push(term.metric().clone());
            }
        });
        for name in unknown {
            let span = find_word(text.get_ref(), &name).unwrap_or(0..text.get_ref().len());
            let problem = Diagnostic::error(Code::UnknownId, format!("there is no metric `{name}`"))
                .at(&self.inside(text, entry.id.place.file, span), "");
            let known = raw.metrics.iter().map(|metric| metric.id.value.as_str());
            let help = match prose::nearest(&name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "if it is a column, name the `source` it stands in".to_owned(),
            };
            self.problems.push(problem.help(help));
        }
    }

    fn source_id(&mut self, name: &Spanned<String>, entry: &Entry<RawMetric>, sources: &[Source]) -> Option<SourceId> {
        let found = sources.iter().position(|source| source.id == *name.get_ref());
        if found.is_none() {
            self.unknown("source", name, entry.id.place.file, sources.iter().map(|source| source.id.as_str()));
        }
        found.map(SourceId)
    }

    fn unit(&mut self, entry: &Entry<RawMetric>) -> Option<Unit> {
        let (table, file) = (&entry.table, entry.id.place.file);
        let Some(word) = &table.unit else {
            if (table.value.is_some() || table.target.is_some()) && !self.told(&entry.id.place, "unit") {
                let problem = Diagnostic::error(Code::MissingUnit, format!("`{}` has no `unit`", entry.id.value))
                    .at(&entry.id.place, "");
                self.problems.push(problem.help("write percent, count, a currency such as EUR, minutes, hours, days, score, ratio, or a noun of your own"));
            }
            return None;
        };
        if ["%", "pct", "percentage", "percents", "per cent"].contains(&word.get_ref().trim()) {
            let problem = Diagnostic::error(Code::BadSetting, format!("`{}` is not a unit", word.get_ref()));
            self.problems.push(
                problem.at(&place(word, file), "").help("write `percent`; its values are fractions, 0.8 for 80 %"),
            );
            return None;
        }
        if let Some(meant) = Unit::meant(word.get_ref()) {
            let problem = Diagnostic::error(Code::BadSetting, format!("`{}` is not a unit", word.get_ref()));
            self.problems.push(problem.at(&place(word, file), "").help(format!("write `{meant}`")));
            return None;
        }
        let unit = Unit::parse(word.get_ref());
        if unit.is_none() {
            let message = "a unit can be neither empty nor hold control characters";
            self.problems.push(Diagnostic::error(Code::BadSetting, message).at(&place(word, file), ""));
        }
        unit
    }

    fn role(&mut self, entry: &Entry<RawMetric>) -> Role {
        let (table, file) = (&entry.table, entry.id.place.file);
        if table.is_goal {
            return Role::Goal {
                sponsor: table.sponsor.as_ref().map(|sponsor| sponsor.get_ref().clone()),
                lens: table.lens.as_ref().map(|lens| *lens.get_ref()).unwrap_or_default(),
            };
        }
        if let Some(sponsor) = &table.sponsor {
            let problem = Diagnostic::error(
                Code::BadSetting,
                format!("`{}` is a metric, and only goals have a sponsor", entry.id.value),
            );
            self.problems
                .push(problem.at(&place(sponsor, file), "").help("write `owner`, or move the table to `[goals]`"));
        }
        if let Some(lens) = &table.lens {
            let problem = Diagnostic::error(
                Code::BadSetting,
                format!("`{}` is a metric, and only goals have a lens", entry.id.value),
            );
            self.problems.push(problem.at(&place(lens, file), "").help("drop it, or move the table to `[goals]`"));
        }
        Role::Metric
    }

    fn benchmark(&mut self, benchmark: Option<&Spanned<f64>>, file: crate::diagnostic::FileId) -> Option<Decimal> {
        let benchmark = benchmark?;
        let number = decimal(*benchmark.get_ref());
        if number.is_none() {
            let message = format!("the benchmark {} is not a number that can be held", benchmark.get_ref());
            self.problems.push(Diagnostic::error(Code::BadSetting, message).at(&place(benchmark, file), ""));
        }
        number
    }

    fn decimals(&mut self, decimals: Option<&Spanned<i64>>, file: crate::diagnostic::FileId) -> Option<u32> {
        let decimals = decimals?;
        let number = u32::try_from(*decimals.get_ref()).ok().filter(|n| *n <= 12);
        if number.is_none() {
            self.problems.push(
                Diagnostic::error(Code::BadSetting, "`decimals` must be from 0 to 12").at(&place(decimals, file), ""),
            );
        }
        number
    }

    fn stage(&mut self, entry: &Entry<RawMetric>, stages: &[Placed<String>]) -> Option<String> {
        let stage = entry.table.stage.as_ref()?;
        let mut names = stages.iter().map(|stage| stage.value.as_str());
        if !names.any(|name| name == stage.get_ref()) {
            self.unknown("stage", stage, entry.id.place.file, stages.iter().map(|stage| stage.value.as_str()));
        }
        Some(stage.get_ref().clone())
    }

    fn input_weights(&mut self, entry: &Entry<RawMetric>, raw: &RawScorecard) -> Vec<(MetricId, f64)> {
        let Some(weights) = entry.table.weights_of_inputs() else { return Vec::new() };
        let whole = place(weights, entry.id.place.file);
        let mut found = Vec::new();
        for (name, value) in weights.get_ref() {
            let at = self.word_in(&whole, name);
            let number = value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
            match (id_of(raw, name), number.filter(|n| n.is_finite() && *n >= 0.0)) {
                (Some(id), Some(weight)) => found.push((id, weight)),
                (None, _) => {
                    let problem =
                        Diagnostic::error(Code::UnknownId, format!("there is no metric `{name}`")).at(&at, "");
                    let help = prose::did_you_mean(name, raw.metrics.iter().map(|metric| metric.id.value.as_str()));
                    self.problems
                        .push(problem.help(help.unwrap_or_else(|| "name an input of the definition".to_owned())));
                }
                (_, None) => self.problems.push(
                    Diagnostic::error(
                        Code::BadSetting,
                        format!("the weight of `{name}` must be a number of at least 0"),
                    )
                    .at(&at, ""),
                ),
            }
        }
        found
    }
}

/// The position of a metric among the raw ones, which is its position in the scorecard.
pub(super) fn id_of(raw: &RawScorecard, name: &str) -> Option<MetricId> {
    raw.metrics.iter().position(|entry| entry.id.value == name).map(MetricId::at)
}

/// Where `word` stands as a whole word in `text`.
fn find_word(text: &str, word: &str) -> Option<std::ops::Range<usize>> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word)
        .find(|(at, _)| !part(text[..*at].chars().next_back()) && !part(text[at + word.len()..].chars().next()))
        .map(|(at, _)| at..at + word.len())
}
