//! The card of one metric: its name, value, status, variance, sparkline; what its thread says; what it costs a goal.
//!
//! A full card gives each figure its row; a slim one, for columns of many, has two. How high a card is follows from what
//! is on it. Where it stands is decided elsewhere.

use std::collections::BTreeSet;

use super::super::letters::Letters;
use super::super::marks;
use super::super::scene::{Anchor, Area, Pen, Shape, Text, Weight, at, filled, rounded};
use super::super::theme::Ink;
use crate::evaluate::CaveatKind;
use crate::render::number::{self, NOTHING, Shown};
use crate::render::style;
use crate::status::Status;
use crate::view::Quantity;
use crate::view::chart::TreeNode;

/// How much room a card takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A row for each figure.
    Full,
    /// Two rows, for columns of many.
    Slim,
}

/// From a card's left and right edge to what is on it.
const LEFT: f64 = 16.0;
const RIGHT: f64 = 12.0;
/// Above the first line and below the last.
const PAD: f64 = 9.0;
/// The bar at the left edge in the colour of the status.
const BAR: f64 = 5.0;
/// The smallest letters.
const SMALL: f64 = 12.0;
const WORD: f64 = 13.0;
const COST: f64 = 12.5;
const COST_ROW: f64 = 19.0;
/// What a thread score covers, where a mark takes the place beside it.
const COVERED_ROW: f64 = 17.0;
const ROUND: f64 = 4.0;

/// A card with its texts broken into lines.
pub(super) struct Card<'c> {
    node: &'c TreeNode,
    form: Form,
    is_gold: bool,
    width: f64,
    letters: &'c Letters,
    name: Vec<String>,
    /// Whether the value stands beside the name, and not below it.
    is_beside: bool,
    costs: Vec<CostLine>,
}

/// A line of what it costs.
struct CostLine {
    line: String,
    /// At its right end; on the last line of a goal.
    points: String,
    /// Whether the goal is that of the golden path.
    is_golden: bool,
}

/// A text in letters that fit.
struct Fit {
    text: String,
    size: f64,
    width: f64,
}

impl<'c> Card<'c> {
    /// The card of a metric, `width` units wide.
    pub(super) fn new(node: &'c TreeNode, form: Form, is_gold: bool, width: f64, letters: &'c Letters) -> Card<'c> {
        let mut card =
            Card { node, form, is_gold, width, letters, name: Vec::new(), is_beside: false, costs: Vec::new() };
        (card.name, card.is_beside) = card.named();
        let mut costs: Vec<_> = node.costs.iter().collect();
        costs.sort_by_key(|cost| !cost.is_golden);
        for cost in costs {
            let points = format!("{} points", number::score(cost.points));
            let room = card.inner() - 16.0 - letters.width(&points, COST, Weight::Strong);
            let goal = format!("costs {}", style::harmless(&cost.goal));
            let mut lines = letters.wrapped(&goal, COST, Weight::Strong, room, 2);
            let last = lines.pop().unwrap_or_default();
            card.costs.extend(lines.into_iter().map(|line| CostLine {
                line,
                points: String::new(),
                is_golden: cost.is_golden,
            }));
            card.costs.push(CostLine { line: last, points, is_golden: cost.is_golden });
        }
        card
    }

    /// Its height, in units.
    pub(super) fn height(&self) -> f64 {
        let rows = match self.form {
            Form::Full => self.name_height() + self.value_row() + 21.0 + if self.has_last_row() { 19.0 } else { 0.0 },
            Form::Slim => {
                let name = self.name_height().max(17.0) + if self.is_beside { 0.0 } else { 19.0 };
                name + 20.0 + if self.has_last_row() { 18.0 } else { 0.0 }
            }
        };
        let costs = if self.costs.is_empty() { 0.0 } else { 6.0 + self.costs.len() as f64 * COST_ROW };
        let covered = if self.below_mark().is_some() { COVERED_ROW } else { 0.0 };
        (2.0 * PAD + rows + covered + costs).ceil()
    }

    /// Everything in words, for a viewer's title.
    pub(super) fn words(&self) -> String {
        let node = self.node;
        let mut words = style::harmless(&node.name);
        words.push_str(": ");
        if let Some(actual) = &node.actual {
            words.push_str(&marked(actual, &self.caveats()));
            let target = node.target.iter().map(|target| format!("target {}", number::promised(target)));
            let variance = node.variance.iter().map(number::inline);
            let beside: Vec<String> = target.chain(variance).collect();
            if !beside.is_empty() {
                words.push_str(&format!(" ({})", beside.join(", ")));
            }
            words.push_str(", ");
        }
        words.push_str(node.status.word());
        if let Some((score, status)) = node.thread {
            words.push_str(&format!(", thread {} ({})", number::score(score), status.word()));
            self.covered().iter().for_each(|covered| words.push_str(&format!(", {covered}")));
        }
        node.mark.iter().for_each(|mark| words.push_str(&format!(", {}", mark.word())));
        let whose = node.department.iter().chain(&node.owner);
        whose.for_each(|whose| words.push_str(&format!("; {}", style::harmless(whose))));
        for cost in &node.costs {
            let (points, lost) = (number::score(cost.points), number::score(cost.lost));
            words.push_str(&format!("; costs {} {points} of {lost} points", style::harmless(&cost.goal)));
        }
        words
    }

    /// What is drawn where it stands.
    pub(super) fn shapes(&self, area: Area) -> Vec<Shape> {
        let mut shapes = self.ground(area);
        let (left, right) = (area.left + LEFT, area.right() - RIGHT);
        let mut y = area.top + PAD;
        for line in &self.name {
            let baseline = y + self.letter() * 0.95;
            shapes.push(Shape::Text(Text::new(at(left, baseline), line, self.letter(), Ink::Text).strong()));
            y += self.leading();
        }
        y = match self.form {
            Form::Full => self.full(&mut shapes, left, right, y),
            Form::Slim => self.slim(&mut shapes, (left, right), area.top + PAD, y),
        };
        if let Some(covered) = self.below_mark() {
            let text = self.letters.fitted(&covered, SMALL, Weight::Regular, self.inner());
            shapes.push(Shape::Text(Text::new(at(left, y + 12.0), text, SMALL, Ink::Muted)));
            y += COVERED_ROW;
        }
        self.draw_costs(&mut shapes, left, right, y);
        shapes
    }

    /// Surface, bar and border.
    fn ground(&self, area: Area) -> Vec<Shape> {
        let (ink, width) = match (self.is_gold, self.node.is_goal) {
            (true, true) => (Ink::Gold, 4.0),
            (true, false) => (Ink::Gold, 3.0),
            (false, true) => (Ink::Text, 2.5),
            (false, false) => (Ink::Rule, 1.0),
        };
        let inner = Area::new(area.left + BAR, area.top, area.width - BAR, area.height);
        vec![
            Shape::Surface { points: rounded(area, ROUND), ink: Ink::Status(self.node.status) },
            Shape::Surface { points: rounded(inner, ROUND), ink: Ink::Card },
            filled(Area { width: inner.width / 2.0, ..inner }, Ink::Card),
            Shape::Line { points: rounded(area, ROUND), pen: Pen::new(ink, width) },
        ]
    }

    /// Value and sparkline, status and variance, thread and department.
    fn full(&self, shapes: &mut Vec<Shape>, left: f64, right: f64, top: f64) -> f64 {
        let value = self.value();
        let baseline = top + self.value_row() - 7.0;
        shapes.push(Shape::Text(Text::new(at(left, baseline), &value.text, value.size, Ink::Text).strong()));
        if self.large_is_thread() {
            let place = at(left + value.width + 7.0, baseline);
            let room = self.inner() - value.width - 7.0;
            let words = self.letters.fitted(&self.thread_words(), SMALL, Weight::Regular, room);
            shapes.push(Shape::Text(Text::new(place, words, SMALL, Ink::Muted)));
        }
        let room = self.inner() - value.width - 16.0;
        if room >= 40.0 {
            let width = room.min(84.0);
            self.spark(shapes, Area::new(right - width, baseline - 16.0, width - 3.0, 17.0));
        }
        let baseline = top + self.value_row() + 13.0;
        let taken = self.draw_status(shapes, left, baseline);
        self.draw_variance(shapes, right, baseline, self.inner() - taken - 10.0);
        let bottom = top + self.value_row() + 21.0;
        if !self.has_last_row() {
            return bottom;
        }
        self.last_row(shapes, left, right, bottom + 12.0);
        bottom + 19.0
    }

    /// Name and value; status, sparkline and variance; thread and mark.
    fn slim(&self, shapes: &mut Vec<Shape>, (left, right): (f64, f64), top: f64, below: f64) -> f64 {
        let value = self.value();
        let text = |place, anchor| Text::new(place, &value.text, value.size, Ink::Text).strong().anchored(anchor);
        let y = if self.is_beside {
            shapes.push(Shape::Text(text(at(right, top + 13.0), Anchor::End)));
            below.max(top + 17.0)
        } else {
            shapes.push(Shape::Text(text(at(left, below + 14.0), Anchor::Start)));
            below + 19.0
        };
        let baseline = y + 14.0;
        let status = self.draw_status(shapes, left, baseline);
        let room = self.inner() - status - 10.0;
        let variance = match self.large_is_thread() {
            true => {
                let words = self.thread_words();
                let text = self.letters.fitted(&words, SMALL, Weight::Regular, room);
                let width = self.letters.width(&text, SMALL, Weight::Regular);
                let text = Text::new(at(right, baseline), text, SMALL, Ink::Muted).anchored(Anchor::End);
                shapes.push(Shape::Text(text));
                width
            }
            false => self.draw_variance(shapes, right, baseline, room),
        };
        // Sparklines of a column stand below each other.
        let (from, to) = (left + self.inner() * 0.38, left + self.inner() * 0.66);
        if from > left + status + 8.0 && to < right - variance - 8.0 {
            self.spark(shapes, Area::new(from, baseline - 9.0, to - from, 10.5));
        }
        if !self.has_last_row() {
            return y + 20.0;
        }
        self.last_row(shapes, left, right, y + 20.0 + 12.0);
        y + 20.0 + 18.0
    }

    /// Thread score left; the mark, or else the department, right; a department alone left.
    fn last_row(&self, shapes: &mut Vec<Shape>, left: f64, right: f64, baseline: f64) {
        let mut from = left;
        if let Some((score, status)) = self.shown_thread() {
            let marks = style::marks(&self.node.marks.thread);
            let text = format!("Thread {}{marks}", number::score(score));
            let size = if self.node.is_goal { 14.0 } else { WORD };
            let weight = if self.node.is_goal { Weight::Strong } else { Weight::Regular };
            let width = self.letters.width(&text, size, weight);
            let letters = Text::new(at(left, baseline), text, size, Ink::Text);
            shapes.push(Shape::Text(Text { weight, ..letters }));
            shapes.extend(marks::status(at(left + width + 11.0, baseline - size * 0.34), 9.0, status));
            from = left + width + 28.0;
        }
        if let Some(mark) = self.node.mark {
            let width = self.letters.width(mark.word(), WORD, Weight::Strong);
            shapes.extend(marks::mark(at(right - width - 12.0, baseline - 4.5), 13.0, mark));
            let word = Text::new(at(right, baseline), mark.word(), WORD, Ink::Text).strong().anchored(Anchor::End);
            shapes.push(Shape::Text(word));
        } else if let Some(department) = self.covered().filter(|_| from > left).or_else(|| self.whose()) {
            let text = self.letters.fitted(&department, SMALL, Weight::Regular, right - from);
            let (place, anchor) =
                if from > left { (at(right, baseline), Anchor::End) } else { (at(left, baseline), Anchor::Start) };
            shapes.push(Shape::Text(Text::new(place, text, SMALL, Ink::Muted).anchored(anchor)));
        }
    }

    /// Shape and word; answers how much room they take.
    fn draw_status(&self, shapes: &mut Vec<Shape>, left: f64, baseline: f64) -> f64 {
        let status = self.node.status;
        shapes.extend(marks::status(at(left + 5.0, baseline - 4.5), 10.0, status));
        shapes.push(Shape::Text(Text::new(at(left + 15.0, baseline), status.word(), WORD, Ink::Status(status))));
        15.0 + self.letters.width(status.word(), WORD, Weight::Regular)
    }

    /// The variance at the right, without its unit where that takes too much; answers how much room it takes.
    fn draw_variance(&self, shapes: &mut Vec<Shape>, right: f64, baseline: f64, room: f64) -> f64 {
        let Some(variance) = &self.node.variance else { return 0.0 };
        let joined = |shown: Shown| format!("{}{}", shown.integer, shown.fraction);
        let short = |shown: Shown| match shown.suffix.as_str() {
            "" => joined(shown),
            _ => format!("{} {}", joined(shown.clone()), shown.suffix),
        };
        // A slim card says the unit once, beside the value.
        let texts = match self.form {
            Form::Full => [number::inline(variance), short(Shown::of(variance).short())],
            Form::Slim => [short(Shown::of(variance).short()), joined(Shown::of(variance).bare())],
        };
        let ink = match self.node.variance_is_good {
            Some(true) => Ink::Good,
            Some(false) => Ink::Bad,
            None => Ink::Muted,
        };
        let fits = |text: &&String| self.letters.width(text, WORD, Weight::Regular) <= room;
        let Some(text) = texts.iter().find(fits) else { return 0.0 };
        shapes.push(Shape::Text(Text::new(at(right, baseline), text, WORD, ink).anchored(Anchor::End)));
        self.letters.width(text, WORD, Weight::Regular)
    }

    fn spark(&self, shapes: &mut Vec<Shape>, area: Area) {
        shapes.extend(marks::sparkline(area, &self.node.trend, Ink::Muted));
    }

    fn draw_costs(&self, shapes: &mut Vec<Shape>, left: f64, right: f64, top: f64) {
        let mut y = top + 6.0;
        for CostLine { line, points, is_golden } in &self.costs {
            let ground = Area::new(left - 4.0, y, right - left + 8.0, COST_ROW);
            shapes.push(filled(ground, if *is_golden { Ink::GoldTint } else { Ink::Tint(Status::NoTarget) }));
            let texts = [(left + 2.0, line, Anchor::Start), (right - 2.0, points, Anchor::End)];
            for (x, words, anchor) in texts.into_iter().filter(|(_, words, _)| !words.is_empty()) {
                let text = Text::new(at(x, y + 14.0), words, COST, Ink::Text).anchored(anchor);
                shapes.push(Shape::Text(if *is_golden { text.strong() } else { text }));
            }
            y += COST_ROW;
        }
    }

    /// What stands large: the value; of a metric without one its thread score.
    fn value(&self) -> Fit {
        let node = self.node;
        let text = match (&node.actual, node.is_valued) {
            (Some(actual), _) => marked(actual, &self.caveats()),
            (None, false) if node.thread.is_some() => self
                .node
                .thread
                .map_or_else(String::new, |(score, _)| number::score(score) + &style::marks(&node.marks.thread)),
            (None, _) => NOTHING.to_owned() + &style::marks(&self.caveats()),
        };
        let (largest, room) = match self.form {
            Form::Full if node.is_goal => (24.0, self.inner()),
            Form::Full => (20.0, self.inner()),
            Form::Slim => (15.0, self.inner() * 0.55),
        };
        let width = |size: f64| self.letters.width(&text, size, Weight::Strong);
        let mut size = largest;
        while size > SMALL && width(size) > room {
            size -= 1.0;
        }
        let text = self.letters.fitted(&text, size, Weight::Strong, self.inner());
        Fit { width: self.letters.width(&text, size, Weight::Strong), text, size }
    }

    /// Whether the thread score stands where others have their value.
    fn large_is_thread(&self) -> bool {
        !self.node.is_valued && self.node.thread.is_some()
    }

    fn thread_words(&self) -> String {
        let covered = self.covered().map_or_else(String::new, |covered| format!(", {covered}"));
        format!("thread score{covered}")
    }

    /// The share of the weight that the thread score rests on, where that is not all.
    fn covered(&self) -> Option<String> {
        self.node.coverage.map(|coverage| format!("{:.0} % covered", (coverage * 100.0).floor()))
    }

    /// The share covered where a mark stands in its place: on a row of its own, for a score must not seem whole.
    fn below_mark(&self) -> Option<String> {
        self.covered().filter(|_| self.node.mark.is_some() && self.shown_thread().is_some())
    }

    fn caveats(&self) -> BTreeSet<CaveatKind> {
        self.node.marks.actuals.last().cloned().unwrap_or_default()
    }

    /// The name's lines, and whether the value stands beside them: on a slim card where nothing of the name is lost by it,
    /// and it takes no more lines than it saves.
    fn named(&self) -> (Vec<String>, bool) {
        let name = style::harmless(&self.node.name);
        let lines = |width: f64, most: usize| self.letters.wrapped(&name, self.letter(), Weight::Strong, width, most);
        let alone = lines(self.inner(), 2);
        let value = self.value().width;
        if self.form == Form::Full || value > self.inner() * 0.55 {
            return (alone, false);
        }
        let beside = lines(self.inner() - value - 12.0, 3);
        if beside.len() <= alone.len() + 1 && beside.len() <= 2 { (beside, true) } else { (alone, false) }
    }

    /// The thread score below the others, where it is not what stands large.
    fn shown_thread(&self) -> Option<(f64, Status)> {
        self.node.thread.filter(|_| self.node.is_valued)
    }

    fn whose(&self) -> Option<String> {
        let whose = self.node.department.as_ref().or(self.node.owner.as_ref());
        whose.filter(|_| self.form == Form::Full).map(|whose| style::harmless(whose))
    }

    fn has_last_row(&self) -> bool {
        self.shown_thread().is_some() || self.node.mark.is_some() || self.whose().is_some()
    }

    fn inner(&self) -> f64 {
        self.width - LEFT - RIGHT
    }

    fn letter(&self) -> f64 {
        match (self.form, self.node.is_goal) {
            (_, true) => 17.0,
            (Form::Full, false) => 14.5,
            (Form::Slim, false) => 13.0,
        }
    }

    fn leading(&self) -> f64 {
        (self.letter() * 1.24).round()
    }

    fn name_height(&self) -> f64 {
        self.name.len() as f64 * self.leading()
    }

    fn value_row(&self) -> f64 {
        if self.node.is_goal { 34.0 } else { 29.0 }
    }
}

/// A quantity with the marks of its caveats behind its unit, as in a table.
fn marked(quantity: &Quantity, caveats: &BTreeSet<CaveatKind>) -> String {
    let marks = style::marks(caveats);
    let space = if marks.is_empty() || Shown::of(quantity).suffix.is_empty() { "" } else { " " };
    format!("{}{space}{marks}", style::harmless(&number::inline(quantity)))
}
