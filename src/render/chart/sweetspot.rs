//! Influence on customer goals against influence on business goals: a mark a metric, labelled where there is room.

use super::frame::{Frame, LEADING, MARGIN, NOTE};
use super::labels::{self, Label, Spot};
use super::letters::Letters;
use super::marks;
use super::scene::{Anchor, Area, Pen, Scene, Shape, Text, Weight, at, filled};
use super::shares::{Axis, Scale, percentage};
use super::theme::Ink;
use super::{Layout, Refusal};
use crate::prose;
use crate::render::number;
use crate::status::Status;
use crate::view::chart::{Heading, Quadrant, Sweetspot, SweetspotPoint};

/// The width and height of the plot where no size is asked for.
const WIDTH: f64 = 1600.0;
const PLOT: f64 = 760.0;
/// The least of either that can be read.
const LEAST: (f64, f64) = (560.0, 300.0);
/// Left of the plot, for the ticks; above it, for the legend and the vertical axis's title; below it, for the other's.
const LEFT: f64 = 56.0;
const ABOVE: f64 = 40.0;
const BELOW: f64 = 48.0;
/// Between the plot's edges and the places of the least and the greatest influence: marks reach into it, and words stand
/// in its corners.
const INSIDE: (f64, f64) = (44.0, 66.0);
/// Marks, from no drag to the greatest.
const MARKS: (f64, f64) = (13.0, 38.0);
/// The circle around every status's shape, by its size.
const REACH: f64 = 0.64;
const NAME: f64 = 15.0;
/// The most that a name takes: of one line, and of each of two where one does not do.
const NAMES: (f64, f64) = (320.0, 240.0);
/// From baseline to baseline of a name, in ems.
const LINE: f64 = 1.2;
/// The most metrics of which a picture can be read.
const MOST: usize = 150;

/// Lays a chart out.
pub(super) fn paint(chart: &Sweetspot, layout: &Layout<'_>) -> Result<Scene, Refusal> {
    if chart.points.len() > MOST {
        return Err(Refusal::new(
            format!("{} are too many points to tell apart", prose::count(chart.points.len(), "metric")),
            "name fewer, such as those of one goal (`+churn`) or of one department (`dept:support`)",
        ));
    }
    let first = Laid::new(chart, &chart.heading, layout)?;
    let unnamed = first.unnamed();
    if unnamed.is_empty() && !first.moved {
        return Ok(first.scene(layout));
    }
    // What has to be said below takes its room from the picture, or makes it higher.
    let mut heading = chart.heading.clone();
    if first.moved {
        heading.notes.push("Marks that would cover one another stand side by side.".to_owned());
    }
    if !unnamed.is_empty() {
        heading.notes.push(format!("Without room for their names: {}.", unnamed.join("; ")));
    }
    Ok(Laid::new(chart, &heading, layout)?.scene(layout))
}

/// Everything in its place.
struct Laid<'c> {
    chart: &'c Sweetspot,
    frame: Frame,
    size: (f64, f64),
    scale: Scale,
    plot: Area,
    business: Axis,
    customer: Axis,
    /// Points from the weightiest on, each with its mark, its name and where that stands.
    points: Vec<(&'c SweetspotPoint, Spot, Vec<String>, Option<Label>)>,
    corners: Vec<(Quadrant, Area)>,
    /// Whether any mark stands visibly beside its place.
    moved: bool,
}

impl<'c> Laid<'c> {
    fn new(chart: &'c Sweetspot, heading: &Heading, layout: &Layout<'_>) -> Result<Laid<'c>, Refusal> {
        let width = layout.size.map_or(WIDTH, |size| size.0);
        let frame = Frame::new(heading, &layout.signature, layout.letters, width);
        let around = frame.height() + ABOVE + BELOW;
        let height = layout.size.map_or(around + PLOT, |size| size.1);
        let plot = Area::new(MARGIN + LEFT, 0.0, width - 2.0 * MARGIN - LEFT, height - around);
        let needed = (LEAST.0 + 2.0 * MARGIN + LEFT, (around + LEAST.1).ceil());
        let refused = |help: String| {
            let marks = prose::count(chart.points.len(), "mark");
            Refusal::new(format!("{marks} with their names do not fit {width} x {height}"), help)
        };
        if plot.width < LEAST.0 || plot.height < LEAST.1 {
            return Err(refused(format!("ask for `--size {}x{}` or more", needed.0.max(width), needed.1.max(height))));
        }
        let mut scene = Scene::new(width, height);
        let body = frame.draw(&mut scene);
        let plot = Area { top: body.top + ABOVE, ..plot };
        let scale = Scale::of(chart.points.iter().flat_map(|point| [point.customer, point.business]));
        let inner = Area::new(
            plot.left + INSIDE.0,
            plot.top + INSIDE.1,
            plot.width - 2.0 * INSIDE.0,
            plot.height - 2.0 * INSIDE.1,
        );
        let most = |influence: fn(&SweetspotPoint) -> f64| {
            let most = chart.points.iter().map(influence).fold(0.0, f64::max);
            if most > 0.0 { most } else { 1.0 }
        };
        let business = Axis { scale, most: most(|point| point.business), from: inner.left, to: inner.right() };
        let customer = Axis { scale, most: most(|point| point.customer), from: inner.bottom(), to: inner.top };
        let mut laid = Laid {
            chart,
            frame,
            size: (width, height),
            scale,
            plot,
            business,
            customer,
            points: Vec::new(),
            corners: corners(plot, layout.letters),
            moved: false,
        };
        if !laid.place(inner, layout.letters) {
            return Err(refused("ask for a larger `--size`, or name fewer metrics".to_owned()));
        }
        Ok(laid)
    }

    /// Marks, then names; whether there is room for the marks.
    fn place(&mut self, inner: Area, letters: &Letters) -> bool {
        let mut points: Vec<&SweetspotPoint> = self.chart.points.iter().collect();
        let weight = |point: &SweetspotPoint| point.customer + point.business;
        points.sort_by(|a, b| b.drag.total_cmp(&a.drag).then(weight(b).total_cmp(&weight(a))));
        let most = points.iter().map(|point| point.drag).fold(0.0, f64::max);
        let spots: Vec<Spot> = points.iter().map(|point| self.spot(point, most)).collect();
        let Some(marks) = labels::side_by_side(&spots, inner) else { return false };
        self.moved = spots.iter().zip(&marks).any(|(there, here)| {
            let (x, y) = (there.centre.x - here.centre.x, there.centre.y - here.centre.y);
            x.hypot(y) > 1.0
        });
        let wrapped = |point: &&SweetspotPoint| {
            let is_short = letters.width(&point.name, NAME, Weight::Regular) <= NAMES.0;
            letters.wrapped(&point.name, NAME, Weight::Regular, if is_short { NAMES.0 } else { NAMES.1 }, 2)
        };
        let names: Vec<Vec<String>> = points.iter().map(wrapped).collect();
        let size = |lines: &Vec<String>| {
            let width = lines.iter().map(|line| letters.width(line, NAME, Weight::Regular)).fold(0.0, f64::max);
            (width, NAME * LINE * lines.len() as f64)
        };
        let sizes: Vec<(f64, f64)> = names.iter().map(size).collect();
        let taken: Vec<Area> = self.corners.iter().map(|(_, area)| *area).collect();
        let labels = labels::place(&marks, &sizes, &taken, self.plot);
        let laid = points.into_iter().zip(marks).zip(names.into_iter().zip(labels));
        self.points = laid.map(|((point, spot), (name, label))| (point, spot, name, label)).collect();
        true
    }

    fn spot(&self, point: &SweetspotPoint, most: f64) -> Spot {
        let size = size(point.drag, most);
        Spot { centre: at(self.business.at(point.business), self.customer.at(point.customer)), radius: size * REACH }
    }

    fn unnamed(&self) -> Vec<String> {
        let without = self.points.iter().filter(|(_, _, _, label)| label.is_none());
        without.map(|(point, _, _, _)| point.name.clone()).collect()
    }

    fn scene(&self, layout: &Layout<'_>) -> Scene {
        let mut scene = Scene::new(self.size.0, self.size.1);
        self.frame.draw(&mut scene);
        self.axes(&mut scene);
        self.means(&mut scene);
        self.legend(&mut scene, layout.letters);
        for (quadrant, area) in &self.corners {
            let baseline = at(area.left, area.top + NOTE);
            scene.add(filled(area.inset(-1.0), Ink::Page));
            scene.text(Text::new(baseline, quadrant.words(), NOTE, Ink::Muted));
        }
        for (point, spot, name, label) in &self.points {
            let mut shapes = marks::status(spot.centre, spot.radius / REACH, point.status);
            if let Some(label) = label {
                let pen = Pen::new(Ink::Prior, 1.0);
                shapes.extend(label.leader.map(|(from, to)| Shape::Line { points: vec![from, to], pen }));
                // Lines behind a name end at it.
                shapes.push(filled(label.area.inset(-2.0), Ink::Page));
                for (index, line) in name.iter().enumerate() {
                    let baseline = label.area.top + NAME * (0.92 + LINE * index as f64);
                    shapes.push(Shape::Text(Text::new(at(label.area.left, baseline), line, NAME, Ink::Text)));
                }
            }
            scene.add(Shape::Group { title: told(point), shapes });
        }
        scene
    }

    fn axes(&self, scene: &mut Scene) {
        let (plot, axis) = (self.plot, Pen::new(Ink::Rule, 1.0));
        for percent in self.business.ticks() {
            let x = self.business.at(percent / 100.0);
            scene.line(at(x, plot.top), at(x, plot.bottom()), Pen::new(Ink::Grid, 1.0));
            let text = Text::new(at(x, plot.bottom() + 18.0), percentage(percent), NOTE, Ink::Muted);
            scene.text(text.anchored(Anchor::Middle));
        }
        for percent in self.customer.ticks() {
            let y = self.customer.at(percent / 100.0);
            scene.line(at(plot.left, y), at(plot.right(), y), Pen::new(Ink::Grid, 1.0));
            let text = Text::new(at(plot.left - 8.0, y + NOTE * 0.35), percentage(percent), NOTE, Ink::Muted);
            scene.text(text.anchored(Anchor::End));
        }
        scene.line(at(plot.left, plot.bottom()), at(plot.right(), plot.bottom()), axis);
        scene.line(at(plot.left, plot.top), at(plot.left, plot.bottom()), axis);
        let how = match self.scale {
            Scale::Linear => "",
            Scale::SquareRoot => ", square-root scale",
        };
        let up = format!("↑ Influence on customer goals{how}");
        scene.text(Text::new(at(MARGIN, plot.top - 14.0), up, NOTE, Ink::Text).strong());
        let right = at(plot.right(), plot.bottom() + 18.0 + NOTE * LEADING);
        let along = format!("Influence on business goals{how} →");
        scene.text(Text::new(right, along, NOTE, Ink::Text).strong().anchored(Anchor::End));
    }

    /// The lines from which on a metric matters.
    fn means(&self, scene: &mut Scene) {
        let (customer, business) = self.chart.means();
        let pen = Pen::new(Ink::Rule, 1.25).dashed(5.0, 4.0);
        let (x, y) = (self.business.at(business), self.customer.at(customer));
        scene.line(at(x, self.plot.top), at(x, self.plot.bottom()), pen);
        scene.line(at(self.plot.left, y), at(self.plot.right(), y), pen);
    }

    /// The statuses that are there, and what size means: right above the plot, as far as there is room.
    fn legend(&self, scene: &mut Scene, letters: &Letters) {
        let baseline = self.plot.top - 14.0;
        let mut right = self.plot.right();
        let left =
            MARGIN + letters.width("↑ Influence on customer goals, square-root scale", NOTE, Weight::Strong) + 24.0;
        let is_there = |status: &Status| self.points.iter().any(|(point, _, _, _)| point.status == *status);
        let costs = self.points.iter().any(|(point, _, _, _)| point.drag > 0.0);
        let mut entries: Vec<(Option<Status>, String)> = Vec::new();
        if let Some((point, _, _, _)) = self.points.first().filter(|_| costs) {
            entries.push((None, format!("the largest costs {} points", number::score(point.drag))));
        }
        let statuses = Status::ALL.into_iter().rev().filter(is_there);
        entries.extend(statuses.map(|status| (Some(status), status.word().to_owned())));
        for (status, words) in entries {
            let width = letters.width(&words, NOTE, Weight::Regular);
            let whole = width + if status.is_some() { 20.0 } else { 0.0 };
            if right - whole < left {
                continue;
            }
            scene.text(Text::new(at(right - width, baseline), words, NOTE, Ink::Muted));
            if let Some(status) = status {
                let centre = at(right - width - 12.0, baseline - NOTE * 0.33);
                marks::status(centre, 11.0, status).into_iter().for_each(|shape| scene.add(shape));
            }
            right -= whole + 22.0;
        }
    }
}

/// The size of a mark: its area grows with the drag.
fn size(drag: f64, most: f64) -> f64 {
    let share = if most > 0.0 { (drag / most).clamp(0.0, 1.0) } else { 0.0 };
    (MARKS.0.powi(2) + (MARKS.1.powi(2) - MARKS.0.powi(2)) * share).sqrt()
}

/// The quadrants' words, each in its corner of the plot, where no mark reaches.
fn corners(plot: Area, letters: &Letters) -> Vec<(Quadrant, Area)> {
    let corner = |quadrant: Quadrant| {
        let width = letters.width(quadrant.words(), NOTE, Weight::Regular);
        let (is_right, is_top) = match quadrant {
            Quadrant::Both => (true, true),
            Quadrant::Customers => (false, true),
            Quadrant::Business => (true, false),
            Quadrant::Neither => (false, false),
        };
        let left = if is_right { plot.right() - width - 10.0 } else { plot.left + 10.0 };
        let top = if is_top { plot.top + 4.0 } else { plot.bottom() - NOTE * LEADING - 3.0 };
        (quadrant, Area::new(left, top, width, NOTE * LEADING))
    };
    Quadrant::ALL.map(corner).to_vec()
}

/// What a viewer shows of a point: its full name and its numbers.
fn told(point: &SweetspotPoint) -> String {
    // What has no score may cost anything.
    let costs = match point.status {
        Status::NoData if point.drag <= 0.0 => "no data".to_owned(),
        Status::NoTarget if point.drag <= 0.0 => "no target".to_owned(),
        status => format!("{}, costs {} points", status.word(), number::score(point.drag)),
    };
    format!(
        "{}: {} of customer goals, {} of business goals, {costs}",
        point.name,
        percentage(point.customer * 100.0),
        percentage(point.business * 100.0),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::extents::{STACKED, faults, texts};
    use super::*;

    fn chart(points: Vec<SweetspotPoint>) -> Sweetspot {
        let notes = vec!["Influence: the share of a goal's weight that flows through a metric.".to_owned()];
        let heading = Heading { title: "A title".into(), subtitle: "Of what".into(), notes, description: "All".into() };
        Sweetspot { heading, points }
    }

    fn point(name: &str, customer: f64, business: f64, drag: f64, status: Status) -> SweetspotPoint {
        SweetspotPoint { name: name.into(), customer, business, drag, costs: None, status }
    }

    fn painted(chart: &Sweetspot, size: Option<(f64, f64)>) -> Result<Scene, Refusal> {
        let letters = Letters::new(None).expect("the embedded font");
        paint(chart, &Layout { size, letters: &letters, signature: "goldthread".into() })
    }

    fn points() -> impl Strategy<Value = Vec<SweetspotPoint>> {
        let names = prop_oneof![
            Just("Contacts settled at the first call, by chat, letter or in a shop".to_owned()),
            Just("Ικανοποίηση πελατών μετά την επίσκεψη".to_owned()),
            Just("Tỷ lệ khách hàng rời bỏ".to_owned()),
            Just("Отток клиентов за отчётный период по всем регионам".to_owned()),
            Just(STACKED.to_owned()),
            Just("Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlung".to_owned()),
            "[A-Za-z ]{1,24}",
        ];
        let share = || prop_oneof![Just(0.0), Just(0.25), 1e-6..1.0, 1e-6..0.02];
        let drag = prop_oneof![Just(0.0), 0.0..100.0];
        let status = proptest::sample::select(Status::ALL.to_vec());
        let point = (names, share(), share(), drag, status)
            .prop_map(|(name, customer, business, drag, status)| point(&name, customer, business, drag, status));
        proptest::collection::vec(point, 1..80)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_text_covers_another_or_leaves_the_page(points in points(), narrow in any::<bool>()) {
            let letters = Letters::new(None).expect("the embedded font");
            let size = narrow.then_some((1200.0, 900.0));
            let chart = chart(points);
            let scene = painted(&chart, size).expect("a picture");
            prop_assert!(texts(&scene.shapes).iter().all(|text| text.size >= 12.0));
            prop_assert_eq!(faults(&scene, &letters), Vec::<String>::new());
            // Every point is there, named or told of below.
            let groups = scene.shapes.iter().filter(|shape| matches!(shape, Shape::Group { .. })).count();
            prop_assert_eq!(groups, chart.points.len());
        }
    }

    #[test]
    fn the_greatest_drag_has_the_largest_mark_and_none_the_least() {
        assert_eq!((size(0.0, 40.0), size(40.0, 40.0), size(0.0, 0.0)), (MARKS.0, MARKS.1, MARKS.0));
        // By area: half of the drag is half way between the areas.
        let half = size(20.0, 40.0).powi(2);
        assert!((half - (MARKS.0.powi(2) + MARKS.1.powi(2)) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn unequal_influences_get_a_square_root_scale_that_says_so() {
        let equal =
            chart(vec![point("a", 0.3, 0.2, 0.0, Status::OnTarget), point("b", 0.7, 0.8, 0.0, Status::OnTarget)]);
        let few = (1..9).map(|index| point(&format!("m{index}"), 0.01, 0.01, 0.0, Status::OnTarget));
        let unequal = chart(few.chain([point("big", 0.9, 0.9, 0.0, Status::OnTarget)]).collect());
        let says = |chart: &Sweetspot| {
            let scene = painted(chart, None).expect("a picture");
            texts(&scene.shapes).iter().filter(|text| text.text.contains("square-root scale")).count()
        };
        assert_eq!((says(&equal), says(&unequal)), (0, 2));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_a_size_that_does() {
        let one = || vec![point("a", 0.3, 0.2, 0.0, Status::OnTarget)];
        let refusal = painted(&chart(one()), Some((400.0, 300.0))).expect_err("too small");
        let size = refusal.help.split(['`', ' ']).find_map(|word| word.split_once('x')).expect("a size");
        let sides = (size.0.parse().expect("a width"), size.1.parse().expect("a height"));
        assert!(painted(&chart(one()), Some(sides)).is_ok(), "{refusal:?}");
        let many = |count: usize| chart(one().into_iter().cycle().take(count).collect());
        assert!(painted(&many(MOST), None).is_ok());
        assert!(painted(&many(MOST + 1), None).expect_err("too many").help.contains("`+churn`"));
    }
}
