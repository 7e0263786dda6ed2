//! What marks and surfaces mean: small samples with a word each, in a line above the picture proper.
//!
//! Knows where samples stand; what they show is the chart's.

use super::letters::Letters;
use super::scene::{Area, Shape, Text, Weight, at};
use super::theme::Ink;

const SIZE: f64 = 13.0;
/// The height of a line of samples.
pub(super) const LINE: f64 = 24.0;
/// Width and height of a sample.
const SAMPLE: (f64, f64) = (22.0, 13.0);
const AFTER_SAMPLE: f64 = 8.0;
const BETWEEN: f64 = 26.0;

/// A sample, drawn in a place of its own, with its word.
pub(super) struct Key {
    word: String,
    sample: Box<dyn Fn(Area) -> Vec<Shape>>,
}

impl Key {
    /// What a sample stands for.
    pub(super) fn new(word: impl Into<String>, sample: impl Fn(Area) -> Vec<Shape> + 'static) -> Key {
        Key { word: word.into(), sample: Box::new(sample) }
    }

    fn width(&self, letters: &Letters) -> f64 {
        SAMPLE.0 + AFTER_SAMPLE + letters.width(&self.word, SIZE, Weight::Regular)
    }
}

/// The keys on as many lines as they take from a place on, and the height of these lines.
pub(super) fn legend(keys: &[Key], (left, top): (f64, f64), width: f64, letters: &Letters) -> (Vec<Shape>, f64) {
    let mut shapes = Vec::new();
    let (mut x, mut y) = (left, top);
    for key in keys {
        if x > left && x + key.width(letters) > left + width {
            (x, y) = (left, y + LINE);
        }
        let sample = Area::new(x, y + (LINE - SAMPLE.1) / 2.0, SAMPLE.0, SAMPLE.1);
        shapes.extend((key.sample)(sample));
        let place = at(x + SAMPLE.0 + AFTER_SAMPLE, y + LINE / 2.0 + SIZE * 0.35);
        let word = letters.fitted(&key.word, SIZE, Weight::Regular, width - SAMPLE.0 - AFTER_SAMPLE);
        shapes.push(Shape::Text(Text::new(place, word, SIZE, Ink::Muted)));
        x += key.width(letters) + BETWEEN;
    }
    let height = if keys.is_empty() { 0.0 } else { y + LINE - top };
    (shapes, height)
}
