//! What stands below a table: what marks mean, why numbers are missing, where goals lose the most.

use super::super::number::{NOTHING, inline, promised, score};
use super::super::steadiness;
use super::super::style::{Palette, Tone, caveat, harmless, paint};
use crate::prose;
use crate::render::wrap::wrapped;
use crate::view::{Promised, Quantity, Show, Weakest};

/// Marks, causes, and last the weakest links.
pub(super) fn footer(show: &Show, width: Option<usize>, palette: Palette) -> String {
    let mut out = String::new();
    if show.rows.iter().any(|row| row.seen_above) {
        out.push_str(&paint(palette, Tone::Faint, "\n↑ what feeds it is shown at its own row\n"));
    }
    let marked = show.rows.iter().filter(|row| row.mark.is_some() && row.segment.is_none() && !row.seen_above);
    let lines: Vec<String> = marked
        .filter_map(|row| {
            let (points, _) = row.thread?;
            Some(format!(
                "{}: {} is {}, its thread scores {}",
                prose::capitalised(row.mark?.word()),
                harmless(&row.name),
                row.status.word(),
                score(points)
            ))
        })
        .collect();
    if !lines.is_empty() {
        out.push('\n');
        lines.iter().for_each(|line| out.push_str(&wrapped(line, width, 2)));
    }
    let signals = steadiness::notes(show);
    if !signals.is_empty() {
        out.push('\n');
        for (mark, name, words) in signals {
            out.push_str(&wrapped(&format!("{mark} {}: {words}", harmless(name)), width, 2));
        }
    }
    if !show.remarks.is_empty() {
        out.push('\n');
        for remark in &show.remarks {
            let names: Vec<String> = remark.metrics.iter().map(|name| harmless(name)).collect();
            let text = format!("{} {}: {}", caveat(remark.kind), prose::join(&names, "and"), harmless(&remark.text));
            out.push_str(&wrapped(&text, width, 2));
        }
    }
    if !show.causes.is_empty() {
        out.push('\n');
        for cause in &show.causes {
            let names: Vec<String> = cause.metrics.iter().map(|name| harmless(name)).collect();
            out.push_str(&wrapped(
                &format!("{NOTHING} {}: {}", prose::join(&names, "and"), harmless(&cause.reason)),
                width,
                2,
            ));
        }
    }
    if !show.weakest.is_empty() {
        out.push('\n');
        for weakest in &show.weakest {
            out.push_str(&paint(palette, Tone::Gold, wrapped(&weakest_line(weakest), width, 2).trim_end()));
            out.push('\n');
        }
    }
    out
}

/// Where a goal loses the most, as a sentence.
pub(in crate::render) fn weakest_line(weakest: &Weakest) -> String {
    let whose = match (&weakest.department, &weakest.owner) {
        (Some(department), Some(owner)) => format!(" ({}, {})", harmless(department), harmless(owner)),
        (Some(one), None) | (None, Some(one)) => format!(" ({})", harmless(one)),
        (None, None) => " (no owner)".to_owned(),
    };
    format!(
        "Weakest link of {}: {}{whose} costs {} of {} points",
        harmless(&weakest.goal),
        harmless(&weakest.leaf),
        score(weakest.points),
        score(weakest.lost)
    )
}

/// A quantity on a line, harmless for a terminal.
pub(super) fn quantity_line(quantity: &Quantity) -> String {
    harmless(&inline(quantity))
}

/// A promise on a line, harmless for a terminal.
pub(super) fn promise_line(promise: &Promised) -> String {
    harmless(&promised(promise))
}
