//! What the lines and marks of a tree mean, in a row below it, drawn as they are drawn above.

use super::super::letters::Letters;
use super::super::marks;
use super::super::scene::{Area, Point, Shape, Text, Weight, at, filled};
use super::super::theme::Ink;
use super::line;
use crate::evaluate::Mark;
use crate::view::chart::{Tied, Tree};

const SIZE: f64 = 13.0;
const ROW: f64 = 24.0;
const SAMPLE: f64 = 44.0;
const GAP: f64 = 28.0;

/// The key of one tree, broken into rows.
pub(super) struct Key {
    entries: Vec<(Entry, Point)>,
    height: f64,
}

#[derive(Clone, Debug)]
enum Sample {
    Line(Tied, f64),
    Weights,
    Gold,
    Mark(Mark),
}

#[derive(Clone, Debug)]
struct Entry {
    sample: Sample,
    words: String,
}

impl Sample {
    fn width(&self) -> f64 {
        if matches!(self, Sample::Mark(_)) { 14.0 } else { SAMPLE }
    }
}

impl Key {
    /// What a tree needs explained, on rows of at most a width.
    pub(super) fn new(tree: &Tree, letters: &Letters, width: f64) -> Key {
        let (mut x, mut row) = (0.0, 0.0);
        let mut placed = Vec::new();
        for entry in entries(tree) {
            let room = entry.sample.width() + 8.0 + letters.width(&entry.words, SIZE, Weight::Regular);
            if x > 0.0 && x + room > width {
                (x, row) = (0.0, row + 1.0);
            }
            let words = letters.fitted(&entry.words, SIZE, Weight::Regular, width - entry.sample.width() - 8.0);
            placed.push((Entry { words, ..entry }, at(x, row * ROW)));
            x += room + GAP;
        }
        let rows = if placed.is_empty() { 0.0 } else { row + 1.0 };
        Key { entries: placed, height: rows * ROW }
    }

    /// Its height, in units; 0 where there is nothing to explain.
    pub(super) fn height(&self) -> f64 {
        self.height
    }

    /// What is drawn below a top left corner.
    pub(super) fn shapes(&self, from: Point) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (entry, place) in &self.entries {
            let middle = at(from.x + place.x, from.y + place.y + ROW / 2.0);
            shapes.extend(sample(&entry.sample, middle));
            let words = at(middle.x + entry.sample.width() + 8.0, middle.y + SIZE * 0.34);
            shapes.push(Shape::Text(Text::new(words, &entry.words, SIZE, Ink::Muted)));
        }
        shapes
    }
}

fn entries(tree: &Tree) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |sample: Sample, words: String| entries.push(Entry { sample, words });
    let has = |test: &dyn Fn(&Tied) -> bool| tree.edges.iter().any(|edge| test(&edge.tied));
    if has(&|tied| *tied == Tied::Definition) {
        add(Sample::Line(Tied::Definition, 0.3), "definition: left is computed from right".to_owned());
    }
    if has(&|tied| matches!(tied, Tied::Link { .. })) {
        let link = Tied::Link { lag: 0, because: None };
        add(Sample::Line(link, 0.3), "link: left is claimed to follow right".to_owned());
    }
    if has(&|tied| matches!(tied, Tied::Through { .. })) {
        add(Sample::Line(Tied::Through { names: Vec::new() }, 0.3), "by way of metrics not drawn".to_owned());
    }
    if !tree.edges.is_empty() {
        add(Sample::Weights, "thicker: more of the weight".to_owned());
    }
    if let Some(goal) = tree.gold.first().filter(|_| tree.gold.len() > 1) {
        let name = crate::render::style::harmless(&tree.nodes[*goal].name);
        add(Sample::Gold, format!("weakest path of {name}"));
    }
    for mark in [Mark::Watermelon, Mark::Windfall] {
        if tree.nodes.iter().any(|node| node.mark == Some(mark)) {
            let words = match mark {
                Mark::Watermelon => "watermelon: thread on target, own actual not",
                Mark::Windfall => "windfall: own actual on target, thread not",
            };
            add(Sample::Mark(mark), words.to_owned());
        }
    }
    entries
}

fn sample(sample: &Sample, middle: Point) -> Vec<Shape> {
    let points = |y: f64| vec![at(middle.x, middle.y + y), at(middle.x + SAMPLE, middle.y + y)];
    match sample {
        Sample::Line(tied, share) => vec![Shape::Line { points: points(0.0), pen: line::pen(tied, *share, false) }],
        Sample::Weights => {
            let of = |share, y| Shape::Line { points: points(y), pen: line::pen(&Tied::Definition, share, false) };
            vec![of(0.05, -5.0), of(1.0, 3.0)]
        }
        Sample::Gold => vec![
            filled(Area::new(middle.x, middle.y - 6.0, SAMPLE, 12.0), Ink::GoldTint),
            Shape::Line { points: points(0.0), pen: line::pen(&Tied::Definition, 0.4, true) },
        ],
        Sample::Mark(mark) => marks::mark(at(middle.x + 7.0, middle.y), 13.0, *mark),
    }
}
