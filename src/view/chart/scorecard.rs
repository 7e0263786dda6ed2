//! The scorecard's table as a picture, for a slide: the rows, numbers and notes of `show`.
//!
//! Takes every number from `show`, so that the slide and the terminal cannot differ; owns the message in the title.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Culprits, heads, narrower};
use super::{Heading, Refusal, Subject};
use crate::evaluate::Processes;
use crate::metric::{MetricId, Polarity};
use crate::prose;
use crate::status::Status;
use crate::view::{Order, Row, Show, show};

/// The most rows of one page.
const MOST_ROWS: usize = 70;

/// The scorecard's table as a picture, for a slide.
#[derive(Clone, Debug, PartialEq)]
pub struct ScorecardTable {
    /// What stands around it.
    pub heading: Heading,
    /// What `show` reports of the last period, parts below their metric where a dimension is asked for.
    pub show: Show,
    /// Which way is better, of those of which that is known.
    pub better: BTreeMap<MetricId, Polarity>,
}

impl ScorecardTable {
    /// The table of the metrics selected, as a tree.
    ///
    /// # Errors
    /// No metric is selected, or there are more rows than one page holds.
    pub fn of(subject: &Subject<'_>) -> Result<ScorecardTable, Refusal> {
        let show = show(
            subject.scorecard(),
            std::slice::from_ref(subject.evaluation),
            subject.segments,
            &subject.selected,
            None,
            Order::Tree,
            subject.condition.clone(),
        );
        if show.rows.is_empty() {
            return Err(Refusal::new("no metric is selected", "name others, or none for all of them"));
        }
        if show.rows.len() > MOST_ROWS {
            return Err(too_long(subject, show.rows.len()));
        }
        let period = subject.evaluation.period;
        let processes = Processes::of(subject.reader, &subject.selected, &[period]);
        let show = show.with_processes(subject.scorecard(), period, &processes);
        let heading = Heading {
            title: title(subject, &show),
            subtitle: subject.subtitle(),
            description: description(&show),
            ..Heading::default()
        };
        let better = |id: &MetricId| Some((*id, subject.scorecard().metric(*id).better?));
        let better = subject.selected.iter().filter_map(better).collect();
        Ok(ScorecardTable { heading, show, better })
    }
}

fn too_long(subject: &Subject<'_>, rows: usize) -> Refusal {
    let reason = format!("{} are too many for one page, which holds {MOST_ROWS}", prose::count(rows, "row"));
    if !subject.by.is_empty() {
        return Refusal::new(reason, "leave `--by` out, or name fewer metrics");
    }
    Refusal::new(reason, format!("name fewer metrics, such as {}", narrower(subject)))
}

/// Each metric once: in a tree some stand in several places.
fn metrics(show: &Show) -> Vec<&Row> {
    let mut seen: BTreeSet<MetricId> = BTreeSet::new();
    show.rows.iter().filter(|row| row.segment.is_none() && seen.insert(row.id)).collect()
}

fn title(subject: &Subject<'_>, show: &Show) -> String {
    let metrics = metrics(show);
    let with = |status: Status| metrics.iter().filter(|row| row.status == status).count();
    let (off, risk) = (with(Status::OffTarget), with(Status::AtRisk));
    let judged = off + risk + with(Status::OnTarget);
    let unjudged = metrics.len() - judged;
    if judged == 0 {
        return format!("None of {} can be held against a target", prose::count(metrics.len(), "metric"));
    }
    if off + risk == 0 {
        let rest = match unjudged {
            0 => String::new(),
            one_or_more => format!(", {one_or_more} cannot be judged"),
        };
        let which = if unjudged == 0 { "metric" } else { "judged metric" };
        return match judged {
            1 => format!("{} is on-target{rest}", on_target(&metrics)),
            _ => format!("{} are on-target{rest}", prose::capitalised(&prose::all(judged, which))),
        };
    }
    let counts: Vec<String> = [(off, Status::OffTarget), (risk, Status::AtRisk)]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, status)| format!("{count} {}", status.word()))
        .collect();
    let message = format!("Of {} judged, {}", prose::count(judged, "metric"), are(&counts));
    let (scorecard, heads) = (subject.scorecard(), heads(subject.scorecard(), &subject.selected));
    match Culprits::of(scorecard, subject.evaluation, &heads) {
        Some(most) => format!("{message}; {}", most.sentence(scorecard)),
        None if show.rows.iter().any(|row| row.is_goal && row.thread.is_some()) => {
            format!("{message}; no metric alone costs a goal anything worth naming")
        }
        None => message,
    }
}

fn on_target<'r>(metrics: &[&'r Row]) -> &'r str {
    metrics.iter().find(|row| row.status == Status::OnTarget).map_or("the metric", |row| row.name.as_str())
}

/// `1 is off-target`, `3 are off-target and 2 at-risk`.
fn are(counts: &[String]) -> String {
    let verb = if counts.first().is_some_and(|first| first.starts_with("1 ")) { "is" } else { "are" };
    let mut words = counts.to_vec();
    if let Some(first) = words.first_mut() {
        *first = first.replacen(' ', &format!(" {verb} "), 1);
    }
    prose::join(&words, "and")
}

fn description(show: &Show) -> String {
    let metrics = metrics(show);
    let counts: Vec<String> = Status::ALL
        .iter()
        .map(|status| (metrics.iter().filter(|row| row.status == *status).count(), status.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let goals: Vec<String> =
        metrics.iter().filter(|row| row.is_goal).map(|row| format!("{} is {}", row.name, row.status.word())).collect();
    let goals = if goals.is_empty() { String::new() } else { format!(" Goals: {}.", goals.join(", ")) };
    format!(
        "A table of {} as a tree, with actual, target, variance, change, trend, status and thread score: {}.{goals}",
        prose::count(metrics.len(), "metric"),
        prose::join(&counts, "and"),
    )
}
