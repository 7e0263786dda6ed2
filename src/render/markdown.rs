//! Markdown tables, with everything escaped that would break one.

use super::number::{NOTHING, inline, promised, score, sparkline};
use super::steadiness;
use super::style::{caveat, marks, shape, status};
use std::collections::BTreeSet;

use crate::evaluate::CaveatKind;
use crate::view::Show;

/// The scorecard as Markdown.
pub fn markdown(show: &Show) -> String {
    let condition = show.condition.as_ref().map_or(String::new(), |c| format!(", only where {}", escaped(c)));
    let mut out =
        format!("# {}\n\n{} ({}){condition}\n\n", escaped(&show.title), escaped(&show.periods.join(", ")), show.days);
    let several = show.periods.len() > 1;
    let mut head: Vec<String> = vec!["Metric".into()];
    if several {
        head.extend(show.periods.iter().cloned());
    } else {
        head.extend(["Actual", "Target", "Variance", "Change", "Trend"].map(str::to_owned));
    }
    let words = head.len();
    head.push("Status".to_owned());
    let has_limits = show.rows.iter().any(|row| !steadiness::marks(row.steadiness.as_ref()).is_empty());
    head.extend(has_limits.then(|| steadiness::HEAD.to_owned()));
    head.extend(["Thread", "Weakest link", "Owner"].map(str::to_owned));
    let aligned = |index: usize| if index == 0 || index >= words { ":--" } else { "--:" };
    line(&mut out, &head);
    line(&mut out, &(0..head.len()).map(|index| aligned(index).to_owned()).collect::<Vec<_>>());
    for row in &show.rows {
        let indent = "&emsp;".repeat(row.follows.len().saturating_sub(1));
        let name = match &row.segment {
            Some(segment) => escaped(&crate::view::segment_name(&segment.values)),
            None if row.is_goal => format!("**{}**", escaped(&row.name)),
            None => escaped(&row.name),
        };
        let mut cells = vec![format!("{indent}{name}{}", if row.seen_above { " ↑" } else { "" })];
        let or_nothing = |text: Option<String>| text.map_or_else(|| NOTHING.to_owned(), |text| escaped(&text));
        if several {
            let actuals = row.actuals.iter().zip(&row.marks.actuals);
            cells.extend(actuals.map(|(actual, of)| or_nothing(marked(actual.as_ref().map(inline), of))));
        } else {
            let actual = row.actuals.last().and_then(|actual| actual.as_ref().map(inline));
            cells.push(or_nothing(row.marks.actuals.last().map_or(actual.clone(), |of| marked(actual, of))));
            cells.push(or_nothing(marked(row.target.as_ref().map(promised), &row.marks.target)));
            cells.push(or_nothing(row.variance.as_ref().map(inline)));
            cells.push(or_nothing(marked(row.change.as_ref().map(inline), &row.marks.change)));
            cells.push(sparkline(&row.trend));
        }
        let mark = row.mark.map_or(String::new(), |mark| format!(", {}", mark.word()));
        cells.push(format!("{}{mark}", status(row.status)));
        cells.extend(has_limits.then(|| steadiness::marks(row.steadiness.as_ref()).trim_start().to_owned()));
        let thread = row.thread.map(|(points, status)| format!("{} {}", score(points), shape(status)));
        cells.push(marked(thread, &row.marks.thread).map_or(String::new(), |text| escaped(&text)));
        cells.push(escaped(row.weakest.as_deref().unwrap_or_default()));
        cells.push(escaped(row.owner.as_deref().unwrap_or_default()));
        line(&mut out, &cells);
    }
    for weakest in &show.weakest {
        let owner = weakest.owner.as_ref().map_or(String::new(), |owner| format!(" ({})", escaped(owner)));
        out.push_str(&format!(
            "\nWeakest link of {}: **{}**{owner} costs {} of {} points.\n",
            escaped(&weakest.goal),
            escaped(&weakest.leaf),
            score(weakest.points),
            score(weakest.lost)
        ));
    }
    if let Some(key) = steadiness::key(show) {
        out.push_str(&format!("\n{}\n", escaped(&key)));
    }
    for (mark, name, words) in steadiness::notes(show) {
        out.push_str(&format!("\n- {mark} {}: {}\n", escaped(name), escaped(&words)));
    }
    for remark in &show.remarks {
        let names = escaped(&remark.metrics.join(", "));
        out.push_str(&format!(
            "\n- {} {names}: {}\n",
            escaped(&caveat(remark.kind).to_string()),
            escaped(&remark.text)
        ));
    }
    for cause in &show.causes {
        out.push_str(&format!("\n- {}: {}\n", escaped(&cause.metrics.join(", ")), escaped(&cause.reason)));
    }
    out
}

/// A figure with its marks behind it.
fn marked(figure: Option<String>, kinds: &BTreeSet<CaveatKind>) -> Option<String> {
    figure.map(|text| if kinds.is_empty() { text } else { format!("{text} {}", marks(kinds)) })
}

fn line(out: &mut String, cells: &[String]) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// Text that no markup can come of.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in super::style::harmless(text).chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_table_is_escaped() {
        assert_eq!(escaped("a|b <script> `x`\n\u{202e}"), "a\\|b &lt;script&gt; \\`x\\`\u{fffd}\u{fffd}");
    }
}
