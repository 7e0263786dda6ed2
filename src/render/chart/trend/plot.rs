//! What is inside the axes of a panel: bands and lines behind, the actuals with their marks in front.

use super::ends::{End, Labels};
use crate::render::chart::Layout;
use crate::render::chart::axis::{ValueAxis, periods};
use crate::render::chart::letters::Letters;
use crate::render::chart::marks;
use crate::render::chart::scene::{Anchor, Area, Pen, Point, Shape, Text, Weight, at};
use crate::render::chart::theme::Ink;
use crate::stats::xmr::Signal;
use crate::status::Status;
use crate::view::chart::{Footing, Trend, TrendPanel, TrendPoint};
use crate::view::{Promised, Quantity};

/// The size of letters on axes.
const SIZE: f64 = 12.0;
/// Between the plot's edges and its least and largest value.
const PAD: f64 = 12.0;
/// Above the plot, for the unit.
const UNIT: f64 = 20.0;
/// Below it, for the periods and their years.
const PERIODS: f64 = 38.0;
/// From one tick to the next, at least.
const TICK: f64 = 24.0;
/// More points than this have marks only where they are last or a signal.
const MARKED: usize = 36;
/// From one point to the next where there is room for a mark and what is around it.
const ROOMY: f64 = 6.5;

/// The scale of some panels of one height; `None` where none has a value.
pub(super) fn axis<'p>(panels: impl Iterator<Item = &'p TrendPanel>, height: f64) -> Option<ValueAxis> {
    let panels: Vec<&TrendPanel> = panels.filter(|panel| panel.absence.is_none()).collect();
    let values = panels.iter().flat_map(|panel| {
        let of_points = panel.points.iter().flat_map(|point| {
            let promises = [&point.target, &point.threshold].into_iter().flatten().flat_map(edges);
            let read = point.actual.iter().chain(&point.prior_year);
            read.map(value).chain(promises).collect::<Vec<f64>>()
        });
        let of_limits = panel.limits.iter().flat_map(|limits| [value(&limits.lower), value(&limits.upper)]);
        of_points.chain(of_limits).collect::<Vec<f64>>()
    });
    let most = ((height - UNIT - PERIODS - 2.0 * PAD) / TICK).clamp(3.0, 9.0) as usize;
    ValueAxis::of(values, &panels.first()?.unit, most)
}

fn value(quantity: &Quantity) -> f64 {
    quantity.number.to_f64()
}

fn edges(promised: &Promised) -> Vec<f64> {
    match promised {
        Promised::Level(level) => vec![value(level)],
        Promised::Range(low, high) => vec![value(low), value(high)],
    }
}

/// The widths of what stands to the left and to the right of a plot, in a panel of some width.
pub(super) fn gutters(
    chart: &Trend,
    panel: &TrendPanel,
    axis: &ValueAxis,
    width: f64,
    letters: &Letters,
) -> (f64, f64) {
    let ticks = axis.ticks.iter().map(|(_, text)| letters.width(text, SIZE, Weight::Regular)).fold(0.0, f64::max);
    (ticks + 10.0, Labels::of(ends(chart, panel), axis, width, letters).width)
}

/// A panel's plot with its axes and the labels of its lines, between gutters that plots above and below it share.
pub(super) fn shapes(
    chart: &Trend,
    panel: &TrendPanel,
    axis: &ValueAxis,
    (place, gutters): (Area, (f64, f64)),
    layout: &Layout<'_>,
) -> Vec<Shape> {
    let letters = layout.letters;
    let labels = Labels::of(ends(chart, panel), axis, place.width, letters);
    let (left, right) = gutters;
    let area =
        Area::new(place.left + left, place.top + UNIT, place.width - left - right, place.height - UNIT - PERIODS);
    let plot = Plot { panel, axis, area, step: area.width / panel.points.len().max(1) as f64 };
    let unit = letters.fitted(&axis.unit, SIZE, Weight::Regular, place.width);
    let mut shapes = vec![Shape::Text(Text::new(at(place.left, place.top + 11.0), unit, SIZE, Ink::Muted))];
    shapes.extend(plot.bands());
    shapes.extend(plot.grid());
    shapes.extend(plot.limits());
    shapes.extend(plot.promises());
    shapes.extend(plot.prior_year());
    shapes.extend(plot.actuals());
    shapes.extend(plot.marks());
    let room = (SIZE, place.left, place.right());
    for label in periods(&chart.periods, chart.grain, &|index| plot.x(index), letters, room) {
        let foot = area.bottom();
        let tick = vec![at(plot.x(label.index), foot), at(plot.x(label.index), foot + 4.0)];
        shapes.push(Shape::Line { points: tick, pen: Pen::new(Ink::Rule, 1.0) });
        let text = |text: String, baseline: f64| {
            Shape::Text(Text::new(at(label.centre, baseline), text, SIZE, Ink::Muted).anchored(Anchor::Middle))
        };
        shapes.push(text(label.short, foot + 17.0));
        shapes.extend(label.year.map(|year| text(year, foot + 32.0)));
    }
    shapes.extend(labels.shapes(area, &|level| plot.y(level)));
    shapes
}

/// What stands at the ends of a panel's lines.
fn ends(chart: &Trend, panel: &TrendPanel) -> Vec<End> {
    let mut found = Vec::new();
    let mut end = |word: &str, level: f64, shown: Option<&Quantity>, ink: Ink, rank: u8| {
        let weight = if rank == 0 { Weight::Strong } else { Weight::Regular };
        found.push(End { word: word.to_owned(), value: shown.cloned(), level, ink, weight, rank });
    };
    // A line that ends earlier has its name and no number: beside the last actual it would be held against that.
    let shown = |at: usize, quantity| (at + 1 == panel.points.len()).then_some(quantity);
    let mut promise = |word: &str, of: &dyn Fn(&TrendPoint) -> Option<&Promised>, rank: u8| match last(panel, of) {
        None => {}
        Some((at, Promised::Level(level))) => end(word, value(level), shown(at, level), Ink::Plan, rank),
        Some((at, Promised::Range(low, high))) => {
            end(&format!("{word} from"), value(low), shown(at, low), Ink::Plan, rank);
            end(&format!("{word} to"), value(high), shown(at, high), Ink::Plan, rank);
        }
    };
    promise("Target", &|point| point.target.as_ref(), 1);
    promise("Threshold", &|point| point.threshold.as_ref(), 2);
    if let Some((at, before)) = last(panel, &|point| point.prior_year.as_ref()) {
        end("Year before", value(before), shown(at, before), Ink::Muted, 3);
    }
    if let Some(limits) = panel.limits.last() {
        for (word, limit, rank) in
            [("Upper limit", &limits.upper, 4), ("Lower limit", &limits.lower, 4), ("Centre", &limits.centre, 5)]
        {
            end(word, value(limit), Some(limit), Ink::Process, rank);
        }
    }
    if let Some((index, actual)) = panel.last() {
        let word = if index + 1 == panel.points.len() { "" } else { chart.periods[index].as_str() };
        end(word, value(actual), Some(actual), Ink::Status(panel.points[index].status), 0);
    }
    found
}

/// What the last point that has it has, with its position.
fn last<'p, T>(panel: &'p TrendPanel, of: &dyn Fn(&'p TrendPoint) -> Option<&'p T>) -> Option<(usize, &'p T)> {
    panel.points.iter().enumerate().rev().find_map(|(index, point)| Some((index, of(point)?)))
}

struct Plot<'p> {
    panel: &'p TrendPanel,
    axis: &'p ValueAxis,
    area: Area,
    /// From one period to the next.
    step: f64,
}

impl Plot<'_> {
    fn x(&self, index: usize) -> f64 {
        self.area.left + (index as f64 + 0.5) * self.step
    }

    fn y(&self, value: f64) -> f64 {
        let inner = self.area.height - 2.0 * PAD;
        self.area.bottom() - PAD - self.axis.share(value) * inner
    }

    /// Lines behind data, at the ticks; the line that periods stand on.
    fn grid(&self) -> Vec<Shape> {
        let (left, right) = (self.area.left, self.area.right());
        let mut shapes = Vec::new();
        for (value, text) in &self.axis.ticks {
            let y = self.y(*value);
            shapes.push(Shape::Line { points: vec![at(left, y), at(right, y)], pen: Pen::new(Ink::Grid, 1.0) });
            let text = Text::new(at(left - 8.0, y + SIZE * 0.35), text, SIZE, Ink::Muted).anchored(Anchor::End);
            shapes.push(Shape::Text(text));
        }
        let foot = self.area.bottom();
        shapes.push(Shape::Line { points: vec![at(left, foot), at(right, foot)], pen: Pen::new(Ink::Rule, 1.0) });
        shapes
    }

    /// From the beginning of the first period to the end of the last.
    fn span(&self, (first, last): (usize, usize)) -> (f64, f64) {
        (self.x(first) - self.step / 2.0, self.x(last) + self.step / 2.0)
    }

    /// What lies between process limits, and between the edges of targets that are ranges.
    fn bands(&self) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for limits in &self.panel.limits {
            let (left, right) = self.span(limits.span);
            let (top, bottom) = (self.y(value(&limits.upper)), self.y(value(&limits.lower)));
            let points = vec![at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
            shapes.push(Shape::Surface { points, ink: Ink::Band });
        }
        let range = |point: &TrendPoint| match &point.target {
            Some(Promised::Range(low, high)) => Some((value(low), value(high))),
            _ => None,
        };
        let lows: Vec<Option<f64>> = self.panel.points.iter().map(|point| Some(range(point)?.0)).collect();
        let highs: Vec<Option<f64>> = self.panel.points.iter().map(|point| Some(range(point)?.1)).collect();
        for (low, high) in self.stepped(&lows).into_iter().zip(self.stepped(&highs)) {
            let points = high.into_iter().chain(low.into_iter().rev()).collect();
            shapes.push(Shape::Surface { points, ink: Ink::Tint(Status::OnTarget) });
        }
        shapes
    }

    fn limits(&self) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for limits in &self.panel.limits {
            let (left, right) = self.span(limits.span);
            for (limit, width) in [(&limits.lower, 0.75), (&limits.upper, 0.75), (&limits.centre, 1.0)] {
                let y = self.y(value(limit));
                shapes
                    .push(Shape::Line { points: vec![at(left, y), at(right, y)], pen: Pen::new(Ink::Process, width) });
            }
        }
        shapes
    }

    /// Levels as steps, one line for each run of periods that have one.
    fn stepped(&self, levels: &[Option<f64>]) -> Vec<Vec<Point>> {
        let mut lines: Vec<Vec<Point>> = Vec::new();
        let mut goes_on = false;
        for (index, level) in levels.iter().enumerate() {
            let Some(level) = level else {
                goes_on = false;
                continue;
            };
            let (left, right) = self.span((index, index));
            let y = self.y(*level);
            match lines.last_mut().filter(|_| goes_on) {
                Some(line) => {
                    // A level kept is one line, however many periods.
                    if line.last().is_some_and(|end| end.y == y) {
                        line.pop();
                    } else {
                        line.push(at(left, y));
                    }
                    line.push(at(right, y));
                }
                None => lines.push(vec![at(left, y), at(right, y)]),
            }
            goes_on = true;
        }
        lines
    }

    /// Targets dashed, thresholds dotted; of ranges both edges.
    fn promises(&self) -> Vec<Shape> {
        let target = Pen::new(Ink::Plan, 1.75).dashed(7.0, 4.0);
        let threshold = Pen::new(Ink::Plan, 1.5).dashed(1.5, 3.5);
        let edge = |promised: &Option<Promised>, which: usize| {
            promised.as_ref().and_then(|promised| edges(promised).get(which).copied())
        };
        let mut shapes = Vec::new();
        for which in 0..2 {
            let points = &self.panel.points;
            let targets: Vec<Option<f64>> = points.iter().map(|point| edge(&point.target, which)).collect();
            let thresholds: Vec<Option<f64>> = points.iter().map(|point| edge(&point.threshold, which)).collect();
            for (levels, pen) in [(thresholds, threshold), (targets, target)] {
                shapes.extend(self.stepped(&levels).into_iter().map(|points| Shape::Line { points, pen }));
            }
        }
        shapes
    }

    fn prior_year(&self) -> Vec<Shape> {
        // What is of some only is no neighbour of what is of all.
        let of = |is_of_both: bool| -> Vec<Option<f64>> {
            let wanted = |point: &&TrendPoint| point.prior_year_is_of_both == is_of_both;
            let before = |point| Some(point).filter(wanted)?.prior_year.as_ref().map(value);
            self.panel.points.iter().map(before).collect()
        };
        let mut shapes = Vec::new();
        for run in [of(false), of(true)].iter().flat_map(|values| self.runs(values)) {
            match run.as_slice() {
                [centre] => shapes.push(Shape::Disc { centre: *centre, radius: 2.0, ink: Ink::Prior }),
                _ => shapes.push(Shape::Line { points: run, pen: Pen::new(Ink::Prior, 1.5) }),
            }
        }
        shapes
    }

    /// Neighbours that have a value, run by run.
    fn runs(&self, values: &[Option<f64>]) -> Vec<Vec<Point>> {
        let mut runs = vec![Vec::new()];
        for (index, value) in values.iter().enumerate() {
            match (value, runs.last_mut()) {
                (Some(value), Some(run)) => run.push(at(self.x(index), self.y(*value))),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// A line through neighbours that are like one another; a thin one to those that are not.
    fn actuals(&self) -> Vec<Shape> {
        let is_like = |point: &TrendPoint| !matches!(point.footing, Footing::Unlike(_));
        let read = |point: &TrendPoint| point.actual.as_ref().map(value);
        let like: Vec<Option<f64>> =
            self.panel.points.iter().map(|point| read(point).filter(|_| is_like(point))).collect();
        let mut shapes = Vec::new();
        for run in self.runs(&like) {
            match run.as_slice() {
                // One alone has its mark, where points have marks.
                [_] if self.marks_every() => {}
                [centre] => shapes.push(Shape::Disc { centre: *centre, radius: 2.0, ink: Ink::Actual }),
                _ => shapes.push(Shape::Line { points: run, pen: Pen::new(Ink::Actual, 2.25) }),
            }
        }
        for (index, pair) in self.panel.points.windows(2).enumerate() {
            if let ([Some(from), Some(to)], false) = ([read(&pair[0]), read(&pair[1])], pair.iter().all(is_like)) {
                let points = vec![at(self.x(index), self.y(from)), at(self.x(index + 1), self.y(to))];
                shapes.push(Shape::Line { points, pen: Pen::new(Ink::Actual, 1.25).dashed(3.0, 3.0) });
            }
        }
        shapes
    }

    fn marks_every(&self) -> bool {
        self.panel.points.len() <= MARKED
    }

    /// The shape of each point's status and what is around signals, dashes at the foot where no value is.
    fn marks(&self) -> Vec<Shape> {
        let points = &self.panel.points;
        let size = (self.step * 0.6).clamp(4.0, 9.0);
        let last = self.panel.last().map(|(index, _)| index);
        let first = points.iter().position(|point| point.actual.is_some()).unwrap_or(points.len());
        let mut shapes = Vec::new();
        for (index, point) in points.iter().enumerate() {
            let Some(actual) = &point.actual else {
                if index > first {
                    let foot = at(self.x(index), self.area.bottom() - 6.0);
                    shapes.extend(marks::status(foot, size.min(7.0), Status::NoData));
                }
                continue;
            };
            let centre = at(self.x(index), self.y(value(actual)));
            let is_last = last == Some(index);
            let is_roomy = self.step >= ROOMY || is_last;
            if self.marks_every() || is_last || (is_roomy && (point.signal.is_some() || is_hollow(point))) {
                shapes.extend(point_mark(point, centre, if is_last { 9.0 } else { size }));
            }
            match point.signal {
                Some(signal) if is_roomy => shapes.push(around(centre, (size * 0.95).max(6.0), signal)),
                Some(signal) => shapes.push(small(centre, size, signal)),
                None => {}
            }
        }
        shapes
    }
}

fn is_hollow(point: &TrendPoint) -> bool {
    point.footing != Footing::Whole
}

/// The shape of a point's status, hollow where it rests on less than everything.
fn point_mark(point: &TrendPoint, centre: Point, size: f64) -> Vec<Shape> {
    let mark = marks::status(centre, size, point.status);
    match point.status {
        // The line does not show through a ring.
        Status::NoTarget => {
            std::iter::once(Shape::Disc { centre, radius: size * 0.42, ink: Ink::Page }).chain(mark).collect()
        }
        _ if is_hollow(point) => hollow(mark, centre),
        _ => mark,
    }
}

/// A mark whose inside is the page.
fn hollow(mut mark: Vec<Shape>, centre: Point) -> Vec<Shape> {
    const INSIDE: f64 = 0.55;
    let inside: Vec<Shape> = mark
        .iter()
        .filter_map(|shape| match shape {
            Shape::Disc { centre, radius, .. } => {
                Some(Shape::Disc { centre: *centre, radius: radius * INSIDE, ink: Ink::Page })
            }
            Shape::Surface { points, .. } => {
                let nearer = |point: &Point| {
                    at(centre.x + (point.x - centre.x) * INSIDE, centre.y + (point.y - centre.y) * INSIDE)
                };
                Some(Shape::Surface { points: points.iter().map(nearer).collect(), ink: Ink::Page })
            }
            _ => None,
        })
        .collect();
    mark.extend(inside);
    mark
}

/// Around a signal: a diamond where it is outside the limits, a ring where it is part of a pattern.
fn around(centre: Point, radius: f64, signal: Signal) -> Shape {
    let pen = Pen::new(Ink::Process, 1.5);
    match signal {
        Signal::Outside(_) => {
            let mut points = diamond(centre, radius * 1.35);
            points.push(points[0]);
            Shape::Line { points, pen }
        }
        Signal::Trend(_) | Signal::TwoOfThree(_) | Signal::Shift(_) => marks::ring(centre, radius, pen),
    }
}

/// A signal among points too close for anything around them: the same shapes, small.
fn small(centre: Point, size: f64, signal: Signal) -> Shape {
    match signal {
        Signal::Outside(_) => Shape::Surface { points: diamond(centre, 4.0), ink: Ink::Process },
        // Wider than the ring of a status without a target.
        Signal::Trend(_) | Signal::TwoOfThree(_) | Signal::Shift(_) => {
            marks::ring(centre, size * 0.42 + 1.2, Pen::new(Ink::Process, 1.25))
        }
    }
}

fn diamond(centre: Point, half: f64) -> Vec<Point> {
    let corner = |x: f64, y: f64| at(centre.x + x * half, centre.y + y * half);
    vec![corner(0.0, -1.0), corner(1.0, 0.0), corner(0.0, 1.0), corner(-1.0, 0.0)]
}
