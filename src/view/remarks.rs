//! Which figures of a report are marked, and what each mark is about.

use std::collections::BTreeSet;

use super::show::Row;
use crate::evaluate::{CaveatKind, Evaluation, Figure, Note, Standing};
use crate::metric::Scorecard;

/// The marks of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of its actual, in each period.
    pub actuals: Vec<BTreeSet<CaveatKind>>,
    /// Of its target.
    pub target: BTreeSet<CaveatKind>,
    /// Of what was before, and so of the change.
    pub change: BTreeSet<CaveatKind>,
    /// Of its thread score.
    pub thread: BTreeSet<CaveatKind>,
}

/// What marked figures rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Its mark.
    pub kind: CaveatKind,
    /// What it is, in full words.
    pub text: String,
    /// Of which metrics.
    pub metrics: Vec<String>,
}

impl Marks {
    /// The marks of a metric that stands so in each period; the last one is the one reported on.
    pub(super) fn of(standings: &[&Standing]) -> Marks {
        let last = |figure| standings.last().map_or(BTreeSet::new(), |standing| standing.kinds(&[figure]));
        Marks {
            actuals: standings.iter().map(|standing| standing.kinds(&[Figure::Actual])).collect(),
            target: last(Figure::Target),
            change: last(Figure::Prior),
            thread: last(Figure::Thread),
        }
    }
}

/// Every caveat of the figures shown, each with the metrics it holds for, those of a kind together.
pub(super) fn remarks(
    scorecard: &Scorecard,
    wholes: &[&Evaluation],
    parts: &[Vec<&Evaluation>],
    rows: &[Row],
) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    let mut add = |note: &Note, text: String, metric: &str| {
        let kind = note.caveat.kind();
        match remarks.iter_mut().find(|remark| remark.kind == kind && remark.text == text) {
            Some(known) if known.metrics.iter().any(|name| name == metric) => {}
            Some(known) => known.metrics.push(metric.to_owned()),
            None => remarks.push(Remark { kind, text, metrics: vec![metric.to_owned()] }),
        }
    };
    let last = wholes.last().map(|whole| whole.period);
    let dated = |note: &Note, evaluation: &Evaluation| {
        let text = note.to_string();
        // A part of a period names its days.
        if last == Some(evaluation.period) || note.caveat.kind() == CaveatKind::Partial {
            text
        } else {
            format!("in {} {text}", scorecard.calendar.name(evaluation.period))
        }
    };
    let several = wholes.len() > 1;
    for row in rows.iter().filter(|row| row.segment.is_none()) {
        for whole in wholes {
            for note in shown(whole.standing(row.id), last == Some(whole.period), several) {
                add(note, dated(note, whole), &row.name);
            }
        }
        for (part, whole) in parts.iter().flat_map(|part| part.iter().zip(wholes)) {
            let (standing, of_whole) = (part.standing(row.id), whole.standing(row.id));
            for note in shown(standing, last == Some(part.period), several).filter(|_| standing.is_part()) {
                // What holds for the whole was said of the whole.
                if !of_whole.notes.contains(note) {
                    add(note, dated(note, part), &part_name(&row.name, part));
                }
            }
        }
    }
    remarks.sort_by_key(|remark| remark.kind);
    remarks
}

/// A metric's name with the part of it that is meant.
pub(super) fn part_name(metric: &str, evaluation: &Evaluation) -> String {
    format!("{metric} ({})", super::segment_name(evaluation.segment.as_deref().unwrap_or_default()))
}

/// The notes on figures that a table shows: of earlier periods the actuals, of several periods no target.
fn shown(standing: &Standing, last: bool, several: bool) -> impl Iterator<Item = &Note> {
    standing.notes.iter().filter(move |note| match note.figure {
        Figure::Actual => true,
        Figure::Thread => last,
        Figure::Target | Figure::Prior => last && !several,
        Figure::PriorYear | Figure::YearToDate => false,
    })
}
