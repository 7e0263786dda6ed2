//! The notes of `show` below a picture: what marks mean, why numbers are missing, where goals lose the most.
//!
//! Says what the terminal says, in the same words; chooses nothing but how many fit below a picture.

use crate::prose;
use crate::render::number::{NOTHING, score};
use crate::render::steadiness;
use crate::render::style::caveat;
use crate::render::text::weakest_line;
use crate::view::{Cause, Remark, Row, Show, Weakest};

/// The most notes of one sort; the terminal shows all.
const MOST: usize = 6;

/// Every note of a report, the most telling first.
pub(super) fn of_report(show: &Show) -> Vec<String> {
    let mut notes = some(show.weakest.iter().map(of_weakest));
    notes.extend(some(show.rows.iter().filter_map(of_mark)));
    notes.extend(some(steadiness::notes(show).into_iter().map(|(_, name, words)| format!("Signal, {name}: {words}"))));
    notes.extend(of_remarks(&show.remarks));
    notes.extend(some(show.causes.iter().map(of_cause)));
    if show.rows.iter().any(|row| row.seen_above) {
        notes.push("↑ What feeds it is shown at its own row".to_owned());
    }
    notes
}

/// What marked figures rest on.
pub(super) fn of_remarks(remarks: &[Remark]) -> Vec<String> {
    some(
        remarks
            .iter()
            .map(|remark| format!("{} {}: {}", caveat(remark.kind), prose::join(&remark.metrics, "and"), remark.text)),
    )
}

fn of_weakest(weakest: &Weakest) -> String {
    weakest_line(weakest)
}

/// Watermelons and windfalls.
fn of_mark(row: &Row) -> Option<String> {
    let (mark, (points, _)) = (row.mark?, row.thread?);
    if row.segment.is_some() || row.seen_above {
        return None;
    }
    let (word, status) = (crate::prose::capitalised(mark.word()), row.status.word());
    Some(format!("{word}: {} is {status}, its thread scores {}", row.name, score(points)))
}

fn of_cause(cause: &Cause) -> String {
    format!("{NOTHING} {}: {}", prose::join(&cause.metrics, "and"), cause.reason)
}

/// The first of them, and how many more there are.
fn some(notes: impl Iterator<Item = String>) -> Vec<String> {
    let mut notes: Vec<String> = notes.collect();
    let more = notes.len().saturating_sub(MOST);
    if more > 1 {
        notes.truncate(MOST);
        notes.push(format!("and {} of this sort, which `show` lists", prose::count(more, "further note")));
    }
    notes
}
