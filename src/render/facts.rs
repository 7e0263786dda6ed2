//! What was read of a file and how it is written, in words: the same in `trace` and in `check`.

use crate::observe::FileFacts;
use crate::prose;

/// How a file is written: what was found out, and what the scorecard says.
pub(super) fn written(file: &FileFacts) -> String {
    let mut facts: Vec<String> = Vec::new();
    facts.extend(file.encoding.as_ref().map(ToString::to_string));
    facts.extend(file.delimiter.as_ref().map(ToString::to_string));
    facts.extend(file.header.as_ref().map(|line| format!("header in line {line}")));
    facts.extend(file.numbers.as_ref().map(|example| format!("numbers {example}")));
    facts.extend(file.dates.as_ref().map(|order| format!("dates {order}")));
    facts.extend(file.renamed.iter().map(|(name, header)| format!("`{name}` is `{header}` (detected)")));
    if facts.is_empty() { "typed cells".to_owned() } else { facts.join(", ") }
}

/// How many rows of a file were read, and why some are not among those kept.
pub(super) fn rows(file: &FileFacts) -> String {
    let grouped = |n: u64| prose::grouped(&n.to_string());
    let mut parts = vec![format!("{} read", grouped(file.rows)), format!("{} kept", grouped(file.kept))];
    let (compared, alone) = file.totals;
    let others = compared + alone + file.copies + file.rejected_rows;
    let left_out = file.rows.saturating_sub(file.kept + others);
    for (count, what) in [
        (left_out, "left out by `where`"),
        (compared, "totals that the rows above add up to"),
        (alone, "totals with nothing to compare"),
        (file.copies, "copies left out"),
        (file.rejected_rows, "rejected"),
        (file.rejected_cells, "cells rejected"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    parts.join(", ")
}
