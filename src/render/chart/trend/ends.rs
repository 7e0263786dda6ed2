//! Labels at the ends of lines: what each says at most, and where it stands so that none covers another.

use super::spread::spread;
use crate::render::chart::axis::ValueAxis;
use crate::render::chart::letters::Letters;
use crate::render::chart::scene::{Area, Pen, Shape, Text, Weight, at};
use crate::render::chart::theme::Ink;
use crate::render::number::{self, Shown};
use crate::view::Quantity;

/// The size of a label's letters, and the height it takes.
const SIZE: f64 = 12.0;
const HEIGHT: f64 = 15.0;
/// Between the plot and its labels, for the lines that lead to those moved.
const LEAD: f64 = 16.0;
/// The most of a panel's width that labels take.
const MOST_SHARE: f64 = 0.36;

/// The end of a line, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct End {
    /// What the line is.
    pub(super) word: String,
    /// Its last value; `None` where the line is not drawn where it is.
    pub(super) value: Option<Quantity>,
    /// Where it ends, in the unit of the axis.
    pub(super) level: f64,
    pub(super) ink: Ink,
    pub(super) weight: Weight,
    /// What is left out first where there is no room: the largest.
    pub(super) rank: u8,
}

/// How much a label says.
#[derive(Clone, Copy)]
enum Detail {
    Full,
    WithoutUnit,
    /// In the unit of the axis.
    AsTicks,
    WordAlone,
}

impl End {
    fn text(&self, detail: Detail, axis: &ValueAxis) -> String {
        let value = self.value.as_ref().map(|value| match detail {
            Detail::Full => number::inline(value),
            Detail::WithoutUnit => {
                let shown = Shown::of(value).short();
                format!("{}{}{}", shown.integer, shown.fraction, shown.suffix)
            }
            Detail::AsTicks => axis.written(value.number.to_f64()),
            Detail::WordAlone if self.word.is_empty() => axis.written(value.number.to_f64()),
            Detail::WordAlone => String::new(),
        });
        [self.word.clone(), value.unwrap_or_default()].join(" ").trim().to_owned()
    }
}

/// Labels as they are written, and the width they take beside a plot.
pub(super) struct Labels {
    pub(super) ends: Vec<(End, String)>,
    pub(super) width: f64,
}

impl Labels {
    /// As much of each label as fits beside a plot in a panel of some width.
    pub(super) fn of(ends: Vec<End>, axis: &ValueAxis, panel: f64, letters: &Letters) -> Labels {
        let most = panel * MOST_SHARE - LEAD;
        let widest = |detail: Detail| {
            ends.iter().map(|end| letters.width(&end.text(detail, axis), SIZE, end.weight)).fold(0.0, f64::max)
        };
        let details = [Detail::Full, Detail::WithoutUnit, Detail::AsTicks, Detail::WordAlone];
        let detail = details.into_iter().find(|detail| widest(*detail) <= most).unwrap_or(Detail::WordAlone);
        let width = widest(detail).min(most) + LEAD;
        let written = |end: End| {
            let text = letters.fitted(&end.text(detail, axis), SIZE, end.weight, most);
            (end, text)
        };
        Labels { ends: ends.into_iter().map(written).collect(), width }
    }

    /// The labels to the right of a plot, with lines to those that had to move; the least needed are left out where there
    /// is no room for all.
    pub(super) fn shapes(mut self, plot: Area, place: &dyn Fn(f64) -> f64) -> Vec<Shape> {
        self.ends.sort_by_key(|(end, _)| end.rank);
        loop {
            // Rising values stand from the bottom to the top: what is above in the plot is above among the labels.
            let wanted: Vec<f64> = self.ends.iter().map(|(end, _)| place(end.level)).collect();
            if let Some(places) = spread(&wanted, HEIGHT, (plot.top - HEIGHT / 2.0, plot.bottom() + HEIGHT / 2.0)) {
                let labels = self.ends.iter().zip(wanted.into_iter().zip(places));
                return labels.flat_map(|((end, text), places)| drawn(end, text, plot.right(), places)).collect();
            }
            self.ends.pop();
        }
    }
}

fn drawn(end: &End, text: &str, right: f64, (from, to): (f64, f64)) -> Vec<Shape> {
    let mut label = Text::new(at(right + LEAD, to + SIZE * 0.35), text, SIZE, end.ink);
    label.weight = end.weight;
    let mut shapes = vec![Shape::Text(label)];
    if (from - to).abs() > 1.5 {
        let points = vec![at(right + 2.0, from), at(right + LEAD - 3.0, to)];
        shapes.push(Shape::Line { points, pen: Pen::new(Ink::Rule, 1.0) });
    }
    shapes
}
