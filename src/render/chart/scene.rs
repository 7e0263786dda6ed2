//! What a picture is made of, in the order of drawing: shapes and texts in places, in inks that have a meaning.
//!
//! All lengths are in units of the picture: pixels of a picture at scale 1, from its top left corner. Knows no colour, no
//! file and no chart.

use super::theme::Ink;

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A place from its coordinates.
pub(super) fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    pub(super) fn new(left: f64, top: f64, width: f64, height: f64) -> Area {
        Area { left, top, width, height }
    }

    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    pub(super) fn centre(&self) -> Point {
        at(self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Less so much on every side.
    pub(super) fn inset(&self, by: f64) -> Area {
        Area::new(self.left + by, self.top + by, self.width - 2.0 * by, self.height - 2.0 * by)
    }

    /// Whether two share any inner point.
    pub(super) fn meets(&self, other: &Area) -> bool {
        self.left < other.right() && other.left < self.right() && self.top < other.bottom() && other.top < self.bottom()
    }
}

/// A line's ink, width and dashes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pen {
    pub(super) ink: Ink,
    pub(super) width: f64,
    /// Lengths of dash and gap; a whole line without.
    pub(super) dash: Option<(f64, f64)>,
}

impl Pen {
    pub(super) fn new(ink: Ink, width: f64) -> Pen {
        Pen { ink, width, dash: None }
    }

    pub(super) fn dashed(self, dash: f64, gap: f64) -> Pen {
        Pen { dash: Some((dash, gap)), ..self }
    }
}

/// Where a text stands from its place, which is on its baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// How heavy letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    #[default]
    Regular,
    Strong,
}

/// A text on one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    /// On the baseline.
    pub(super) at: Point,
    pub(super) text: String,
    /// Of the letters' em, in units.
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) anchor: Anchor,
    pub(super) ink: Ink,
}

impl Text {
    /// A regular text that begins at a place.
    pub(super) fn new(at: Point, text: impl Into<String>, size: f64, ink: Ink) -> Text {
        Text { at, text: text.into(), size, weight: Weight::Regular, anchor: Anchor::Start, ink }
    }

    pub(super) fn strong(self) -> Text {
        Text { weight: Weight::Strong, ..self }
    }

    pub(super) fn anchored(self, anchor: Anchor) -> Text {
        Text { anchor, ..self }
    }
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Lines from point to point.
    Line { points: Vec<Point>, pen: Pen },
    /// A closed surface.
    Surface { points: Vec<Point>, ink: Ink },
    /// A disc.
    Disc { centre: Point, radius: f64, ink: Ink },
    /// A text.
    Text(Text),
    /// Several as one, with a title that a viewer shows and a screen reader reads.
    Group { title: String, shapes: Vec<Shape> },
}

/// Everything drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    /// Width and height.
    pub(super) size: (f64, f64),
    /// First drawn first.
    pub(super) shapes: Vec<Shape>,
}

impl Scene {
    /// A blank page of whole units.
    pub(super) fn new(width: f64, height: f64) -> Scene {
        Scene { size: (width.ceil(), height.ceil()), shapes: Vec::new() }
    }

    pub(super) fn add(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }

    pub(super) fn text(&mut self, text: Text) {
        self.add(Shape::Text(text));
    }

    pub(super) fn line(&mut self, from: Point, to: Point, pen: Pen) {
        self.add(Shape::Line { points: vec![from, to], pen });
    }
}

/// A rectangle's surface.
pub(super) fn filled(area: Area, ink: Ink) -> Shape {
    Shape::Surface { points: corners(area), ink }
}

fn corners(area: Area) -> Vec<Point> {
    vec![
        at(area.left, area.top),
        at(area.right(), area.top),
        at(area.right(), area.bottom()),
        at(area.left, area.bottom()),
    ]
}

/// The outline of a rectangle with round corners, closed: for a [`Shape::Surface`] or a [`Shape::Line`].
pub(super) fn rounded(area: Area, radius: f64) -> Vec<Point> {
    const STEPS: u32 = 6;
    let radius = radius.min(area.width / 2.0).min(area.height / 2.0);
    let inner = area.inset(radius);
    let centres = [
        (inner.right(), inner.top, -90.0),
        (inner.right(), inner.bottom(), 0.0),
        (inner.left, inner.bottom(), 90.0),
        (inner.left, inner.top, 180.0),
    ];
    let mut points = Vec::new();
    for (x, y, from) in centres {
        for step in 0..=STEPS {
            let angle = (from + 90.0 * f64::from(step) / f64::from(STEPS)) * std::f64::consts::PI / 180.0;
            points.push(at(x + radius * angle.cos(), y + radius * angle.sin()));
        }
    }
    points.push(points[0]);
    points
}

/// A cubic curve as a line of many points.
pub(super) fn curve(from: Point, by: (Point, Point), to: Point) -> Vec<Point> {
    const STEPS: u32 = 32;
    let value = |step: u32| {
        let t = f64::from(step) / f64::from(STEPS);
        let (a, b, c, d) = ((1.0 - t).powi(3), 3.0 * (1.0 - t).powi(2) * t, 3.0 * (1.0 - t) * t * t, t.powi(3));
        at(a * from.x + b * by.0.x + c * by.1.x + d * to.x, a * from.y + b * by.0.y + c * by.1.y + d * to.y)
    };
    (0..=STEPS).map(value).collect()
}
