//! Why numbers of a report are missing: each reason with the metrics it holds for, of earlier periods with these, too.

use super::remarks::part_name;
use super::show::Row;
use crate::evaluate::{Absence, Evaluation, Standing};
use crate::metric::Scorecard;
use crate::prose;

/// Why numbers are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The reason.
    pub reason: String,
    /// For which metrics.
    pub metrics: Vec<String>,
}

/// That parts come and go is one reason, however many there are.
const NOT_ALWAYS: &str = "not every part has rows in every period";

/// The reasons of the last period, then those of the periods before it. `wholes` has an evaluation a period, oldest first, and
/// so has each of `parts`.
pub(super) fn causes(
    scorecard: &Scorecard,
    wholes: &[&Evaluation],
    parts: &[Vec<&Evaluation>],
    rows: &[Row],
) -> Vec<Cause> {
    let mut causes = Causes::default();
    let rows: Vec<&Row> = rows.iter().filter(|row| row.segment.is_none()).collect();
    if let Some(last) = wholes.last() {
        for row in &rows {
            of_last(scorecard, row, last, parts, &mut causes);
        }
    }
    let mut earlier = Earlier::default();
    for row in &rows {
        for (at, whole) in wholes.iter().enumerate().take(wholes.len().saturating_sub(1)) {
            if let Err(reason) = &whole.standing(row.id).actual {
                earlier.add(reason, row.name.clone(), at);
            }
        }
    }
    for row in &rows {
        for part in parts.iter().filter(|part| part.iter().any(|one| one.standing(row.id).is_part())) {
            of_part(row, part, wholes, &mut earlier, &mut causes);
        }
    }
    let names: Vec<String> = wholes.iter().map(|whole| scorecard.calendar.name(whole.period)).collect();
    earlier.told(&names, &mut causes);
    causes.found
}

/// Reasons in the order in which they are met, each once.
#[derive(Default)]
struct Causes {
    found: Vec<Cause>,
}

impl Causes {
    fn add(&mut self, reason: String, name: &str) {
        match self.found.iter_mut().find(|cause| cause.reason == reason) {
            Some(cause) if cause.metrics.iter().any(|known| known == name) => {}
            Some(cause) => cause.metrics.push(name.to_owned()),
            None => self.found.push(Cause { reason, metrics: vec![name.to_owned()] }),
        }
    }
}

fn of_last(scorecard: &Scorecard, row: &Row, evaluation: &Evaluation, parts: &[Vec<&Evaluation>], causes: &mut Causes) {
    let standing = evaluation.standing(row.id);
    for part in parts.iter().filter_map(|part| part.last()) {
        let reason = part.standing(row.id).actual.as_ref().err().filter(|reason| reason.is_insufficient());
        reason.into_iter().for_each(|reason| causes.add(reason.to_string(), &part_name(&row.name, part)));
    }
    match (&standing.actual, &standing.target, &standing.threshold) {
        (Err(Absence::NoValue), ..) => {}
        (Err(reason), ..) => causes.add(reason.to_string(), &row.name),
        (Ok(_), Err(Absence::NoTarget), _) => {}
        (Ok(_), Err(reason), _) => causes.add(format!("no target: {reason}"), &row.name),
        (Ok(_), Ok(_), Err(reason)) => causes.add(format!("no threshold: {reason}"), &row.name),
        _ => {}
    }
    if !scorecard.graph.is_leaf(row.id) && standing.thread.score.is_none() {
        let least = scorecard.scoring.min_coverage * 100.0;
        let weight = standing.thread.coverage * 100.0;
        let has = format!("{weight:.0} % of its weight has data and a target, {least:.0} % is the least");
        causes.add(format!("no thread score: {has}"), &row.name);
    }
}

/// What a part that is shown lacks where its whole has a figure, or lacks it for another reason.
fn of_part(row: &Row, part: &[&Evaluation], wholes: &[&Evaluation], earlier: &mut Earlier, causes: &mut Causes) {
    let reason = |standing: &Standing| standing.actual.as_ref().err().map(undated);
    for (at, (part, whole)) in part.iter().zip(wholes).enumerate() {
        let standing = part.standing(row.id);
        let Err(absence) = &standing.actual else { continue };
        if reason(standing) == reason(whole.standing(row.id)) {
            continue;
        }
        if is_without_rows(absence) {
            causes.add(NOT_ALWAYS.to_owned(), &row.name);
        } else if at + 1 < wholes.len() {
            earlier.add(absence, part_name(&row.name, part), at);
        }
    }
}

fn is_without_rows(reason: &Absence) -> bool {
    match reason {
        Absence::NoRows { .. } | Absence::NothingCounted { .. } => true,
        Absence::Input { because, .. } => is_without_rows(because),
        _ => false,
    }
}

/// A reason without the days it is about: the period is told beside it.
fn undated(reason: &Absence) -> String {
    fn days(reason: &Absence) -> Option<String> {
        match reason {
            Absence::NoRows { days, .. } => Some(format!(" for {days}")),
            Absence::Input { because, .. } => days(because),
            _ => None,
        }
    }
    let text = reason.to_string();
    days(reason).map_or_else(|| text.clone(), |days| text.replacen(&days, "", 1))
}

/// Reasons of periods before the last one, each with the positions of its periods.
#[derive(Default)]
struct Earlier {
    found: Vec<(String, String, Vec<usize>)>,
}

impl Earlier {
    fn add(&mut self, reason: &Absence, name: String, at: usize) {
        if matches!(reason, Absence::NoValue) {
            return;
        }
        let reason = undated(reason);
        match self.found.iter_mut().find(|(text, of, _)| *text == reason && *of == name) {
            Some((.., periods)) => periods.push(at),
            None => self.found.push((reason, name, vec![at])),
        }
    }

    fn told(self, names: &[String], causes: &mut Causes) {
        for (reason, name, periods) in self.found {
            causes.add(format!("in {} {reason}", stretches(&periods, names)), &name);
        }
    }
}

/// Positions in rising order by name: three and more in a row by their first and their last.
fn stretches(positions: &[usize], names: &[String]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in positions {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *at => *last = *at,
            _ => runs.push((*at, *at)),
        }
    }
    let told = |(first, last): &(usize, usize)| match last - first {
        0 => vec![names[*first].clone()],
        1 => vec![names[*first].clone(), names[*last].clone()],
        _ => vec![format!("{} to {}", names[*first], names[*last])],
    };
    prose::join(&runs.iter().flat_map(told).collect::<Vec<_>>(), "and")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_in_a_row_are_told_by_their_ends() {
        let names: Vec<String> = (0..9).map(|at| format!("p{at}")).collect();
        assert_eq!(stretches(&[3], &names), "p3");
        assert_eq!(stretches(&[3, 4], &names), "p3 and p4");
        assert_eq!(stretches(&[0, 2, 3, 4, 7, 8], &names), "p0, p2 to p4, p7 and p8");
    }
}
