//! One trace as text: label, value, a line each.

use super::super::facts::{rows, written};
use super::super::number::{NOTHING, full, score};
use super::super::steadiness::{expected, of_variation};
use super::super::style::{Palette, Tone, harmless, paint, status};
use super::notes::{promise_line, quantity_line};
use crate::metric::Polarity;
use crate::number::Number;
use crate::prose;
use crate::view::{Converted, LimitsShown, Promised, Steadiness, TooFew, Trace};

/// The trace as text.
pub fn trace(trace: &Trace, palette: Palette) -> String {
    let mut writer = Writer { out: String::new(), palette };
    writer.head(trace);
    writer.source(trace);
    writer.line("", "");
    for other in &trace.compared {
        let whose = if other.in_both { "  (of those who reported in both)" } else { "" };
        writer.line(other.what, &format!("{}{whose}", value_or_reason(&other.value)));
        other.caveats.iter().for_each(|caveat| writer.line("", &harmless(caveat)));
    }
    writer.judgement(trace);
    writer.out
}

struct Writer {
    out: String,
    palette: Palette,
}

impl Writer {
    fn line(&mut self, label: &str, text: &str) {
        if label.is_empty() && text.is_empty() {
            self.out.push('\n');
        } else {
            let label = paint(self.palette, Tone::Faint, &format!("{label:<20}"));
            self.out.push_str(format!("  {label} {text}").trim_end());
            self.out.push('\n');
        }
    }

    fn head(&mut self, trace: &Trace) {
        let shown = trace.shown.as_ref().map_or_else(|| NOTHING.to_owned(), quantity_line);
        let name = paint(self.palette, Tone::Strong, &harmless(&trace.name));
        self.out.push_str(&format!("{name} ({})  {shown}\n", trace.id));
        self.line("period", &format!("{} ({})", trace.period.0, trace.period.1));
        self.line("value", &value_or_reason(&trace.actual));
        trace.caveats.iter().for_each(|caveat| self.line("", &harmless(caveat)));
        if let Some(known) = &trace.last_known {
            let ago = prose::count(known.ago, known.grain.word());
            self.line("last known", &format!("{}  ({}, {ago} before)", full(known.value), known.period));
        }
        if let Some(formula) = &trace.formula {
            self.line("formula", &harmless(formula));
        }
        if let Some(filter) = &trace.filter {
            self.line("where", &harmless(filter));
        }
        for part in &trace.parts {
            self.line("", &format!("{} = {}", harmless(&part.written), value_or_reason(&part.value)));
        }
        if let Some(rule) = trace.over_time {
            self.line("over time", rule);
        }
    }

    fn source(&mut self, trace: &Trace) {
        let Some((source, filter)) = &trace.source else { return };
        let filter = filter.as_ref().map_or(String::new(), |filter| format!("  where {}", harmless(filter)));
        self.line("source", &format!("{source}{filter}"));
        if let Some(rows) = trace.rows {
            self.line("rows in the period", &prose::grouped(&rows.to_string()));
        }
        for file in &trace.files {
            self.line("file", &harmless(&file.path));
            self.line("  written", &harmless(&written(file)));
            self.line("  rows", &rows(file));
        }
        if let Some(converted) = &trace.converted {
            self.converted(converted);
        }
    }

    fn converted(&mut self, converted: &Converted) {
        for (index, from) in converted.currencies.iter().enumerate() {
            let rows = prose::count(usize::try_from(from.rows).unwrap_or(usize::MAX), "row");
            let rates: Vec<String> =
                from.rates.iter().map(|(rate, when)| format!("{} in {}", full(*rate), harmless(when))).collect();
            let how = if rates.is_empty() { "as they stand".to_owned() } else { format!("at {}", rates.join(", ")) };
            let label = if index == 0 { format!("converted into {}", converted.into) } else { String::new() };
            self.line(&label, &format!("{}: {rows}, {how}", harmless(&from.code)));
        }
        for file in &converted.files {
            self.line("rates", &harmless(&file.path));
            self.line("  written", &harmless(&written(file)));
            self.line("  rows", &rows(file));
        }
    }

    fn judgement(&mut self, trace: &Trace) {
        self.line("", "");
        let promise = |promise: &Result<Promised, String>, origin: &Option<String>| match promise {
            Ok(promise) => format!(
                "{}{}",
                promise_line(promise),
                origin.as_ref().map_or(String::new(), |origin| format!("  ({origin})"))
            ),
            Err(reason) => format!("{NOTHING} {}", harmless(reason)),
        };
        self.line("target", &promise(&trace.target.0, &trace.target.1));
        trace.target_caveats.iter().for_each(|caveat| self.line("", &harmless(caveat)));
        if trace.target.0.is_ok() {
            self.line("threshold", &promise(&trace.threshold.0, &trace.threshold.1));
        }
        if let Some(stretch) = &trace.stretch {
            self.line("stretch", &format!("{}  (never scored)", promise_line(stretch)));
        }
        if let Some(benchmark) = &trace.benchmark {
            self.line("benchmark", &format!("{}  (never scored)", quantity_line(benchmark)));
        }
        self.limits(trace);
        if let Some(points) = trace.score {
            self.line("score", &format!("{}  (0 at the threshold, 100 at the target, linear between)", score(points)));
        }
        if let Some((points, coverage)) = trace.thread {
            let bounds = trace.bounds.map_or(String::new(), |(low, high)| {
                format!(", between {} and {} once the rest reports", score(low), score(high))
            });
            let points = points.map_or_else(|| NOTHING.to_owned(), score);
            self.line(
                "thread score",
                &format!("{points}  ({} % of its weight has data and a target{bounds})", (coverage * 100.0).floor()),
            );
            trace.thread_caveats.iter().for_each(|caveat| self.line("", &harmless(caveat)));
        }
        let rule = match trace.better {
            Some(Polarity::Higher) => "  (on-target at or above the target, off-target at or below the threshold)",
            Some(Polarity::Lower) => "  (on-target at or below the target, off-target at or above the threshold)",
            Some(Polarity::Between) => {
                "  (on-target inside the target's range, off-target at or outside the threshold's)"
            }
            None => "",
        };
        let painted = paint(self.palette, Tone::of(trace.status), &status(trace.status));
        self.line("status", &format!("{painted}{rule}"));
    }
}

impl Writer {
    fn limits(&mut self, trace: &Trace) {
        let limits = match &trace.limits {
            None => return,
            Some(Err(TooFew { values, least })) => {
                let text =
                    format!("{NOTHING} {} to compute them from, {least} are the least", prose::count(*values, "value"));
                return self.line("limits", &text);
            }
            Some(Ok(limits)) => limits,
        };
        let because = limits.because.as_ref().map_or(String::new(), |because| format!(": {}", harmless(because)));
        let [lower, centre, upper] = [&limits.lower, &limits.centre, &limits.upper].map(quantity_line);
        let values = prose::count(limits.values, "value");
        let text = format!("{lower} to {upper}, centre {centre}  ({values} since {}{because})", limits.since);
        self.line("limits", &text);
        let LimitsShown { steadiness: Steadiness { variation, signal, assurance, doubts }, .. } = limits;
        if let Some(signal) = signal {
            self.line("", &format!("{} {signal} ({})", of_variation(*variation), variation.word()));
        }
        assurance.iter().for_each(|assurance| self.line("", expected(*assurance)));
        doubts.iter().for_each(|doubt| self.line("", &crate::view::doubted(*doubt)));
    }
}

fn value_or_reason(value: &Result<Number, String>) -> String {
    match value {
        Ok(number) => full(*number),
        Err(reason) => format!("{NOTHING} {}", harmless(reason)),
    }
}
