//! The message of a trend: what its last period says, in a title and for those who cannot see it.

use super::super::Subject;
use super::super::words::{FURTHEST_AWAY, furthest};
use super::{Footing, Trend, TrendPanel, TrendPoint, TrendScale};
use crate::evaluate::CaveatKind;
use crate::prose;
use crate::status::Status;
use crate::view::words::{against, inline, promised, short};
use crate::view::{Promised, Quantity};

/// The title: of one metric how it stands and since when, of several how many stand well and which is worst; and the note
/// that it needs.
pub(super) fn title(trend: &Trend, subject: &Subject<'_>) -> (String, Option<&'static str>) {
    let title = titled(trend, subject);
    let measure = title.ends_with(FURTHEST).then_some(FURTHEST_AWAY.trim_end_matches('.'));
    (title, measure)
}

/// How a title that names the worst ends.
const FURTHEST: &str = "is furthest away";

fn titled(trend: &Trend, subject: &Subject<'_>) -> String {
    match (trend.panels.as_slice(), trend.scale) {
        ([panel], TrendScale::Own) => of_one(trend, panel, &panel.name),
        ([panel], TrendScale::Shared) => {
            let metric = metric(subject);
            of_one(trend, panel, &format!("{metric} ({})", panel.name))
        }
        (panels, TrendScale::Shared) => {
            let part = match subject.by {
                [dimension] => dimension.as_str(),
                _ => "part",
            };
            of_parts(panels, metric(subject), part, last(trend))
        }
        (panels, TrendScale::Own) => {
            let scorecard = subject.scorecard();
            let are_goals = subject.selected.iter().all(|id| scorecard.metric(*id).is_goal());
            of_several(panels, if are_goals { "goal" } else { "metric" }, last(trend))
        }
    }
}

fn metric<'s>(subject: &'s Subject<'_>) -> &'s str {
    subject.selected.iter().next().map_or("", |id| &subject.scorecard().metric(*id).name)
}

fn last(trend: &Trend) -> &str {
    trend.periods.last().map_or("", String::as_str)
}

fn of_one(trend: &Trend, panel: &TrendPanel, name: &str) -> String {
    let Some(point) = panel.points.last() else { return name.to_owned() };
    let Some(actual) = &point.actual else {
        return match panel.last() {
            Some((index, value)) => {
                format!("{name} has no value in {}: it was {} in {}", last(trend), inline(value), trend.periods[index])
            }
            None => format!("{name} has no value"),
        };
    };
    let value = inline(actual);
    let Some(target) = point.target.as_ref().filter(|_| is_judged(point.status)) else {
        let before = point.prior_year.as_ref().filter(|_| !point.prior_year_is_of_both);
        return match (&point.footing, before) {
            (Footing::Unlike(kind), _) => format!("{name} is at {value}, {}", kind_word(*kind)),
            (_, Some(before)) => format!("{name} is at {value}, a year before at {}", inline(before)),
            _ => format!("{name} is at {value}"),
        };
    };
    format!("{name} {}: {}", since(trend, panel, point.status), against(actual, target))
}

/// How it stands in the last period, and for how long its target has been met or missed, by little or by much.
fn since(trend: &Trend, panel: &TrendPanel, status: Status) -> String {
    let run =
        |is_of: &dyn Fn(Status) -> bool| panel.points.iter().rev().take_while(|point| is_of(point.status)).count();
    let same = run(&|earlier| earlier == status);
    let alike = match status {
        Status::OnTarget => same,
        _ => run(&|earlier| matches!(earlier, Status::AtRisk | Status::OffTarget)),
    };
    let count = |run: usize| match run == panel.points.len() {
        true => format!("in all {} shown", prose::count(run, trend.grain.word())),
        false => format!("for {}", prose::count(run, trend.grain.word())),
    };
    match (status, alike) {
        (_, 1) => format!("is {}", status.word()),
        (Status::OnTarget, run) => format!("has met its target {}", count(run)),
        (_, run) if run > same => format!("has missed its target {}", count(run)),
        (_, run) if run == panel.points.len() => format!("is {} {}", status.word(), count(run)),
        (_, run) => format!("is {} {} running", status.word(), count(run)),
    }
}

fn kind_word(kind: CaveatKind) -> &'static str {
    match kind {
        CaveatKind::Partial => "of a part of the period",
        CaveatKind::Provisional => "which is provisional",
        CaveatKind::Rejected => "without the rows that could not be read",
        CaveatKind::Restated => "restated since it was closed",
    }
}

fn is_judged(status: Status) -> bool {
    matches!(status, Status::OnTarget | Status::AtRisk | Status::OffTarget)
}

fn of_several(panels: &[TrendPanel], noun: &str, period: &str) -> String {
    let all = prose::count(panels.len(), noun);
    let judged: Vec<&TrendPanel> = panels.iter().filter(|panel| is_judged(panel.status)).collect();
    let good = judged.iter().filter(|panel| panel.status == Status::OnTarget).count();
    if judged.is_empty() {
        return match panels.iter().all(|panel| panel.status == Status::NoData) {
            true => format!("None of {all} has a value in {period}"),
            false => format!("{all} over time, none held against a target in {period}"),
        };
    }
    let beginning = match good {
        _ if good == panels.len() => return format!("All {all} are on-target"),
        0 => format!("None of {all} is on-target"),
        1 => format!("1 of {all} is on-target"),
        good => format!("{good} of {all} are on-target"),
    };
    match behind(&judged) {
        Some(behind) => format!("{beginning}; {behind}"),
        None if good == judged.len() => format!("{beginning}, the others are held against none"),
        None => beginning,
    }
}

/// Who is behind: the one, or the one that is furthest away.
fn behind(judged: &[&TrendPanel]) -> Option<String> {
    let behind: Vec<&TrendPanel> = judged.iter().copied().filter(|panel| panel.status != Status::OnTarget).collect();
    match behind.as_slice() {
        [] => None,
        [one] => Some(format!("{} is {}", one.name, one.status.word())),
        several => {
            let steps = several.iter().map(|panel| (panel.name.as_str(), steps_away(panel)));
            Some(format!("{} {FURTHEST}", furthest(steps)?))
        }
    }
}

fn of_parts(panels: &[TrendPanel], metric: &str, part: &str, period: &str) -> String {
    let judged: Vec<&TrendPanel> = panels.iter().filter(|panel| is_judged(panel.status)).collect();
    let good = judged.iter().filter(|panel| panel.status == Status::OnTarget).count();
    if !judged.is_empty() {
        let all = prose::count(judged.len(), part);
        let beginning = match good {
            0 => format!("{metric} is on-target in none of {all}"),
            good if good == judged.len() && good > 1 => format!("{metric} is on-target in all {all}"),
            good => format!("{metric} is on-target in {good} of {all}"),
        };
        return behind(&judged).map_or(beginning.clone(), |behind| format!("{beginning}; {behind}"));
    }
    let now = |panel: &'_ TrendPanel| panel.points.last().and_then(|point| point.actual.clone());
    let mut values: Vec<(Quantity, &str)> =
        panels.iter().filter_map(|panel| Some((now(panel)?, panel.name.as_str()))).collect();
    values.sort_by(|(a, _), (b, _)| a.number.to_f64().total_cmp(&b.number.to_f64()));
    match values.as_slice() {
        [] => format!("{metric} has no value by {part} in {period}"),
        [(value, name)] => format!("{metric} is at {} in {name}", inline(value)),
        [(low, lowest), .., (high, highest)] if low.number == high.number => {
            format!("{metric} is at {} in {lowest} and {highest} alike", inline(low))
        }
        [(low, lowest), .., (high, highest)] => {
            format!("{metric} by {part}: from {} in {lowest} to {} in {highest}", short(low), inline(high))
        }
    }
}

/// How far the last value is from its target, in steps from target to threshold.
fn steps_away(panel: &TrendPanel) -> Option<f64> {
    let point = panel.points.last()?;
    let actual = point.actual.as_ref()?.number.to_f64();
    let (edge, fail) = match (point.target.as_ref()?, point.threshold.as_ref()?) {
        (Promised::Level(target), Promised::Level(threshold)) => (target.number, threshold.number),
        (Promised::Range(low, high), Promised::Range(low_fail, high_fail)) => {
            if actual < low.number.to_f64() {
                (low.number, low_fail.number)
            } else {
                (high.number, high_fail.number)
            }
        }
        _ => return None,
    };
    let step = (fail.to_f64() - edge.to_f64()).abs();
    (step > 0.0).then(|| (actual - edge.to_f64()).abs() / step)
}

/// Every panel in words.
pub(super) fn description(trend: &Trend) -> String {
    let ends = match trend.periods.as_slice() {
        [first, .., last] => format!("from {first} to {last}"),
        periods => format!("in {}", periods.concat()),
    };
    let panels: Vec<String> = trend.panels.iter().map(|panel| described(trend, panel)).collect();
    format!("{} {ends}. {}", prose::count(trend.panels.len(), "line chart"), panels.join(" "))
}

fn described(trend: &Trend, panel: &TrendPanel) -> String {
    let Some((index, value)) = panel.last() else {
        let reason = panel.absence.as_ref().map_or(String::new(), |reason| format!(", {reason}"));
        return format!("{}: no value{reason}.", panel.name);
    };
    let (name, period) = (&panel.name, &trend.periods[index]);
    let absent = match index + 1 == panel.points.len() {
        true => String::new(),
        false => format!("no value in {}, the last one ", last(trend)),
    };
    let (stands, between) = (stands(&panel.points[index]), between(&panel.points));
    format!("{name}: {absent}{} in {period}, {stands}{between}.", inline(value))
}

/// How a point stands: what it is of, where it is held against nothing.
fn stands(point: &TrendPoint) -> String {
    let target = point.target.as_ref().map_or(String::new(), |target| format!(", target {}", promised(target)));
    match point.footing {
        Footing::Unlike(kind) => format!("{}, held against no target", kind_word(kind)),
        Footing::Noted(kind) => format!("{}, {}{target}", kind_word(kind), point.status.word()),
        Footing::Whole => format!("{}{target}", point.status.word()),
    }
}

/// The least and the most of the values that are like one another.
fn between(points: &[TrendPoint]) -> String {
    let is_like = |point: &&TrendPoint| !matches!(point.footing, Footing::Unlike(_));
    let values = || points.iter().filter(is_like).filter_map(|point| point.actual.as_ref());
    let order = |a: &&Quantity, b: &&Quantity| a.number.to_f64().total_cmp(&b.number.to_f64());
    let whose = if points.iter().all(|point| is_like(&point)) { "" } else { "those comparable " };
    match (values().min_by(order), values().max_by(order)) {
        (Some(low), Some(high)) if low.number != high.number => {
            format!(", {whose}between {} and {}", inline(low), inline(high))
        }
        _ => String::new(),
    }
}
