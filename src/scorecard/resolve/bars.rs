//! Targets, thresholds and stretches: a number, a range, a dated table, a table by grain, or an
//! expression over the metric's source.

use rust_decimal::Decimal;
use serde_spanned::Spanned;
use toml::Value as Toml;

use super::super::raw::{Entry, RawMetric};
use super::metrics::Names;
use super::{Resolver, decimal, place};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::formula::parse_measure;
use crate::metric::{Bar, Bars, Polarity, Schedule};
use crate::period::{Grain, Period};

/// What a metric's table promises.
pub(super) struct MetricBars {
    pub(super) target: Option<Bars>,
    pub(super) threshold: Option<Bars>,
    pub(super) stretch: Option<Bars>,
}

/// What one reading of a bar needs to know.
struct Context<'c> {
    key: &'c str,
    text: &'c Spanned<Toml>,
    place: Place,
    better: Polarity,
    entry: &'c Entry<RawMetric>,
    grain: Grain,
}

impl Resolver<'_> {
    pub(super) fn bars(&mut self, entry: &Entry<RawMetric>, names: &Names<'_>) -> MetricBars {
        let table = &entry.table;
        let written = [(&table.target, "target"), (&table.threshold, "threshold"), (&table.stretch, "stretch")];
        let mut written = written.into_iter().filter_map(|(bar, key)| Some((bar.as_ref()?, key)));
        let Some((first, key)) = written.next() else {
            return MetricBars { target: None, threshold: None, stretch: None };
        };
        let at = place(first, entry.id.place.file);
        if table.value.is_none() && !self.told(&entry.id.place, "value") {
            let problem = Diagnostic::error(
                Code::BadSetting,
                format!("`{}` has a {key} and no `value` to hold against it", entry.id.value),
            );
            self.problems.push(problem.at(&at, "").help(
                "a metric without a value is scored from its drivers alone: drop the line, or say what its value is",
            ));
        }
        let Some(better) = table.better.as_ref().map(|better| *better.get_ref()) else {
            if !self.told(&entry.id.place, "better") {
                let message = format!("`{}` has a {key} and does not say which way is better", entry.id.value);
                let help = "add `better = \"higher\"`, `\"lower\"` or `\"between\"`";
                self.problems.push(Diagnostic::error(Code::MissingKey, message).at(&at, "").help(help));
            }
            return MetricBars { target: None, threshold: None, stretch: None };
        };
        let mut read = |value: Option<&Spanned<Toml>>, key: &str| -> Option<Bars> {
            let text = value?;
            let context =
                Context { key, text, place: place(text, entry.id.place.file), better, entry, grain: names.grain };
            self.one(&context)
        };
        let target = read(table.target.as_ref(), "target");
        let threshold = read(table.threshold.as_ref(), "threshold");
        let stretch = read(table.stretch.as_ref(), "stretch");
        match (&target, &threshold) {
            (Some(target), Some(threshold)) => self.sides(target, threshold, better, entry),
            (Some(target), None) if table.threshold.is_none() => self.derivable(target, entry, names.tolerance),
            (None, Some(threshold)) if table.target.is_none() => {
                let problem =
                    Diagnostic::error(Code::MissingKey, format!("`{}` has a threshold and no target", entry.id.value));
                self.problems
                    .push(problem.at(&threshold.place, "").help("add the `target` the threshold falls short of"));
            }
            _ => {}
        }
        if let (None, Some(stretch)) = (&table.target, &stretch) {
            let problem =
                Diagnostic::error(Code::MissingKey, format!("`{}` has a stretch and no target", entry.id.value));
            self.problems.push(problem.at(&stretch.place, "").help("add the `target` the stretch goes beyond"));
        }
        MetricBars { target, threshold, stretch }
    }

    fn one(&mut self, context: &Context<'_>) -> Option<Bars> {
        let mut by_grain = Vec::new();
        match context.text.get_ref() {
            Toml::Table(table) if !table.is_empty() && table.keys().all(|key| grain_of(key).is_some()) => {
                for (key, value) in table {
                    let grain = grain_of(key)?;
                    if !context.grain.nests_in(grain) {
                        self.wrong(
                            context,
                            Code::BadSetting,
                            format!(
                                "the {} is for a {grain}, and the scorecard reports by {}",
                                context.key, context.grain
                            ),
                            Some(&format!("drop it, or set `[scorecard] grain = \"{grain}\"`")),
                        );
                        continue;
                    }
                    if let Some(schedule) = self.schedule(value, context) {
                        by_grain.push((grain, schedule));
                    }
                }
            }
            value => by_grain.push((context.grain, self.schedule(value, context)?)),
        }
        by_grain.sort_by_key(|(grain, _)| *grain);
        Some(Bars { by_grain, place: context.place.clone() })
    }

    fn schedule(&mut self, value: &Toml, context: &Context<'_>) -> Option<Schedule> {
        match value {
            Toml::String(text) => self.measured(text, context).map(Schedule::Measured),
            Toml::Table(table) if !is_range(table) => {
                let mut dated = Vec::new();
                for (key, value) in table {
                    let Some(period) = Period::parse(key) else {
                        let help = "write from when on: `{ \"2025-04\" = 450, \"2026-04\" = 480 }`; for a range, `{ low = 1, high = 2 }`; by grain, `{ month = 1, quarter = 3 }`";
                        let at = self.word_in(&context.place, key);
                        let message = format!("`{key}` is not a period");
                        self.problems.push(Diagnostic::error(Code::BadPeriod, message).at(&at, "").help(help));
                        continue;
                    };
                    if let Some(bar) = self.bar(value, context) {
                        dated.push((period.first(), bar));
                    }
                }
                if table.is_empty() {
                    let help = "write a number, or from when on: `{ \"2025-04\" = 450 }`";
                    self.wrong(context, Code::BadType, format!("the {} is an empty table", context.key), Some(help));
                }
                if dated.is_empty() {
                    return None;
                }
                dated.sort_by_key(|(from, _)| *from);
                if let Some(pair) = dated.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                    let message = format!("the {} changes twice on {}", context.key, pair[0].0);
                    self.wrong(context, Code::BadPeriod, message, Some("keep one of the periods that begin then"));
                }
                Some(Schedule::From(dated))
            }
            value => self.bar(value, context).map(Schedule::Always),
        }
    }

    fn measured(
        &mut self,
        text: &str,
        context: &Context<'_>,
    ) -> Option<crate::formula::Formula<crate::formula::Aggregate>> {
        let percentage = text.trim().strip_suffix('%').and_then(|number| number.trim().parse::<Decimal>().ok());
        if let Some(fraction) = percentage.and_then(|percentage| percentage.checked_div(Decimal::ONE_HUNDRED)) {
            let message = format!("`{text}` is no number: percentages are written as fractions");
            self.wrong(context, Code::BadType, message, Some(&format!("write {}", fraction.normalize())));
            return None;
        }
        if context.entry.table.source.is_none() {
            let message = format!(
                "the {} is an expression, and `{}` has no source to measure it from",
                context.key, context.entry.id.value
            );
            self.wrong(context, Code::BadType, message, Some("write a number, or a table of \"from this period on\""));
            return None;
        }
        if context.better == Polarity::Between {
            self.wrong(
                context,
                Code::AmbiguousTarget,
                format!("with `better = \"between\"` the {} must be a range", context.key),
                Some("write `{ low = 1, high = 2 }`"),
            );
            return None;
        }
        let whole = Spanned::new(self.word_in(&context.place, text).span, text.to_owned());
        self.formula(&whole, context.place.file, parse_measure)
    }

    fn bar(&mut self, value: &Toml, context: &Context<'_>) -> Option<Bar> {
        let between = context.better == Polarity::Between;
        match value {
            Toml::Table(table) if is_range(table) => {
                for key in table.keys().filter(|key| !["low", "high"].contains(&key.as_str())) {
                    let at = self.word_in(&context.place, key);
                    let problem = Diagnostic::error(Code::UnknownKey, format!("a range has no key `{key}`"));
                    self.problems.push(problem.at(&at, "").help("write `{ low = 1, high = 2 }`"));
                }
                let end = |key: &str| table.get(key).and_then(number);
                let (Some(low), Some(high)) = (end("low"), end("high")) else {
                    self.wrong(
                        context,
                        Code::BadType,
                        "a range needs a `low` and a `high`, both numbers".to_owned(),
                        Some("write `{ low = 1, high = 2 }`"),
                    );
                    return None;
                };
                if low > high {
                    self.wrong(
                        context,
                        Code::BadSetting,
                        format!("the `high` end of the range ({high}) is below its `low` end ({low})"),
                        None,
                    );
                }
                if !between {
                    self.wrong(
                        context,
                        Code::AmbiguousTarget,
                        format!("a range does not fit `better = \"{}\"`", context.better.word()),
                        Some("write one number, or `better = \"between\"`"),
                    );
                }
                Some(Bar::Range(low, high))
            }
            value => {
                let Some(level) = number(value) else {
                    self.wrong(
                        context,
                        Code::BadType,
                        format!("the {} is neither a number, a table nor an expression", context.key),
                        Some("write a number, or from when on: `{ \"2025-04\" = 450 }`"),
                    );
                    return None;
                };
                if between {
                    self.wrong(
                        context,
                        Code::AmbiguousTarget,
                        format!("with `better = \"between\"` the {} must be a range", context.key),
                        Some("write `{ low = 1, high = 2 }`"),
                    );
                }
                Some(Bar::Level(level))
            }
        }
    }

    fn wrong(&mut self, context: &Context<'_>, code: Code, message: String, help: Option<&str>) {
        let problem = Diagnostic::error(code, message).at(&context.place, "");
        self.problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    /// A threshold lies on the worse side of the target, at every date either changes.
    fn sides(&mut self, target: &Bars, threshold: &Bars, better: Polarity, entry: &Entry<RawMetric>) {
        for (grain, targets) in &target.by_grain {
            let Some(thresholds) = threshold.at(*grain) else { continue };
            let dates = [targets, thresholds].into_iter().flat_map(|schedule| match schedule {
                Schedule::From(dated) => dated.iter().map(|(from, _)| *from).collect(),
                _ => vec![jiff::civil::Date::MAX],
            });
            let wrong = dates
                .filter_map(|date| Some((targets.on(date)?, thresholds.on(date)?)))
                .find(|(target, threshold)| !on_worse_side(*target, *threshold, better));
            if wrong.is_some() {
                let problem = Diagnostic::error(
                    Code::ThresholdSide,
                    format!("the threshold of `{}` lies on the better side of its target", entry.id.value),
                );
                let side = match better {
                    Polarity::Higher => "at or below the target, since higher is better",
                    Polarity::Lower => "at or above the target, since lower is better",
                    Polarity::Between => "outside the target's range on both sides",
                };
                self.problems.push(
                    problem
                        .at(&threshold.place, "")
                        .at(&target.place, "the target")
                        .help(format!("the threshold must lie {side}")),
                );
            }
        }
    }

    /// The default threshold is a share of |target|: of a target of 0 there is none.
    fn derivable(&mut self, target: &Bars, entry: &Entry<RawMetric>, tolerance: Decimal) {
        let zero = |bar: &Bar| match bar {
            Bar::Level(level) => level.is_zero(),
            Bar::Range(low, high) => low.is_zero() || high.is_zero(),
        };
        let range = |bar: &Bar| matches!(bar, Bar::Range(..));
        let some_range = target.by_grain.iter().any(|(_, schedule)| match schedule {
            Schedule::Always(bar) => range(bar),
            Schedule::From(dated) => dated.iter().any(|(_, bar)| range(bar)),
            Schedule::Measured(_) => false,
        });
        let some_zero = target.by_grain.iter().any(|(_, schedule)| match schedule {
            Schedule::Always(bar) => zero(bar),
            Schedule::From(dated) => dated.iter().any(|(_, bar)| zero(bar)),
            Schedule::Measured(_) => false,
        });
        if some_zero && !tolerance.is_zero() {
            let what = if some_range { "range with an end at 0" } else { "target of 0" };
            let message = format!("`{}` has a {what} and no threshold", entry.id.value);
            let problem = Diagnostic::error(Code::MissingThreshold, message).at(&target.place, "");
            self.problems.push(
                problem.help("the default threshold is a share of the target, and of 0 there is none: add `threshold`"),
            );
        }
    }
}

fn on_worse_side(target: Bar, threshold: Bar, better: Polarity) -> bool {
    match (target, threshold, better) {
        (Bar::Level(target), Bar::Level(threshold), Polarity::Higher) => threshold <= target,
        (Bar::Level(target), Bar::Level(threshold), Polarity::Lower) => threshold >= target,
        (Bar::Range(low, high), Bar::Range(low_fail, high_fail), _) => low_fail <= low && high <= high_fail,
        // A form that does not fit the direction has its own finding.
        _ => true,
    }
}

fn grain_of(word: &str) -> Option<Grain> {
    Grain::ALL.into_iter().find(|grain| grain.word() == word)
}

fn is_range(table: &toml::Table) -> bool {
    table.contains_key("low") || table.contains_key("high")
}

fn number(value: &Toml) -> Option<Decimal> {
    match value {
        Toml::Integer(integer) => Some(Decimal::from(*integer)),
        Toml::Float(float) => decimal(*float),
        _ => None,
    }
}
