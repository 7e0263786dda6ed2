//! Numbers for machines' precision and sparklines; how numbers are written for people is `view::words`'.

use crate::number::Number;
use crate::prose::grouped;
pub(super) use crate::view::words::{NOTHING, Shown, inline, promised, range, score, written};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One character a value, scaled to their own range; a dot where there is none.
pub(super) fn sparkline(values: &[Option<f64>]) -> String {
    let present = || values.iter().flatten().copied();
    let (low, high) = (present().fold(f64::INFINITY, f64::min), present().fold(f64::NEG_INFINITY, f64::max));
    let bar = |value: &Option<f64>| match value {
        None => '·',
        Some(_) if high == low => BARS[3],
        Some(value) => BARS[(((value - low) / (high - low) * 7.0).round() as usize).min(7)],
    };
    if present().next().is_none() { String::new() } else { values.iter().map(bar).collect() }
}

/// A number at full precision, digits grouped.
pub(super) fn full(number: Number) -> String {
    grouped(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparklines_scale_to_their_own_range_and_show_gaps() {
        assert_eq!(sparkline(&[Some(1.0), None, Some(2.0)]), "▁·█");
        assert_eq!(sparkline(&[Some(5.0), Some(5.0)]), "▄▄");
        assert_eq!(sparkline(&[None, None]), "");
    }
}
