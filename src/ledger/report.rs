//! What a report says of one period, as it is frozen: the numbers digit by digit as a rollup writes them.

use std::collections::BTreeSet;

use super::{Figure, Input, Report, definition};
use crate::evaluate::{Absence, Evaluation, Figure as Of, Promise, Reader, Standing, Trends, evaluate_with};
use crate::metric::{MetricId, Scorecard};
use crate::number::Number;
use crate::observe::Segment;
use crate::period::Period;

impl Report {
    /// What is reported of a period: every metric, whole and by each of some segments of the dimensions `by`, subtotals among
    /// them.
    pub fn of(
        reader: &Reader<'_>,
        period: Period,
        as_of: Period,
        (by, segments): (&[String], &BTreeSet<Segment>),
        files: Vec<Input>,
    ) -> Report {
        let scorecard = reader.scorecard();
        let mut figures = Vec::new();
        let mut add = |evaluation: &Evaluation| {
            for id in scorecard.ids() {
                let standing = evaluation.standing(id);
                if evaluation.segment.is_none() || standing.is_part() {
                    figures.push(figure(reader, evaluation, id));
                }
            }
        };
        add(&evaluate_with(reader, period, None, Trends::Left));
        for segment in segments {
            add(&evaluate_with(reader, period, Some(segment), Trends::Left));
        }
        Report {
            as_of: scorecard.calendar.name(as_of),
            by: by.to_vec(),
            files,
            figures,
            ..Report::of_definitions(scorecard)
        }
    }

    /// The same without its parts.
    #[must_use]
    pub fn of_wholes(&self) -> Report {
        let figures = self.figures.iter().filter(|figure| figure.segment.is_none()).cloned().collect();
        Report {
            as_of: self.as_of.clone(),
            by: Vec::new(),
            settings: self.settings.clone(),
            files: self.files.clone(),
            aspects: self.aspects.clone(),
            definitions: self.definitions.clone(),
            figures,
        }
    }

    /// What a scorecard means, without any figure.
    pub(super) fn of_definitions(scorecard: &Scorecard) -> Report {
        Report {
            settings: definition::settings(scorecard),
            aspects: definition::ASPECTS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            definitions: scorecard.ids().map(|id| definition::of(scorecard, id)).collect(),
            ..Report::default()
        }
    }
}

fn figure(reader: &Reader<'_>, evaluation: &Evaluation, id: MetricId) -> Figure {
    let (scorecard, standing) = (reader.scorecard(), evaluation.standing(id));
    let reading = standing.actual.as_ref().ok();
    let text = |number: Option<Number>| number.map(|number| number.to_string());
    let ((target, target_high), (threshold, threshold_high)) = (ends(&standing.target), ends(&standing.threshold));
    let thread = if scorecard.graph.is_leaf(id) { None } else { standing.thread.score };
    Figure {
        id: scorecard.metric(id).id.clone(),
        segment: evaluation.segment.clone(),
        numbers: [
            text(reading.map(|reading| reading.value)),
            text(reading.and_then(|reading| reading.numerator)),
            text(reading.and_then(|reading| reading.denominator)),
            text(target),
            text(target_high),
            text(threshold),
            text(threshold_high),
            text(standing.score.and_then(Number::approx)),
            text(thread.and_then(Number::approx)),
        ],
        status: standing.status().word().to_owned(),
        reason: standing.reason().map(ToString::to_string),
        caveat: caveat(standing),
    }
}

/// A level, or the two ends of a range.
fn ends(promise: &Result<Promise, Absence>) -> (Option<Number>, Option<Number>) {
    match promise {
        Ok(Promise::Level(level)) => (Some(*level), None),
        Ok(Promise::Range(low, high)) => (Some(*low), Some(*high)),
        Err(_) => (None, None),
    }
}

/// What keeps the actual or the target from being whole and final.
fn caveat(standing: &Standing) -> Option<String> {
    let notes = standing.notes.iter().filter(|note| matches!(note.figure, Of::Actual | Of::Target));
    let texts: Vec<String> = notes.map(ToString::to_string).collect();
    if texts.is_empty() { None } else { Some(texts.join("; ")) }
}
